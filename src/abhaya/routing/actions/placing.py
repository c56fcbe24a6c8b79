"""The stage of the road: where a set of reports belongs, with reasons, and by the holder's standing rule to whom it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from abhaya.access.actions import WATCH, WORK, open_to
from abhaya.intake.formats.record import Place, Text
from abhaya.intake.queries import added_by_report
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.places import queries as places
from abhaya.places.addresses import AddressPlace, Country, place_of_address, places_in_text
from abhaya.places.bundle import country_codes
from abhaya.places.names import Gazetteer
from abhaya.places.networks import locate
from abhaya.places.telephones import place_of_phone
from abhaya.routing import evidence, rules
from abhaya.routing.evidence import Evidence, Names, Sighting
from abhaya.routing.queries import SQL, clocks, tree
from abhaya.routing.rules import FORWARDED, PROPOSED, Decision, Proposal, Tree
from abhaya.shared import road
from abhaya.shared.bulk import insert
from abhaya.shared.ids import since, uuid7, uuid7s
from abhaya.shared.reason import Reason
from abhaya.shared.sql import fetch
from abhaya.triage import actions as triage

STAGE = "routing"
FORM = "form"  # the one channel whose reporter is a person with a place, not a platform with an office
STATED_CHARACTERS_MAX = 120

_PROPOSAL = [
    "id", "compartment", "report_id", "placed_at", "rank", "whose", "country", "state", "district", "possible", "unit_id",
    "points", "strength", "reasons", "against",
]  # fmt: skip
_PLACEMENT = [
    "report_id", "compartment", "asked_unit_id", "outcome", "unit_id", "place_code", "why", "rules_version", "placed_at",
    "received_at", "settled_at",
]  # fmt: skip
_AGAIN = """on conflict (report_id) do update set asked_unit_id = excluded.asked_unit_id, outcome = excluded.outcome,
    unit_id = excluded.unit_id, place_code = excluded.place_code, why = excluded.why,
    rules_version = excluded.rules_version, placed_at = excluded.placed_at, settled_at = excluded.settled_at"""
_REFERRAL = [
    "id", "compartment", "report_id", "from_unit_id", "to_unit_id", "state", "lane", "place_code", "why", "note",
    "offered_at", "due_at", "reason",
]  # fmt: skip


class Parts(msgspec.Struct, frozen=True):
    """What routing reads of a record; the rest of it is passed over unread."""

    places: tuple[Place, ...] = ()
    texts: tuple[Text, ...] = ()


class Input(NamedTuple):
    report_id: UUID
    compartment: UUID
    channel: str
    received_at: datetime
    incident_at: datetime | None
    holder: UUID
    lane: str
    state: str
    record: str


class Placed(NamedTuple):
    """How a report was placed before."""

    report_id: UUID
    asked_unit: UUID
    outcome: str
    unit: UUID | None
    place: str
    why: str
    settled_at: datetime | None


class Seen(NamedTuple):
    report_id: UUID
    sighting: Sighting


class Handed(NamedTuple):
    report_id: UUID
    to_unit: UUID
    state: str


@dataclass(slots=True)
class Ground:
    """What placing stands on, read once for a set of reports."""

    tree: Tree
    world: Gazetteer
    countries: Mapping[str, Country]
    names: Names
    zone: ZoneInfo
    clocks: Mapping[tuple[UUID | None, str], int]
    seen_from: Mapping[UUID, Tree]  # the tree for each holder


@dataclass(slots=True)
class Rows:
    """What is written for a set of reports."""

    now: datetime
    proposals: list[tuple[object, ...]] = field(default_factory=list)
    placements: list[tuple[object, ...]] = field(default_factory=list)
    referrals: list[tuple[object, ...]] = field(default_factory=list)
    openings: list[tuple[UUID, UUID, str, str]] = field(default_factory=list)
    moves: list[tuple[UUID, UUID]] = field(default_factory=list)
    places: dict[UUID, str] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)


def place_reports(report_ids: Sequence[UUID]) -> None:
    """The stage of the road. Test reports are placed nowhere; a report in somebody's hands is not taken out of them, and
    one that was handed over or decided stays where it is: what came later for it only changes what is proposed.
    """
    if not report_ids:
        return
    asked = {"reports": list(report_ids), "since": since(report_ids)}
    inputs = fetch(Input, SQL["inputs"], asked)
    ground = _ground(inputs)
    gathered = _gather(inputs, ground, asked)
    handed: dict[UUID, list[Handed]] = {}
    for one in fetch(Handed, SQL["handed"], {"reports": list(report_ids)}):
        handed.setdefault(one.report_id, []).append(one)
    kept = _placed([given.report_id for given in inputs if _stays(given, handed.get(given.report_id, []))])
    rows = Rows(datetime.now(UTC))
    for given in inputs:
        proposals = rules.propose(gathered[given.report_id], ground.names)
        if before := kept.get(given.report_id):
            _keep_placement(given, proposals, before, ground, rows)
            continue
        decision = _decide(given, proposals, handed.get(given.report_id, []), ground)
        _write(given, proposals, decision, ground, rows)
    _insert(rows)
    road.passed(STAGE, list(report_ids))


def _stays(given: Input, handed: Sequence[Handed]) -> bool:
    """It is with whom it was handed to, or a desk has closed it."""
    return given.state in {"forwarded", "decided"} or any(one.state in {"offered", "accepted"} for one in handed)


def _placed(report_ids: Sequence[UUID]) -> dict[UUID, Placed]:
    if not report_ids:
        return {}
    return {one.report_id: one for one in fetch(Placed, SQL["placed"], {"reports": list(report_ids)})}


def _ground(inputs: Sequence[Input]) -> Ground:
    units = tree()
    homes = {units.country(given.holder) for given in inputs} | set(country_codes())
    countries = {code: found for code in sorted(homes) if (found := places.country(code))}
    world = places.world()
    named = places.namer_of(world, countries)
    seen_from = {holder: units.seen_from(holder) for holder in {given.holder for given in inputs}}
    return Ground(units, world, countries, named, ZoneInfo(settings.TIME_ZONE), clocks(), seen_from)


def _gather(inputs: Sequence[Input], ground: Ground, asked: Mapping[str, object]) -> dict[UUID, list[Evidence]]:
    """Everything in the reports that says something of a place, weighed."""
    gathered: dict[UUID, list[Evidence]] = {given.report_id: [] for given in inputs}
    added = added_by_report([given.report_id for given in inputs])
    by_report = {given.report_id: given for given in inputs}
    seen = fetch(_seen, SQL["sightings"], asked)
    sightings = [one for one in seen if one.report_id in by_report]
    addresses = [one for one in sightings if one.sighting.kind == "ip"]
    where = locate([one.sighting.value for one in addresses], [one.sighting.at for one in addresses])
    for one, location in zip(addresses, where, strict=True):
        given = by_report[one.report_id]
        near = given.incident_at or given.received_at
        found = evidence.of_address(one.sighting, location, near, ground.names, ground.zone)
        _keep(gathered, given, one.sighting.role, found)
    for one in sightings:
        if one.sighting.kind == "phone":
            given = by_report[one.report_id]
            home = ground.countries.get(ground.tree.country(given.holder))
            phone = place_of_phone(one.sighting.value, ground.world, home)
            _keep(gathered, given, one.sighting.role, evidence.of_phone(one.sighting, phone, ground.names))
    for given in inputs:
        for reading in (given.record, *(one.record_json for one in added.get(given.report_id, ()))):
            parts = msgspec.json.decode(reading, type=Parts)
            for place in parts.places:
                _keep(gathered, given, place.role, _of_place(place, given, ground))
            for text in parts.texts:
                for found in _of_text(text, given, ground):
                    _keep(gathered, given, text.role, found)
    return gathered


def _keep(gathered: dict[UUID, list[Evidence]], given: Input, role: str, found: Evidence | None) -> None:
    """A platform's own contact person has no place here; the same fact twice is one fact."""
    if found is None or (role == "reporter" and given.channel != FORM):
        return
    if found not in gathered[given.report_id]:
        gathered[given.report_id].append(found)


def _of_place(place: Place, given: Input, ground: Ground) -> Evidence | None:
    if place.kind == "coordinates":
        return evidence.of_coordinates(place.role, place.latitude, place.longitude)
    stated = ", ".join(filter(None, (place.text, place.city, place.region, place.postal_code, place.country)))
    home = ground.tree.country(given.holder)
    code = place.country.strip().upper()
    if code not in ground.world.places:
        named = ground.world.find(place.country) if place.country.strip() else None
        code = named.candidates[0].place.code if named and len(named.candidates) == 1 else "" if named else home
    country = ground.countries.get(code)
    if country is None:
        where = AddressPlace(country=code)
    else:
        where = place_of_address(
            country, region=place.region, city=place.city, postal_code=place.postal_code, text=place.text
        )
        if not place.country.strip() and not (where.state or where.possible):
            where = AddressPlace(
                against=where.against
            )  # nothing read in it, and no country said: it is no place at all
    return evidence.of_stated_place(place.kind, place.role, stated[:STATED_CHARACTERS_MAX], where, ground.names)


def _of_text(text: Text, given: Input, ground: Ground) -> list[Evidence]:
    country = ground.countries.get(ground.tree.country(given.holder))
    if country is None:
        return []
    return [
        evidence.of_mention(text.role, one, country.code, ground.names) for one in places_in_text(country, text.text)
    ]


def _decide(given: Input, proposals: Sequence[Proposal], handed: Sequence[Handed], ground: Ground) -> Decision:
    returned = {one.to_unit for one in handed if one.state == "returned"}
    home = ground.tree.country(given.holder)
    if given.holder not in ground.tree.units:  # the unit was closed meanwhile
        return Decision(None, "", Reason("holder_closed"), rules.NOBODY)
    near = ground.seen_from[given.holder]
    decision = rules.decide(proposals, given.holder, near, ground.names, home=home, returned=returned)
    if decision.outcome != FORWARDED:
        return decision
    if given.state != "waiting" or any(one.state == "offered" for one in handed):
        return Decision(decision.unit, decision.place, Reason("in_hand", decision.why.values), PROPOSED)
    return decision


def _write(given: Input, proposals: Sequence[Proposal], decision: Decision, ground: Ground, rows: Rows) -> None:
    _propose(given, proposals, ground, rows)
    settled = None if decision.outcome == rules.NOBODY else rows.now
    rows.placements.append(
        (
            *(given.report_id, given.compartment, given.holder, decision.outcome, decision.unit, decision.place),
            *(_json(decision.why), rules.RULES_VERSION, rows.now, given.received_at, settled),
        )
    )
    rows.acts.append(_act(given, decision.outcome, decision.place, decision.why.code))
    if decision.outcome == FORWARDED and decision.unit is not None:
        _forward(given, decision.unit, decision, ground, rows)


def _keep_placement(given: Input, proposals: Sequence[Proposal], before: Placed, ground: Ground, rows: Rows) -> None:
    """New proposals beside the old ones; what was decided on the report, and why, stands."""
    _propose(given, proposals, ground, rows)
    rows.placements.append(
        (
            *(given.report_id, given.compartment, before.asked_unit, before.outcome, before.unit, before.place),
            *(before.why, rules.RULES_VERSION, rows.now, given.received_at, before.settled_at),
        )
    )
    rows.acts.append(_act(given, before.outcome, proposals[0].place if proposals else "", "stays"))


def _act(given: Input, outcome: str, place: str, why: str) -> Act:
    facts = {"outcome": outcome, "place": place, "why": why, "rules": rules.RULES_VERSION}
    return Act(Event.ROUTING_REPORT_PLACED, given.report_id, given.compartment, facts)


def _propose(given: Input, proposals: Sequence[Proposal], ground: Ground, rows: Rows) -> None:
    where = (given.compartment, given.report_id, rows.now)
    for rank, (one, row) in enumerate(zip(proposals, uuid7s(len(proposals)), strict=True), start=1):
        unit, _ = rules.unit_for(one.place, one.possible, ground.seen_from[given.holder], ground.names)
        rows.proposals.append(
            (
                *(row, *where, rank, one.whose, one.country, one.state, one.district, list(one.possible), unit),
                *(one.points, one.strength, _json(one.reasons), _json(one.against)),
            )
        )
    if proposals:
        rows.places[given.report_id] = proposals[0].place


def _forward(given: Input, unit: UUID, decision: Decision, ground: Ground, rows: Rows) -> None:
    """The offer by the holder's standing rule: nothing is moved, an opening is added."""
    referral = uuid7()
    line = [one.id for one in ground.tree.line(unit)]
    due = rows.now + timedelta(minutes=rules.accept_minutes(given.lane, ground.clocks, line))
    rows.referrals.append(
        (
            *(referral, given.compartment, given.report_id, given.holder, unit, "offered", given.lane, decision.place),
            *(_json(decision.why), "", rows.now, due, ""),
        )
    )
    rows.openings.extend(openings(referral, given.compartment, unit, given.holder, ground.tree))
    rows.moves.append((given.report_id, unit))
    named = ground.tree.units
    facts = hand_over(referral, given.holder, named[given.holder].name, unit, named[unit].name)
    facts |= {"due_at": due.isoformat(), "by_rule": True}
    rows.acts.append(Act(Event.ROUTING_REFERRAL_OFFERED, given.report_id, given.compartment, facts))


def openings(
    referral: UUID, compartment: UUID, unit: UUID, holder: UUID, units: Tree
) -> list[tuple[UUID, UUID, str, str]]:
    """The unit may work on it; the state above it watches, unless it is the one that forwards."""
    basis = f"referral {referral}"
    state = units.state_of(unit)
    watching = [(state.id, compartment, WATCH, basis)] if state is not None and state.id != holder else []
    return [(unit, compartment, WORK, basis), *watching]


def hand_over(referral: UUID, from_unit: UUID, from_name: str, to_unit: UUID, to_name: str) -> dict[str, object]:
    """The facts of a hand-over for its ledger lines."""
    return {
        "referral": str(referral),
        "from_unit": from_name,
        "from_unit_id": str(from_unit),
        "to_unit": to_name,
        "to_unit_id": str(to_unit),
    }


def _insert(rows: Rows) -> None:
    insert("routing_proposal", _PROPOSAL, rows.proposals)
    insert("routing_placement", _PLACEMENT, rows.placements, conflict=_AGAIN)
    insert("routing_referral", _REFERRAL, rows.referrals)
    open_to(rows.openings)
    triage.forwarded(rows.moves)
    triage.set_places(rows.places)
    record(rows.acts)


def _seen(report_id: UUID, *columns: object) -> Seen:
    return Seen(report_id, Sighting(*columns))  # type: ignore[arg-type]  # in the order of the statement


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
