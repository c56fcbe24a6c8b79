"""Names, addresses and screen names alike in other reports open to the acting officer. They propose, and nothing follows
from them.

Everything is counted from what the officer may read: how common one is elsewhere is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from abhaya.linking.names.addresses import compare_addresses
from abhaya.linking.names.compare import COMMON_ACCOUNTS_MIN, Band, Verdict
from abhaya.linking.names.kinds import ADDRESS, KINDS, NAME
from abhaya.linking.names.parts import read
from abhaya.selectors import name
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, as_row, fetch, values

SQL = NamedSql(__file__, "queries_names.sql")
SOUGHT_NAMES_MAX = 24  # of one report, with addresses and screen names; names first
BUCKET_NAMES_MAX = 300  # names looked at under one key
CHOSEN_NAMES_MAX = 60  # names compared with one that is sought
BEARERS_MAX = 25  # persons looked at of one name
TYPED_SHOWN_MAX = 20
REPORTED = "reported"
NEAR = frozenset({Band.SAME, Band.ALIKE})
_BANDS = (Band.SAME, Band.ALIKE, Band.POSSIBLE)

Seat = tuple[UUID, str, int]  # report, role, person


class Named(NamedTuple):
    """A person of a report and a name of theirs, an address or a screen name, as normalised."""

    role: str
    person: int
    account_id: UUID | None  # None: a name that somebody typed
    selector_id: UUID | None
    value: str
    kind: str = NAME


class Elsewhere(NamedTuple):
    """A person of another report whose name may be alike."""

    place: int
    value: str
    role: str
    person: int
    account_id: UUID
    report_id: UUID
    number: int
    compartment: UUID

    @property
    def seat(self) -> Seat:
        return self.report_id, self.role, self.person


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody whose name is alike (or address, or screen name), with the reports where they bear it, the newest first."""

    account_id: UUID
    kind: str
    written: str
    verdict: Verdict
    address: Verdict | None  # beside a name alone; None: nothing of the two addresses meets, or one is not known
    seats: Sequence[Elsewhere]
    called: str = ""  # beside an address or a screen name, where a name is stated
    is_together: bool = False  # held to be one person's with the one that was sought

    @property
    def role(self) -> str:
        return self.seats[0].role

    @property
    def more(self) -> int:
        """In how many more reports than three."""
        return max(0, len({seat.report_id for seat in self.seats}) - 3)

    @property
    def is_strong(self) -> bool:
        """By the name alone, where few bear it; else by the address beside it. Never by an address or a screen name alone."""
        if self.kind != NAME:
            return False
        beside = self.address is not None and self.address.band in NEAR
        return beside or (self.verdict.band in NEAR and not self.verdict.is_common)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (*self.verdict.reasons, *(self.address.reasons if self.address else ()))

    @property
    def rank(self) -> tuple[bool, bool, int, float]:
        """The greater the sooner."""
        return self.is_strong, self.address is not None, -_BANDS.index(self.verdict.band), self.verdict.score


@dataclass(frozen=True, slots=True)
class Found:
    """What one name, address or screen name meets. `people`: how many bear it or one much alike, in other reports open to
    the officer.
    """

    named: Named
    written: str
    alike: Sequence[Alike] = field(default_factory=tuple)
    people: int = 0
    more: bool = False  # more bear it than were looked at

    @property
    def is_common(self) -> bool:
        return self.people >= COMMON_ACCOUNTS_MIN

    @property
    def people_text(self) -> str:
        return f"{self.people:,}+" if self.more else f"{self.people:,}"


def of_report(report_id: UUID, compartment: UUID) -> list[Named]:
    """Of its persons who are compared, what they are called and where they say they live: names first."""
    return fetch(Named, SQL["of_report"], {"report": report_id, "compartment": compartment, "kinds": list(KINDS)})


def typed(text: str) -> Named | None:
    """A name that somebody typed, of two parts or an initial and one; None where the text reads as something else."""
    normal = name.normalise(text)
    if normal.value is None or any(letter.isdigit() or letter in "@/:+" for letter in text):
        return None
    read_as = read(normal.value)
    whole = any(len(one.strong) + len(one.initials) >= 2 for one in read_as)
    return Named("", 0, None, None, normal.value) if whole else None


def alike(
    named: Sequence[Named],
    *,
    besides: UUID | None = None,
    hides: Callable[[Collection[UUID]], Collection[UUID]],
    most: int,
) -> list[Found]:
    """For each name, whom it may be, likest first, at most `most`. `besides`: the report it stands in; of a common name, only
    those are then proposed whose address meets its address, of a common address or screen name nobody. `hides`: which of these
    reports have reported persons who are not to be shown.
    """
    named = named[:SOUGHT_NAMES_MAX]
    every = _elsewhere(named, besides)
    hidden = hides({one.report_id for one in every})
    seen = [one for one in every if one.role != REPORTED or one.report_id not in hidden]
    accounts = {one.account_id for one in seen} | {one.account_id for one in named if one.account_id}
    shielded = set(values(SQL["protected"], {"accounts": sorted(accounts)})) if accounts else set()
    met: list[dict[UUID, tuple[Verdict, list[Elsewhere]]]] = [{} for _ in named]
    for one in seen:
        own = named[one.place]
        if one.account_id in shielded or own.account_id in shielded or one.account_id == own.account_id:
            continue
        verdict = KINDS[own.kind].compare(own.value, one.value)
        if verdict.band is Band.DIFFERENT:
            continue
        held = met[one.place].setdefault(one.account_id, (verdict, []))
        if verdict.score > held[0].score:
            met[one.place][one.account_id] = (verdict, held[1])
        held[1].append(one)
    addresses = _Written(named, besides, [seat for each in met for _, seats in each.values() for seat in seats])
    decided = _decided(named, met)
    return [_found(one, each, addresses, decided, besides, most) for one, each in zip(named, met, strict=True)]


def _elsewhere(named: Sequence[Named], besides: UUID | None) -> list[Elsewhere]:
    keys = [
        (place, key, weight)
        for place, one in enumerate(named)
        for key, weight in KINDS[one.kind].sought(one.value).items()
    ]
    if not keys:
        return []
    places, texts, weights = (list(column) for column in zip(*keys, strict=True))
    limits = {"bucket": BUCKET_NAMES_MAX, "names": CHOSEN_NAMES_MAX, "bearers": BEARERS_MAX}
    return fetch(
        Elsewhere, SQL["alike"], {"places": places, "keys": texts, "weights": weights, "report": besides, **limits}
    )


class _Written:
    """Names, addresses and screen names of persons, as their reports have them."""

    def __init__(self, named: Sequence[Named], besides: UUID | None, seats: Sequence[Elsewhere]) -> None:
        own: list[Seat] = [(besides, one.role, one.person) for one in named] if besides else []
        asked = sorted({*own, *(one.seat for one in seats)})
        self.called: dict[Seat, str] = {}
        self.raw: dict[tuple[Seat, str, str], str] = {}
        self.addresses: defaultdict[Seat, list[str]] = defaultdict(list)
        reports, roles, persons = ([seat[part] for seat in asked] for part in range(3))
        wanted = {"reports": reports, "roles": roles, "persons": persons, "kinds": list(KINDS)}
        for report, role, person, kind, raw, text in fetch(as_row, SQL["written"], wanted) if asked else ():
            seat = (report, role, person)
            self.raw.setdefault((seat, kind, text), raw)
            if kind == ADDRESS:
                self.addresses[seat].append(raw)
            elif kind == NAME:
                self.called.setdefault(seat, raw)

    def agreement(self, own: Seat | None, others: Iterable[Seat]) -> Verdict | None:
        """Of the addresses of two sides, the two that meet best."""
        if own is None:
            return None
        pairs = [(one, two) for one in self.addresses[own] for seat in others for two in self.addresses[seat]]
        met = [verdict for pair in pairs if (verdict := compare_addresses(*pair)).band is not Band.DIFFERENT]
        return min(met, key=lambda verdict: (_BANDS.index(verdict.band), -verdict.score), default=None)


def _decided(named: Sequence[Named], met: Sequence[Mapping[UUID, object]]) -> dict[tuple[UUID, UUID], str]:
    """Pairs of accounts of which it is known that they are one person's, or two persons'."""
    pairs = sorted(
        {(own.account_id, other) for own, each in zip(named, met, strict=True) if own.account_id for other in each}
    )
    if not pairs:
        return {}
    found = fetch(as_row, SQL["decided"], {"a": [one[0] for one in pairs], "b": [one[1] for one in pairs]})
    return {(a, b): answer for a, b, answer in found}


def _found(
    named: Named,
    met: Mapping[UUID, tuple[Verdict, list[Elsewhere]]],
    written: _Written,
    decided: Mapping[tuple[UUID, UUID], str],
    besides: UUID | None,
    most: int,
) -> Found:
    is_name = named.kind == NAME
    people = sum(not is_name or verdict.band in NEAR for verdict, _ in met.values())
    own = (besides, named.role, named.person) if besides else None
    every = []
    for account, (verdict, seats) in met.items():
        answer = decided.get((named.account_id, account), "") if named.account_id else ""
        if answer == "different":
            continue
        first = seats[0]
        common = verdict._replace(is_common=verdict.is_common or people >= COMMON_ACCOUNTS_MIN)
        every.append(
            Alike(
                account, named.kind, written.raw.get((first.seat, named.kind, first.value), first.value), common,
                written.agreement(own, [seat.seat for seat in seats]) if is_name else None, seats,
                "" if is_name else written.called.get(first.seat, ""), answer == "same",
            )
        )  # fmt: skip
    if own and people >= COMMON_ACCOUNTS_MIN:
        every = [one for one in every if one.address is not None or (is_name and one.is_together)]
    every.sort(key=lambda one: one.rank, reverse=True)
    is_full = any(len(seats) >= BEARERS_MAX for _, seats in met.values()) or len(met) >= CHOSEN_NAMES_MAX
    as_written = written.raw.get((own, named.kind, named.value), named.value) if own else named.value
    return Found(named, as_written, tuple(every[:most]), people, is_full)
