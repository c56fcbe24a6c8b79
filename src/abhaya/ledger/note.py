"""Signed notes and checkpoints as C2SP specifies them (signed-note, tlog-checkpoint, tlog-cosignature v1), pure.

A checkpoint says: "the ledger of this origin had this many entries, and this root". It carries two signatures of the
ledger's own Ed25519 key: the plain one (type 0x01), and a time-stamped one (type 0x04) so that *when* is signed too;
witnesses add lines of the second kind. The same facts can go on paper as a code of 32 letters and digits.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PLAIN = 0x01  # signed-note, Ed25519
STAMPED = 0x04  # tlog-cosignature, time-stamped Ed25519
KEY_ID_BYTES = 4
STAMP_BYTES = 8
NOTE_BYTES_MAX = 64 * 1024
ROOT_BYTES = KEY_BYTES = 32

CODE_DOMAIN = b"abhaya checkpoint code v1\n"
CODE_BYTES = 20  # 160 bits: two ledgers with one code cost 2**80 tries to make
CODE_GROUP_LETTERS = 4
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing to misread on paper


class NoteError(ValueError):
    """The text is not a signed note, not a checkpoint, or not signed by the key at hand; the message says which."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a note's text states. `text` is exactly what is signed."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def code(self) -> str:
        """The printed code: the same for the same origin, size and root, whoever signed it and when."""
        digest = sha256(CODE_DOMAIN + self.text.encode()).digest()[:CODE_BYTES]
        letters = base64.b32encode(digest).decode().translate(str.maketrans(_RFC4648, _CROCKFORD))
        return "-".join(letters[at : at + CODE_GROUP_LETTERS] for at in range(0, len(letters), CODE_GROUP_LETTERS))


@dataclass(frozen=True, slots=True)
class Key:
    """The ledger's signing key under its name. The name is the ledger's origin."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    def verifier(self) -> str:
        """The public key as one line (signed-note "vkey"): name+id+base64(type, key)."""
        return verifier_line(self.name, self.public)

    def sign(self, checkpoint: Checkpoint, posix_seconds: int) -> str:
        """The whole note. `posix_seconds` is the time the second signature swears to."""
        text = checkpoint.text
        plain = key_id(self.name, PLAIN, self.public) + self.private.sign(text.encode())
        stamped = (
            key_id(self.name, STAMPED, self.public)
            + posix_seconds.to_bytes(STAMP_BYTES, "big")
            + self.private.sign(_stamped_message(text, posix_seconds))
        )
        lines = [f"— {self.name} {base64.b64encode(blob).decode()}\n" for blob in (plain, stamped)]
        return text + "\n" + "".join(lines)


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody outside who signs only what continues what they signed before. No `url`: it is reached by file."""

    name: str
    public: bytes
    url: str = ""

    @property
    def verifier(self) -> str:
        return verifier_line(self.name, self.public, STAMPED)


def witnesses_of(text: str) -> tuple[Witness, ...]:
    """What the setting names: `KEY [URL]`, separated by commas. NoteError says which part cannot be read."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        line, _, url = part.partition(" ")
        name, _, rest = line.partition("+")
        identifier, _, encoded = rest.partition("+")
        blob = _base64(encoded, 1 + KEY_BYTES)
        if not name or blob[0] != STAMPED or key_id(name, STAMPED, blob[1:]).hex() != identifier:
            raise NoteError(f"“{line[:120]}” is not a witness's key: name+id+key, as its `init` printed it")
        if url.strip() and not url.strip().startswith(("http://", "https://")):
            raise NoteError(f"the address of {name} begins with https:// or http://")
        found.append(Witness(name, blob[1:], url.strip().rstrip("/")))
    if len({witness.name for witness in found}) < len(found):
        raise NoteError("a witness is named twice")
    return tuple(found)


def cosignature(note: str, witness: Witness) -> tuple[str, int] | None:
    """The witness's line on a note and the POSIX time it swears to; None without one. NoteError when it is forged."""
    text, lines = _split(note)
    wanted = key_id(witness.name, STAMPED, witness.public)
    for line in lines:
        signer, blob = _signature_line(line)
        if signer != witness.name or blob[:KEY_ID_BYTES] != wanted:
            continue
        stamp, signature = blob[KEY_ID_BYTES : KEY_ID_BYTES + STAMP_BYTES], blob[KEY_ID_BYTES + STAMP_BYTES :]
        seconds = int.from_bytes(stamp, "big")
        try:
            Ed25519PublicKey.from_public_bytes(witness.public).verify(signature, _stamped_message(text, seconds))
        except InvalidSignature:
            raise NoteError(f"a signature of {witness.name} does not belong to this text") from None
        return line + "\n", seconds
    return None


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:KEY_ID_BYTES]


def verifier_line(name: str, public: bytes, kind: int = PLAIN) -> str:
    encoded = base64.b64encode(bytes([kind]) + public).decode()
    return f"{name}+{key_id(name, kind, public).hex()}+{encoded}"


def parse(note: str) -> Checkpoint:
    """The checkpoint a note states, without looking at its signatures. NoteError when it states none."""
    text, _ = _split(note)
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise NoteError("a checkpoint has three lines: origin, size and root")
    origin, size, root = lines[:3]
    if not origin or not size.isascii() or not size.isdigit() or str(int(size)) != size:
        raise NoteError("a checkpoint's second line is its size, a whole number without leading zeros")
    return Checkpoint(origin, int(size), _base64(root, ROOT_BYTES))


def verify(note: str, name: str, public: bytes) -> int:
    """Checks both of the key's signatures and returns the signed time in POSIX seconds.

    NoteError when one is missing or wrong; lines of other keys are ignored, as the specification says.
    """
    text, lines = _split(note)
    key = Ed25519PublicKey.from_public_bytes(public)
    wanted = {key_id(name, PLAIN, public): PLAIN, key_id(name, STAMPED, public): STAMPED}
    seen: dict[int, int] = {}
    for line in lines:
        signer, blob = _signature_line(line)
        kind = wanted.get(blob[:KEY_ID_BYTES])
        if signer != name or kind is None:
            continue
        body = blob[KEY_ID_BYTES:]
        seconds = int.from_bytes(body[:STAMP_BYTES], "big") if kind == STAMPED else 0
        message = _stamped_message(text, seconds) if kind == STAMPED else text.encode()
        try:
            key.verify(body[STAMP_BYTES:] if kind == STAMPED else body, message)
        except InvalidSignature:
            raise NoteError(f"a signature of {name} does not belong to this text") from None
        seen[kind] = seconds
    if PLAIN not in seen or STAMPED not in seen:
        raise NoteError(f"not signed by {name}")
    return seen[STAMPED]


def _split(note: str) -> tuple[str, list[str]]:
    if len(note.encode()) > NOTE_BYTES_MAX:
        raise NoteError(f"a note is at most {NOTE_BYTES_MAX} bytes")
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteError("not a signed note: no blank line before the signatures")
    return text + "\n", tail[:-1].split("\n")


def _signature_line(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not parts[1]:
        raise NoteError("not a signed note: a signature line is “— name base64”")
    blob = _base64(parts[2])
    if len(blob) <= KEY_ID_BYTES:
        raise NoteError("not a signed note: a signature is too short")
    return parts[1], blob


def _base64(text: str, length: int | None = None) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"“{text[:80]}” is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise NoteError(f"“{text[:80]}” is not base64 as it is written")  # spare bits: one signature, one spelling
    if length is not None and len(data) != length:
        raise NoteError(f"“{text[:80]}” is {len(data)} bytes long, not {length}")
    return data


def _stamped_message(text: str, posix_seconds: int) -> bytes:
    return f"cosignature/v1\ntime {posix_seconds}\n{text}".encode()
