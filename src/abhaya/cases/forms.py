"""What members type into a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.access.actions import WATCH, WORK
from abhaya.cases.actions.cases import LINE_CHARACTERS_MAX, REASON_CHARACTERS_MIN, TEXT_CHARACTERS_MAX
from abhaya.selectors.kinds import LINKING
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES

ROLES = ("reported", "associated", "victim", "mentioned")


class _Line(forms.CharField):
    """One line of text, not empty."""

    def __init__(self, **more: object) -> None:
        super().__init__(max_length=LINE_CHARACTERS_MAX, **more)  # type: ignore[arg-type]  # a field's own words


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        min_length=REASON_CHARACTERS_MIN,
        max_length=LINE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseForm(forms.Form):
    title = _Line(label=_("Title"), help_text=_("As your unit calls it. Only members read it."))
    contact = _Line(
        label=_("How is the liaison reached?"),
        help_text=_(
            "You are its liaison to begin with. Whoever has the same identifier is told your name, unit and this."
        ),
    )
    covert = forms.BooleanField(
        label=_("Covert: nobody but its members learns that it exists. This cannot be changed later."), required=False
    )


class ChangeForm(forms.Form):
    title = _Line(label=_("Title"))
    contact = _Line(label=_("How is the liaison reached?"))
    liaison = forms.ChoiceField(label=_("Liaison"), help_text=_("A working member without an end date."))

    def __init__(self, *args: object, members: Sequence[tuple[UUID, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        cast(forms.ChoiceField, self.fields["liaison"]).choices = [(str(one), name) for one, name in members]


class MemberForm(forms.Form):
    """A new member, or a member's new level and end."""

    officer = forms.ChoiceField(label=_("Officer"))
    level = forms.ChoiceField(
        label=_("Level"), choices=[(WORK, _("works on it")), (WATCH, _("reads along"))], widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("The membership ends by itself after this day. Empty: until somebody ends it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    basis = _Line(label=_("Why does this officer need to know?"))

    def __init__(self, *args: object, colleagues: Sequence[tuple[UUID, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        choices = [("", _("Choose …")), *((str(one), name) for one, name in colleagues)]
        cast(forms.ChoiceField, self.fields["officer"]).choices = choices

    def end(self) -> datetime | None:
        """The end of the last day, by the unit's clock."""
        last: date | None = self.cleaned_data["until"]
        if last is None:
            return None
        return datetime.combine(last, time.max, ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


class AttachForm(ReasonForm):
    number = forms.IntegerField(
        label=_("Number of the report"),
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("number", "reason")


class WatchForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    raw = _Line(label=_("Identifier"))
    platform = _Line(label=_("Platform"), required=False, help_text=_("For an account: where it is."))
    role = forms.ChoiceField(label=_("Whose"))
    source = _Line(label=_("Where is it known from?"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        hindi = (get_language() or "en").startswith("hi")
        kinds = [(kind, KIND_NAMES[kind][hindi]) for kind in KIND_NAMES if kind in LINKING]
        cast(forms.ChoiceField, self.fields["kind"]).choices = kinds
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role, ROLE_NAMES[role][hindi]) for role in ROLES]


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=TEXT_CHARACTERS_MAX, widget=forms.Textarea(attrs={"rows": 5}))


class SpeakForm(ReasonForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("spoken", _("Speak: the other side is told to talk to me")),
            ("silent", _("Keep silent: the other side learns nothing")),
        ],
        help_text=_("What is said cannot be taken back. You may keep silent now and speak later."),
        widget=forms.RadioSelect,
    )
    field_order = ("decision", "reason")
