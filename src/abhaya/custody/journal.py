"""The erasure journal: which compartments were deleted and which keys destroyed, in a file outside the database.

A database restored from a backup brings back what was deleted since. The journal, kept apart from the backup, says what
must go again before the restored one opens. Lines of JSON, opaque ids only, each signed with the ledger's key and bound
to the line before it. A line is on disk before the deletion it names is committed: one that then did not happen is
carried out when the server comes back, because it was decided.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from abhaya.custody.disk import replace_durably
from abhaya.errors import OperatorError
from abhaya.ledger.note import Key

VERSION = 1
DOMAIN = b"abhaya erasure journal v1\n"
FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """A compartment that was deleted, or with `object_id` one key that was destroyed."""

    deletion: UUID
    compartment: UUID
    object_id: UUID | None
    at: datetime
    rule: str


class BadLineError(ValueError):
    """A line that is torn, not signed by this key, or does not follow the one before it."""


def path() -> Path:
    """Where this installation writes it."""
    folder: Path = settings.DATA_DIR / "ledger"
    return folder / "erasures.jsonl"


def write(lines: Iterable[Line], key: Key) -> None:
    """Appends and waits for the disk. Two processes take turns; half a line of a crash is cut off first."""
    place = path()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = _cut_to_whole_lines(file.fileno(), file.read())
        for line in lines:
            text = _signed(line, before, key)
            file.write(text + b"\n")
            before = hashlib.sha256(text).hexdigest()
        file.flush()
        os.fsync(file.fileno())


def read(place: Path, public: bytes) -> Iterator[Line]:
    """Every line, verified. Raises `BadLineError` at the first that does not hold, with its number."""
    try:
        texts = place.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    except OSError as problem:
        raise OperatorError(f"The erasure journal {place} cannot be read: {problem.strerror}.") from problem
    before = FIRST
    for number, text in enumerate(texts[:-1], start=1):
        try:
            line = _line(text, before, public)
        except (ValueError, KeyError, TypeError, InvalidSignature):
            raise BadLineError(f"line {number} of {place} is torn, changed or of another installation") from None
        before = hashlib.sha256(text).hexdigest()
        yield line


def take_over(place: Path) -> None:
    """A journal that was kept apart becomes this installation's own, where it has none: the next line follows on it."""
    if not path().exists():
        path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_durably(path(), place.read_bytes())


def _cut_to_whole_lines(descriptor: int, content: bytes) -> str:
    """The hash of the last whole line; what a crash left after it goes."""
    whole = content.rfind(b"\n") + 1
    if whole != len(content):
        os.ftruncate(descriptor, whole)
    if not whole:
        return FIRST
    return hashlib.sha256(content[:whole].rstrip(b"\n").rpartition(b"\n")[2]).hexdigest()


def _signed(line: Line, before: str, key: Key) -> bytes:
    said = {
        "at": line.at.astimezone(UTC).isoformat(),
        "before": before,
        "compartment": str(line.compartment),
        "deletion": str(line.deletion),
        "object": str(line.object_id) if line.object_id else None,
        "rule": line.rule,
        "v": VERSION,
    }
    signature = key.private.sign(DOMAIN + _canonical(said))
    return _canonical({**said, "signature": base64.b64encode(signature).decode()})


def _line(text: bytes, before: str, public: bytes) -> Line:
    said = json.loads(text)
    signature = base64.b64decode(said.pop("signature"), validate=True)
    Ed25519PublicKey.from_public_bytes(public).verify(signature, DOMAIN + _canonical(said))
    if said["v"] != VERSION or said["before"] != before:
        raise ValueError("not the line after the one before it")
    return Line(
        UUID(said["deletion"]), UUID(said["compartment"]), UUID(said["object"]) if said["object"] else None,
        datetime.fromisoformat(said["at"]), said["rule"],
    )  # fmt: skip


def _canonical(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
