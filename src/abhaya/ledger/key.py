"""What the ledger keeps outside the database: its signing key, and the last checkpoint signed on this machine.

The second is why a database that was rolled back, by accident or to hide something, cannot be signed over in silence.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from abhaya.errors import OperatorError
from abhaya.ledger.note import Checkpoint, Key, NoteError, parse
from abhaya.shared.durable import write_whole
from abhaya.shared.secret import secret

SECRET_NAME = "ledger-signing"  # noqa: S105 — a file name; the seed of 32 bytes lies in it as hexadecimal text


def signing_key(origin: str) -> Key:
    """The key this installation signs the named ledger with. OperatorError when it is not there or damaged."""
    path = settings.DATA_DIR / "secrets" / SECRET_NAME
    if not path.exists():
        raise OperatorError(
            f"{path}, the ledger's signing key, is not there. Put it back from the key backup: a new key cannot"
            " continue this ledger."
        )
    return new_key(origin)


def new_key(origin: str) -> Key:
    """The key for a ledger that begins, made on first use."""
    try:
        seed = bytes.fromhex(secret(settings.DATA_DIR, SECRET_NAME))
        return Key(origin, Ed25519PrivateKey.from_private_bytes(seed))
    except ValueError:
        raise OperatorError(
            f"{settings.DATA_DIR / 'secrets' / SECRET_NAME} is not a signing key of 64 hexadecimal digits. Put the file"
            " back from the key backup."
        ) from None


def last_signed(origin: str) -> Checkpoint | None:
    """The newest checkpoint this machine remembers signing for the ledger, if any."""
    path = _memory(origin)
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (NoteError, UnicodeDecodeError):
        raise OperatorError(f"{path} is damaged: it should hold the last checkpoint signed on this machine.") from None


def remember(origin: str, note: str) -> None:
    """Keeps a checkpoint that the database has committed. Written whole or not at all."""
    path = _memory(origin)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, note.encode())


def forget(origin: str) -> None:
    """Drops the memory: a restored database may then be continued. Only `sequencer.resume` does this, on record."""
    _memory(origin).unlink(missing_ok=True)


def _memory(origin: str) -> Path:
    name = "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in origin)
    folder: Path = settings.DATA_DIR / "ledger"
    return folder / f"{name}.checkpoint"
