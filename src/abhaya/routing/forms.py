"""What officers type when they forward, return, or set a clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.routing.actions.clocks import MINUTES_MAX
from abhaya.routing.actions.referrals import NOTE_CHARACTERS_MAX, REASON_CHARACTERS_MIN
from abhaya.routing.rules import Tree, Unit
from abhaya.triage.reasons import LANE_NAMES
from abhaya.triage.rules import LANES


def unit_name(unit: Unit) -> str:
    """The unit's own name in the reader's language."""
    return (unit.name_hi if (get_language() or "en").startswith("hi") else "") or unit.name


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it not yours?"),
        help_text=_("The unit that sent it reads this, and sends it on by it."),
        min_length=REASON_CHARACTERS_MIN,
        max_length=NOTE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ForwardForm(forms.Form):
    unit = forms.ChoiceField(label=_("To which unit?"))
    note = forms.CharField(
        label=_("A word to the unit"),
        help_text=_("What they should know that the report does not say."),
        required=False,
        max_length=NOTE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: object, tree: Tree, own: UUID, proposed: Sequence[UUID], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        first = [unit for unit in dict.fromkeys(proposed) if unit in tree.units and unit != own]
        field = cast(forms.ChoiceField, self.fields["unit"])
        field.choices = [("", _("Choose …")), *_grouped(tree, own, first)]
        if first:
            self.initial.setdefault("unit", str(first[0]))

    def chosen(self) -> UUID:
        return UUID(str(self.cleaned_data["unit"]))


def _grouped(tree: Tree, own: UUID, first: Sequence[UUID]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Proposed units, then every other under the state or hub it belongs to."""
    groups: dict[str, list[tuple[str, str]]] = {}
    if first:
        groups[str(_("Proposed"))] = [(str(unit), unit_name(tree.units[unit])) for unit in first]
    for unit in sorted(tree.units.values(), key=unit_name):
        if unit.id == own:
            continue
        above = unit if unit.kind in {"hub", "state"} else tree.state_of(unit.id) or unit
        groups.setdefault(unit_name(above), []).append((str(unit.id), unit_name(unit)))
    return list(groups.items())


class ClockForm(forms.Form):
    """One unit's clocks: a number of hours for each lane; an empty one leaves the lane to the unit above."""

    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: object, tree: Tree, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        choice = cast(forms.ChoiceField, self.fields["unit"])
        choice.choices = [(str(unit.id), unit_name(unit)) for unit in sorted(tree.units.values(), key=unit_name)]
        hindi = (get_language() or "en").startswith("hi")
        for lane in LANES:
            self.fields[lane] = forms.IntegerField(
                label=LANE_NAMES[lane][hindi],
                required=False,
                min_value=1,
                max_value=MINUTES_MAX,
                help_text=_("minutes to accept or return"),
            )

    def clocks(self) -> dict[str, int | None]:
        return {lane: self.cleaned_data[lane] for lane in LANES}
