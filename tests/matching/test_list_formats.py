"""Hash lists in the forms that are handed round: read whole, streamed, and what cannot be read is named."""

from __future__ import annotations

import base64
import io
import json
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from abhaya.errors import SenderError
from abhaya.matching.formats import any_list
from abhaya.matching.formats.record import About, Aside, Entry, instant

MD5, SHA1, PDQ = random.Random(1).randbytes(16), random.Random(2).randbytes(20), random.Random(3).randbytes(32)
SHA256, PHOTODNA = random.Random(4).randbytes(32), random.Random(5).randbytes(144)


def read(data: bytes) -> tuple[list[Entry], list[Aside], About]:
    about = About()
    found = list(any_list.read(data[: any_list.HEAD_BYTES], io.BytesIO(data), about))
    return [one for one in found if isinstance(one, Entry)], [one for one in found if isinstance(one, Aside)], about


# --- tables ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_plain_table_is_read_by_its_header(encoding, separator):
    text = f"id,md5,sha1,sha256,pdq,category,colour\nn-1,{MD5.hex().upper()},{SHA1.hex()},,{PDQ.hex()},2,blue\n"
    (entry,), aside, about = read(text.replace(",", separator).encode(encoding))
    assert entry.fixed == {"md5": MD5, "sha1": SHA1, "pdq": PDQ}
    assert (entry.ref, entry.category, entry.locator) == ("n-1", "2", "line 2")
    assert (aside, about.form, dict(about.unknown)) == ([], "csv", {"colour": 1})


def test_interpols_table_says_what_it_says_besides():
    text = (
        "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;Number of submissions;"
        f"File Available;Media Type;Baseline\n{MD5.hex()};{SHA1.hex()};{base64.b64encode(PHOTODNA).decode()};77;True;False;;S;3;1;Image;true\n"
    )
    (entry,), _, about = read(text.encode())
    assert (about.form, about.scheme, entry.ref, entry.media) == ("icse", "icse", "77", "image")
    assert entry.marks == ("baseline", "distributed", "file-available")
    assert entry.vouched == 2
    assert entry.opaque == {"photodna": PHOTODNA.hex()}


def test_nists_table_of_ordinary_files():
    text = f'"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n"{SHA1.hex()}","{MD5.hex()}","0F","a.dll",1,2,"3",""\n'
    (entry,), _, about = read(text.encode())
    assert (about.form, about.scheme) == ("nsrl", "nsrl")
    assert entry.fixed == {"md5": MD5, "sha1": SHA1}


def test_a_bad_row_is_named_and_the_rest_goes_in():
    rows = [
        "md5,quality", "nothex,1", f"{MD5.hex()},200", f"{MD5.hex()},50,extra", ",", "d41d8cd98f00b204e9800998ecf8427e,9",
        "00000000000000000000000000000000,1", f"{MD5.hex()},99",
    ]  # fmt: skip
    entries, aside, _ = read("\n".join(rows).encode())
    assert [one.quality for one in entries] == [99]
    assert [one.locator for one in aside] == ["line 2", "line 3", "line 4", "line 6", "line 7"]
    assert "empty file" in aside[3].why
    assert "placeholder" in aside[4].why


# --- VICS ---


def vics(context: str, media: list[dict[str, object]], *, bom: bool = True) -> bytes:
    key = "@odata.context" if "2.0" in context else "odata.metadata"
    value = [{"CaseID": "c", "Media": media}] if context.endswith("#Cases") else media
    return (b"\xef\xbb\xbf" if bom else b"") + json.dumps({key: context, "value": value}).encode()


CONTEXTS = {
    "http://github.com/ICMEC/ProjectVic/DataModels/1.1.xml#Media": ("1.1", "vics"),
    "http://github.com/ICMEC/ProjectVic/DataModels/1.2.xml#Media": ("1.2", "vics"),
    "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Cases": ("1.3", "vics"),
    "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media": ("2.0", "vics-us"),
    "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/UK/$metadata#Cases": ("2.0", "vics-uk"),
}


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("bom", [True, False])
def test_every_version_of_vics(context, bom):
    media = [
        {"MediaID": 1, "Category": 2, "MD5": MD5.hex().upper(), "SHA1": "", "MediaSize": "29", "MimeType": "image/png",
         "VictimIdentified": "false", "IsDistributed": "true", "DateUpdated": "2023-06-07T02:31:49.8300Z", "Invented": "x",
         "AlternativeHashes": [{"MD5": MD5.hex(), "HashName": "SHA256", "HashValue": SHA256.hex()}],
         "PhotoDNA": base64.b64encode(PHOTODNA).decode(), "IsPrecategorized": True},
        {"MediaID": 2, "Category": None, "MD5": "zz"},
        "not an object",
    ]  # fmt: skip
    (entry,), aside, about = read(vics(context, media, bom=bom))
    assert entry.fixed == {"md5": MD5, "sha256": SHA256}
    assert entry.opaque == {"photodna": PHOTODNA.hex()}
    assert (entry.category, entry.marks, entry.media) == ("2", ("distributed",), "image")
    assert [one.locator for one in aside] == ["media 2", "media 3"]
    assert (about.form, about.version, about.scheme) == ("vics", *CONTEXTS[context])
    assert dict(about.unknown) == {"Invented": 1}


def test_a_vics_file_that_breaks_off_says_so_after_what_it_gave():
    whole = vics(next(iter(CONTEXTS)), [{"MD5": MD5.hex()}, {"MD5": random.Random(9).randbytes(16).hex()}])
    found = any_list.read(whole, io.BytesIO(whole[:-5]), About())
    assert isinstance(next(found), Entry)
    with pytest.raises(SenderError, match="breaks off"):
        list(found)


def test_an_object_without_end_is_refused_before_memory_is_gone():
    head = vics(next(iter(CONTEXTS)), [])[:-2] + b'{"Comments":"'
    endless = io.BytesIO(head + b"x" * 17 * 2**20)
    tracemalloc.start()
    with pytest.raises(SenderError, match="16 MiB"):
        list(any_list.read(head, endless, About()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 120 * 2**20


# --- the exchange's XML ---

EXCHANGE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images count="2" maxTimestamp="2025-10-24T15:10:00Z">
<image><member id="42">A</member><timestamp>2025-10-24T15:00:00Z</timestamp><id>image1</id><classification>A1</classification>
<fingerprints><md5>{md5}</md5><sha1>{sha1}</sha1><pdna>{pdna}</pdna><tmk-pdqf rel="self" href="/v2/entries/1/f"/></fingerprints>
<feedback><affirmativeFeedback type="Md5"><members><member id="7">B</member><member id="42">A</member></members></affirmativeFeedback>
<negativeFeedback type="Sha1"><reasons><reason guid="g" name="n" type="Sha1"/><members><member id="9">C</member></members></reasons></negativeFeedback></feedback></image>
<deletedImage><member id="43">B</member><id>image4</id><timestamp>2025-10-24T15:10:00Z</timestamp></deletedImage></images>
<videos count="1" maxTimestamp="2025-10-24T15:20:00Z"><video><member id="42">A</member><timestamp>2025-10-24T15:00:00Z</timestamp>
<id>video1</id><fingerprints><md5>nonsense</md5></fingerprints></video></videos>
<paging><next>/v2/entries?start=2001&amp;size=1000</next></paging></queryResult>"""


def test_a_page_of_the_exchange():
    data = EXCHANGE.format(md5=MD5.hex(), sha1=SHA1.hex(), pdna=PHOTODNA.hex()).encode()
    (image, gone), (video,), about = read(data)
    assert image.fixed == {"md5": MD5, "sha1": SHA1}
    assert (image.ref, image.category, image.vouched, image.disputed) == ("42/image1", "A1", 2, 1)
    assert (gone.ref, gone.withdrawn, gone.media) == ("43/image4", True, "image")
    assert (video.locator, about.next_page, about.complete) == (
        "video 42/video1", "/v2/entries?start=2001&size=1000", False
    )  # fmt: skip
    assert about.unknown == {"tmk-pdqf (an address, not fetched)": 1}


@pytest.mark.parametrize("bad", ['<!DOCTYPE x [<!ENTITY a "b">]>', "<!doctype x>"])
def test_a_document_type_is_refused(bad):
    data = EXCHANGE.replace("<queryResult", f"{bad}<queryResult", 1).encode()
    with pytest.raises(SenderError, match="document type"):
        read(data)


def test_an_exchange_page_that_breaks_off_says_where():
    with pytest.raises(SenderError, match="breaks off at line"):
        read(EXCHANGE.format(md5=MD5.hex(), sha1=SHA1.hex(), pdna="ab")[:-300].encode())


# --- threatexchange ---


def test_signal_files_and_threat_updates():
    entries, aside, about = read(
        f"pdq {PDQ.hex()}\n# a word\n\nmd5 {MD5.hex()}\nvideo_md5 {MD5.hex()}\npdq short\n".encode()
    )
    assert [one.fixed for one in entries] == [{"pdq": PDQ}, {"md5": MD5}, {"md5": MD5}]
    assert [one.locator for one in aside] == ["line 6"]
    assert (about.form, about.complete) == ("signals", True)
    updates = {"data": [
        {"id": "1", "type": "HASH_PDQ", "indicator": PDQ.hex(), "last_updated": 1_700_000_000, "should_delete": False,
         "descriptors": {"data": [{"owner": {"id": "5"}, "status": "MALICIOUS", "tags": {"data": [{"text": "a"}]}},
                                  {"owner": {"id": "6"}, "status": "NON_MALICIOUS"}]}},
        {"id": "2", "type": "HASH_MD5", "indicator": "x", "should_delete": True, "last_updated": 1},
        {"type": "HASH_MD5"},
    ]}  # fmt: skip
    (one, gone), aside, about = read(json.dumps(updates).encode())
    assert (one.fixed, one.vouched, one.disputed, one.category) == ({"pdq": PDQ}, 1, 1, "a")
    assert (gone.ref, gone.withdrawn) == ("2", True)
    assert [item.locator for item in aside] == ["update 3"]
    assert not about.complete


# --- whatever comes ---


def test_what_is_no_list_is_refused_with_the_forms_that_are_known():
    with pytest.raises(SenderError, match="VICS"):
        read(b"\x89PNG\r\n\x1a\n")


@examples(max_examples=150, deadline=None)
@given(st.sampled_from(["csv", "vics", "xml", "signals"]), st.binary(max_size=400), st.integers(0, 600))
def test_nothing_but_entries_asides_and_sentences_comes_out(form, noise, at):
    whole = {
        "csv": f"id,md5\n1,{MD5.hex()}\n".encode(),
        "vics": vics(next(iter(CONTEXTS)), [{"MD5": MD5.hex(), "Category": 1}]),
        "xml": EXCHANGE.format(md5=MD5.hex(), sha1=SHA1.hex(), pdna="ab").encode(),
        "signals": f"pdq {PDQ.hex()}\n".encode(),
    }[form]
    data = whole[:at] + noise + whole[at:]
    try:
        found, aside, _ = read(data)
    except SenderError:
        return
    for one in (*found, *aside):
        assert "\x00" not in one.locator
    for entry in found:
        entry.category.encode()
        entry.ref.encode()


@pytest.mark.parametrize("form", ["csv", "vics", "xml"])
def test_memory_is_flat_in_the_length_of_the_list(form):
    peaks = []
    for rows in (500, 4_000):
        data = long_list(form, rows)
        tracemalloc.start()
        about = About()
        count = sum(1 for _ in any_list.read(data[: any_list.HEAD_BYTES], io.BytesIO(data), about))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == rows
    assert peaks[1] < peaks[0] + 2**19


def long_list(form: str, rows: int) -> bytes:
    drawn = random.Random(rows)
    names = [drawn.randbytes(16).hex() for _ in range(rows)]
    if form == "csv":
        return ("id,md5\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names))).encode()
    if form == "vics":
        return vics(next(iter(CONTEXTS)), [{"MediaID": n, "MD5": name} for n, name in enumerate(names)])
    images = "".join(
        f"<image><member id='1'>A</member><id>{n}</id><fingerprints><md5>{name}</md5></fingerprints></image>"
        for n, name in enumerate(names)
    )
    start = EXCHANGE.partition("<image>")[0]
    return f"{start}{images}</images></queryResult>".encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-06-07T02:31:49.8300Z", "2023-06-07T02:31:49.830000+00:00"),
        ("2023-06-07T02:31:49+05:00Z", "2023-06-07T02:31:49+05:00"),
        ("/Date(1700000000000)/", "2023-11-14T22:13:20+00:00"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
        ("/Date(99999999999999999)/", None),
        ("06/07/2023", None),
        ("", None),
    ],
)
def test_instants_as_lists_write_them(text, expected):
    read_as = instant(text)
    assert (read_as.isoformat() if read_as else None) == expected
