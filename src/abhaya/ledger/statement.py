"""Texts signed with the ledger's key that are no checkpoints: certificates, lines of a journal.

A signed note (C2SP `signed-note`): the text, an empty line, and one line of signature that begins with a dash. Who has the
ledger's public key, printed with every checkpoint, checks it anywhere.
"""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from abhaya.ledger import key as keys
from abhaya.ledger.note import KEY_ID_BYTES, PLAIN, Key, key_id
from abhaya.shared.sql import value

UNNAMED = "abhaya"  # a ledger that has not begun has no name yet


def own_key() -> Key:
    """The key this installation signs with, under the ledger's name."""
    origin = value("select origin from ledger_log")
    return keys.signing_key(origin) if origin else keys.new_key(UNNAMED)


def signed(text: str, key: Key) -> str:
    """The text as a signed note. It ends with a line break and holds no empty line followed by a dash."""
    if not text.endswith("\n") or "\n\n— " in text:
        raise ValueError("a signed text ends with a line break and looks like no signature itself")
    blob = key_id(key.name, PLAIN, key.public) + key.private.sign(text.encode())
    return f"{text}\n— {key.name} {base64.b64encode(blob).decode()}\n"


def stated(note: str, public: bytes) -> str | None:
    """The text of a signed note, or None where it is not one of this key."""
    text, blank, line = note.rpartition("\n\n")
    parts = line.strip().split(" ")
    if not blank or len(parts) != 3 or parts[0] != "—":
        return None
    text += "\n"
    try:
        blob = base64.b64decode(parts[2], validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(blob[KEY_ID_BYTES:], text.encode())
    except (ValueError, InvalidSignature):
        return None
    return text
