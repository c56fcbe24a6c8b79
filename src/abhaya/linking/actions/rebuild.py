"""Everything anew: evidence from sightings, links and subjects from evidence, with the kernels of the road.

What is there is compared with what should be, and only what differs is written; stopped anywhere, it can begin again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.actions import born, subjects
from abhaya.linking.actions.evidence import write_evidence
from abhaya.linking.actions.subjects import Member
from abhaya.linking.gathering import Pair, kernels
from abhaya.linking.nodes import MINUTES_MAX
from abhaya.linking.statements import REBUILD as SQL
from abhaya.linking.weights import KINDS, OUTCOMES, RULE_VERSION
from abhaya.shared.fixed_rows import UUID_HALVES, copied_out, insert_fixed, microseconds, uuids
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import as_row, execute, fetch, values

REPORTS_PER_ROUND = 2000
GONE_PER_STATEMENT = 50_000
SERVICE = "operator:link"
MICROSECONDS_PER_MINUTE, MINUTES_TO_2000 = 60_000_000, 15_778_080

Integers = npt.NDArray[Any]


class Rebuilt(NamedTuple):
    """How many reports were read, and how many links and subjects are another now."""

    reports: int
    links: int
    subjects: int


def rebuild(step: Callable[[int], None]) -> Rebuilt:
    """Runs the whole, in transactions of its own; `step` hears how many reports each round read."""
    reports = 0
    for batch in _batches():
        with on_the_road(SERVICE, purpose="link rebuild"):
            subjects.lock()
            write_evidence(batch)
        reports += len(batch)
        step(len(batch))
    with on_the_road(SERVICE, purpose="link rebuild"):
        subjects.lock()
        links, changed = derive()
        record([Act(Event.LINKING_SUBJECTS_REBUILT, facts={"reports": reports, "links": links, "subjects": changed})])
    return Rebuilt(reports, links, changed)


def derive() -> tuple[int, int]:
    """Links and subjects from the evidence and judgements there are. Returns how many of each changed. The caller holds
    the lock.
    """
    kinds = ", ".join(f"('{name}', {number})" for number, name in KINDS.items())
    evidence, standing, held, members = (
        copied_out(SQL[name].replace("{kinds}", kinds), columns) for name, columns in _TABLES.items()
    )
    ids, places = _dense((standing, "account"), (evidence, "account"), (held, "a"), (held, "b"), (members, "account"))
    standing_at, evidence_at, held_a, held_b, members_at = places
    there, protected = np.zeros(len(ids), np.bool_), np.zeros(len(ids), np.bool_)
    there[standing_at], protected[standing_at] = True, standing["protected"] != 0
    _, (value_at,) = _dense((evidence, "value"))
    module = kernels()
    weighed = module.weighed(
        module.Evidence(
            evidence_at, value_at, evidence["kind"], _minutes(evidence["first_at"]), _minutes(evidence["last_at"]),
            evidence["flags"], evidence["network"],
        ),
        protected,
    )  # fmt: skip
    changed_links = _write_links(ids, weighed.pairs, held, held_a, held_b)
    words = _write_words()
    label = _labels(ids, weighed, words, there, protected)
    execute(SQL["forget_touched"])
    return changed_links, _write_groups(ids, label, members, members_at)


_TABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "evidence": (
        ("account", UUID_HALVES), ("value", UUID_HALVES), ("kind", ">i4"), ("first_at", ">i8"), ("last_at", ">i8"), ("flags", ">i2"),
        ("network", ">i2"),
    ),
    "standing": (("account", UUID_HALVES), ("protected", ">i2")),
    "links": (("a", UUID_HALVES), ("b", UUID_HALVES), ("millibits", ">i4"), ("outcome", ">i2"), ("rule_version", ">i2")),
    "members": (("id", UUID_HALVES), ("account", UUID_HALVES), ("subject", UUID_HALVES)),
}  # fmt: skip


_LINK_COLUMNS = (
    ("a", UUID_HALVES), ("b", UUID_HALVES), ("weight_millibits", ">i4"), ("rule_version", ">i2"), ("at", ">i8"),
)  # fmt: skip


def _batches() -> Iterator[list[UUID]]:
    after = UUID(int=0)
    while True:
        with on_the_road(SERVICE):
            batch = values(SQL["reports"], {"after": after, "most": REPORTS_PER_ROUND})
        if not batch:
            return
        yield batch
        after = batch[-1]


def _minutes(instants: Integers) -> Integers:
    """Instants in microseconds since 2000 (PostgreSQL) -> whole minutes since 1970, as `nodes.minutes` has them."""
    found: Integers = np.clip(instants // MICROSECONDS_PER_MINUTE + MINUTES_TO_2000, 0, MINUTES_MAX).astype(np.int32)
    return found


def _dense(*columns: tuple[Integers, str]) -> tuple[Integers, list[Integers]]:
    """All ids of these columns once, in order, and of each column the positions of its ids."""
    high = np.concatenate([table[f"{name}_high"] for table, name in columns]).astype(np.uint64)
    low = np.concatenate([table[f"{name}_low"] for table, name in columns]).astype(np.uint64)
    order = np.argsort(high)  # one half tells nearly all apart, in a third of the time
    if np.any((np.diff(high[order]) == 0) & (np.diff(low[order]) != 0)):
        order = np.lexsort((low, high))
    high, low = high[order], low[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    places = np.empty(len(order), np.int32)
    places[order] = np.cumsum(new, dtype=np.int32) - 1
    ids = np.stack((high[new], low[new]), axis=1)
    ends = np.cumsum([len(table) for table, _ in columns])
    return ids, np.split(places, ends[:-1])


def _write_links(ids: Integers, pairs: Any, held: Integers, held_a: Integers, held_b: Integers) -> int:
    """Writes the links that are another now. Both lists are compared by their pair, as one number."""
    meant_key = (pairs.a.astype(np.int64) << 32) | pairs.b
    held_key = (held_a.astype(np.int64) << 32) | held_b
    order = np.argsort(held_key, kind="stable")
    held_key, held = held_key[order], held[order]
    place = np.minimum(np.searchsorted(held_key, meant_key), max(len(held_key) - 1, 0))
    same = np.zeros(len(meant_key), np.bool_)
    if len(held_key) and len(meant_key):
        same = (
            (held_key[place] == meant_key)
            & (held["millibits"][place] == pairs.millibits)
            & (held["outcome"][place] == pairs.outcome)
            & (held["rule_version"][place] == RULE_VERSION)
        )
    gone = np.flatnonzero(~np.isin(held_key, meant_key))
    for start in range(0, len(gone), GONE_PER_STATEMENT):
        subjects.unlink(_pairs(ids, held_key[gone[start : start + GONE_PER_STATEMENT]]))
    at, new = microseconds(datetime.now(UTC)), np.flatnonzero(~same)
    for number, outcome in enumerate(OUTCOMES):  # a text of one width in each call
        rows = new[pairs.outcome[new] == number]
        columns = [*_LINK_COLUMNS, ("outcome", f"S{len(outcome)}")]
        values = {
            "a": ids[pairs.a[rows]].T, "b": ids[pairs.b[rows]].T, "weight_millibits": pairs.millibits[rows],
            "rule_version": RULE_VERSION, "at": at, "outcome": outcome.encode(),
        }  # fmt: skip
        insert_fixed("linking_link", columns, len(rows), values, conflict=subjects.NEW_WEIGHT)
    return len(gone) + len(new)


def _pairs(ids: Integers, keys: Integers) -> list[Pair]:
    return list(zip(uuids(*ids[keys >> 32].T), uuids(*ids[keys & 0xFFFFFFFF].T), strict=True))


def _write_words() -> list[tuple[UUID, UUID, str]]:
    meant: set[tuple[UUID, UUID, str]] = set(fetch(as_row, SQL["words"]))
    held: set[tuple[UUID, UUID, str]] = set(fetch(as_row, SQL["words_held"]))
    subjects.replace_words(held - meant, meant - held)
    return sorted(meant)


def _labels(
    ids: Integers, weighed: Any, words: Sequence[tuple[UUID, UUID, str]], there: Integers, protected: Integers
) -> Integers:
    """Of every account the number of its group."""
    counts = there[weighed.pairs.a] & there[weighed.pairs.b]
    said = {
        answer: np.array(
            [(one, other) for a, b, word in words if word == answer
             if (one := _place(ids, a)) is not None and there[one] if (other := _place(ids, b)) is not None and there[other]],
            np.int32,
        ).reshape(-1, 2)
        for answer in ("same", "different")
    }  # fmt: skip
    found = kernels().hold_together(
        len(ids), weighed, counts=counts, same=said["same"], different=said["different"], protected=protected
    )
    return np.asarray(found.label)


def _place(ids: Integers, account: UUID) -> int | None:
    high, low = account.int >> 64, account.int & ((1 << 64) - 1)
    first = int(np.searchsorted(ids[:, 0], np.uint64(high), side="left"))
    last = int(np.searchsorted(ids[:, 0], np.uint64(high), side="right"))
    place = first + int(np.searchsorted(ids[first:last, 1], np.uint64(low)))
    return place if place < last and int(ids[place, 1]) == low else None


def _write_groups(ids: Integers, label: Integers, members: Integers, members_at: Integers) -> int:
    """Only groups that are not a subject already, as they stand, are looked at."""
    if not len(ids):
        return 0
    _, (subject,) = _dense((members, "subject"))
    stands = np.full(len(ids), -1, np.int64)  # of every account the subject it is in
    stands[members_at] = subject
    # A group is settled where one subject holds all of it and nobody else.
    sizes = np.bincount(label, minlength=len(ids))
    least, most = np.full(len(ids), len(ids), np.int64), np.full(len(ids), -1, np.int64)
    np.minimum.at(least, label, stands)
    np.maximum.at(most, label, stands)
    whole = (least == most) & (most >= 0)
    whole[whole] = sizes[whole] == np.bincount(subject)[most[whole]]
    moving = np.flatnonzero((sizes[label] > 1) & ~whole[label])
    is_new = np.full(len(ids), True)  # of every group, whether nobody of it stood in a subject
    np.logical_and.at(is_new, label[moving], stands[moving] < 0)
    new = born.write(*_grouped(ids, label, moving[is_new[label[moving]]]))
    moved: dict[int, list[UUID]] = {}
    others = moving[~is_new[label[moving]]]
    for group, account in zip(label[others].tolist(), uuids(*ids[others].T), strict=True):
        moved.setdefault(group, []).append(account)
    settled = np.zeros(len(members), np.bool_) if not len(members) else np.isin(subject, most[whole])
    standing = members[~settled]
    columns = (uuids(standing[f"{one}_high"], standing[f"{one}_low"]) for one in ("id", "account", "subject"))
    now = [Member(*row) for row in zip(*columns, strict=True)]
    return new + subjects.write_groups(now, list(moved.values()), subjects.RULES)


def _grouped(ids: Integers, label: Integers, places: Integers) -> tuple[Integers, Integers]:
    """The ids of these accounts, group by group, and how many each group has; the group of the least account first."""
    groups, first, sizes = np.unique(label[places], return_index=True, return_counts=True)
    order = np.argsort(first)
    rank = np.empty(len(groups), np.int64)
    rank[order] = np.arange(len(groups))
    by_group = np.argsort(rank[np.searchsorted(groups, label[places])], kind="stable")
    return ids[places[by_group]], sizes[order]
