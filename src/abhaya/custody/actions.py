"""The only writers of custody: bytes taken in, handed over to another compartment, shredded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import Cursor
from psycopg.rows import class_row

from abhaya.access.queries import trace
from abhaya.custody.damage import unwrapped
from abhaya.custody.disk import file_pieces
from abhaya.custody.queries import SQL, Item, key_of
from abhaya.custody.rules import SNIFF_BYTES, sniff
from abhaya.custody.sealing import Digests
from abhaya.custody.vault import SMALL_BYTES_MAX, Draft, Vault, vault
from abhaya.errors import NotThere
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import add, insert
from abhaya.shared.ids import uuid7, uuid7s
from abhaya.shared.sql import fetch_one, values

Content = bytes | Path | Draft
_INTERNED = ["ids", "names", "known_keys", "sha256s", "sha1s", "md5s", "sizes", "types", "kepts"]


@dataclass(frozen=True, slots=True)
class Blob:
    """Something to take in. `via` is the way it came: a door, a drop, a form."""

    compartment: UUID
    name: str
    content: Content
    media_type_claimed: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a blob. `object_id` is the same for the same bytes, `item_id` never."""

    item_id: UUID
    object_id: UUID
    sha256: bytes
    sha1: bytes
    md5: bytes
    size_bytes: int
    media_type_seen: str

    @classmethod
    def of(cls, item_id: UUID, object_id: UUID, content: bytes) -> Stored:
        """The same record again, from an original that was read back."""
        digests = Digests(content)
        seen = sniff(content[:SNIFF_BYTES])
        return cls(item_id, object_id, digests.sha256, digests.sha1, digests.md5, len(content), seen)


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a draft's bytes are kept from now on, and under which key."""

    object_id: UUID
    key: bytes


@dataclass(frozen=True, slots=True)
class _Gone:
    name: bytes
    kept: str
    sha256: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class TakenAway:
    """What went with a compartment's key. `file`: the storage name of a file that nobody holds any more."""

    sha256: bytes
    last: bool
    file: bytes | None


@dataclass(frozen=True, slots=True)
class _Interned:
    name: bytes
    object_id: UUID
    known_key: bytes
    kept: str


def take_in(blobs: Sequence[Blob]) -> list[Stored]:
    """Takes a set into custody: one `Stored` for each blob, in order.

    Bytes are on disk before any row says so; rows (object, holding, item) are the caller's transaction's. Bytes that
    are known get one more holding and are kept once. A blob may carry a `Draft` of `vault.receive_stream`; a draft
    that was not needed is discarded when the transaction commits, so that a rolled back one can be tried again.
    """
    if not blobs:
        return []
    home, now = vault(), datetime.now(UTC)
    drafts = _drafts(home, [blob.content for blob in blobs])
    firsts = {draft.sha256: draft for draft in reversed(drafts)}
    home.settle(list(firsts.values()))
    homes = _intern(home, firsts)
    rows = {
        (homes[draft.sha256].object_id, blob.compartment): homes[draft.sha256].key
        for blob, draft in zip(blobs, drafts, strict=True)
    }
    add(
        "custody_holding",
        ["object_id", "compartment", "wrapped_key"],
        [(held, compartment, home.key.wrap(key, held, compartment)) for (held, compartment), key in rows.items()],
        conflict="on conflict (object_id, compartment) do nothing",
    )
    stored = [
        Stored(
            item, homes[draft.sha256].object_id, draft.sha256, draft.sha1, draft.md5, draft.size_bytes,
            draft.media_type_seen,
        )
        for item, draft in zip(uuid7s(len(blobs)), drafts, strict=True)
    ]  # fmt: skip
    add(
        "custody_item",
        ["id", "compartment", "object_id", "name", "media_type_claimed", "media_type_seen", "via", "received_at"],
        [
            (kept.item_id, blob.compartment, kept.object_id, storable(blob.name), storable(blob.media_type_claimed),
             kept.media_type_seen, blob.via, now)
            for blob, kept in zip(blobs, stored, strict=True)
        ],
    )  # fmt: skip
    needed = {one.object_id for one in homes.values()}
    for draft in drafts:
        draft.taken = draft.object_id in needed
    on_disk = [draft for draft in drafts if draft.path is not None]
    if on_disk:
        transaction.on_commit(partial(_committed, home, on_disk))
    return stored


def _committed(home: Vault, drafts: Sequence[Draft]) -> None:
    """What was taken is an original from now on; what was known is taken away: one renaming each."""
    for draft in drafts:
        if draft.taken:
            home.confirm(draft)
        else:
            home.discard(draft)


def _drafts(home: Vault, contents: Sequence[Content]) -> list[Draft]:
    """One draft per content; small contents with the same bytes share one. Those that need the disk wait together."""
    made: dict[int, Draft] = {}
    small: dict[bytes, Draft] = {}
    streams: list[tuple[int, Iterable[bytes]]] = []
    for position, content in enumerate(contents):
        if isinstance(content, Draft):
            made[position] = content
        elif isinstance(content, Path):
            streams.append((position, file_pieces(content)))
        elif len(content) > SMALL_BYTES_MAX:
            streams.append((position, [content]))
        else:
            digests = Digests(content)
            if digests.sha256 not in small:
                small[digests.sha256] = home.seal_small(content, digests)
            made[position] = small[digests.sha256]
    made.update(
        zip(
            [position for position, _ in streams],
            home.receive_all([pieces for _, pieces in streams]),
            strict=True,
        )
    )
    return [made[position] for position in range(len(contents))]


def _intern(home: Vault, drafts: Mapping[bytes, Draft]) -> dict[bytes, _Home]:
    """Makes each draft's object, or finds the one that has its bytes already: by SHA-256, id and key.

    The sealed bytes of small drafts are written first, whether known or not, and what was not needed is taken away by
    `custody_intern`: the work until the commit is the same for both.
    """
    listed = list(drafts.values())
    _write_bytes([(draft.object_id, draft.sealed) for draft in listed if draft.sealed is not None])
    columns: dict[str, list[Any]] = {word: [] for word in _INTERNED}
    for draft in listed:
        row = (
            draft.object_id, home.key.storage_name(draft.sha256),
            home.key.wrap_known(draft.key, draft.object_id, draft.sha256), draft.sha256, draft.sha1, draft.md5,
            draft.size_bytes, draft.media_type_seen, "row" if draft.path is None else "file",
        )  # fmt: skip
        for word, cell in zip(_INTERNED, row, strict=True):
            columns[word].append(cell)
    with Cursor(connection.connection, row_factory=class_row(_Interned)) as cursor:
        cursor.execute(SQL["intern"], columns, binary=True)
        found = {one.name: one for one in cursor.fetchall()}
    homes: dict[bytes, _Home] = {}
    for name, draft in zip(columns["names"], listed, strict=True):
        one = found[name]
        if one.object_id == draft.object_id:
            homes[draft.sha256] = _Home(draft.object_id, draft.key)
            continue
        key = _known_key(home, one, draft.sha256)
        if one.kept == "file" and not home.is_whole(name, one.object_id, draft.size_bytes):
            home.reseal(draft, key, one.object_id)  # the known copy was lost: these are the same bytes
        homes[draft.sha256] = _Home(one.object_id, key)
    return homes


def _write_bytes(rows: Sequence[tuple[UUID, bytes]]) -> None:
    """In binary, straight into the table: by COPY through a temporary one, large ones took half as long again."""
    if not rows:
        return
    with Cursor(connection.connection) as cursor:
        cursor.executemany("insert into custody_bytes (id, sealed) values (%b, %b)", rows)


def _known_key(home: Vault, one: _Interned, sha256: bytes) -> bytes:
    return unwrapped(one.object_id, partial(home.key.unwrap_known, one.known_key, one.object_id, sha256))


def storable(text: str) -> str:
    """A name as PostgreSQL can keep it: NUL and lone surrogates, which it refuses, are written as escapes."""
    return text.replace("\0", "\\x00").encode("utf-8", errors="backslashreplace").decode()


def hold(object_id: UUID, from_compartment: UUID, to_compartment: UUID) -> None:
    """Hands an object over: one more wrap of its key. The first compartment keeps its own."""
    if not values(SQL["lock"], {"objects": [object_id]}):
        raise NotThere(_("There is no such original here."))
    operator = vault().key
    key = key_of(operator, object_id, from_compartment)
    insert(
        "custody_holding",
        ["object_id", "compartment", "wrapped_key"],
        [(object_id, to_compartment, operator.wrap(key, object_id, to_compartment))],
        conflict="on conflict (object_id, compartment) do nothing",
    )
    record([Act(Event.CUSTODY_OBJECT_HELD, object_id, to_compartment, {"from": str(from_compartment)})])


def shred(object_id: UUID, compartment: UUID, *, basis: str = "") -> bool:
    """Takes a compartment's key to an object away for good. With the last one the bytes go: the row in this
    transaction, the file when it has committed. Returns whether the bytes went; nothing held is nothing done.

    `basis` is the ground, for the ledger and the proof (`shredding.statements`).
    """
    gone = take_away(object_id, compartment)
    if gone is None:
        return False
    if gone.file is not None:
        transaction.on_commit(partial(vault().remove, gone.file, object_id))
    facts: dict[str, object] = {"sha256": gone.sha256.hex(), "last": gone.last}
    if basis:
        facts["basis"] = basis
    record([Act(Event.CUSTODY_OBJECT_SHREDDED, object_id, compartment, facts)])
    return gone.last


def take_away(object_id: UUID, compartment: UUID) -> TakenAway | None:
    """A compartment's key and, with the last one, the row of the bytes. Their file is the caller's to remove when it has
    committed, and the line in the ledger the caller's to write. None where nothing was held.
    """
    gone = fetch_one(_Gone, SQL["shred"], {"object": object_id, "compartment": compartment, "erasure": uuid7()})
    if gone is None:
        return None
    file = bytes(gone.name) if gone.last and gone.kept == "file" else None
    return TakenAway(bytes(gone.sha256), gone.last, file)


def note_view(seen: Item, how: str) -> None:
    """An officer has an original's content before them: shown as text, or downloaded."""
    facts = {"object": str(seen.object_id), "how": how}
    record([Act(Event.CUSTODY_ITEM_VIEWED, seen.id, trace(seen.compartment), facts)])


def note_check(objects: int, size_bytes: int, sample: int | None, found: Mapping[str, int]) -> None:
    """The vault was checked, with this result."""
    facts = {"objects": objects, "bytes": size_bytes, "sample": sample, "found": dict(found)}
    record([Act(Event.CUSTODY_VAULT_CHECKED, facts=facts)])
