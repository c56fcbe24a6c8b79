"""What templates of routing and of the desk need around the sentences: masks, names of places, and one report's view."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn
from abhaya.routing import queries
from abhaya.routing.evidence import VICTIM, WHOSE, WHOSE_WORDS
from abhaya.routing.queries import Handed, Placed, Shown
from abhaya.routing.reasons import SENTENCES, STRENGTH_WORDS
from abhaya.shared.reason import Reason

# Values of a sentence that name a person's own address, telephone or words; a child's are not shown by a proposal.
IDENTIFYING = frozenset({"address", "number", "text", "what", "what_hi", "city", "code", "region", "range", "inner"})
MASK = "•••"

OUTCOMES = {
    "forwarded": _("forwarded by the unit’s standing rule"),
    "proposed": _("a person forwards it"),
    "ours": _("this unit’s own"),
    "nobody": _("nobody’s yet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal as a page shows it, a masked person's without what identifies them."""

    shown: Shown
    place: dict[str, str]
    is_masked: bool

    @property
    def unit(self) -> dict[str, str]:
        return {"name": self.shown.unit_name, "name_hi": self.shown.unit_name_hi}

    @property
    def reasons(self) -> list[Reason]:
        return [masked(reason) for reason in self.shown.reasons] if self.is_masked else self.shown.reasons

    @property
    def against(self) -> list[Reason]:
        return [masked(reason) for reason in self.shown.against] if self.is_masked else self.shown.against


@dataclass(frozen=True, slots=True)
class Whose:
    """“Whose is it?” of one report, for its page."""

    placed: Placed | None
    lines: Sequence[Line]
    history: Sequence[Handed]
    to_decide: Handed | None  # what was offered to the reader's unit and waits
    may_decide: bool
    may_forward: bool
    sentences: object = None
    strengths: object = None
    whose_words: object = None


def masked(reason: Reason) -> Reason:
    """The reason without what identifies a person; its place and weight stay."""
    values = {name: MASK if name in IDENTIFYING else value for name, value in reason.values.items()}
    return Reason(reason.code, values, reason.weight)


def whose(report_id: UUID, officer: SignedIn, holder: UUID | None, masked_roles: Collection[str] = ()) -> Whose:
    """Everything the report's page says about where it belongs. `masked_roles` are roles whose persons are masked."""
    hidden = {WHOSE[role] for role in masked_roles if role in WHOSE} | {VICTIM}
    shown = queries.proposals(report_id)
    labels = queries.labels([one.place for one in shown])
    history = queries.history(report_id)
    waiting = next((one for one in history if one.state == "offered" and one.to_unit_id == officer.unit_id), None)
    return Whose(
        placed=queries.placement(report_id),
        lines=[Line(one, labels.get(one.place, {"name": one.place}), one.whose in hidden) for one in shown],
        history=history,
        to_decide=waiting,
        may_decide=waiting is not None and officer.may(Permission.ROUTING_REFERRAL_DECIDE),
        may_forward=waiting is None
        and holder == officer.unit_id
        and officer.may(Permission.ROUTING_REFERRAL_OFFER)
        and not any(one.state == "offered" for one in history),
        sentences=SENTENCES,
        strengths=STRENGTH_WORDS,
        whose_words=WHOSE_WORDS,
    )
