"""Where sealed originals lie: what the vault asks of a folder or of an S3-compatible store.

`write` returns only when the bytes are durable in full. What was written is *new* until `confirm` takes that mark off:
what a rolled back or killed upload leaves carries the mark, and only what carries it is ever removed by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol
from uuid import UUID

from abhaya.errors import OperatorError

DRAFT_AGE_SECONDS_MAX = 24 * 3600  # older than any transaction that may still be running


@dataclass(frozen=True, slots=True)
class Kept:
    """One sealed original as the store lists it. `is_new`: whether its transaction committed, only the database knows."""

    object_id: UUID
    path: PurePath
    is_new: bool
    is_old: bool  # older than `DRAFT_AGE_SECONDS_MAX`
    name: bytes = b""  # the keyed hash, where the store files by it


def left_behind() -> OperatorError:
    """For a draft whose store the vault has left since."""
    return OperatorError(
        "The vault moved to another store while this original was being received, and nothing of it was kept."
        " The sender may send it again."
    )


class Store(Protocol):
    """Sealed bytes by the object's id; `name` is the keyed hash of the content, which a folder files by."""

    def owns(self, at: PurePath) -> bool:
        """Whether a place that a store gave is one of this kind of store's."""

    def write(self, object_id: UUID, blocks: Iterator[bytes]) -> PurePath:
        """Durable in full when it returns, and nothing left when it raises. Says where the bytes are."""

    def settle(self, drafts: Sequence[tuple[PurePath, bytes, UUID]]) -> list[PurePath]:
        """Puts drafts (where, name, object) where originals are, still new. Says where each is now. Repeatable."""

    def confirm(self, at: PurePath, name: bytes, object_id: UUID) -> None:
        """The draft's transaction has committed. If this fails, the sweep does it."""

    def discard(self, at: PurePath, object_id: UUID) -> None:
        """Takes a draft away. The time this takes says nothing about how large it was."""

    def read_draft(self, at: PurePath) -> Iterator[bytes]:
        """A draft's sealed bytes in blocks of `SEALED_CHUNK_BYTES`, the last one shorter."""

    def size_of(self, name: bytes, object_id: UUID) -> int | None:
        """How long the sealed bytes are; None where there are none."""

    def read(self, name: bytes, object_id: UUID) -> Iterator[bytes]:
        """The sealed bytes in blocks of `SEALED_CHUNK_BYTES`, the last one shorter."""

    def remove(self, name: bytes, object_id: UUID) -> None:
        """Removes an original for good. Repeatable."""

    def place(self, name: bytes, object_id: UUID) -> PurePath:
        """Where an original is."""

    def kept(self) -> Iterator[Kept]:
        """Everything among the originals. What is not named as we name it is not ours, and is passed over."""

    def keep(self, kept: Kept) -> None:
        """Takes the mark off: the database knows it."""

    def drop(self, kept: Kept) -> None:
        """Removes what is still marked as new."""

    def old_drafts(self, age_seconds: float) -> list[PurePath]:
        """Uploads under way that nobody will come back for: their keys died with the process that made them."""

    def sweep(self, age_seconds: float) -> int:
        """Removes old drafts. Returns how many."""
