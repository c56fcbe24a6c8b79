"""What a reader of the ledger may ask for, and who holds a checkpoint now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.ledger.actions import RECIPIENT_CHARACTERS_MAX
from abhaya.ledger.models import Departure
from abhaya.ledger.queries import Filter
from abhaya.ledger.wording import EVENTS

NAME_CHARACTERS_MAX = 200


class LedgerFilter(forms.Form):
    """Event, actor and days. Nothing chosen is everything."""

    event = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Who"), required=False, max_length=NAME_CHARACTERS_MAX)
    first = forms.DateField(label=_("From the day"), required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("To the day"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        hindi = (get_language() or "en").startswith("hi")
        said = [(event.value, _without_facts(pair[1] if hindi else pair[0])) for event, pair in EVENTS.items()]
        self.fields["event"].choices = [("", _("everything")), *sorted(said, key=lambda each: each[1])]  # type: ignore[attr-defined]  # a choice field

    def asked(self) -> Filter:
        """The filter for the query. Days are whole days in the unit's own zone."""
        given = self.cleaned_data
        return Filter(
            event=given["event"] or None,
            actor=given["who"].strip() or None,
            first=_begins(given["first"]) if given["first"] else None,
            end=_begins(given["last"] + timedelta(days=1)) if given["last"] else None,
        )

    def facts(self) -> dict[str, str]:
        """What was asked, for the entry about the reading."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class LooksFilter(forms.Form):
    """Which day, and which item. Nothing chosen is everything."""

    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}))
    item = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def asked(self) -> Filter:
        day = self.cleaned_data.get("day") if self.is_valid() else None
        return Filter(first=_begins(day), end=_begins(day + timedelta(days=1))) if day else Filter()


class ProofForm(forms.Form):
    """Who will hold the proof file, and why."""

    recipient = forms.CharField(
        label=_("Who will hold it"),
        help_text=_("A court, a prosecutor, a defence counsel."),
        max_length=RECIPIENT_CHARACTERS_MAX,
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=NAME_CHARACTERS_MAX)


class HandedForm(forms.Form):
    """A checkpoint left: to whom, and how."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=[
            (Departure.How.PRINTED, _("printed, on paper")),
            (Departure.How.EXPORTED, _("as a file")),
            (Departure.How.WITNESSED, _("read out or sent to a witness, who noted it")),
        ],
    )
    recipient = forms.CharField(
        label=_("Who holds it now"),
        help_text=_("A court, a partner agency, a sealed envelope: somebody outside whoever runs this server."),
        max_length=RECIPIENT_CHARACTERS_MAX,
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _without_facts(sentence: str) -> str:
    """“Report received[, sent by {sender}]” as the name of its kind: “Report received”."""
    return sentence.partition("[")[0].replace("{size} ", "").strip()
