"""Readers: an original's bytes, verified on the way out, and what a compartment received."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.custody import grants
from abhaya.custody.damage import OriginalDamaged, opened, unwrapped
from abhaya.custody.rules import Decided, Opening, may_open, visible
from abhaya.custody.sealing import KeyRing
from abhaya.custody.vault import vault
from abhaya.errors import NotThere, OfficerError
from abhaya.shared.sql import NamedSql, fetch, fetch_one

SQL = NamedSql(__file__)


@dataclass(frozen=True, slots=True)
class Item:
    """Something received. The numbers are None and `is_held` False where its bytes were shredded for this compartment."""

    id: UUID
    compartment: UUID
    object_id: UUID
    name: str
    media_type_claimed: str
    media_type_seen: str
    via: str
    received_at: datetime
    size_bytes: int | None
    sha256: bytes | None
    sha1: bytes | None
    md5: bytes | None
    is_held: bool
    kept_at: str = ""  # the unit that keeps the bytes, where the reader's own may not open them
    granted_until: datetime | None = None

    @property
    def decided(self) -> Decided:
        """In which way it may be opened."""
        if not self.is_held:
            return Decided(Opening.CLOSED, "erased")
        if self.kept_at:
            return Decided(Opening.CLOSED, "elsewhere")
        return may_open(
            seen=self.media_type_seen, claimed=self.media_type_claimed, name=self.name, size_bytes=self.size_bytes or 0
        )

    @property
    def shown_name(self) -> str:
        return visible(self.name) or "–"


@dataclass(frozen=True, slots=True)
class _Held:
    object_id: UUID
    sha256: bytes
    size_bytes: int
    kept: str
    wrapped_key: bytes | None
    sealed: bytes | None


def items_of(compartment: UUID) -> list[Item]:
    """What this compartment received, oldest first."""
    return _pointed(compartment, fetch(Item, SQL["items_of"], {"compartment": compartment}))


def item(item_id: UUID) -> Item:
    """One item. Raises `NotThere` where it is not, or not for whoever asks."""
    found = fetch_one(Item, SQL["item"], {"item": item_id})
    if found is None:
        raise NotThere(_("There is no such item here."))
    return _pointed(found.compartment, [found])[0]


def _pointed(compartment: UUID, found: list[Item]) -> list[Item]:
    """The items; where the reader's unit holds no files, with who keeps them, or until when they may be opened."""
    keeper = grants.keeper_of(compartment)
    if keeper is None:
        return found
    live = keeper.live
    return [
        replace(one, granted_until=live[one.id]) if one.id in live else replace(one, kept_at=keeper.shown)
        for one in found
    ]


def read_object(object_id: UUID, compartment: UUID) -> Iterator[bytes]:
    """The original's bytes, each piece verified before it is handed out.

    Everything that the database must say is asked now, so that the iterator may be used after the transaction. Raises
    `NotThere`, or `OriginalDamaged` at once where the file is missing or torn, later where a piece does not open.
    """
    held = _held(object_id, compartment)
    grants.refuse_elsewhere(object_id, compartment)
    key = _key(vault().key, held, compartment)
    if held.kept == "row":
        if held.sealed is None:
            raise OriginalDamaged(
                object_id,
                "missing",
                f"The original {object_id} is missing from the vault: it has no row in the database.",
            )
        sealed = bytes(held.sealed)
        return _verified(opened([sealed], key, object_id), held)
    name = vault().key.storage_name(bytes(held.sha256))
    return _verified(opened(vault().read(name, object_id, held.size_bytes), key, object_id), held)


def key_of(operator: KeyRing, object_id: UUID, compartment: UUID) -> bytes:
    """The object's key as this compartment holds it. For handing over; it never leaves the process."""
    return _key(operator, _held(object_id, compartment), compartment)


def _held(object_id: UUID, compartment: UUID) -> _Held:
    held = fetch_one(_Held, SQL["holding"], {"object": object_id, "compartment": compartment})
    if held is None:
        raise NotThere(_("There is no such original here."))
    return held


def _key(operator: KeyRing, held: _Held, compartment: UUID) -> bytes:
    if held.wrapped_key is None:
        raise OfficerError(_("Only the hashes of this original are held here; another unit holds its bytes."))
    wrapped = bytes(held.wrapped_key)
    return unwrapped(held.object_id, partial(operator.unwrap, wrapped, held.object_id, compartment))


def _verified(pieces: Iterator[bytes], held: _Held) -> Iterator[bytes]:
    """The pieces, and at their end the proof that they are the original as a whole."""
    digest, size_bytes = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size_bytes += len(piece)
        yield piece
    if (digest.digest(), size_bytes) != (bytes(held.sha256), held.size_bytes):
        raise OriginalDamaged(
            held.object_id, "changed", f"The original {held.object_id} does not have the SHA-256 it was received with."
        )
