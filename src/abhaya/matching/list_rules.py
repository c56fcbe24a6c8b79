"""When are two entries of a list the same entry? (pure)"""

from __future__ import annotations

import hashlib

from abhaya.matching.formats.record import Entry

KEY_BYTES = 16


def entry_key(entry: Entry, *, complete: bool) -> bytes:
    """What makes it the same entry in the next version.

    An exchange sends changes by its own number of an entry, so there the number alone decides. A whole list may use one
    number for several files, or none: there the hashes belong to it, and a changed one is another entry.
    """
    digest = hashlib.sha256(entry.ref.encode() + b"\0")
    if complete or not entry.ref:
        for kind in sorted(entry.fixed):
            digest.update(kind.encode() + b"\0" + entry.fixed[kind])
        for kind in sorted(entry.opaque):
            digest.update(f"{kind}\0{entry.opaque[kind]}\0".encode())
    return digest.digest()[:KEY_BYTES]
