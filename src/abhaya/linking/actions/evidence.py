"""What a set of reports says of persons and their identifiers, written down so that subjects follow from it alone.

Written anew at each walk along the road: what is the same stays, what is not any more goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from abhaya.linking.actions import names
from abhaya.linking.names.kinds import KINDS as CALLED
from abhaya.linking.names.kinds import NAME
from abhaya.linking.nodes import unnamed, value_id
from abhaya.linking.rules import ACTOR_ROLE, NAMED_ROLES, PERSON_ROLES
from abhaya.linking.statements import EVIDENCE as SQL
from abhaya.linking.values import key_of
from abhaya.linking.weights import (
    ASSUMED,
    FIXED,
    IP,
    IP6,
    KINDS,
    MINED,
    NETWORKS,
    SOLID,
    UNKNOWN_NETWORK,
    VERIFIED,
)
from abhaya.places.networks import kinds_at
from abhaya.shared.bulk import add
from abhaya.shared.ids import since, until, uuid7s
from abhaya.shared.plans import for_few
from abhaya.shared.sql import as_row, fetch_each, later, together

CHILD_YEARS_MAX = 17
# As sightings name them: `ip6` is a reading of `ip`; names, stated addresses and screen names are no evidence,
# and each is compared with its own kind alone.
SIGHTED_KINDS = sorted({*KINDS.values(), *CALLED} - {KINDS[IP6]})
PERSON_COLUMNS = [
    "id", "compartment", "report_id", "account_id", "selector_id", "role", "person", "protected", "is_base", "received_at",
    "persona_id",
]  # fmt: skip
EVIDENCE_COLUMNS = [
    "id", "compartment", "report_id", "account_id", "selector_id", "value_id", "kind", "first_at", "last_at", "flags",
    "network", "is_base", "persona_id",
]  # fmt: skip

Seat = tuple[UUID, str, int]  # report, role, person


class _Person(NamedTuple):
    report_id: UUID
    compartment: UUID
    role: str
    person: int
    account_id: UUID | None
    protected: str
    is_base: bool
    received_at: datetime
    persona_id: UUID | None


class _Said(NamedTuple):
    report_id: UUID
    role: str
    person: int
    account_id: UUID | None
    selector_id: UUID
    kind: str
    value: str
    first_at: datetime
    last_at: datetime
    solid: bool
    verified: bool
    assumed: bool
    mined: bool
    persona_id: UUID | None


@dataclass(slots=True)
class Moved:
    """Accounts of which something new is known, or that were there before, and values that an account lost."""

    accounts: set[UUID] = field(default_factory=set)
    lost: set[UUID] = field(default_factory=set)


def write_evidence(report_ids: Sequence[UUID]) -> Moved:
    """Persons and evidence of these reports as their sightings have them now. Says what of the base has changed."""
    wanted: dict[str, Any] = {"reports": list(report_ids), "since": since(report_ids), "until": until()}
    wanted |= {
        "roles": sorted(PERSON_ROLES),
        "kinds": SIGHTED_KINDS,
        "called": sorted(CALLED),
        "child_years_max": CHILD_YEARS_MAX,
    }
    few = len(report_ids)
    persons, said, held, evidence_held, names_held, keys_held = fetch_each(
        (_Person, for_few(SQL["persons"], few), wanted),
        (_Said, for_few(SQL["said"], few), wanted),
        (as_row, SQL["persons_held"], wanted),
        (as_row, SQL["evidence_held"], wanted),
        (names.Borne, SQL["names_held"], wanted),
        (as_row, SQL["keys_held"], wanted),
    )
    seats = _seats(persons)
    called = _called(persons, seats, said)
    borne = {one.selector_id for one in called}
    moved = Moved()
    with together():  # one trip
        names.write(called, names_held, [row for row in keys_held if row[0] in borne])
        _write_persons(persons, seats, held, wanted, moved)
        _write_evidence(persons, seats, said, evidence_held, wanted, moved)
    return moved


def _called(
    persons: Sequence[_Person], seats: Mapping[Seat, UUID], said: Sequence[_Said]
) -> dict[names.Borne, tuple[str, str]]:
    """Who is called what and says to live where, with its kind, of those who may be compared. An address or a screen name that
    in the same report is also a child's, or of whoever was written to, is not compared: a household's leads to the child.
    """
    compartments = {one.report_id: one.compartment for one in persons}
    shielded = {(one.report_id, one.role, one.person) for one in persons if one.protected}
    found: dict[names.Borne, tuple[str, str]] = {}
    theirs: set[tuple[UUID, str]] = set()
    for one in said:
        seat = (one.report_id, one.role, one.person)
        if one.kind not in CALLED:
            continue
        if one.role in NAMED_ROLES and one.persona_id is None and seat not in shielded:
            if one.kind == NAME or not one.mined:  # what stands in a text is not stated
                borne = names.Borne(one.selector_id, *seat, seats[seat], compartments[one.report_id])
                found[borne] = one.kind, one.value
        elif one.kind != NAME and (seat in shielded or one.role != ACTOR_ROLE):
            theirs |= {(one.report_id, key) for key in CALLED[one.kind].keys(one.value)}
    return {one: called for one, called in found.items() if called[0] == NAME or _is_own(one.report_id, called, theirs)}


def _is_own(report: UUID, called: tuple[str, str], theirs: Container[tuple[UUID, str]]) -> bool:
    """Whether it can be found, and shares no key with another's that is not to be found."""
    keys = CALLED[called[0]].keys(called[1])
    return bool(keys) and not any((report, key) in theirs for key in keys)


def _seats(persons: Iterable[_Person]) -> dict[Seat, UUID]:
    """Who sits where: the first account that is named for a person, else the stand-in."""
    seats: dict[Seat, UUID] = {}
    for one in persons:  # those with an account first
        seat = (one.report_id, one.role, one.person)
        seats.setdefault(seat, one.account_id or unnamed(*seat))
    return seats


def _write_persons(
    persons: Sequence[_Person],
    seats: Mapping[Seat, UUID],
    standing: Sequence[tuple[Any, ...]],
    wanted: Mapping[str, Any],
    moved: Moved,
) -> None:
    meant: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for one in persons:
        account = one.account_id or seats[one.report_id, one.role, one.person]
        named = None if account == unnamed(one.report_id, one.role, one.person) else account
        key = (one.report_id, account, one.role, one.person, one.protected, one.is_base, one.persona_id)
        meant[key] = (
            one.compartment, one.report_id, account, named, one.role, one.person, one.protected, one.is_base,
            one.received_at, one.persona_id,
        )  # fmt: skip
    held = {tuple(row[1:]): row[0] for row in standing}
    gone = [row_id for key, row_id in held.items() if key not in meant]
    new = [row for key, row in meant.items() if key not in held]
    add("linking_person", PERSON_COLUMNS, _with_ids(new))
    if gone:
        later(SQL["forget_persons"], {**wanted, "ids": gone})
    moved.accounts |= {key[1] for key in meant.keys() ^ held.keys() if key[5]}


def _write_evidence(
    persons: Sequence[_Person],
    seats: Mapping[Seat, UUID],
    said: Sequence[_Said],
    standing: Sequence[tuple[Any, ...]],
    wanted: Mapping[str, Any],
    moved: Moved,
) -> None:
    where = {(one.report_id, one.role, one.person): (one.compartment, one.is_base) for one in persons}
    networks = _networks(said)
    meant: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    merged: defaultdict[tuple[UUID, UUID, UUID, UUID], list[_Said]] = defaultdict(list)
    kind_of: dict[UUID, int] = {}
    for one in said:
        key = key_of(one.kind, one.value)
        network = networks.get((one.value, one.first_at), UNKNOWN_NETWORK)
        if key is None or (key[0] in {IP, IP6} and network not in {FIXED, UNKNOWN_NETWORK}):
            continue  # says nothing of anybody: a value typed to fill a field, an address of thousands
        account = one.account_id or seats[one.report_id, one.role, one.person]
        value = value_id(key[0], key[1], one.first_at)
        kind_of[value] = key[0]
        merged[one.report_id, account, one.selector_id, value].append(one)
    for (report, account, selector, value), rows in merged.items():
        compartment, is_base = where[report, rows[0].role, rows[0].person]
        persona = next((one.persona_id for one in rows if one.persona_id is not None), None)
        is_base = is_base and persona is None
        first, last = min(one.first_at for one in rows), max(one.last_at for one in rows)
        kind = kind_of[value]
        network = networks.get((rows[0].value, rows[0].first_at), UNKNOWN_NETWORK)
        seen = (report, account, selector, value, first, last, _flags(rows), network, is_base, persona)
        meant[seen] = (
            compartment, report, account, selector, value, KINDS[kind], first, last, _flags(rows), network, is_base,
            persona,
        )  # fmt: skip
    held = {tuple(row[1:]): row[0] for row in standing}
    gone = [row_id for key, row_id in held.items() if key not in meant]
    add("linking_evidence", EVIDENCE_COLUMNS, _with_ids([row for key, row in meant.items() if key not in held]))
    if gone:
        later(SQL["forget_evidence"], {**wanted, "ids": gone})
    differing = [key for key in meant.keys() ^ held.keys() if key[8]]
    moved.accounts |= {key[1] for key in differing}
    moved.lost |= {key[3] for key in differing if key in held}


def _networks(said: Sequence[_Said]) -> dict[tuple[str, datetime], int]:
    """The class of the network of each address at its instant, as the unit's own table has it."""
    asked = sorted({(one.value, one.first_at) for one in said if one.kind == KINDS[IP]})
    if not asked:
        return {}
    words = kinds_at([address for address, _ in asked], [at for _, at in asked])
    return {one: NETWORKS.get(word, UNKNOWN_NETWORK) for one, word in zip(asked, words, strict=True)}


def _flags(rows: Sequence[_Said]) -> int:
    """Of several sayings: solid and verified where one is; soft marks where all are."""
    return (
        SOLID * any(one.solid for one in rows)
        | VERIFIED * any(one.verified for one in rows)
        | ASSUMED * all(one.assumed for one in rows)
        | MINED * all(one.mined for one in rows)
    )


def _with_ids(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(row_id, *row) for row_id, row in zip(uuid7s(len(rows)), rows, strict=True)]
