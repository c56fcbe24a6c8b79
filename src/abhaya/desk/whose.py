"""“Whose is it?” on the report page: proposals with reasons and what speaks against, hand-overs, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from abhaya.access.queries import SignedIn
from abhaya.desk.masking import Masking
from abhaya.desk.redaction import MASK
from abhaya.places.queries import place
from abhaya.routing import queries as routing
from abhaya.routing.evidence import COMPLAINANT, RECIPIENT, REPORTED, VICTIM
from abhaya.routing.reasons import IDENTIFYING
from abhaya.shared.reason import Reason, Sentences

OFFERED = "offered"
_ROLE_OF = {REPORTED: "reported", VICTIM: "victim", RECIPIENT: "recipient", COMPLAINANT: "reporter"}

# The title's second half. It says where something points, not where somebody is.
POINTS: Sentences = {
    "points_strong": ("{title}; it points to {place}", "{title}; संकेत {place_hi} की ओर"),
    "points_medium": ("{title}; it may point to {place}", "{title}; शायद संकेत {place_hi} की ओर"),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One place a report may belong to, with the unit that answers for it."""

    shown: routing.Shown
    name: str
    name_hi: str
    reasons: Sequence[Reason]
    against: Sequence[Reason]

    @property
    def unit(self) -> dict[str, str]:
        return {"name": self.shown.unit_name, "name_hi": self.shown.unit_name_hi}


@dataclass(frozen=True, slots=True)
class Whose:
    """Everything routing says of one report."""

    proposals: Sequence[Proposed]
    placement: routing.Placed | None
    history: Sequence[routing.Handed]
    offered_to_us: routing.Handed | None  # waits for this officer's unit to accept or return

    @property
    def first(self) -> Proposed | None:
        return self.proposals[0] if self.proposals else None


def gather(report_id: UUID, officer: SignedIn, masking: Masking, history: Sequence[routing.Handed]) -> Whose:
    """`masking`: whose values are not shown, in whatever role the road found them. `history`: where it was sent."""
    placement, proposals = routing.placing(report_id)
    open_offers = [one for one in history if one.state == OFFERED and one.to_unit_id == officer.unit_id]
    return Whose(
        proposals=[_proposed(shown, masking) for shown in proposals],
        placement=placement,
        history=history,
        offered_to_us=open_offers[0] if open_offers else None,
    )


def title_with_place(title: str, whose: Whose) -> Reason | None:
    """The title and where it points; None where that is too weak, or no closer than a country."""
    first = whose.first
    if first is None or not first.shown.state or first.shown.strength not in {"strong", "medium"}:
        return None
    values: dict[str, str | int | float] = {
        "title": title,
        "place": first.name,
        "place_hi": first.name_hi or first.name,
    }
    return Reason(f"points_{first.shown.strength}", values)


def _proposed(shown: routing.Shown, masking: Masking) -> Proposed:
    found = place(shown.place) if shown.place else None
    hidden = _ROLE_OF.get(shown.whose) in {person.role for person in masking.persons}
    return Proposed(
        shown=shown,
        name=found.name if found else shown.place,
        name_hi=found.name_hi if found else "",
        reasons=[masked_reason(reason) if hidden else _freed(reason, masking) for reason in shown.reasons],
        against=[masked_reason(reason) if hidden else _freed(reason, masking) for reason in shown.against],
    )


def masked_reason(reason: Reason) -> Reason:
    values = {key: MASK if key in IDENTIFYING and value else value for key, value in reason.values.items()}
    return Reason(reason.code, values, reason.weight)


def _freed(reason: Reason, masking: Masking) -> Reason:
    """A masked person's telephone that stands in a text is theirs still, though the road took it for another's."""
    values = {
        key: masking.text(value) if key in IDENTIFYING and isinstance(value, str) else value
        for key, value in reason.values.items()
    }
    return Reason(reason.code, values, reason.weight)
