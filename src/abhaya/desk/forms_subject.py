"""Forms of subjects: what an officer says of two accounts, and why."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from abhaya.desk.forms import SEARCH_CHARACTERS_MAX
from abhaya.triage.actions import REASON_CHARACTERS_MAX, REASON_CHARACTERS_MIN

ANSWERS = (
    ("same", _("The same person’s")),
    ("different", _("Different persons’: they are parted at once, and stay apart")),
    ("unsure", _("Unsure: I looked, and it cannot be told")),
)


class JudgeForm(forms.Form):
    answer = forms.ChoiceField(label=_("These two accounts are"), choices=ANSWERS, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Why"),
        help_text=_("A sentence that another officer, and a court, can follow."),
        min_length=REASON_CHARACTERS_MIN,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CompareForm(forms.Form):
    """Two reports by their numbers, or by what an address of ours carries."""

    a = forms.CharField(label=_("One report"), help_text=_("Its number."), max_length=SEARCH_CHARACTERS_MAX)
    b = forms.CharField(label=_("Another report"), max_length=SEARCH_CHARACTERS_MAX)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        for field in self.fields.values():
            cast(forms.TextInput, field.widget).attrs |= {"autocomplete": "off", "inputmode": "numeric"}
