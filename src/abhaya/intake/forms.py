"""Input checks of the officer's form, of senders and of uploads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.intake.formats.workbook import FIELDS
from abhaya.intake.forms_grades import credibility_choices, reliability_choices
from abhaya.intake.senders import NAME_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN
from abhaya.intake.words import SENDER_KINDS

TEXT_CHARACTERS_MAX = 20_000
LINES_MAX = 50

CALLERS = [
    ("adult", _("an adult who knows the child")),
    ("child", _("the child")),
    ("other", _("somebody else")),
    ("unknown", _("not said")),
]
WHAT_KINDS = [
    ("contact", _("Somebody makes contact with a child")),
    ("threat", _("A child is threatened or asked for money")),
    ("material", _("Material of a child is shared or offered")),
    ("other", _("Something else")),
]
HOW = [("telephone", _("by telephone")), ("visit", _("in person")), ("letter", _("in writing"))]


def _lines(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=widget, max_length=TEXT_CHARACTERS_MAX
    )


class ReportForm(forms.Form):
    """A walk-in, telephone or written report. Only what happened must be filled: a thin report is still a report."""

    how = forms.ChoiceField(label=_("How it came"), choices=HOW)
    caller = forms.ChoiceField(label=_("Who reports"), choices=CALLERS)
    caller_phone = forms.CharField(label=_("Telephone of the person who reports"), required=False, max_length=60)
    source_reliability = forms.ChoiceField(
        label=_("How reliable is the source?"), choices=reliability_choices, initial="F"
    )
    information_credibility = forms.ChoiceField(
        label=_("How credible is the information?"), choices=credibility_choices, initial="6"
    )
    what_kind = forms.ChoiceField(label=_("What it is about"), choices=WHAT_KINDS)
    what_happened = forms.CharField(
        label=_("What happened, in the person’s own words"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=TEXT_CHARACTERS_MAX,
    )
    when = forms.CharField(
        label=_("When"), help_text=_("As told; for example 21-11-2026 22:30 IST"), required=False, max_length=100
    )
    urgent_because = forms.CharField(
        label=_("Urgent, because"),
        help_text=_("Fill this only if a child is in danger now; it goes to the first lane."),
        required=False,
        max_length=3000,
    )
    platform = forms.CharField(label=_("App or website"), required=False, max_length=100)
    reported_name = forms.CharField(label=_("Name of the reported person"), required=False, max_length=200)
    reported_age = forms.IntegerField(label=_("Age of the reported person"), required=False, min_value=0, max_value=150)
    reported_accounts = _lines(_("Accounts"), _("One per line; “platform: identifier” where both are known"))
    reported_phones = _lines(_("Telephones"), _("One per line"))
    reported_emails = _lines(_("E-mail addresses"), _("One per line"))
    reported_urls = _lines(_("Links"), _("One per line; they are kept as text and never opened"))
    reported_addresses = _lines(_("IP addresses"), _("One per line, with port and time if known"))
    reported_payments = _lines(_("UPI addresses"), _("One per line"))
    child_name = forms.CharField(
        label=_("Name of the child"), help_text=_("Masked on every page"), required=False, max_length=200
    )
    child_age = forms.IntegerField(label=_("Age of the child"), required=False, min_value=0, max_value=17)
    child_school = forms.CharField(label=_("School"), required=False, max_length=255)
    place_whose = forms.ChoiceField(
        label=_("Whose place is this?"), choices=[("child", _("the child’s")), ("reported", _("the reported person’s"))]
    )
    place_address = forms.CharField(label=_("Address"), required=False, max_length=500)
    place_district = forms.CharField(label=_("District or town"), required=False, max_length=100)
    place_state = forms.CharField(label=_("State"), required=False, max_length=100)
    reference = forms.CharField(label=_("Diary or letter number"), required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, text in cleaned.items():
            if isinstance(text, str):
                if "\0" in text:
                    self.add_error(name, _("This contains a character that cannot be kept."))
                if name.startswith("reported_") and len(text.splitlines()) > LINES_MAX:
                    self.add_error(name, _("At most %(most)d lines.") % {"most": LINES_MAX})
        return cleaned


GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("What happened"), ("what_kind", "what_happened", "when", "platform", "urgent_because")),
    (_("Who reports"), ("how", "caller", "caller_phone", "source_reliability", "information_credibility", "reference")),
    (_("The child"), ("child_name", "child_age", "child_school")),
    (
        _("The reported person"),
        (
            "reported_name", "reported_age", "reported_accounts", "reported_phones", "reported_emails",
            "reported_urls", "reported_addresses", "reported_payments",
        ),
    ),
    (_("Where"), ("place_whose", "place_address", "place_district", "place_state")),
)  # fmt: skip


class SenderForm(forms.Form):
    """A new sender of the unit. Its password is set by whoever runs the server or given to the sender by hand."""

    name = forms.CharField(label=_("Name"), max_length=NAME_CHARACTERS_MAX)
    kind = forms.ChoiceField(label=_("Kind"), choices=SENDER_KINDS)
    username = forms.CharField(label=_("User name at the door"), required=False, max_length=100)
    password = forms.CharField(
        label=_("Password at the door"),
        help_text=format_lazy(_("At least {least} characters; it is not shown again."), least=PASSWORD_CHARACTERS_MIN),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )
    duty_contact = forms.CharField(
        label=_("Duty contact"), help_text=_("A role address, because staff change"), required=False, max_length=200
    )
    is_test = forms.BooleanField(
        label=_("Test credential: its reports are marked, never forwarded, counted or paged"), required=False
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=ManyFiles(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given]


class LoadForm(forms.Form):
    """Files to take in: workbooks with their PDFs, police JSON, archives of either."""

    uploads = FilesField(
        label=_("Files"), help_text=_("Workbooks with their PDFs, JSON, ZIP or tar; any number at once")
    )


def _label(name: str) -> str:
    """What a column can mean, in the reader's language."""
    field = FIELDS[name]
    return field.label_hi if (get_language() or "en").startswith("hi") else field.label


class MappingForm(forms.Form):
    """One choice per column of an unknown workbook, in the reader's language."""

    def __init__(self, header: tuple[str, ...], suggested: dict[str, str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.header = header
        meanings = [("", _("not used (kept as not understood)")), *((name, _label(name)) for name in FIELDS)]
        for index, heading in enumerate(header):
            self.fields[f"column{index}"] = forms.ChoiceField(
                label=heading or _("(no heading)"),
                choices=meanings,
                required=False,
                initial=suggested.get(heading, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = [value for value in cleaned.values() if value]
        if "report_number" not in chosen:
            raise forms.ValidationError(_("Say which column holds the report number: rows are matched to PDFs by it."))
        for name in sorted(set(chosen)):
            if chosen.count(name) > 1:
                raise forms.ValidationError(_("Two columns cannot both be “%(field)s”.") % {"field": _label(name)})
        return cleaned

    def columns(self) -> dict[str, str]:
        """Heading → field, as chosen."""
        chosen = ((heading, self.cleaned_data.get(f"column{index}", "")) for index, heading in enumerate(self.header))
        return {heading: field for heading, field in chosen if field}
