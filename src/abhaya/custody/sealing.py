"""How one original is sealed, and how its key is wrapped: pure arithmetic on bytes, no database, no disk.

An object is cut into chunks of `CHUNK_BYTES`. Each is sealed with AES-256-GCM (NIST SP 800-38D) under the object's own
random key; the nonce is the chunk's index, which is safe because a key seals one object only. The associated data is
the object's id, the index and whether it is the last: a chunk that is missing, moved, repeated or taken from another
object does not open, and neither does a shortened object.

The object's key is wrapped once per compartment that holds it. The wrapping key is HKDF-SHA256 (RFC 5869) of the
operator's key with the compartment's id as info; the wrap's associated data is object and compartment. A wrap begins
with the id of the operator's key, so that a wrong key is told from a damaged wrap.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
CHUNK_BYTES = 256 * 1024  # large enough that the tag and the call cost nothing, small enough that memory stays flat
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
KEY_ID_BYTES = 4
WRAPPED_BYTES = KEY_ID_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES
SEALED_NAMES_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
SEALING = 1  # the version of this page, part of every associated data

_CHUNK_LABEL = b"abhaya chunk 1"
_WRAP_LABEL = b"abhaya wrap 1"
_NAMES_LABEL = b"abhaya names 1"


class SealBroken(Exception):  # noqa: N818 — reads as what it says at the place of raising
    """The sealed bytes, or the wrap of their key, are not what was written: changed, shortened, moved or swapped."""


class WrongOperatorKey(Exception):  # noqa: N818 — as above
    """The wrap was made under another operator key than the one at hand."""


class Digests:
    """SHA-256, SHA-1 and MD5 of the same bytes in one pass. The latter two name a file in VICS and in courts; they
    prove nothing here.
    """

    __slots__ = ("_md5", "_sha1", "_sha256", "size_bytes")

    def __init__(self, content: bytes = b"") -> None:
        self._sha256 = hashlib.sha256(content)
        self._sha1 = hashlib.sha1(content, usedforsecurity=False)
        self._md5 = hashlib.md5(content, usedforsecurity=False)
        self.size_bytes = len(content)

    def update(self, piece: bytes) -> None:
        self._sha256.update(piece)
        self._sha1.update(piece)
        self._md5.update(piece)
        self.size_bytes += len(piece)

    @property
    def sha256(self) -> bytes:
        return self._sha256.digest()

    @property
    def sha1(self) -> bytes:
        return self._sha1.digest()

    @property
    def md5(self) -> bytes:
        return self._md5.digest()


class OperatorKey:
    """The one secret of a vault's operator, and everything that is derived from it. Never stored, never shown."""

    __slots__ = ("_names", "_root", "id")

    def __init__(self, master: bytes) -> None:
        if len(master) < KEY_BYTES:
            raise ValueError(f"an operator key has at least {KEY_BYTES} bytes")
        self._root = HKDF(SHA256(), KEY_BYTES, salt=b"abhaya vault 1", info=b"root").derive(master)
        self.id = self._derive(b"key id")[:KEY_ID_BYTES]
        self._names = self._derive(b"storage names")

    def __repr__(self) -> str:
        return f"OperatorKey({self.id.hex()})"

    def wrap(self, key: bytes, object_id: UUID, compartment: UUID) -> bytes:
        """The object's key for one compartment, `WRAPPED_BYTES` long."""
        return self._wrap(b"compartment" + compartment.bytes, key, object_id.bytes + compartment.bytes)

    def unwrap(self, wrapped: bytes, object_id: UUID, compartment: UUID) -> bytes:
        """The key again. Raises `WrongOperatorKey` or `SealBroken`."""
        return self._unwrap(b"compartment" + compartment.bytes, wrapped, object_id.bytes + compartment.bytes)

    def wrap_known(self, key: bytes, object_id: UUID, sha256: bytes) -> bytes:
        """The object's key for whoever brings the same bytes again: it names no compartment that holds them."""
        return self._wrap(b"known bytes" + sha256, key, object_id.bytes + sha256)

    def unwrap_known(self, wrapped: bytes, object_id: UUID, sha256: bytes) -> bytes:
        """The key again. Raises `WrongOperatorKey` or `SealBroken`."""
        return self._unwrap(b"known bytes" + sha256, wrapped, object_id.bytes + sha256)

    @property
    def names(self) -> bytes:
        """The key of storage names that the first key of a vault gives; later keys carry it on, sealed."""
        return self._names

    def seal_names(self, names: bytes) -> bytes:
        """The vault's key of storage names, for this key alone to open: `SEALED_NAMES_BYTES` long."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._derive(b"sealed names")).encrypt(nonce, names, _NAMES_LABEL)

    def open_names(self, sealed: bytes) -> bytes:
        """The key of storage names again. Raises `SealBroken`."""
        try:
            return AESGCM(self._derive(b"sealed names")).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _NAMES_LABEL
            )
        except (InvalidTag, ValueError) as error:
            raise SealBroken(
                "the sealed key of storage names belongs to another operator key, or was changed"
            ) from error

    def _derive(self, info: bytes) -> bytes:
        return HKDFExpand(SHA256(), KEY_BYTES, info).derive(self._root)

    def _wrap(self, info: bytes, key: bytes, bound_to: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._derive(info)).encrypt(nonce, key, _WRAP_LABEL + bound_to)
        return self.id + nonce + sealed

    def _unwrap(self, info: bytes, wrapped: bytes, bound_to: bytes) -> bytes:
        if len(wrapped) != WRAPPED_BYTES:
            raise SealBroken("the wrapped key has the wrong length")
        if wrapped[:KEY_ID_BYTES] != self.id:
            raise WrongOperatorKey(
                f"wrapped under operator key {wrapped[:KEY_ID_BYTES].hex()}, at hand {self.id.hex()}"
            )
        nonce, sealed = wrapped[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES], wrapped[KEY_ID_BYTES + NONCE_BYTES :]
        try:
            return AESGCM(self._derive(info)).decrypt(nonce, sealed, _WRAP_LABEL + bound_to)
        except InvalidTag as error:
            raise SealBroken("the wrapped key belongs to another object or compartment, or was changed") from error


class KeyRing:
    """The operator keys of a vault that are alive: the current one wraps, it and the older ones unwrap.

    Storage names are made with one key for the vault's whole life: a rotation renames nothing.
    """

    __slots__ = ("_by_id", "_names", "current")

    def __init__(self, current: OperatorKey, older: Sequence[OperatorKey] = (), names: bytes = b"") -> None:
        self.current = current
        self._by_id = {key.id: key for key in (*older, current)}
        self._names = names or current.names

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(key_id.hex() for key_id in self.ids)})"

    @property
    def id(self) -> bytes:
        return self.current.id

    @property
    def ids(self) -> list[bytes]:
        """Of every live key, the current one first."""
        return [self.current.id, *[key_id for key_id in self._by_id if key_id != self.current.id]]

    @property
    def names(self) -> bytes:
        return self._names

    def storage_name(self, sha256: bytes) -> bytes:
        """What the object is called in its key table and the folder: without the key, no hash can be looked up."""
        return hmac.digest(self._names, sha256, "sha256")

    def wrap(self, key: bytes, object_id: UUID, compartment: UUID) -> bytes:
        return self.current.wrap(key, object_id, compartment)

    def unwrap(self, wrapped: bytes, object_id: UUID, compartment: UUID) -> bytes:
        """The key again. Raises `WrongOperatorKey` or `SealBroken`."""
        return self._of(wrapped).unwrap(wrapped, object_id, compartment)

    def wrap_known(self, key: bytes, object_id: UUID, sha256: bytes) -> bytes:
        return self.current.wrap_known(key, object_id, sha256)

    def unwrap_known(self, wrapped: bytes, object_id: UUID, sha256: bytes) -> bytes:
        """The key again. Raises `WrongOperatorKey` or `SealBroken`."""
        return self._of(wrapped).unwrap_known(wrapped, object_id, sha256)

    def _of(self, wrapped: bytes) -> OperatorKey:
        """The key that made the wrap; the current one, which then says what is wrong, where none did."""
        return self._by_id.get(wrapped[:KEY_ID_BYTES], self.current)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class Sealer:
    """Seals the chunks of one object, in order."""

    __slots__ = ("_cipher", "_index", "_object")

    def __init__(self, key: bytes, object_id: UUID) -> None:
        self._cipher = AESGCM(key)
        self._object = object_id.bytes
        self._index = 0

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        nonce, bound_to = _place(self._object, self._index, last)
        self._index += 1
        return self._cipher.encrypt(nonce, plain, bound_to)


def sealed_size(size_bytes: int) -> int:
    """How many bytes an object of `size_bytes` takes when sealed."""
    chunks = max(1, -(-size_bytes // CHUNK_BYTES))
    return size_bytes + chunks * TAG_BYTES


def seal(content: bytes, key: bytes, object_id: UUID) -> bytes:
    """A whole object that fits in memory."""
    return b"".join(seal_stream([content], key, object_id))


def seal_stream(pieces: Iterable[bytes], key: bytes, object_id: UUID) -> Iterator[bytes]:
    """Sealed chunks of an object that arrives in pieces of any size."""
    return seal_chunks(chunked(pieces), key, object_id)


def seal_chunks(chunks: Iterable[bytes], key: bytes, object_id: UUID) -> Iterator[bytes]:
    """Sealed chunks of an object already cut by `chunked`; holds one chunk, because only the end shows the last."""
    sealer = Sealer(key, object_id)
    held: bytes | None = None
    for chunk in chunks:
        if held is not None:
            yield sealer.seal(held, last=False)
        held = chunk
    yield sealer.seal(held or b"", last=True)


def chunked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of `CHUNK_BYTES`, the last one shorter; nothing for an empty stream."""
    waiting = bytearray()
    for piece in pieces:
        view = memoryview(piece)
        for start in range(0, len(view), CHUNK_BYTES):
            waiting += view[start : start + CHUNK_BYTES]
            if len(waiting) >= CHUNK_BYTES:
                yield bytes(waiting[:CHUNK_BYTES])
                del waiting[:CHUNK_BYTES]
    if waiting:
        yield bytes(waiting)


def open_stream(sealed_chunks: Iterable[bytes], key: bytes, object_id: UUID) -> Iterator[bytes]:
    """The plain chunks of sealed ones (each `SEALED_CHUNK_BYTES`, the last shorter or equal), each verified before it
    is handed out. Raises `SealBroken` at the first that does not open; no last chunk means a shortened object.
    """
    cipher = AESGCM(key)
    index = 0
    held: bytes | None = None
    for sealed in sealed_chunks:
        if held is not None:
            yield _open(cipher, object_id.bytes, index, held, last=False)
            index += 1
        held = sealed
    yield _open(cipher, object_id.bytes, index, held or b"", last=True)


def _open(cipher: AESGCM, object_id: bytes, index: int, sealed: bytes, *, last: bool) -> bytes:
    nonce, bound_to = _place(object_id, index, last)
    try:
        return cipher.decrypt(nonce, sealed, bound_to)
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"chunk {index} does not open") from error


def _place(object_id: bytes, index: int, last: bool) -> tuple[bytes, bytes]:
    """The nonce and the associated data of one chunk."""
    nonce = index.to_bytes(NONCE_BYTES, "big")
    return nonce, _CHUNK_LABEL + object_id + nonce + (b"\x01" if last else b"\x00")
