"""Whose is it? From weighed evidence to ranked proposals, and from proposals to a unit, or to nobody. Pure.

The place of the reported person and that of the child are kept apart and never averaged. Evidence that agrees counts
only once per kind; evidence that points elsewhere is always said. A report goes to a district only when nothing of like
weight points to another; to the state when only the state is sure; to nobody, with the reason, when neither is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from abhaya.routing.evidence import (
    COMPLAINANT,
    RECIPIENT,
    REPORTED,
    VICTIM,
    WHOSE_WORDS,
    Evidence,
    Names,
    Values,
    place_words,
    whose_words,
)
from abhaya.routing.reasons import STRENGTH_WORDS
from abhaya.shared.reason import Reason
from abhaya.triage.rules import BOTH_CHILDREN, CHILD_SENDER, IMMINENT, NORMAL, THIN, VIRAL

RULES_VERSION = "2026-11-1"

STRONG_POINTS, MEDIUM_POINTS, POINTS_MAX = 65, 40, 100
AGREE_POINTS = 8  # for each other kind of evidence that names the same state or district
AGREE_COUNTRY_POINTS = 3  # … the same country
AGREE_AGAIN_POINTS, AGREE_AGAIN_POINTS_MAX = 3, 12  # for another sighting of the same kind in the same state
CONTRADICT_POINTS = -5  # for each other kind that points elsewhere
RIVAL_POINTS = 15  # a place as near as this to the first is its rival
PROPOSALS_MAX = 8
OTHERS_NAMED_MAX = 3  # of those that agree, and of those that point elsewhere; the rest are counted

KINDS = ("ip", "address", "estimated", "phone", "text")
ORDER = (REPORTED, VICTIM, RECIPIENT, COMPLAINANT)  # whose place comes first, where each is known as well

# Until when the unit a report is offered to should accept or return it, in minutes, where no unit has set its own.
ACCEPT_MINUTES = {
    IMMINENT: 30,
    CHILD_SENDER: 2 * 60,
    BOTH_CHILDREN: 24 * 60,
    NORMAL: 72 * 60,
    VIRAL: 7 * 24 * 60,
    THIN: 7 * 24 * 60,
}
ACCEPT_MINUTES_OTHERWISE = 72 * 60


@dataclass(frozen=True, slots=True)
class Proposal:
    """One place the report may belong to."""

    whose: str
    country: str
    state: str
    district: str
    possible: tuple[str, ...]
    points: int
    because: Values  # the kind of evidence it rests on, and how many other facts agree: nothing that identifies anybody
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]

    @property
    def place(self) -> str:
        return self.district or self.state or self.country

    @property
    def strength(self) -> str:
        return strength(self.points)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the rules see it."""

    id: UUID
    parent: UUID | None
    kind: str  # hub, state, district, station
    name: str
    name_hi: str
    forward_rule: str = "off"


@dataclass(frozen=True, slots=True)
class Tree:
    """The active units, and which of them answer for which places."""

    units: Mapping[UUID, Unit]
    covering: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    own_place: Mapping[UUID, str] = field(default_factory=dict)

    def country(self, unit: UUID) -> str:
        """The country of a unit: that of its own place, or of a unit above it. "" where none says."""
        return next((place[:2] for one in self.line(unit) if (place := self.own_place.get(one.id))), "")

    def line(self, unit: UUID) -> list[Unit]:
        """The unit and those above it."""
        found: list[Unit] = []
        at = self.units.get(unit)
        while at is not None and len(found) < len(self.units):
            found.append(at)
            at = self.units.get(at.parent) if at.parent else None
        return found

    def seen_from(self, unit: UUID) -> Tree:
        """The tree for one holder: where a place has units under the holder's own hub, only those answer for it."""
        top = self.line(unit)[-1].id if unit in self.units else None
        covering = {}
        for place, units in self.covering.items():
            near = [one for one in units if one in self.units and self.line(one)[-1].id == top]
            covering[place] = near or units
        return Tree(self.units, covering, self.own_place)

    def below(self, unit: UUID, above: UUID) -> bool:
        return unit != above and any(one.id == above for one in self.line(unit))

    def state_of(self, unit: UUID) -> Unit | None:
        """The state unit above a district or station."""
        return next((one for one in self.line(unit)[1:] if one.kind == "state"), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """To whom a report goes, or why to nobody."""

    unit: UUID | None
    place: str
    why: Reason
    outcome: str


# Outcomes: offered to `unit` by the standing rule · a unit is known and a person forwards · the holder's own · nobody's.
FORWARDED, PROPOSED, OURS, NOBODY = "forwarded", "proposed", "ours", "nobody"


def strength(points: int) -> str:
    return "strong" if points >= STRONG_POINTS else "medium" if points >= MEDIUM_POINTS else "weak"


def propose(evidence: Iterable[Evidence], names: Names) -> list[Proposal]:
    """Ranked places, each with its reasons and what speaks against it; empty when nothing points anywhere."""
    by_whose: dict[str, list[Evidence]] = {}
    for one in evidence:
        by_whose.setdefault(one.whose, []).append(one)
    proposals = {whose: _of_one(whose, found, names) for whose, found in by_whose.items()}
    # A country alone sends nobody anywhere: whose state is known comes before whose country is.
    first = sorted(
        (whose for whose in ORDER if proposals.get(whose)),
        key=lambda whose: not any(one.state or one.possible for one in proposals[whose]),
    )
    return [one for whose in first for one in proposals[whose]][:PROPOSALS_MAX]


def _of_one(whose: str, evidence: Sequence[Evidence], names: Names) -> list[Proposal]:
    """Proposals for one person's place, the heaviest first."""
    placed = [one for one in evidence if one.country]
    nowhere = tuple(reason for one in evidence if not one.country for reason in one.against)
    made = [_proposal(whose, candidate, placed, nowhere, names) for candidate in _candidates(placed)]
    made.sort(key=lambda one: (-one.points, -one.place.count("-"), one.place))
    return [one for one in made if not any(_folds_into(one, other) for other in made)]


def _candidates(placed: Sequence[Evidence]) -> list[Evidence]:
    """One evidence for each distinct place, the heaviest that names it."""
    best: dict[tuple[str, tuple[str, ...]], Evidence] = {}
    for one in placed:
        key = (one.place, one.possible)
        if key not in best or _weight(one) < _weight(best[key]):
            best[key] = one
    return list(best.values())


def _weight(one: Evidence) -> tuple[int, int, tuple[str, str], str]:
    """The heaviest first; of equal weight always in the same order, however the facts came."""
    return -one.points, KINDS.index(one.kind), one.label, one.place


def _folds_into(wide: Proposal, narrow: Proposal) -> bool:
    """Whether a wider place is said by a narrower one inside it that weighs nearly as much."""
    inside = narrow.place.startswith(f"{wide.place}-") or (
        narrow.place == wide.place and bool(wide.possible) < bool(narrow.possible)
    )
    return wide is not narrow and inside and narrow.points >= wide.points - RIVAL_POINTS


def _proposal(
    whose: str, candidate: Evidence, placed: Sequence[Evidence], nowhere: tuple[Reason, ...], names: Names
) -> Proposal:
    others = sorted((one for one in placed if one is not candidate), key=_weight)
    agreeing = [one for one in others if _agrees(one, candidate)]
    elsewhere = [one for one in others if not _agrees(one, candidate)]
    points = (
        candidate.points + _agreement(candidate, agreeing) + CONTRADICT_POINTS * len({one.kind for one in elsewhere})
    )
    return Proposal(
        whose=whose,
        country=candidate.country,
        state=candidate.state,
        district=candidate.district,
        possible=candidate.possible,
        points=max(1, min(points, POINTS_MAX)),
        because={"because": candidate.kind_words[0], "because_hi": candidate.kind_words[1], "agree": len(agreeing)},
        reasons=(*candidate.reasons, *_said(agreeing, "agrees", names)),
        against=tuple(_once([*candidate.against, *_said(elsewhere, "points_elsewhere", names), *nowhere])),
    )


def _agreement(candidate: Evidence, agreeing: Sequence[Evidence]) -> int:
    """Another kind of evidence counts once; another sighting of the same kind counts a little, up to a limit."""
    same = [one for one in agreeing if one.kind == candidate.kind and one.state and candidate.state]
    points = min(AGREE_AGAIN_POINTS * len(same), AGREE_AGAIN_POINTS_MAX)
    for kind in {one.kind for one in agreeing} - {candidate.kind}:
        in_state = candidate.state and any(one.state for one in agreeing if one.kind == kind)
        points += AGREE_POINTS if in_state else AGREE_COUNTRY_POINTS
    return points


def _said(others: Sequence[Evidence], code: str, names: Names) -> list[Reason]:
    said = []
    for one in others[:OTHERS_NAMED_MAX]:
        what: Values = {"what": one.label[0], "what_hi": one.label[1]}
        said.append(Reason(code, what | place_words(one.place, names)))
    more = len(others) - OTHERS_NAMED_MAX
    return [*said, Reason(f"{code}_more", {"count": more})] if more > 0 else said


def _agrees(one: Evidence, other: Evidence) -> bool:
    """Whether one place lies in the other, or is it."""
    if one.possible and other.district:
        return other.district in one.possible
    if other.possible and one.district:
        return one.district in other.possible
    return f"{one.place}-".startswith(f"{other.place}-") or f"{other.place}-".startswith(f"{one.place}-")


def _once(reasons: Iterable[Reason]) -> list[Reason]:
    kept: list[Reason] = []
    for reason in reasons:
        if reason not in kept:
            kept.append(reason)
    return kept


def unit_for(place: str, possible: Sequence[str], tree: Tree, names: Names) -> tuple[UUID | None, Reason]:
    """The unit that answers for a place: its own, else that of the place around it. The reason says which and why."""
    alternatives = [set(_answering(district, tree)) for district in possible]
    common = set.intersection(*alternatives) if alternatives else set()
    if len(common) == 1:
        unit = next(iter(common))
        return unit, Reason("unit_covers_all", _unit_words(tree.units[unit]) | _places_words(possible, names))
    code, sharing = place, ""
    while code:
        answering = _answering(code, tree)
        if len(answering) == 1:
            words = _unit_words(tree.units[answering[0]]) | place_words(place, names) | {"units": sharing}
            return answering[0], Reason(
                "unit_of_shared" if sharing else "unit_of_place" if code == place else "unit_around", words
            )
        sharing = ", ".join(sorted(tree.units[unit].name for unit in answering)) or sharing
        code = code.rpartition("-")[0]
    return None, Reason("no_unit", place_words(place, names))


def _answering(code: str, tree: Tree) -> list[UUID]:
    """The units for exactly this place; a district before its stations, where both are said to answer for it."""
    units = [unit for unit in tree.covering.get(code, ()) if unit in tree.units]
    for kind in ("hub", "state", "district", "station"):
        if found := sorted((unit for unit in units if tree.units[unit].kind == kind), key=str):
            return found
    return []


def decide(
    proposals: Sequence[Proposal], holder: UUID, tree: Tree, names: Names, *, home: str, returned: Collection[UUID] = ()
) -> Decision:
    """What the holder's standing rule makes of the proposals. `home` is the holder's country; `returned` are units that
    have sent this report back already: then a person decides.
    """
    if not proposals:
        return Decision(None, "", Reason("nothing_usable"), NOBODY)
    first, own = proposals[0], tree.units[holder]
    if home and first.country != home:
        return Decision(None, first.country, Reason("abroad", place_words(first.country, names)), NOBODY)
    place, possible, why = _target(first, proposals, own.forward_rule, names)
    if not place:
        return Decision(None, "", why, NOBODY)
    unit, because = unit_for(place, possible, tree, names)
    if unit is None:
        return Decision(None, place, because, NOBODY)
    if unit in returned:
        words = _unit_words(tree.units[unit]) | place_words(place, names)
        return Decision(None, place, Reason("was_returned", words), NOBODY)
    return _to_unit(unit, place, why if because.code == "unit_of_place" else because, own, tree, names)


def _to_unit(unit: UUID, place: str, why: Reason, own: Unit, tree: Tree, names: Names) -> Decision:
    """The decision once a unit is found: it depends on where the unit stands to the holder (`own`)."""
    words = _unit_words(tree.units[unit]) | place_words(place, names)
    if unit == own.id or tree.below(own.id, unit):
        if own.kind == "hub":
            return Decision(None, place, Reason("none_below", words), NOBODY)
        return Decision(unit, place, Reason("ours" if unit == own.id else "ours_at_least", words), OURS)
    if not tree.below(unit, own.id):
        return Decision(unit, place, Reason("not_below", words), PROPOSED)
    if own.forward_rule == "off":
        return Decision(unit, place, Reason("rule_off", words), PROPOSED)
    return Decision(unit, place, why, FORWARDED)


def _target(
    first: Proposal, proposals: Sequence[Proposal], rule: str, names: Names
) -> tuple[str, tuple[str, ...], Reason]:
    """The place to forward to and the districts it may mean; "" and why not, where the state is not sure."""
    words = place_words(first.place, names) | whose_words(first.whose) | first.because
    words |= {"strength": STRENGTH_WORDS[first.strength][0], "strength_hi": STRENGTH_WORDS[first.strength][1]}
    rivals = [
        other
        for other in proposals[1:]
        if other.whose == first.whose and other.points >= first.points - RIVAL_POINTS and not _same_line(first, other)
    ]
    elsewhere = [other.place for other in rivals if other.state != first.state]
    if not first.state and not first.possible:
        return "", (), Reason("state_not_known", words)
    if not first.state or elsewhere:
        return "", (), Reason("states_disagree", _places_words(first.possible or [first.place, *elsewhere], names))
    if first.strength == "weak":
        return "", (), Reason("too_weak", words)
    if rivals:
        near = _places_words([first.place, *(one.place for one in rivals)], names)
        return first.state, (), Reason("districts_disagree", near)
    if rule == "state" or not (first.district or first.possible):
        return first.state, (), Reason("to_state", words | place_words(first.state, names))
    return first.place, first.possible, Reason("to_district" if first.district else "to_state", words)


def _same_line(one: Proposal, other: Proposal) -> bool:
    return f"{one.place}-".startswith(f"{other.place}-") or f"{other.place}-".startswith(f"{one.place}-")


def _unit_words(unit: Unit) -> Values:
    return {"unit": unit.name, "unit_hi": unit.name_hi or unit.name}


def _places_words(codes: Iterable[str], names: Names) -> Values:
    pairs = [names(code) for code in dict.fromkeys(codes)]
    return {"place": ", ".join(english for english, _ in pairs), "place_hi": ", ".join(hindi for _, hindi in pairs)}


def accept_minutes(lane: str, settings: Mapping[tuple[UUID | None, str], int], line: Sequence[UUID]) -> int:
    """How long the unit has: its own setting for the lane, else that of a unit above it, else the general one."""
    for unit in (*line, None):
        if (minutes := settings.get((unit, lane))) is not None:
            return minutes
    return ACCEPT_MINUTES.get(lane, ACCEPT_MINUTES_OTHERWISE)


assert set(ORDER) == set(WHOSE_WORDS)  # noqa: S101 — every person whose place may be known has a rank
