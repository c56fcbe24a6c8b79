"""Forms of grades: how reliable a source is, how credible what it says, and why; and taking a grade back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.access.actions.approvals import PURPOSE_CHARACTERS_MAX, PURPOSE_CHARACTERS_MIN
from abhaya.intake.admiralty import (
    CREDIBILITY,
    CREDIBILITY_MEANS,
    RELIABILITY,
    RELIABILITY_MEANS,
    Pair,
)

Choices = list[tuple[str, str]]


def reliability_choices() -> Choices:
    return _choices(RELIABILITY, {})


def credibility_choices() -> Choices:
    return _choices(CREDIBILITY, {})


def _choices(words: Mapping[str, Pair], means: Mapping[str, Pair]) -> Choices:
    """A code with its word in the reader's language, and its sentence where `means` has one."""
    at = 1 if (get_language() or "en").startswith("hi") else 0
    return [
        (code, f"{code} · {pair[at]}" + (f": {means[code][at]}" if code in means else ""))
        for code, pair in words.items()
    ]


def _why(help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        help_text=help_text,  # type: ignore[arg-type]  # a lazy translation is text
        min_length=PURPOSE_CHARACTERS_MIN,
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SenderGradeForm(forms.Form):
    reliability = forms.ChoiceField(
        label=_("How reliable is this source?"),
        choices=lambda: _choices(RELIABILITY, RELIABILITY_MEANS),
        widget=forms.RadioSelect,
    )
    why = _why(_("Everybody who reads a report of this sender may read it: no case, no name."))


class GradeForm(forms.Form):
    """Of one report. `sender`: how its source is graded otherwise."""

    credibility = forms.ChoiceField(
        label=_("How credible is what this report says?"),
        help_text=_("Judge what it says apart from who says it."),
        choices=lambda: _choices(CREDIBILITY, CREDIBILITY_MEANS),
        widget=forms.RadioSelect,
    )
    reliability = forms.ChoiceField(label=_("How reliable is its source?"), required=False)
    why = _why(_("A sentence that another officer, and a court, can follow. No name of a child."))

    def __init__(self, *args: object, sender: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        otherwise = ("", _("as the sender is graded: %(grade)s") % {"grade": sender})
        cast(forms.ChoiceField, self.fields["reliability"]).choices = [otherwise, *reliability_choices()]


class UndoForm(forms.Form):
    """Takes back the grade that stood on the page."""

    grade = forms.UUIDField(widget=forms.HiddenInput)
    why = _why()
