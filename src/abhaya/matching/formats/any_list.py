"""Which form a hash list has, told by its first bytes, never by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from abhaya.errors import SenderError
from abhaya.matching.formats import hash_sharing_xml, plain_csv, threatexchange, vics_json
from abhaya.matching.formats.record import About, Reader

HEAD_BYTES = 64 * 1024

_FORMS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, About], Reader]], ...] = (
    (vics_json.is_vics, vics_json.read),
    (hash_sharing_xml.is_hash_sharing, hash_sharing_xml.read),
    (threatexchange.is_updates, threatexchange.read_updates),
    (threatexchange.is_signals, threatexchange.read_signals),
    (plain_csv.is_table, plain_csv.read),
)


def read(head: bytes, stream: BinaryIO, about: About) -> Reader:
    """The list's entries. `head` is a copy of the first bytes of `stream`. Raises SenderError for a form nobody knows."""
    for fits, reader in _FORMS:
        if fits(head):
            return reader(stream, about)
    raise SenderError(
        "This is no hash list that is known here: VICS 1.1–2.0 JSON (also CAID), an answer of a hash-sharing exchange (XML),"
        " ICSE or NSRL or another CSV whose first line names md5, sha1, sha256, pdq, vpdq or photodna, threat updates (JSON)"
        " or a signal file (one “pdq …”, “vpdq …” or “md5 …” a line)."
    )
