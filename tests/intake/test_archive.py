"""Archives are an attacker's: every limit is named, every trick set aside, and the rest goes on."""

from __future__ import annotations

import io
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
    monkeypatch.setattr(
        archive._Budget,
        "__init__",
        lambda self: (setattr(self, "members", 2), setattr(self, "bytes_left", 100), None)[-1],
    )
    with pytest.raises(SenderError, match="more than 200,000 members"):
        read(zipped(a=b"1", b=b"2", c=b"3"))


def test_too_much_in_all_is_refused(monkeypatch):
    monkeypatch.setattr(
        archive._Budget,
        "__init__",
        lambda self: (setattr(self, "members", 9), setattr(self, "bytes_left", 3), None)[-1],
    )
    with pytest.raises(SenderError, match="unpacks to more than 64 GiB"):
        read(zipped(a=b"12", b=b"34"))


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
