"""Archives are an attacker's: every limit is named, every trick set aside, and the rest goes on."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.errors import SenderError
from abhaya.intake.formats import archive
from abhaya.intake.formats.drop_members import SetAside
from abhaya.intake.formats.sniff import Kind, sniff


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in members.items():
            packed.writestr(path, content)
    return out.getvalue()


def zipped_list(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in members:
            packed.writestr(path, content)
    return out.getvalue()


def read(data, name="a.zip"):
    """(contents by path, reasons by path)."""
    contents, aside = {}, {}
    for parcel in archive.members_of(io.BytesIO(data), name):
        if isinstance(parcel, SetAside):
            aside[parcel.path] = parcel.reason
        else:
            contents |= {member.path: b"".join(member.pieces()) for member in parcel}
    return contents, aside


def test_members_come_folder_by_folder():
    data = zipped_list(("b/report.xml", b"<report/>"), ("a/report.xml", b"<report/>"), ("a/x.png", b"x"))
    parcels = list(archive.members_of(io.BytesIO(data), "a.zip"))
    assert [[member.path for member in parcel] for parcel in parcels] == [
        ["a.zip/a/report.xml", "a.zip/a/x.png"],
        ["a.zip/b/report.xml"],
    ]


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "C:/x", "\\x"])
def test_a_path_that_leads_out_is_set_aside_and_the_rest_goes_on(path):
    contents, aside = read(zipped_list((path, b"1"), ("ok.txt", b"2")))
    assert list(contents.values()) == [b"2"]
    assert list(aside.values()) == ["its path leads out of the archive"]


def test_a_bomb_is_set_aside_by_its_ratio():
    contents, aside = read(zipped(bomb=b"\0" * 50_000_000, ok=b"1"))
    assert list(contents) == ["a.zip/ok"]
    assert "200 times" in aside["a.zip/bomb"]


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MEMBERS_MAX", 2)
    with pytest.raises(SenderError, match="more than 2 members"):
        read(zipped(a=b"1", b=b"2", c=b"3"))
    with pytest.raises(SenderError, match="more than 2 members"):
        read(tarred(("a", b"1"), ("b", b"2"), ("c", b"3")), "a.tar")


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_too_much_in_all_is_refused(monkeypatch, mode):
    monkeypatch.setattr(archive, "UNPACKED_BYTES_MAX", 3)
    with pytest.raises(SenderError, match="unpacks to more than 0 GiB"):
        read(tarred(("a", b"12"), ("b", b"34"), mode=mode), f"a.tar{mode[1:].replace(':', '.')}")


def test_many_regular_members_are_refused_by_the_ratio_of_the_whole(monkeypatch):
    monkeypatch.setattr(archive, "RATIO_FROM_BYTES", 1_000_000)
    with pytest.raises(SenderError, match="The archive unpacks to more than 200 times its size"):
        read(zipped(**{f"zeros{number}": b"\0" * 900_000 for number in range(5)}))


def test_a_bomb_of_gzip_is_refused_before_it_fills_the_disk(monkeypatch):
    monkeypatch.setattr(archive, "RATIO_FROM_BYTES", 1_000_000)
    with pytest.raises(SenderError, match="unpacks to more than 200 times its size"):
        read(tarred(("zeros", b"\0" * 20_000_000), mode="w:gz"), "a.tgz")


def test_members_that_share_their_bytes_are_set_aside():
    """The bomb that packs one text many times: entries of the table of contents that point at the same place."""
    data = bytearray(zipped_list(("a.txt", b"one " * 500), ("b.txt", b"two " * 500)))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = (10).to_bytes(4, "little")
    contents, aside = read(bytes(data))
    assert list(contents) == ["a.zip/a.txt"]
    assert aside["a.zip/b.txt"] == "its bytes are those of another member too"


def test_a_table_of_contents_that_would_fill_the_memory_is_refused():
    data = bytearray(zipped(a=b"1"))
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = (0xFFFF_FFFE).to_bytes(4, "little")
    with pytest.raises(SenderError, match="table of contents is larger than 128 MiB"):
        read(bytes(data))


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_read_however_it_is_packed(mode):
    name = f"a.tar{mode[1:].replace(':', '.')}"
    contents, aside = read(tarred(("./b/report.xml", b"<report/>"), ("a/x.bin", b"\1" * 9000), mode=mode), name)
    assert contents == {f"{name}/a/x.bin": b"\1" * 9000, f"{name}/b/report.xml": b"<report/>"}
    assert aside == {}


def test_a_tar_in_gzip_is_known_by_its_content():
    assert sniff(tarred(("a", b"1"), mode="w:gz")[:4096], "no-ending") is Kind.TAR
    assert sniff(gzip.compress(b"just a text"), "a.tar.gz") is Kind.OTHER


def test_folders_may_be_written_with_backslashes():
    contents, _ = read(zipped_list(("7001\\report.xml", b"<report/>"), ("7002\\report.xml", b"<report />")))
    assert set(contents) == {"a.zip/7001/report.xml", "a.zip/7002/report.xml"}


def test_an_encrypted_member_is_named_and_the_rest_goes_on():
    data = bytearray(zipped_list(("secret.txt", b"x"), ("open.txt", b"y")))
    first = data.find(b"PK\x01\x02")
    data[first + 8] |= 1
    data[6] |= 1
    contents, aside = read(bytes(data))
    assert contents == {"a.zip/open.txt": b"y"}
    assert aside == {"a.zip/secret.txt": "it is encrypted"}


def test_a_member_damaged_behind_its_beginning_is_named_at_once():
    noise = random.Random(7).randbytes(60_000)
    data = bytearray(zipped_list(("photo.bin", noise), ("fine.bin", b"y")))
    data[50_000] ^= 0xFF
    contents, aside = read(bytes(data))
    assert contents == {"a.zip/fine.bin": b"y"}
    assert "cannot be unpacked" in aside["a.zip/photo.bin"]


def test_a_folder_of_many_members_is_one_parcel():
    data = zipped_list(*((f"many/{number}.json", b"{}") for number in range(5000)))
    (parcel,) = archive.members_of(io.BytesIO(data), "a.zip")
    assert len(parcel) == 5000


def tarred(*members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as packed:
        for path, content in members:
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def test_archives_inside_archives_stop_at_the_depth():
    data = zipped(deep=b"bottom")
    for level in range(4):
        data = zipped_list((f"{level}.zip", data))
    contents, aside = read(data)
    assert contents == {}
    assert any("more than 3 deep" in reason for reason in aside.values())


def test_two_levels_are_read():
    contents, _ = read(zipped_list(("inner.zip", zipped(report=b"x"))))
    assert contents == {"a.zip/inner.zip/report": b"x"}


def test_the_second_of_two_members_with_one_path_is_set_aside():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped_list(("a", b"1"), ("a", b"2"))
    contents, aside = read(data)
    assert contents == {"a.zip/a": b"1"}
    assert "second member" in aside["a.zip/a"]


def test_a_damaged_member_is_named():
    data = bytearray(zipped_list(("a.txt", b"hello hello hello " * 50), ("b.txt", b"fine")))
    data[40] ^= 0xFF
    contents, aside = read(bytes(data))
    assert contents.get("a.zip/b.txt") == b"fine"
    assert "a.zip/a.txt" in aside


def test_links_in_a_tar_are_not_followed():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
        entry = tarfile.TarInfo("r/report.xml")
        entry.size = 9
        packed.addfile(entry, io.BytesIO(b"<report/>"))
    contents, aside = read(out.getvalue(), "a.tar")
    assert contents == {"a.tar/r/report.xml": b"<report/>"}
    assert "not followed" in aside["a.tar/link"]


def test_a_member_without_a_name_does_not_take_the_others_with_it():
    nameless = zipped_list(("?", b"1"), ("ok.txt", b"2")).replace(b"?", b"\0")  # a name ends at its first NUL
    contents, _ = read(nameless)
    assert b"2" in contents.values()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_bytes_make_it_fall_over(noise, at):
    data = zipped_list(("a/report.xml", b"<report/>"), ("b.txt", b"text " * 20))
    for damaged in (data[:at] + noise + data[at + len(noise) :], b"PK\x03\x04" + noise, noise):
        try:
            read(damaged)
        except SenderError as error:
            assert error.sentence


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b'<?xml version="1.0"?>\n<!-- x -->\n<report>', "", Kind.SUBMISSION),
        (b"\xef\xbb\xbf<fileDetails><reportId>", "", Kind.FILE_DETAILS),
        (b'{"reportId": 1, "reportedInformation": null}', "", Kind.POLICE_JSON),
        (b"a,b\n1,2\n", "x.csv", Kind.CSV),
        (b"a,b\n1,2\n", "x.txt", Kind.OTHER),
        (b"%PDF-1.7", "", Kind.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0", "report.xml", Kind.OTHER),
        (b"<html><report>", "", Kind.OTHER),
        (b"", "", Kind.OTHER),
    ],
)
def test_a_file_is_what_its_content_says(head, name, kind):
    assert sniff(head, name) is kind


def test_an_archive_beside_a_submission_is_one_of_its_files():
    inner = zipped(chat=b"asks age")
    data = zipped_list(("7001/report.xml", b"<report><x/></report>"), ("7001/chat.zip", inner))
    contents, _ = read(data)
    assert contents == {"a.zip/7001/report.xml": b"<report><x/></report>", "a.zip/7001/chat.zip": inner}
