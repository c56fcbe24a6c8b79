"""Forms around looking at a file: what it is opened with, what came of it, to whom it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from abhaya.custody.lawful import PURPOSE_CHARACTERS_MIN, TEXT_CHARACTERS_MAX, Ask, Basis
from abhaya.custody.look_actions import Given
from abhaya.custody.look_reasons import RESULTS
from abhaya.custody.looks import OnRota
from abhaya.desk.forms import in_reader_language

QUEUE = "queue"
_TEXT = {"autocomplete": "off"}


class LookForm(forms.Form):
    """What the rules in force, the file's past and the officer's meter ask for; nothing else is on the page."""

    purpose = forms.CharField(
        label=_("What do you need to see it for?"),
        help_text=_("In a sentence. Kept with the look and in the ledger."),
        min_length=PURPOSE_CHARACTERS_MIN,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(_TEXT),
    )
    reference = forms.CharField(
        label=_("Under which case or report number?"),
        help_text=_("The number of the registered case, or of this report."),
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(_TEXT),
    )
    warrant = forms.CharField(
        label=_("Under which order of a court?"),
        help_text=_("The number and date of the warrant for this file."),
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(_TEXT),
    )
    why_again = forms.CharField(
        label=_("Why look again?"),
        help_text=_("What the earlier look does not answer."),
        min_length=PURPOSE_CHARACTERS_MIN,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(_TEXT),
    )
    why_on = forms.CharField(
        label=_("Why go on now, without the pause?"),
        min_length=PURPOSE_CHARACTERS_MIN,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(_TEXT),
    )

    def __init__(self, *arguments: object, asks: Sequence[Ask], **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # handed on as given
        for name in list(self.fields):
            if name not in asks:
                del self.fields[name]

    def given(self) -> Given:
        told = {name: str(self.cleaned_data.get(name, "")) for name in Ask}
        basis = Basis(told[Ask.PURPOSE], told[Ask.REFERENCE], told[Ask.WARRANT])
        return Given(basis, told[Ask.WHY_AGAIN], told[Ask.WHY_ON])


class ResultForm(forms.Form):
    """What came of it, so that nobody need look again."""

    result = forms.ChoiceField(label=_("What came of it?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In words, for whoever would else look again"),
        help_text=_("What it means for the report. Do not describe what is to be seen."),
        max_length=TEXT_CHARACTERS_MAX,
        required=False,
        widget=forms.TextInput(_TEXT),
    )

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # handed on as given
        choice = cast(forms.ChoiceField, self.fields["result"])
        choice.choices = [(code, in_reader_language(pair)) for code, pair in RESULTS.items()]


class PassOnForm(forms.Form):
    """Back to the queue, or to a colleague. There is no field for a reason, on purpose."""

    to = forms.ChoiceField(label=_("To whom?"), widget=forms.RadioSelect, initial=QUEUE)

    def __init__(self, *arguments: object, colleagues: Sequence[OnRota], **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # handed on as given
        choice = cast(forms.ChoiceField, self.fields["to"])
        choice.choices = [
            (QUEUE, _("Back to the unit’s queue")),
            *((str(one.id), one.name) for one in colleagues),
        ]

    def colleague(self) -> UUID | None:
        """None for the queue."""
        to = self.cleaned_data["to"]
        return None if to == QUEUE else UUID(to)
