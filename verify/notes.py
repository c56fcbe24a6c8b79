"""Checkpoints: C2SP signed notes (c2sp.org/signed-note, /tlog-checkpoint, /tlog-cosignature), and the printed code."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PLAIN, STAMPED = 1, 4  # kinds of signature
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 32
NOTE_BYTES_MAX = 64 * 1024


class Unreadable(ValueError):  # noqa: N818 — reads as what it says where it is raised
    """Not what it should be; the sentence says why."""


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint states, and the lines that sign it."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes], ...]

    def code(self) -> str:
        return code_of(self.text)


@dataclass(frozen=True)
class Key:
    """A public key under the name of its ledger."""

    name: str
    public: bytes

    def id(self, kind: int) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]

    def signed_at(self, checkpoint: Checkpoint) -> int:
        """The signed time in POSIX seconds. Unreadable when this key did not sign this text twice over."""
        seconds: int | None = None
        plain = False
        for name, blob in checkpoint.signatures:
            if name == self.name and blob[:4] == self.id(PLAIN):
                self._hold(blob[4:], checkpoint.text)
                plain = True
            elif name == self.name and blob[:4] == self.id(STAMPED):
                stamp = int.from_bytes(blob[4:12], "big")
                self._hold(blob[12:], stamped_text(stamp, checkpoint.text))
                seconds = stamp
        if not plain or seconds is None:
            raise Unreadable("it is not signed by this ledger's key")
        return seconds

    def cosigned_at(self, checkpoint: Checkpoint) -> int | None:
        """The time this key, a witness's, signed the checkpoint; None if it did not. Unreadable if the line is forged."""
        seconds: int | None = None
        for name, blob in checkpoint.signatures:
            if name == self.name and blob[:4] == self.id(STAMPED):
                seconds = int.from_bytes(blob[4:12], "big")
                self._hold(blob[12:], stamped_text(seconds, checkpoint.text))
        return seconds

    def line(self, kind: int) -> str:
        """The public key as one line, as `read_key` takes it."""
        return f"{self.name}+{self.id(kind).hex()}+{base64.b64encode(bytes([kind]) + self.public).decode()}"

    def _hold(self, signature: bytes, text: str) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            raise Unreadable("its signature is forged: it does not belong to this text") from None


def stamped_text(seconds: int, text: str) -> str:
    """What a time-stamped signature is made over (tlog-cosignature, Ed25519)."""
    return f"cosignature/v1\ntime {seconds}\n{text}"


def text_of(origin: str, size: int, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def code_of(text: str) -> str:
    """32 letters and digits in groups of four, from a checkpoint's text."""
    number = int.from_bytes(sha256(b"abhaya checkpoint code v1\n" + text.encode()).digest()[:20], "big")
    letters = "".join(CODE_LETTERS[number >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def read_code(typed: str) -> str:
    """A code as somebody typed it from paper: case, spaces, dashes and look-alikes do not matter."""
    letters = typed.upper().translate(str.maketrans("OIL", "011", "- \t"))
    if len(letters) != CODE_LENGTH or set(letters) - set(CODE_LETTERS):
        raise Unreadable(f"“{typed}” is not a code of {CODE_LENGTH} letters and digits")
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def read_key(line: str, kind: int = PLAIN) -> Key:
    """A verifier key of a ledger (PLAIN) or of a witness (STAMPED): name+id+base64(kind, key)."""
    name, _, rest = line.strip().partition("+")
    identifier, _, encoded = rest.partition("+")
    blob = from_base64(encoded)
    if not name or len(blob) != 33 or blob[0] != kind:
        raise Unreadable("the key is not an Ed25519 verifier key of the kind asked for")
    key = Key(name, blob[1:])
    if key.id(kind).hex() != identifier:
        raise Unreadable("the key's short id does not belong to it")
    return key


def read_checkpoint(note: str) -> Checkpoint:
    if len(note.encode("utf-8", "surrogatepass")) > NOTE_BYTES_MAX:
        raise Unreadable("it is too long for a checkpoint")
    text, blank, tail = note.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) != 3 or not lines[0]:
        raise Unreadable("it is not a checkpoint: three lines, a blank one, and signatures")
    if not (lines[1].isascii() and lines[1].isdigit() and str(int(lines[1])) == lines[1]):
        raise Unreadable("its second line is not a size")
    root = from_base64(lines[2])
    if len(root) != 32:
        raise Unreadable("its third line is not a root")
    signatures = []
    for line in tail.rstrip("\n").split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":
            raise Unreadable("a signature line cannot be read")
        signatures.append((parts[1], from_base64(parts[2])))
    return Checkpoint(lines[0], int(lines[1]), root, text + "\n", tuple(signatures))


def from_base64(text: str) -> bytes:
    """Base64 in its one right spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(f"“{text[:60]}” is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Unreadable(f"“{text[:60]}” is not base64 as it is written")
    return data
