"""A subject as a page shows it: accounts by what they are called, and why two of them are held together, or are not.

All of it from what `queries_subjects` lets the acting officer read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from abhaya.linking.gathering import Pair, Sides
from abhaya.linking.queries_subjects import JudgementRow, PersonRow, SubjectView, verdict
from abhaya.linking.values import NUMBER_OF
from abhaya.linking.weights import KINDS, OUTCOMES
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, as_row, fetch, fetch_one

SQL = NamedSql(__file__, "subject_shown.sql")
SAME, DIFFERENT = "same", "different"
BLOCKED = {
    "link_not_word",
    "link_not_protected_group",
    "link_not_bridge",
}  # by what else two accounts hang together with
Asked = tuple[Pair, Sides]  # two accounts, and of each the group of which all is compared
PLACES_MAX = 400
PLACES_PER_SIDE_MAX = 4
SHARED_KINDS = frozenset({"ip", "ip6", "url"})  # not a person's own: readable beside a masked person, too


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its reader may see it: in which reports, as whom, by what name. `seats`: the newest first."""

    id: UUID
    called: str
    seats: Sequence[PersonRow]
    is_protected: bool  # a victim or possible minor in any report, open to the reader or not: masked

    @property
    def value(self) -> str:
        """Platform and id with a colon between; "" for a person of a report for whom no account is named."""
        return next((seat.value for seat in self.seats if seat.value), "")

    @property
    def platform(self) -> str:
        return self.value.partition(":")[0]

    @property
    def name(self) -> str:
        return self.value.partition(":")[2]

    @property
    def first(self) -> PersonRow:
        return self.seats[-1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an identifier stands: the item, and the place in it."""

    selector_id: UUID
    role: str
    person: int
    report_id: UUID
    number: int
    item_id: UUID | None
    locator: str
    raw: str
    event: str
    at: datetime | None
    at_precision: str
    at_original: str
    zone_known: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the waterfall: what, how much, how much together so far, and where it stands on each side."""

    reason: Reason
    kind: str
    sum_millibits: int
    value: str  # as written; "" where it is masked or speaks of no value
    is_masked: bool
    places: tuple[Sequence[Place], Sequence[Place]]
    reports: tuple[frozenset[UUID], ...] = ()  # on each side, those that say so; of which `places` are some

    @property
    def bits(self) -> float:
        return self.reason.weight / 1000

    @property
    def sum(self) -> float:
        return self.sum_millibits / 1000


@dataclass(frozen=True, slots=True)
class Step:
    """Two accounts and what they share, weighed; or an officer's word that they are one person's."""

    a: Account
    b: Account
    lines: Sequence[Line]
    millibits: int
    outcome: str  # same | review | related | ""
    caps: Sequence[Reason]
    why_not: Sequence[Reason]
    word: JudgementRow | None
    is_weakest: bool = False
    beside: Sequence[Account] = ()  # others of the two groups, where all that these show is compared

    @property
    def bits(self) -> float:
        return self.millibits / 1000

    @property
    def most(self) -> int:
        """The greatest weight of anything shared or differing, in millibits: a bar's full length."""
        return max((abs(line.reason.weight) for line in self.lines if line.kind), default=1) or 1

    @property
    def strongest(self) -> Line | None:
        """What says most of the two."""
        return max(
            (line for line in self.lines if line.kind and line.bits > 0), key=lambda line: line.bits, default=None
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Held together: `steps` from one to the other. Else none, and `apart` says why not, first things first."""

    steps: Sequence[Step]
    direct: Step
    apart: Sequence[Reason]

    @property
    def weakest(self) -> Step | None:
        return next((step for step in self.steps if step.is_weakest), None)


def accounts(view: SubjectView) -> dict[UUID, Account]:
    """The accounts of a view, each with what it is called."""
    persons = view.persons
    seats: defaultdict[UUID, list[PersonRow]] = defaultdict(list)
    for person in persons:
        seats[person.account_id].append(person)
    reports = sorted({person.report_id for person in persons})
    rows = fetch(as_row, SQL["called"], {"reports": reports}) if reports else []
    called = {tuple(seat): raw for *seat, raw in rows}
    return {
        one: Account(
            one,
            next((said for seat in held if (said := called.get(_seat(seat)))), ""),
            held,
            view.protected.get(one, False),
        )
        for one, held in seats.items()
    }


def answer(
    view: SubjectView, known: Mapping[UUID, Account], one: UUID, other: UUID, said: Sequence[JudgementRow]
) -> Answer:
    """Why `one` and `other`, both in `view`, are held to be one person's, or why not. `said`: judgements on accounts of it."""
    chain = (view.chain(one, other) or []) if other in view.accounts else []
    alone = ((one,), (other,))
    sides = [view.sides(a, b) or ((a,), (b,)) for a, b, _ in chain]
    pairs = dict.fromkeys(
        [*(((a, b), side) for (a, b, _), side in zip(chain, sides, strict=True)), ((one, other), alone)]
    )
    found = {(pair, side): view.explain(*pair, side if max(map(len, side)) > 1 else None) for pair, side in pairs}
    places = _places(view, found)
    asked = (one, other), alone
    against = 0 if chain or OUTCOMES[found[asked].outcome] != SAME else verdict(one, other)
    made = {pair: _step(view, known, pair, found[pair], places, said, against) for pair in pairs}
    weakest = min(range(len(chain)), key=lambda at: chain[at][2], default=-1)
    steps = [
        replace(made[(a, b), side], is_weakest=at == weakest)
        for at, ((a, b, _), side) in enumerate(zip(chain, sides, strict=True))
    ]
    direct = made[asked]
    return Answer(steps, direct, [] if steps else _apart(direct, said))


def best_pair(some: Sequence[UUID], others: Sequence[UUID]) -> tuple[UUID, UUID] | None:
    """Of the accounts of two sides the two to be compared; None where one side has none."""
    found = fetch_one(as_row, SQL["best_pair"], {"some": list(some), "others": list(others)})
    return (found[0], found[1]) if found else None


def judged_pair(judgement_id: UUID) -> tuple[UUID, UUID] | None:
    """The two accounts of a judgement that the officer reads."""
    found = fetch_one(as_row, SQL["one"], {"id": judgement_id})
    return (found[0], found[1]) if found else None


def traces(accounts_shown: Iterable[Account]) -> list[UUID]:
    """Where a look of this officer at these accounts is written down."""
    return traces_in(seat.compartment for account in accounts_shown for seat in account.seats)


def traces_in(shown_of: Iterable[UUID]) -> list[UUID]:
    """Where a look of this officer at something of each of these compartments is written down."""
    compartments = sorted(set(shown_of))
    return sorted({trace for _, trace in fetch(as_row, SQL["traces"], {"compartments": compartments})})


def word_on(said: Sequence[JudgementRow], a: UUID, b: UUID, *answers: str) -> JudgementRow | None:
    """The newest judgement on two accounts that stands, if it is one of these."""
    return next((one for one in said if {one.a, one.b} == {a, b} and not one.undone_at and one.answer in answers), None)


def _apart(direct: Step, said: Sequence[JudgementRow]) -> list[Reason]:
    """Why not. A word comes first, then what stands against it, then what the evidence lacks."""
    if word_on(said, direct.a.id, direct.b.id, DIFFERENT):
        first = [Reason("link_not_said")]
    elif direct.a.is_protected != direct.b.is_protected:
        first = [Reason("link_protected")]
    elif direct.outcome == SAME:
        first = [one for one in direct.why_not if one.code in BLOCKED] or [Reason("link_not_joined")]
    else:
        first = []
    codes = {"link_not_enough"} if first else set()
    return [*first, *(one for one in direct.why_not if one not in first and one.code not in codes)]


def _step(
    view: SubjectView, known: Mapping[UUID, Account], asked: Asked, found: Any,
    places: Mapping[tuple[UUID, UUID], Sequence[Place]], said: Sequence[JudgementRow], against: int,
) -> Step:  # fmt: skip
    pair, sides = asked
    a, b = known[pair[0]], known[pair[1]]
    shown = [[known[one] for one in side if one in known] for side in sides]
    lines: list[Line] = []
    total = 0
    if beside := tuple(one for side in shown for one in side if one.id not in pair):
        told = Reason("link_united", {"one": len(sides[0]), "other": len(sides[1])})
        lines.append(Line(told, "", 0, "", False, ((), ())))
    for line in found.lines:
        total += line.reason.weight
        mine, theirs = (
            [place for one in side for place in _where(view, one, line.value, places)][:PLACES_PER_SIDE_MAX]
            for side in shown
        )
        where = (mine, theirs)
        kind = KINDS.get(line.kind, "")
        is_masked = line.value is not None and kind not in SHARED_KINDS and (a.is_protected or b.is_protected)
        written = next((place.raw for side in where for place in side), "")
        told_by = tuple(_reports(view, side, line.value) for side in shown)
        lines.append(Line(line.reason, kind, total, "" if is_masked else written, is_masked, where, told_by))
    kinds = [{NUMBER_OF[row.kind] for row in view.evidence if row.account_id == one} for one in pair]
    why_not = _explaining().why_not(found, verdict=against, shown=kinds)
    word = word_on(said, *pair, SAME)
    return Step(a, b, lines, found.millibits, OUTCOMES[found.outcome], found.caps, why_not, word, beside=beside)


def _places(view: SubjectView, found: Mapping[Asked, Any]) -> dict[tuple[UUID, UUID], list[Place]]:
    """(report, selector) → where the identifiers behind these explanations stand."""
    said = sorted(
        {
            (row.report_id, row.selector_id)
            for (_, sides), explained in found.items()
            for line in explained.lines
            if line.value is not None
            for side in sides
            for account in side
            for row in view.rows_of(line.value, account)
        }
    )
    wanted = {"reports": [one[0] for one in said], "selectors": [one[1] for one in said], "most": PLACES_MAX}
    places: defaultdict[tuple[UUID, UUID], list[Place]] = defaultdict(list)
    for place in fetch(Place, SQL["places"], wanted) if said else ():
        places[place.report_id, place.selector_id].append(place)
    return places


def _where(
    view: SubjectView, account: Account, value: int | None, places: Mapping[tuple[UUID, UUID], Sequence[Place]]
) -> list[Place]:
    """Where one side's identifier stands: at the persons whom the account is in its reports."""
    if value is None:
        return []
    seats = {_seat(seat) for seat in account.seats}
    at = dict.fromkeys((row.report_id, row.selector_id) for row in view.rows_of(value, account.id))
    found = [
        place for one in at for place in places.get(one, ()) if (place.report_id, place.role, place.person) in seats
    ]
    return found[:PLACES_PER_SIDE_MAX]


def _reports(view: SubjectView, side: Iterable[Account], value: int | None) -> frozenset[UUID]:
    """Which reports say that one side has the value."""
    if value is None:
        return frozenset()
    return frozenset(row.report_id for one in side for row in view.rows_of(value, one.id))


def _seat(person: PersonRow) -> tuple[UUID, str, int]:
    return person.report_id, person.role, person.person


def _explaining() -> Any:
    """Loaded when there is something to explain: its kernels cost half a second, and every start of every program would pay."""
    return import_module("abhaya.linking.explaining")
