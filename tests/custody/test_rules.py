"""What first bytes speak for, and what an officer may open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.custody.rules import TEXT_SHOWN_BYTES_MAX, UNKNOWN, Opening, as_shown, may_open, sniff

KNOWN = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    (b"GIF89a\x01\x00", "image/gif"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
    (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp"),
    (b"II*\0\x08\0\0\0", "image/tiff"),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
    (b"\0\0\0\x20ftypisom\0\0\2\0", "video/mp4"),
    (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
    (b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4"),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81", "video/x-matroska"),
    (b"\x00\x00\x01\xba\x44\x00", "video/mpeg"),
    (b"ID3\x03\x00\x00\x00\x00\x00\x21", "audio/mpeg"),
    (b"\xff\xfb\x90\x64\x00\x00", "audio/mpeg"),
    (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
    (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml", "application/vnd.openxmlformats-officedocument"),
    (b"PK\x03\x04" + b"\0" * 26 + b"photos/one.jpg", "application/zip"),
    (b"\x1f\x8b\x08\0", "application/gzip"),
    (b"BZh91AY&SY", "application/x-bzip2"),
    (b"7z\xbc\xaf\x27\x1c\0\x04", "application/x-7z-compressed"),
    (b"\0" * 257 + b"ustar\x0000", "application/x-tar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "application/x-ole-storage"),
    (b"SQLite format 3\0\x10\0", "application/vnd.sqlite3"),
    (b'<?xml version="1.0"?><report/>', "text/xml"),
    (b"\xef\xbb\xbf<report/>", "text/xml"),
    ("<?xml version='1.0' encoding='UTF-16'?><report/>".encode("utf-16"), "text/xml"),
    (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    (b"  <!DOCTYPE html><html>", "text/html"),
    (b'{"reportId": 1}', "application/json"),
    (b"[1, 2]", "application/json"),
    ("नाम,फोन\n".encode(), "text/plain"),
    (b"BMW and more", "text/plain"),
    (b"ID3 is a tag; BZh too", "text/plain"),
    (b"report,phone\r\n1,2\r\n", "text/plain"),
    (b"\x00\x01\x02\x03", UNKNOWN),
    ("Jos\xe9, caf\xe9; pays with a card\r\n".encode("latin-1"), "text/plain"),
    (b'<?xml version="1.0" encoding="ISO-8859-1"?><report>Jos\xe9</report>', "text/xml"),
    (b"\xc3\x28 no\x00letters", UNKNOWN),
    (b"\xc3\x28\xff\xfe\x90\x91 ab", UNKNOWN),
    (b"", ""),
]


@pytest.mark.parametrize(("first", "expected"), KNOWN, ids=[f"{kind}-{n}" for n, (_, kind) in enumerate(KNOWN)])
def test_the_type_follows_from_the_first_bytes(first, expected):
    assert sniff(first) == expected


def test_a_character_cut_by_the_end_of_the_window_is_still_text():
    first = ("क" * 2000).encode()[:4096]  # 4096 is no multiple of three
    assert sniff(first) == "text/plain"


@given(st.binary(max_size=600))
def test_any_bytes_get_an_answer(first):
    assert isinstance(sniff(first), str)


def test_a_text_is_shown_when_short_and_downloaded_when_long():
    short = may_open(seen="text/xml", claimed="text/xml", name="report.xml", size_bytes=TEXT_SHOWN_BYTES_MAX)
    long = may_open(seen="text/xml", claimed="text/xml", name="report.xml", size_bytes=TEXT_SHOWN_BYTES_MAX + 1)
    assert (short.opening, long.opening) == (Opening.TEXT, Opening.DOWNLOAD)


def test_a_document_is_downloaded():
    decided = may_open(seen="application/pdf", claimed="application/pdf", name="r.pdf", size_bytes=10)
    assert decided.opening is Opening.DOWNLOAD


@pytest.mark.parametrize(
    ("seen", "claimed", "name"),
    [
        ("image/jpeg", "text/plain", "notes.txt"),  # its bytes say picture
        ("image/svg+xml", "text/xml", "notes.xml"),
        ("text/plain", "image/jpeg", "notes.txt"),  # its sender says picture
        ("text/plain", " VIDEO/mp4", "notes.txt"),
        ("text/plain", "text/plain", "IMG_1.JPG "),  # its name says picture
        ("video/mp4", "", "a"),
        ("audio/mpeg", "", "a"),
        ("application/ogg", "", "a"),
    ],
)
def test_what_anything_calls_a_picture_film_or_sound_stays_closed(seen, claimed, name):
    decided = may_open(seen=seen, claimed=claimed, name=name, size_bytes=10)
    assert (decided.opening, decided.why_not) == (Opening.CLOSED, "media")


@pytest.mark.parametrize("seen", ["application/zip", "application/gzip", "application/x-tar", UNKNOWN, "brand/new"])
def test_what_may_hold_anything_stays_closed(seen):
    decided = may_open(seen=seen, claimed="application/zip", name="all.zip", size_bytes=10)
    assert (decided.opening, decided.why_not) == (Opening.CLOSED, "unknown")


def test_text_is_shown_with_its_hidden_characters_made_visible():
    shown = as_shown("asks age\u202egpj.exe\x00\x1b[31m\r\nend".encode())
    assert shown.text == "asks age⟨U+202E⟩gpj.exe␀␛[31m\nend"
    assert shown.damaged == 0


def test_hindi_is_shown_as_it_is_written():
    hindi = "क्‍ष और क्‌ष: पैसे माँगता है"  # with both joiners
    assert as_shown(hindi.encode()).text == hindi
    assert as_shown(hindi.encode("utf-16")).text == hindi


def test_bytes_that_are_no_text_are_counted():
    shown = as_shown(b"phone \xff\xfe end")
    assert shown.damaged == 2


@given(st.binary(max_size=300))
def test_any_bytes_can_be_shown(content):
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in as_shown(content).text)


@given(st.binary(min_size=200, max_size=600))
def test_noise_is_hardly_ever_taken_for_text(content):
    if sniff(content).startswith("text/"):
        assert sum(byte > 127 for byte in content) <= len(content) * 0.3 or content.decode()
