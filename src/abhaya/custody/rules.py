"""What an original seems to be, from its first bytes, and in which way an officer may open it.

The type is read from a small explicit table of magic numbers; nothing is decoded, unpacked or parsed. What the sender
claims is kept beside it and trusted for nothing.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

SNIFF_BYTES = 4096
TEXT_SHOWN_BYTES_MAX = 1024 * 1024  # a longer text is downloaded, not shown
EIGHT_BIT_SHARE_MAX = 0.3  # of a text that is no UTF-8; pictures and the like have more, and control bytes too
UNKNOWN = "application/octet-stream"

# (offset, magic, type); what stands further in is asked first, so that a ZIP that names its kind is that kind; then the
# first that fits wins, so the narrower stands before the wider.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypheim", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypmsf1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (4, b"moov", "video/quicktime"),
    (4, b"mdat", "video/quicktime"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),  # WebM too
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", "video/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "application/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3\x02", "audio/mpeg"),
    (0, b"ID3\x03", "audio/mpeg"),
    (0, b"ID3\x04", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"%PDF-", "application/pdf"),
    (30, b"[Content_Types].xml", "application/vnd.openxmlformats-officedocument"),
    (30, b"_rels/.rels", "application/vnd.openxmlformats-officedocument"),
    (30, b"mimetypeapplication/vnd.oasis.opendocument.", "application/vnd.oasis.opendocument"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (4, b"1AY&SY", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"(\xb5/\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_BY_FIRST_BYTE: dict[int, list[tuple[bytes, str]]] = defaultdict(list)  # a thousand originals ask this table
for _offset, _magic, _media_type in _MAGIC:
    if _offset == 0:
        _BY_FIRST_BYTE[_magic[0]].append((_magic, _media_type))
_FURTHER_IN = [entry for entry in _MAGIC if entry[0] > 0]
# Containers whose inner type stands at offset 8.
_RIFF_ONLY = {"image/webp", "video/x-msvideo", "audio/wav"}
# ZIP whose first entry names an office document.
_ZIP_ONLY = {"application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]"
)  # in no text but \t \n \f \r, escape and next-line


def sniff(first: bytes) -> str:
    """The media type that the first `SNIFF_BYTES` speak for; `UNKNOWN` where nothing does; "" for no bytes at all."""
    if not first:
        return ""
    by_magic = _by_magic(first)
    if by_magic:
        return by_magic
    text = _as_text(first[:SNIFF_BYTES])
    if text is not None:
        return _kind_of_text(text)
    # An MPEG audio frame has only eleven fixed bits: asked last, when it is not text either.
    is_frame = len(first) > 1 and first[0] == 0xFF and first[1] & 0xE0 == 0xE0
    return "audio/mpeg" if is_frame else UNKNOWN


def _by_magic(first: bytes) -> str:
    for offset, magic, media_type in _FURTHER_IN:
        if not first.startswith(magic, offset):
            continue
        if media_type in _RIFF_ONLY and not first.startswith(b"RIFF"):
            continue
        if media_type in _ZIP_ONLY and not first.startswith(b"PK\x03\x04"):
            continue
        return media_type
    for magic, media_type in _BY_FIRST_BYTE.get(first[0], ()):
        if first.startswith(magic):
            return media_type
    if first.startswith(b"BM") and first[6:10] == b"\0\0\0\0":  # two letters alone would be many a text
        return "image/bmp"
    if len(first) > 188 and first[0] == first[188] == 0x47 and first[1] < 0x60:  # packets of 188 bytes
        return "video/mp2t"
    return ""


def _as_text(first: bytes) -> str | None:
    """The beginning as text, also where a byte here and there is no UTF-8: old programs write one byte per letter."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if first.startswith(mark)), "utf-8")
    try:
        # A character may be cut by the end of the window: the incremental decoder waits for its rest.
        text = codecs.getincrementaldecoder(encoding)().decode(first)
    except UnicodeDecodeError:
        if encoding != "utf-8" or sum(byte > 127 for byte in first) > len(first) * EIGHT_BIT_SHARE_MAX:
            return None
        text = first.decode("cp1252", errors="ignore")
    return None if _CONTROLS.search(text) else text


def _kind_of_text(text: str) -> str:
    start = text.lstrip()[:SNIFF_BYTES].lower()
    if "<svg" in start:
        return "image/svg+xml"  # a picture, though it is written in letters
    if start.startswith(("<!doctype html", "<html")):
        return "text/html"
    if start.startswith("<?xml") or (start.startswith("<") and ">" in start):
        return "text/xml"
    if start.startswith(("{", "[")):
        return "application/json"
    return "text/plain"


class Opening(StrEnum):
    """In which way an officer may open an original at this floor."""

    TEXT = "text"  # shown as plain text, or downloaded
    DOWNLOAD = "download"
    CLOSED = "closed"  # is or may hold pictures, film or sound: opened only with a lawful basis


_TEXTS = frozenset({"text/plain", "text/xml", "text/html", "application/json", ""})
_DOCUMENTS = frozenset({
    "application/pdf",
    "application/vnd.openxmlformats-officedocument",
    "application/vnd.oasis.opendocument",
    "application/x-ole-storage",
})  # fmt: skip
_MEDIA_NAMES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif",
    ".svg", ".jp2", ".jxl", ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".flv", ".3gp", ".mpg", ".mpeg",
    ".ts", ".mp3", ".m4a", ".wav", ".ogg", ".opus", ".aac", ".flac", ".amr",
)  # fmt: skip


class Where(StrEnum):
    """From where an officer's unit reads an original."""

    HERE = "here"
    GRANTED = "granted"  # for a time, by the unit that keeps it
    ELSEWHERE = "elsewhere"  # the unit holds a pointer: hashes, name, size


def where_read(*, is_authorised: bool, has_keeper: bool, has_grant: bool) -> Where:
    """A unit authorised to hold files reads here; so does any where no authorised unit has the report, because then the
    originals are nowhere else. Another unit needs a grant that has not ended.
    """
    if is_authorised or not has_keeper:
        return Where.HERE
    return Where.GRANTED if has_grant else Where.ELSEWHERE


@dataclass(frozen=True, slots=True)
class Decided:
    """How an original may be opened, and the code of the sentence that says why not."""

    opening: Opening
    why_not: str = ""
    is_document: bool = False  # it can hold pictures: not for whoever never sees any


def may_open(*, seen: str, claimed: str, name: str, size_bytes: int) -> Decided:
    """Allowed is only what is text or a known document **and** was called a picture, film or sound by nobody: neither
    by its bytes, nor by its sender, nor by its name. An archive or unknown bytes may hold anything, so they stay closed.
    """
    claimed_kind = claimed.strip().lower().partition("/")[0]
    called_media = claimed_kind in {"image", "video", "audio"} or name.strip().lower().endswith(_MEDIA_NAMES)
    if called_media or seen.partition("/")[0] in {"image", "video", "audio"} or seen == "application/ogg":
        return Decided(Opening.CLOSED, "media")
    if seen in _TEXTS:
        return Decided(Opening.TEXT if size_bytes <= TEXT_SHOWN_BYTES_MAX else Opening.DOWNLOAD)
    if seen in _DOCUMENTS:
        return Decided(Opening.DOWNLOAD, is_document=True)
    return Decided(Opening.CLOSED, "unknown")


# Characters that change how a line is read without being seen: bidirectional marks, zero-width ones, tags.
_UNSEEN = frozenset([
    0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, *range(0xE0000, 0xE0080),
])  # fmt: skip
_JOINERS = frozenset([0x200C, 0x200D])  # Hindi needs these two to be written right


@dataclass(frozen=True, slots=True)
class Shown:
    """A text original as it is shown."""

    text: str
    encoding: str
    damaged: int  # places that are no characters of this encoding


def as_shown(content: bytes) -> Shown:
    """The text, with every control and direction character made visible; what does not decode becomes U+FFFD."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    text = content.decode(encoding, errors="replace")
    damaged = text.count("\ufffd")
    return Shown("".join(map(_visible, text.replace("\r\n", "\n").replace("\r", "\n"))), encoding, damaged)


def _visible(letter: str) -> str:
    code = ord(letter)
    if letter in "\n\t" or 32 <= code < 127:
        return letter
    if code < 32:
        return chr(0x2400 + code)
    if 127 <= code < 160 or (code in _UNSEEN and code not in _JOINERS):
        return f"⟨U+{code:04X}⟩"
    return letter


_KEPT_ENDINGS = (
    ".txt", ".xml", ".json", ".csv", ".tsv", ".log", ".eml", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp",
    ".doc", ".xls", ".ppt",
)  # fmt: skip
_DOWNLOAD_NAME_CHARACTERS_MAX = 120


def visible(text: str) -> str:
    """A name or label in one line, with whatever would not be seen made visible."""
    return "".join(_visible(letter) if letter not in "\n\t" else "␤" for letter in text)


def download_name(name: str, seen: str) -> str:
    """A name the file may have on the officer's machine: no path, and no ending that opening it would run."""
    plain = visible(name).replace("\\", "/").rpartition("/")[2].strip(" .")
    plain = plain[-_DOWNLOAD_NAME_CHARACTERS_MAX:] or "original"
    if plain.lower().endswith(_KEPT_ENDINGS):
        return plain
    return plain + (".txt" if seen in _TEXTS else ".bin")
