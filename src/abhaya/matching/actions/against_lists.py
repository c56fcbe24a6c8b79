"""Files held against hash lists: on arrival, and again when a list arrives later (a re-check).

What a list said when it found a file is kept with the match: name, version, day, category, by how many verified. The
match stands in the report's compartment; who may see the list is another question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import NamedTuple
from uuid import UUID

from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching import lists, queries
from abhaya.matching.actions import listed
from abhaya.matching.actions.listed import Named
from abhaya.matching.lists import SQL, Found, Holder
from abhaya.matching.queries import File, digest
from abhaya.matching.rules import ARRIVAL, BYTES, CLAIMED, RECHECK, Hashes
from abhaya.shared import road
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7s
from abhaya.shared.sql import execute, fetch, fetch_one, value, values

STAGE = "matching"
ENTRIES_PER_ROUND = 10_000


class _Open(NamedTuple):
    id: UUID
    list_id: UUID
    version_id: UUID
    after: int
    entries: int | None


def hold_against_lists(files: Sequence[File], hashes: Sequence[Hashes]) -> Mapping[UUID, int]:
    """Files that have just come, each with what is claimed and computed of it. Report -> how many of them a list names."""
    keys = {key for each in hashes for key in (*each.computed, *each.claimed)}
    digests = {value for key in keys if (value := digest(key)) is not None}
    entries = lists.entries_with(digests, {key for key in keys if digest(key) is None})
    if not entries:
        return {}
    computed, claimed = list[Holder](), list[Holder]()
    for file, each in zip(files, hashes, strict=True):
        computed += [Holder(key, file.id, file.report_id, file.compartment) for key in each.computed]
        claimed += [Holder(key, file.id, file.report_id, file.compartment) for key in each.claimed]
    return _write(entries, computed, claimed, ARRIVAL)


def carry_on_rechecks() -> None:
    """One round of the oldest re-check: the next entries of its version against every file there is. A report in which
    something is found walks on from here again, so that it is assessed anew.
    """
    found = fetch_one(_Open, SQL["recheck_open"])
    if found is None:
        return
    size = found.entries if found.entries is not None else value(SQL["recheck_size"], {"version": found.version_id})
    batch = {"version": found.version_id, "after": found.after, "limit": ENTRIES_PER_ROUND}
    positions = values(SQL["recheck_batch"], batch)
    entries = lists.resolve(positions)
    if entries and not _pictures().compare_entries(entries):
        return  # our pictures' index is being built: the same entries come again
    if entries:
        _films().compare_entries(entries)
    keys = {key for entry in entries for key in entry.hashes()}
    _write(entries, lists.files_with(keys), lists.files_claimed_with(keys), RECHECK)
    touched = Counter(values(SQL["found_again"], {"positions": [entry.position for entry in entries]}))
    step = {
        "id": found.id, "entries": size, "rows": len(positions), "after": max(positions, default=found.after),
        "done": len(positions) < ENTRIES_PER_ROUND,
    }  # fmt: skip
    execute(SQL["recheck_advance"], step)
    if touched:
        road.passed(STAGE, list(touched))  # what was found later may change how urgent it is
        compartments = queries.compartments(list(touched))
        record(
            [
                Act(Event.MATCHING_REPORT_RECHECKED, report, compartments[report],
                    {"list": entries[0].list_name, "files": count})
                for report, count in sorted(touched.items())
            ]
        )  # fmt: skip


def ask_rechecks(list_id: UUID | None, asked_by: str) -> list[tuple[UUID, UUID]]:
    """Every live entry of a list, or of all lists in use, is to be held against every file again. Returns the re-checks,
    each with its list; a worker carries them on, a round at a time.
    """
    versions: list[tuple[UUID, UUID]] = fetch(lambda *row: row, SQL["to_recheck"], {"list": list_id})
    rows = [
        (row_id, of, version, asked_by) for row_id, (of, version) in zip(uuid7s(len(versions)), versions, strict=True)
    ]
    insert("matching_recheck", ["id", "compartment", "version_id", "asked_by"], rows)
    counts = Counter(of for of, _version in versions)
    record([Act(Event.MATCHING_LIST_RECHECKED, of, of, {"versions": count}) for of, count in sorted(counts.items())])
    return [(row[0], row[1]) for row in rows]


def _pictures() -> ModuleType:
    """Loaded when asked for: see `jobs`."""
    return import_module("abhaya.matching.actions.pictures")


def _films() -> ModuleType:
    return import_module("abhaya.matching.actions.films")


def _write(
    entries: Sequence[Found], computed: Iterable[Holder], claimed: Iterable[Holder], found_by: str
) -> Counter[UUID]:
    """One match for each file and entry, the strongest: our own bytes before a claim, SHA-256 before MD5."""
    with_key: defaultdict[str, list[Found]] = defaultdict(list)
    for entry in entries:
        for key in entry.hashes():
            with_key[key].append(entry)
    strength = {"sha256": 0, "sha1": 1, "md5": 2}
    found: dict[tuple[UUID, int], Named] = {}
    for hash_kind, holders in ((BYTES, computed), (CLAIMED, claimed)):
        for holder in sorted(holders, key=lambda one: strength.get(one.key.partition(":")[0], 3)):
            for entry in with_key.get(holder.key, ()):
                found.setdefault((holder.file_id, entry.position), _named(holder, entry, hash_kind))
    written = listed.write(found.values(), found_by)
    return Counter(report for report, _file in {(one.report_id, one.file_id) for one in written})


def _named(holder: Holder, entry: Found, hash_kind: str) -> Named:
    hash_type = holder.key.partition(":")[0]
    return Named(holder.compartment, holder.report_id, holder.file_id, entry, hash_kind, hash_type, digest(holder.key))
