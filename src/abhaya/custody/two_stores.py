"""The vault while it moves: what is new goes to the one store, and everything is read from whichever has it.

The old store is asked first: it has nearly everything until the end, and goes on answering when the new one is down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import PurePath
from uuid import UUID

from abhaya.custody.stores import Kept, Store
from abhaya.errors import OperatorError


class TwoStores:
    """An old store that is being left and a new one, as one."""

    def __init__(self, *, old: Store, new: Store) -> None:
        self.old, self.new = old, new

    def owns(self, at: PurePath) -> bool:
        return self.old.owns(at) or self.new.owns(at)

    def write(self, object_id: UUID, blocks: Iterator[bytes]) -> PurePath:
        return self.new.write(object_id, blocks)

    def settle(self, drafts: Sequence[tuple[PurePath, bytes, UUID]]) -> list[PurePath]:
        """A draft that was begun before the move settles where it is; the move carries it over."""
        settled: dict[PurePath, PurePath] = {}
        for store in (self.old, self.new):
            theirs = [draft for draft in drafts if store.owns(draft[0])]
            settled.update(zip((draft[0] for draft in theirs), store.settle(theirs), strict=True))
        return [settled[at] for at, _, _ in drafts]

    def confirm(self, at: PurePath, name: bytes, object_id: UUID) -> None:
        self._of(at).confirm(at, name, object_id)

    def discard(self, at: PurePath, object_id: UUID) -> None:
        self._of(at).discard(at, object_id)

    def read_draft(self, at: PurePath) -> Iterator[bytes]:
        return self._of(at).read_draft(at)

    def size_of(self, name: bytes, object_id: UUID) -> int | None:
        return self._holder(name, object_id).size_of(name, object_id)

    def read(self, name: bytes, object_id: UUID) -> Iterator[bytes]:
        return self._holder(name, object_id).read(name, object_id)

    def remove(self, name: bytes, object_id: UUID) -> None:
        for store in (self.old, self.new):
            store.remove(name, object_id)

    def place(self, name: bytes, object_id: UUID) -> PurePath:
        return self._holder(name, object_id).place(name, object_id)

    def kept(self) -> Iterator[Kept]:
        return chain(self.old.kept(), self.new.kept())

    def keep(self, kept: Kept) -> None:
        self._of(kept.path).keep(kept)

    def drop(self, kept: Kept) -> None:
        self._of(kept.path).drop(kept)

    def old_drafts(self, age_seconds: float) -> list[PurePath]:
        return [*self.old.old_drafts(age_seconds), *self.new.old_drafts(age_seconds)]

    def sweep(self, age_seconds: float) -> int:
        return self.old.sweep(age_seconds) + self.new.sweep(age_seconds)

    def _of(self, at: PurePath) -> Store:
        return self.old if self.old.owns(at) else self.new

    def _holder(self, name: bytes, object_id: UUID) -> Store:
        """The store that has the original; the new one where none has. A store that is down stops only what it alone has."""
        trouble = None
        for store in (self.old, self.new):
            try:
                if store.size_of(name, object_id) is not None:
                    return store
            except OperatorError as error:
                trouble = error
        if trouble is not None:
            raise trouble
        return self.new
