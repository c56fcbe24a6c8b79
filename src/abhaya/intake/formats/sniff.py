"""What a file is, by its first bytes; its name only decides between kinds that begin alike."""

from __future__ import annotations

import re
import zlib
from enum import StrEnum

from abhaya.intake.formats.chat_lines import begins_a_chat
from abhaya.intake.formats.member_columns import is_member_list


class Kind(StrEnum):
    """What a drop may hold."""

    SUBMISSION = "submission"  # <report>
    FILE_DETAILS = "file details"  # <fileDetails>
    POLICE_JSON = "police json"
    WORKBOOK = "workbook"
    CSV = "csv"
    CHAT = "chat"  # a telephone's exported chat, plain text
    CHAT_JSON = "chat json"
    MEMBERS = "members"  # a provider's list of who is in a group
    PDF = "pdf"
    ZIP = "zip"
    TAR = "tar"
    OTHER = "other"


ARCHIVES = frozenset({Kind.ZIP, Kind.TAR})
SNIFF_BYTES = 4096
_BOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".ods", ".xls")
_BOOK_MARKS = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
_TAR_MARK = slice(257, 262)  # "ustar", POSIX.1-1988
_ROOT = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]")
_TABLE_ENDINGS = (".csv", ".tsv")
_CHAT_JSON = re.compile(
    r'"type"\s*:\s*"(?:private|public)_(?:supergroup|channel|group)"|"type"\s*:\s*"(?:personal_chat|bot_chat)"'
)
_ACCOUNT_JSON = re.compile(r'"about"\s*:\s*"[^"]{0,300}Telegram')


def sniff(head: bytes, name: str = "") -> Kind:  # noqa: PLR0911 — a list of signatures, read from top to bottom
    """The kind of a file from its first SNIFF_BYTES. Never raises."""
    lower = name.lower()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        is_book = lower.endswith(_BOOK_NAMES) or any(mark in head for mark in _BOOK_MARKS)
        return Kind.WORKBOOK if is_book else Kind.ZIP
    if head.startswith(_OLE):
        return Kind.WORKBOOK if lower.endswith(".xls") or not lower else Kind.OTHER
    if head.startswith((_GZIP, _BZIP2, _XZ)):
        return Kind.TAR if _packs_a_tar(head, lower) else Kind.OTHER
    if head[_TAR_MARK] == b"ustar":
        return Kind.TAR
    if head[:1024].lstrip().startswith(b"%PDF-"):
        return Kind.PDF
    text = _text(head)
    if text is None:
        return Kind.OTHER
    begins = text.lstrip()
    if begins.startswith("<"):
        return _of_xml(begins)
    if begins.startswith(("{", "[")) and ("reportId" in begins or "reportedInformation" in begins):
        return Kind.POLICE_JSON
    if begins.startswith("{") and (_CHAT_JSON.search(begins) or _ACCOUNT_JSON.search(begins)):
        return Kind.CHAT_JSON
    if lower.endswith(_TABLE_ENDINGS):
        return Kind.MEMBERS if is_member_list(begins) else Kind.CSV
    return Kind.CHAT if lower.endswith(".txt") and begins_a_chat(begins) else Kind.OTHER


def _packs_a_tar(head: bytes, name: str) -> bool:
    """Gzip shows its first bytes; bzip2 and xz need more than a head, so that their names are believed."""
    if not head.startswith(_GZIP):
        return name.endswith((".tar.bz2", ".tbz2", ".tar.xz", ".txz"))
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 512)[_TAR_MARK] == b"ustar"
    except zlib.error:
        return False


def _of_xml(text: str) -> Kind:
    for found in _ROOT.finditer(re.sub(r"<\?.*?\?>|<!--.*?-->", "", text, flags=re.DOTALL)):
        root = found.group(1)
        return {"report": Kind.SUBMISSION, "fileDetails": Kind.FILE_DETAILS}.get(root, Kind.OTHER)
    return Kind.OTHER


def _text(head: bytes) -> str | None:
    """The beginning as text, or None for what is not text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, errors="replace")
    return None if b"\0" in head else head.decode("utf-8", errors="replace")
