"""The three files of a blinded comparison: JSON, signed, and from the second on sealed for the other side alone.

    {"format": "abhaya-comparison", "version": 1, "step": "question" | "answer" | "result", "comparison": hex of 32 bytes,
     "from": key, "to": key, "made_at": UTC, "follows": SHA-256 of the file before, in hex,
     "meeting": a fresh X25519 key, "points": of the question | "sealed": of the others, "signature": Ed25519}

Keys are those that sign each installation's ledger (C2SP signed-note lines); what is signed begins with this format's own
domain, which no checkpoint begins with. The seal hides from the carrier what both lists together would tell: how many
identifiers met. Binary fields are base64 (RFC 4648).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from abhaya.exchange.kernels import POINT_BYTES
from abhaya.ledger.note import KEY_BYTES, PLAIN, Key, key_id

FORMAT, VERSION = "abhaya-comparison", 1
FILE_BYTES_MAX = 4 * 1024 * 1024
CONTACT_BYTES_MAX = 600  # every contact line takes as much, so that its length tells nothing
TOKEN_BYTES, NONCE_BYTES = 32, 12
DOMAIN = b"abhaya blinded comparison v1\n"

Step = Literal["question", "answer", "result"]
STEPS: tuple[Step, ...] = ("question", "answer", "result")


class FileError(ValueError):
    """The file is not one of a comparison, damaged, or signed by somebody else; `code` says which (`exchange.reasons`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that is signed, in the order in which it is written."""

    format: str
    version: int
    step: Step
    comparison: str
    from_: str = msgspec.field(name="from")
    to: str = msgspec.field(name="to")
    made_at: str = ""
    follows: str = ""
    meeting: str = ""
    points: str = ""
    sealed: str = ""


class _File(Head, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """What an answer or a result says to the other side alone."""

    by_both: list[bytes]  # the other side's points, in its order
    points: list[bytes]  # this side's own; none in a result
    contact: str


class _Inside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by_both: str
    points: str
    contact: str


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose signature holds under the key it names. Whether that key is the partner's, the caller says."""

    step: Step
    comparison: bytes
    from_key: str
    to_key: str
    follows: str
    meeting: bytes
    points: list[bytes]
    sealed: bytes
    digest: str


def public_key(line: str) -> bytes:
    """The 32 bytes of a verifier line (`name+id+base64`, C2SP signed-note). FileError for anything else."""
    name, _, rest = line.strip().partition("+")
    identifier, _, encoded = rest.partition("+")
    blob = _decoded(encoded, "key")
    if not name or len(blob) != 1 + KEY_BYTES or blob[0] != PLAIN or key_id(name, PLAIN, blob[1:]).hex() != identifier:
        raise FileError("key")
    return blob[1:]


def written(head: Head, key: Key) -> bytes:
    """The file, signed."""
    unsigned = _encode(head)
    signature = base64.b64encode(key.private.sign(DOMAIN + unsigned)).decode()
    return unsigned[:-1] + b',"signature":"' + signature.encode() + b'"}\n'


def read(content: bytes) -> Received:
    """FileError where it is no such file, is damaged, or was changed after it was signed."""
    if len(content) > FILE_BYTES_MAX:
        raise FileError("too-large")
    try:
        file = msgspec.json.decode(content, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise FileError("not-one") from None
    if file.format != FORMAT:
        raise FileError("not-one")
    if file.version != VERSION:
        raise FileError("version")
    head = Head(*(getattr(file, name) for name in Head.__struct_fields__))
    try:
        verifier = Ed25519PublicKey.from_public_bytes(public_key(file.from_))
        verifier.verify(_decoded(file.signature, "changed"), DOMAIN + _encode(head))
    except (InvalidSignature, FileError):
        raise FileError("changed") from None
    token = _hex(file.comparison)
    if len(token) != TOKEN_BYTES:
        raise FileError("not-one")
    return Received(
        file.step, token, file.from_, file.to, file.follows, _decoded(file.meeting),
        _points(file.points), _decoded(file.sealed), digest(content),
    )  # fmt: skip


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def encoded_points(points: list[bytes]) -> str:
    return base64.b64encode(b"".join(points)).decode()


def shared_key(secret: bytes, meeting: bytes, comparison: bytes) -> bytes:
    """What both sides, and no carrier, can derive. FileError for a key that is none."""
    try:
        agreed = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(meeting))
    except ValueError:
        raise FileError("not-one") from None
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=comparison, info=DOMAIN).derive(agreed)


def meeting_of(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def sealed(inside: Inside, key: bytes, head: Head) -> Head:
    """The head with what it says to the other side alone, bound to it."""
    contact = inside.contact.encode()
    if len(contact) > CONTACT_BYTES_MAX:
        raise FileError("contact")
    padded = inside.contact + " " * (CONTACT_BYTES_MAX - len(contact))
    plain = msgspec.json.encode(_Inside(encoded_points(inside.by_both), encoded_points(inside.points), padded))
    nonce = secrets.token_bytes(NONCE_BYTES)
    closed = nonce + AESGCM(key).encrypt(nonce, plain, _bound(head.step, head.follows))
    return msgspec.structs.replace(head, sealed=base64.b64encode(closed).decode())


def opened(received: Received, key: bytes) -> Inside:
    """What the other side says to us alone. FileError where it was sealed for another, or to another file."""
    try:
        plain = AESGCM(key).decrypt(
            received.sealed[:NONCE_BYTES], received.sealed[NONCE_BYTES:], _bound(received.step, received.follows)
        )
        inside = msgspec.json.decode(plain, type=_Inside)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        raise FileError("sealed") from None
    return Inside(_points(inside.by_both), _points(inside.points), " ".join(inside.contact.split()))


def _bound(step: str, follows: str) -> bytes:
    return f"{step} after {follows}".encode()


def _encode(head: Head) -> bytes:
    return msgspec.json.encode(head)


def _points(text: str) -> list[bytes]:
    blob = _decoded(text)
    if len(blob) % POINT_BYTES:
        raise FileError("not-one")
    return [blob[at : at + POINT_BYTES] for at in range(0, len(blob), POINT_BYTES)]


def _decoded(text: str, code: str = "not-one") -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise FileError(code) from None


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise FileError("not-one") from None
