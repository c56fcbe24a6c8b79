"""What a backup is on disk: two parts that are carried apart, and how each file of them is sealed, named and proved.

    DIR/data/<instant>/manifest.json, .signature   what was made, every file with its SHA-256; signed with the ledger's key
    DIR/data/<instant>/tables/<table>              rows as text (COPY), compressed, sealed
    DIR/data/<instant>/vault.list                  which originals belong to it, with their SHA-256
    DIR/data/vault/objects/…                       the originals, sealed as they lie in the vault, shared by all backups
    DIR/keys/<instant>/backup-key.json             the backup's own key, wrapped under the operator key; a MAC of the manifest
    DIR/keys/<instant>/tables/<table>, secrets/…   the tables that hold wrapped keys, and the installation's secrets
    DIR/keys/erasures.jsonl                        the newest erasure journal, signed line by line: opaque ids only

Every backup has a random key of its own. Without the keys part, or without the operator key (which is in neither), nothing
of a backup can be read; who destroys the keys part has destroyed the backup, wherever its copies are. A backup that has no
manifest under its final name was never finished. This module knows no Django: it is read before any setting is.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from abhaya.custody.disk import file_pieces
from abhaya.custody.sealing import SEALED_CHUNK_BYTES, SealBroken, open_stream, seal_stream
from abhaya.errors import OperatorError
from abhaya.shared.durable import NO_ROOM, fsync_folder

FORMAT = 1
DATA, KEYS = "data", "keys"
MANIFEST, SIGNATURE, VAULT_LIST, BACKUP_KEY = "manifest.json", "manifest.signature", "vault.list", "backup-key.json"
ERASURES = "erasures.jsonl"  # as `custody.journal` calls it
UNFINISHED = ".unfinished"
FILE_KEY_BYTES = 32
_SIGNED = b"abhaya backup 1\n"
# No compartment: the name under which the operator key wraps the keys of backups.
BACKUPS = uuid5(UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8"), "abhaya:backups")


class Written(msgspec.Struct, frozen=True):
    """A file of one part, under its folder."""

    part: str
    path: str
    size_bytes: int
    sha256: str


class TableFile(msgspec.Struct, frozen=True):
    """A table: how many rows, and the sum that proves them whatever their order (`shared.snapshot.Print`)."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sum: str
    file: Written


class VaultPart(msgspec.Struct, frozen=True):
    """The originals kept as files. `gone`: shredded while the backup ran; `missing`: should have been there."""

    objects: int
    size_bytes: int
    list: Written
    gone: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class LedgerPart(msgspec.Struct, frozen=True):
    """Where the ledger stood. An installation whose ledger has not begun has no origin."""

    origin: str
    public_key: str
    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True):
    """One backup, in full."""

    format: int
    id: str
    made_at: str
    program: str
    postgres: int
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[TableFile, ...]
    sequences: tuple[tuple[str, int, bool], ...]
    files: tuple[Written, ...]  # of the keys part: secrets, and what the ledger remembers
    vault: VaultPart
    ledger: LedgerPart
    signer: str  # the public key of the signature

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def written(self) -> list[Written]:
        return [*(table.file for table in self.tables), *self.files, self.vault.list]


class WrappedKey(msgspec.Struct, frozen=True):
    """The backup's key, wrapped under the operator key; and what only who has that key can say of the manifest."""

    id: str
    wrapped: str
    manifest_mac: str


@dataclass(frozen=True, slots=True)
class Original:
    """One original among the backup's files."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that backups go to, and the folder of their keys."""

    folder: Path
    keys: Path

    @classmethod
    def of(cls, folder: str, keys: str | None) -> Place:
        return cls(Path(folder).absolute(), Path(keys).absolute() if keys else Path(folder).absolute() / KEYS)

    @property
    def vault(self) -> Path:
        return self.folder / DATA / "vault"

    @property
    def erasures(self) -> Path:
        return self.keys / ERASURES

    def part(self, part: str, name: str) -> Path:
        return (self.folder / DATA if part == DATA else self.keys) / name

    def finished(self) -> list[str]:
        """The names of the backups that are whole as far as their names say, oldest first."""
        return sorted(
            found.parent.name for found in (self.folder / DATA).glob(f"*Z*/{MANIFEST}") if _is_finished(found)
        )

    def unfinished(self) -> list[str]:
        """Backups that were begun and never ended."""
        left = {*(self.folder / DATA).glob(f"*{UNFINISHED}"), *self.keys.glob(f"*{UNFINISHED}")}
        return sorted({path.name.removesuffix(UNFINISHED) for path in left})

    def sweep(self) -> list[str]:
        """Removes what unfinished backups left, the originals excepted. Returns their names."""
        names = self.unfinished()
        for name in names:
            for part in (KEYS, DATA):
                shutil.rmtree(self.part(part, name + UNFINISHED), ignore_errors=True)
            if not self.part(DATA, name).exists():
                shutil.rmtree(self.part(KEYS, name), ignore_errors=True)
        for draft in self.vault.glob("objects/??/*.draft"):
            draft.unlink(missing_ok=True)
        return names

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One backup at a time goes to a folder."""
        for made in (self.folder, self.keys):
            with disk_errors(made):
                made.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "a+b") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OperatorError(f"Another backup is being written to {self.folder}.") from error
            yield

    def keep(self, most: int) -> list[str]:
        """Removes all but the newest `most` backups, keys first, and the originals that none of them has any more."""
        old = self.finished()[:-most]
        for name in old:
            shutil.rmtree(self.part(KEYS, name), ignore_errors=True)
            shutil.rmtree(self.part(DATA, name), ignore_errors=True)
        if old:
            needed = {original.path for name in self.finished() for original in self.originals(name)}
            for path in self.vault.glob("objects/??/*"):
                if str(path.relative_to(self.vault)) not in needed:
                    path.unlink(missing_ok=True)
        return old

    def originals(self, name: str) -> Iterator[Original]:
        """What the list of a backup names. Its names are keyed hashes, as in the vault itself: it is not sealed."""
        packed = (self.part(DATA, name) / VAULT_LIST).read_bytes()
        for line in zlib.decompress(packed, wbits=31).decode("ascii").splitlines():
            path, size, sha256 = line.split("\t")
            yield Original(path, int(size), sha256)


def _is_finished(manifest: Path) -> bool:
    return not manifest.parent.name.endswith(UNFINISHED) and (manifest.parent / SIGNATURE).exists()


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """What the backup's disk says, in words."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise OperatorError(
                f"The backup’s disk is full: {folder}. This backup is not finished and does not count; earlier ones stay."
                " Free space, or take a larger disk, and run it again: originals that were copied are not copied twice."
            ) from error
        raise OperatorError(f"The backup cannot be written: {error.filename or folder}: {error.strerror}.") from error


def write_file(path: Path, blocks: Iterable[bytes]) -> tuple[int, str]:
    """A new file of mode 0600, on disk when this returns. Returns its size in bytes and its SHA-256."""
    digest, size = hashlib.sha256(), 0
    with disk_errors(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for block in blocks:
            digest.update(block)
            size += len(block)
            with disk_errors(path.parent):
                file.write(block)
        with disk_errors(path.parent):
            file.flush()
            os.fsync(file.fileno())
    return size, digest.hexdigest()


class Sealed:
    """Files of one backup, sealed under its key: each under a key of its own, bound to its part and path."""

    def __init__(self, key: bytes, backup: UUID) -> None:
        self._key, self._backup = key, backup

    def write(self, folder: Path, part: str, path: str, pieces: Iterable[bytes]) -> Written:
        blocks = seal_stream(_compressed(pieces), self._of(part, path), self._backup)
        size, sha256 = write_file(folder / path, blocks)
        return Written(part, path, size, sha256)

    def read(self, folder: Path, written: Written) -> Iterator[bytes]:
        """The plain bytes. OperatorError where a file does not open under the backup's key."""
        unpack = zlib.decompressobj(wbits=31)
        try:
            blocks = file_pieces(folder / written.path, SEALED_CHUNK_BYTES)
            for block in open_stream(blocks, self._of(written.part, written.path), self._backup):
                yield unpack.decompress(block)
            yield unpack.flush()
        except (SealBroken, zlib.error) as error:
            raise OperatorError(f"The backup’s file {folder / written.path} does not open: it was changed.") from error

    def mac(self, body: bytes) -> str:
        """Of the manifest: a signature alone would be anybody's who signs with a key of their own."""
        key = HKDFExpand(SHA256(), FILE_KEY_BYTES, b"abhaya backup manifest 1").derive(self._key)
        return hmac.digest(key, body, "sha256").hex()

    def _of(self, part: str, path: str) -> bytes:
        return HKDFExpand(SHA256(), FILE_KEY_BYTES, f"abhaya backup file 1 {part}/{path}".encode()).derive(self._key)


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    pack = zlib.compressobj(1, wbits=31)  # gzip; what is sealed already is not made smaller by trying harder
    for piece in pieces:
        if block := pack.compress(piece):
            yield block
    yield pack.flush()


def pack_list(originals: Iterable[Original]) -> bytes:
    """The list of originals as it is stored."""
    text = "".join(f"{one.path}\t{one.size_bytes}\t{one.sha256}\n" for one in originals)
    pack = zlib.compressobj(1, wbits=31)
    return pack.compress(text.encode("ascii")) + pack.flush()


def sign(manifest: Manifest, private: Ed25519PrivateKey) -> tuple[bytes, bytes]:
    """The manifest's bytes and their signature."""
    body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    return body, private.sign(_SIGNED + body)


def read_manifest(place: Place, name: str) -> Manifest:
    """The manifest, its signature checked. OperatorError when it is not there, not whole or not as it was signed."""
    folder = place.part(DATA, name)
    try:
        body, signature = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
        manifest = msgspec.json.decode(body, type=Manifest)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.signer)).verify(signature, _SIGNED + body)
    except OSError as error:
        raise OperatorError(
            f"{error.filename} cannot be read: {error.strerror}. This is no finished backup."
        ) from error
    except (msgspec.DecodeError, InvalidSignature, ValueError) as error:
        raise OperatorError(f"The manifest in {folder} is not as it was signed: it was changed or damaged.") from error
    if manifest.format != FORMAT:
        raise OperatorError(f"The backup in {folder} has format {manifest.format}; this version reads {FORMAT}.")
    return manifest


def check_files(place: Place, name: str, manifest: Manifest) -> None:
    """Every file of both parts but the originals has the bytes it was written with. OperatorError names the first that not."""
    for written in manifest.written:
        path = place.part(written.part, name) / written.path
        if not path.exists():
            raise OperatorError(f"The backup’s file {path} is missing.")
        if sha256_of(path) != (written.size_bytes, written.sha256):
            raise OperatorError(f"The backup’s file {path} was changed: it does not have the SHA-256 of the manifest.")


def sha256_of(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    digest, size = hashlib.sha256(), 0
    for piece in file_pieces(path):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def finish(part: Path) -> None:
    """Gives the part its final name, durably."""
    final = part.with_name(part.name.removesuffix(UNFINISHED))
    with disk_errors(part):
        part.rename(final)
        fsync_folder(final.parent)
