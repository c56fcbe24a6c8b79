"""Taking in hash lists: the file goes to the vault first, then its entries in batches, each its own transaction.

A killed import goes on where it was: how far is written with each batch. Nothing is withdrawn for being left out before
the whole file was read without breaking off, and never a fifth of a list at once unless somebody says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from django.db import connection

from abhaya.access.actions import WORK, open_compartments, open_to
from abhaya.custody.actions import Blob, take_in
from abhaya.custody.vault import Draft
from abhaya.errors import OperatorError, SenderError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching.actions.against_lists import STAGE
from abhaya.matching.formats import any_list
from abhaya.matching.formats.record import About, Aside, Entry
from abhaya.matching.formats.stream import with_head
from abhaya.matching.list_rules import entry_key
from abhaya.matching.lists import SQL, ListRow, Unfinished, newest_day, taken_in_before
from abhaya.shared import road
from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7, uuid7s
from abhaya.shared.sql import execute, fetch, fetch_one, value, values

SERVICE = "road:matching"
ROWS_PER_BATCH = 20_000
ASIDES_KEPT_MAX = 1000  # of one version; all are counted
WITHDRAWN_SHARE_MAX = 0.2  # of a list's live entries, at once, without anybody saying so
SMALL_LIST_ENTRIES = 100  # under this a share says little

_INCOMING = (
    "number", "key", "ref", "locator", "category", "media", "marks", "vouched", "disputed", "dated", "quality", "md5",
    "sha1", "sha256", "pdq", "frames", "opaque", "withdrawn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewList:
    """What is said of a list when it is first taken in."""

    name: str
    unit_id: UUID
    source: str
    licence: str
    scheme: str
    purpose: str  # material | viral | harmless
    vouched: int = 0  # how many people verified each entry, by the source's word
    vouched_basis: str = ""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """One file of a list, already in the vault as a draft."""

    version: str
    dated: date
    file_name: str
    draft: Draft


class Counts(NamedTuple):
    """What became of a version."""

    rows: int
    taken: int
    repeated: int
    withdrawn: int
    set_aside: int


class _Ended(NamedTuple):
    report_id: UUID
    compartment: UUID
    list_name: str
    list_version: str
    reason: str


def open_list(new: NewList) -> UUID:
    """A list under a compartment of its own, open to the unit that answers for it."""
    list_id = uuid7()
    open_compartments([(list_id, "list", False)])
    open_to([(new.unit_id, list_id, WORK, "answers for the list")])
    columns = ["name", "unit_id", "source", "licence", "scheme", "purpose", "vouched", "vouched_basis"]
    insert("matching_list", ["compartment", *columns], [(list_id, *astuple(new))])
    record([Act(Event.MATCHING_LIST_OPENED, list_id, list_id, {"list": new.name})])
    return list_id


def open_version(of: ListRow, new: NewVersion) -> Unfinished:
    """The version to read into: a new one, or the one that an import of this very file left unfinished."""
    begun = fetch_one(Unfinished, SQL["unfinished"], {"list": of.compartment, "sha256": new.draft.sha256})
    if begun is not None:
        return begun
    before = taken_in_before(of.compartment, new.draft.sha256)
    if before is not None:
        raise OperatorError(f"This very file is in already, as version {before} of {of.name}.")
    newest = newest_day(of.compartment)
    if newest is not None and new.dated < newest:
        raise OperatorError(f"{of.name} is in as of {newest}; a version of {new.dated} would take it back.")
    (stored,) = take_in([Blob(of.compartment, new.file_name, new.draft, via="list")])
    version_id = uuid7()
    insert(
        "matching_list_version",
        ["id", "compartment", "version", "dated", "file_name", "sha256", "item_id"],
        [(version_id, of.compartment, new.version, new.dated, new.file_name, new.draft.sha256, stored.item_id)],
    )
    return Unfinished(version_id, 0)


def read_version(
    of: ListRow,
    version: Unfinished,
    stream: BinaryIO,
    *,
    purpose: str = "",
    officer: UUID | None = None,
    accept_withdrawals: bool = False,
    tell: Callable[[int], None] = lambda _rows: None,
) -> tuple[Counts, str]:
    """Reads the version from where it is to its end; `stream` gives its file from the beginning. Opens transactions of
    its own. Returns what became of it, and why it broke off, if it did: what was read before stays.
    """
    about, broken = About(), list[str]()
    reader = _until_broken(stream, about, broken)
    tell(sum(1 for _ in islice(reader, version.rows_read)))
    number = version.rows_read
    while batch := list(islice(reader, ROWS_PER_BATCH)):
        with on_the_road(SERVICE, officer=officer, purpose=purpose):
            _take(of.compartment, version.id, batch, number, complete=about.complete)
        number += len(batch)
        tell(len(batch))
    why = " ".join(broken)
    with on_the_road(SERVICE, officer=officer, purpose=purpose):
        return _finish(of, version.id, about, why, accept_withdrawals=accept_withdrawals)


def end_list(of: ListRow, reason: str) -> int:
    """Ends a list: nothing of it finds anything any more, and all it found is open again. Returns how many matches."""
    execute(SQL["lock"])
    execute(SQL["end_list"], {"list": of.compartment})
    execute(
        "update matching_list set ended_at = now(), end_reason = %s where compartment = %s", [reason, of.compartment]
    )
    record([Act(Event.MATCHING_LIST_ENDED, of.compartment, of.compartment, {"list": of.name, "reason": reason})])
    return reopen(of.compartment)


def _until_broken(stream: BinaryIO, about: About, broken: list[str]) -> Iterator[Entry | Aside]:
    """What can be read; where the file breaks off, `broken` gets the sentence, and what came before is not lost."""
    head, whole = with_head(stream, any_list.HEAD_BYTES)
    try:
        yield from any_list.read(head, whole, about)
    except SenderError as problem:
        broken.append(problem.sentence)


def _take(list_id: UUID, version_id: UUID, batch: Sequence[Entry | Aside], number: int, *, complete: bool) -> None:
    """One batch, in the caller's transaction: compared with what is live, as a set."""
    entries = [one for one in batch if isinstance(one, Entry)]
    asides = [one for one in batch if isinstance(one, Aside)]
    execute(SQL["lock"])
    execute(SQL["staging"])
    _copy(_rows(entries, number, complete=complete))
    of = {"list": list_id, "version": version_id}
    execute(SQL["only_last"])
    execute(SQL["with_votes"], of)
    execute(SQL["again_in_this"], of)
    repeated = execute(SQL["same"], of)
    withdrawn = sum(values(SQL["ended"], of))
    taken = execute(SQL["new"], of)
    execute("truncate matching_incoming")
    _keep_asides(list_id, version_id, asides)
    counted = {"taken": taken, "repeated": repeated, "withdrawn": withdrawn, "aside": len(asides)}
    execute(SQL["advance"], {"version": version_id, "rows": len(batch), **counted})


def _rows(entries: Iterable[Entry], number: int, *, complete: bool) -> Iterator[tuple[Any, ...]]:
    for at, one in enumerate(entries, start=number):
        fixed = one.fixed
        yield (
            at, entry_key(one, complete=complete), one.ref, one.locator, one.category, one.media, list(one.marks),
            one.vouched, one.disputed, one.dated, one.quality, fixed.get("md5"), fixed.get("sha1"), fixed.get("sha256"),
            fixed.get("pdq"), fixed.get("vpdq"), [f"{kind}:{text}" for kind, text in sorted(one.opaque.items())], one.withdrawn,
        )  # fmt: skip


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    statement = f"copy matching_incoming ({', '.join(_INCOMING)}) from stdin"
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _keep_asides(list_id: UUID, version_id: UUID, asides: Sequence[Aside]) -> None:
    if not asides:
        return
    kept = int(value("select count(*) from matching_list_aside where version_id = %s", [version_id]))
    some = asides[: max(0, ASIDES_KEPT_MAX - kept)]
    insert(
        "matching_list_aside",
        ["id", "compartment", "version_id", "locator", "why", "text"],
        [(row_id, list_id, version_id, *one) for row_id, one in zip(uuid7s(len(some)), some, strict=True)],
    )


def _finish(of: ListRow, version_id: UUID, about: About, why: str, *, accept_withdrawals: bool) -> tuple[Counts, str]:
    named = {"list": of.compartment, "version": version_id}
    execute(SQL["lock"])
    if not why and about.complete and not accept_withdrawals:
        why = _too_much_gone(named)
    left_out = execute(SQL["left_out"], named) if about.complete and not why else 0
    counts = fetch_one(
        Counts,
        SQL["finish"],
        {
            "list": of.compartment, "version": version_id, "state": "broken" if why else "done", "why": why, "complete": about.complete,
            "form": about.form, "unknown": json.dumps(about.unknown), "withdrawn": left_out,
        },
    )  # fmt: skip
    if counts is None:
        raise OperatorError(f"The version of {of.name} that was being read is gone.")
    reopen(of.compartment)
    if counts.taken:
        insert("matching_recheck", ["id", "compartment", "version_id", "asked_by"],
               [(uuid7(), of.compartment, version_id, SERVICE)])  # fmt: skip
    facts = {"list": of.name, **counts._asdict(), "broken": bool(why)}
    record([Act(Event.MATCHING_LIST_IMPORTED, version_id, of.compartment, facts)])
    return counts, why


def _too_much_gone(named: dict[str, UUID]) -> str:
    """A file that was cut short looks like a list that lost most of its entries."""
    live, gone = fetch(
        lambda *row: row,
        "select count(*), count(*) filter (where last_version <> %(version)s) from matching_entry"
        " where compartment = %(list)s and withdrawn_at is null",
        named,
    )[0]
    if gone <= max(WITHDRAWN_SHARE_MAX * live, SMALL_LIST_ENTRIES):
        return ""
    return (
        f"{gone:,} of {live:,} live entries are not in this file. If its source took them back, take it in again and say so"
        " (--accept-withdrawals); if the file was cut short, nothing is lost: they are live."
    )


def reopen(list_id: UUID) -> int:
    """Ends the matches that rest on withdrawn entries; one ledger line for each report that is touched."""
    ended = fetch(_Ended, SQL["end_matches"], {"list": list_id})
    road.passed(STAGE, [one.report_id for one in ended])  # what it raised or lowered it raises or lowers no more
    touched = {(one.report_id, one.compartment, one.list_name, one.reason) for one in ended}
    record(
        [
            Act(Event.MATCHING_MATCH_REOPENED, report, compartment, {"list": name, "reason": reason})
            for report, compartment, name, reason in sorted(touched)
        ]
    )
    return len(ended)
