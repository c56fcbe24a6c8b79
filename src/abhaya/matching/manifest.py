"""What an index is made of, in one small file that is replaced whole: the only word on which files count."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from abhaya.matching.segments import DamagedIndex, Named
from abhaya.shared.durable import write_whole

NAME = "manifest.json"
FORMAT = 1
CHECKSUM_CHARACTERS = 64


class SegmentEntry(msgspec.Struct, frozen=True):
    """A segment, oldest first in its manifest."""

    file: Named
    upto: int  # sequence numbers below it are in it, deletes among them done
    keys: int
    ids: int


class LogEntry(msgspec.Struct, frozen=True):
    """A log; rows are added to the last one of a manifest."""

    name: str
    starts: int  # the sequence number of its first row


class Manifest(msgspec.Struct, frozen=True):
    """`generation`: the position in the database up to which the segments hold everything; logs carry it on."""

    format: int
    kind: str
    generation: int
    segments: tuple[SegmentEntry, ...]
    tombstones: Named | None  # deletes that came after a segment in which their id may be
    logs: tuple[LogEntry, ...]

    def names(self) -> set[str]:
        """Every file that counts, this one too."""
        files = {NAME, *(one.file.name for one in self.segments), *(log.name for log in self.logs)}
        return files | ({self.tombstones.name} if self.tombstones else set())


def write(folder: Path, manifest: Manifest) -> None:
    """Durable, and whole at any instant. The first line is the SHA-256 of what follows."""
    content = msgspec.json.format(msgspec.json.encode(manifest))
    write_whole(folder / NAME, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def read(folder: Path) -> Manifest:
    """Raises `FileNotFoundError` where no index is, `DamagedIndex` where it is not what was written."""
    content = (folder / NAME).read_bytes()
    checksum, body = content[:CHECKSUM_CHARACTERS], content[CHECKSUM_CHARACTERS + 1 :]
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise DamagedIndex(f"the bytes of {NAME} are not those written (SHA-256)")
    try:
        manifest = msgspec.json.decode(body, type=Manifest)
    except msgspec.MsgspecError as error:
        raise DamagedIndex(f"{NAME} is of a form that this version does not know") from error
    if manifest.format != FORMAT:
        raise DamagedIndex(f"{NAME} has format {manifest.format}, this version knows {FORMAT}")
    return manifest
