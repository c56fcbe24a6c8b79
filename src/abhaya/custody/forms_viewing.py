"""Forms about how media are shown, when it is enough, and the rules about opening files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from abhaya.custody.formats.lawful_csv import FILE_BYTES_MAX
from abhaya.custody.looks import Lowered, Own
from abhaya.custody.viewing import HIDE_AFTER_SECONDS, SMALL_SIDES_PIXELS, Caps, Choice

HOUSE = Caps()
BREAK_MINUTES_MAX = 120
VERSION_CHARACTERS_MAX = 60


class LimitsForm(forms.Form):
    """Limits below the house's own. An empty field lowers nothing."""

    items_a_day = forms.IntegerField(
        label=_("Files a day, at most"), required=False, min_value=1, max_value=HOUSE.items_a_day
    )
    minutes_a_day = forms.IntegerField(
        label=_("Minutes a day, at most"), required=False, min_value=1, max_value=HOUSE.minutes_a_day
    )
    minutes_without_break = forms.IntegerField(
        label=_("Minutes until a break"), required=False, min_value=1, max_value=HOUSE.minutes_without_break
    )
    break_minutes = forms.IntegerField(
        label=_("Minutes of a break, at least"),
        required=False,
        min_value=HOUSE.break_minutes,
        max_value=BREAK_MINUTES_MAX,
    )

    def lowered(self) -> Lowered:
        given = self.cleaned_data
        return Lowered(
            given["items_a_day"], given["minutes_a_day"], given["minutes_without_break"], given["break_minutes"]
        )

    @staticmethod
    def initial_of(lowered: Lowered) -> dict[str, Any]:
        return {
            "items_a_day": lowered.items_a_day,
            "minutes_a_day": lowered.minutes_a_day,
            "minutes_without_break": lowered.minutes_without_break,
            "break_minutes": lowered.break_minutes,
        }


class ViewingForm(LimitsForm):
    """An officer's own settings."""

    blur = forms.ChoiceField(
        label=_("Blur"),
        choices=[("strong", _("Strong blur")), ("medium", _("Medium blur")), ("light", _("Light blur"))],
    )
    starts_blurred = forms.BooleanField(label=_("Begin blurred"), required=False)
    is_grey = forms.BooleanField(label=_("In grey until colour is asked for"), required=False)
    small_side_pixels = forms.TypedChoiceField(
        label=_("Size until full size is asked for"),
        coerce=int,
        choices=[(side, f"{side} px") for side in SMALL_SIDES_PIXELS],
    )
    hide_after_seconds = forms.TypedChoiceField(
        label=_("Hide by itself after"),
        coerce=int,
        choices=[(seconds, f"{seconds} s") for seconds in HIDE_AFTER_SECONDS],
    )
    field_order = ["blur", "starts_blurred", "is_grey", "small_side_pixels", "hide_after_seconds"]

    def choice(self) -> Choice:
        given = self.cleaned_data
        return Choice(
            given["blur"],
            given["small_side_pixels"],
            given["is_grey"],
            given["starts_blurred"],
            given["hide_after_seconds"],
        )

    @classmethod
    def of(cls, own: Own) -> ViewingForm:
        choice = own.choice
        return cls(
            initial={
                "blur": choice.blur,
                "small_side_pixels": choice.small_side_pixels,
                "is_grey": choice.is_grey,
                "starts_blurred": choice.starts_blurred,
                "hide_after_seconds": choice.hide_after_seconds,
            }
            | cls.initial_of(own.lowered)
        )


class LawfulForm(forms.Form):
    """A new version of the rules about opening files."""

    version = forms.CharField(
        label=_("Name of this version"),
        help_text=_("For example: legal cell, November 2026."),
        max_length=VERSION_CHARACTERS_MAX,
    )
    file = forms.FileField(
        label=_("CSV file"), help_text=_("First line: jurisdiction, viewed, needs, source; and, if known, source_hi.")
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        return bytes(file.read())
