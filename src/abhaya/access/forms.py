"""What the pages of this room take from a browser, checked for shape; meaning is the actions' to check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.access import rules
from abhaya.access.formats.units_csv import FILE_BYTES_MAX
from abhaya.access.passkeys import ANSWER_LETTERS_MAX, PASSKEY_NAME_LETTERS_MAX
from abhaya.access.permissions import Role
from abhaya.access.queries import UnitRow
from abhaya.access.words import FORWARD_RULES, HOLDS_FILES, KINDS, LANGUAGES, ROLES

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autocapitalize": "characters"}
NEW_PASSWORD = {"autocomplete": "new-password"}
PLAIN = {"spellcheck": "false", "autocapitalize": "none"}


def _indented(unit: UnitRow) -> str:
    """A unit in a list to choose from, under the one it stands under, in the reader's language."""
    is_hindi = (get_language() or "en").startswith("hi")
    return "\u2003" * unit.depth + (unit.name_hi if is_hindi and unit.name_hi else unit.name)


def _code_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=40, widget=forms.TextInput(CODE))


def _new_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters. Four words with spaces between them are easy to remember."),
        max_length=rules.PASSWORD_LETTERS_MAX,
        strip=False,
        widget=forms.PasswordInput(NEW_PASSWORD),
    )


def _again_field() -> forms.CharField:
    return forms.CharField(
        label=_("The same password again"),
        max_length=rules.PASSWORD_LETTERS_MAX,
        strip=False,
        widget=forms.PasswordInput(NEW_PASSWORD),
    )


class _TypedTwice(forms.Form):
    """A form with a new password, typed twice."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=200,
        widget=forms.TextInput(PLAIN | {"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = _code_field(
        _("Code from your authenticator app"),
        _("Six digits that change every half minute. Without the telephone: one of your recovery codes."),
    )


class EnrolForm(forms.Form):
    code = _code_field(_("The six digits your app shows now"))


class PasskeyForm(forms.Form):
    """What the browser answers for a passkey. Scripts fill it in; `called` is the officer's name for a new one."""

    credential = forms.CharField(max_length=ANSWER_LETTERS_MAX, widget=forms.HiddenInput)


class NewPasskeyForm(PasskeyForm):
    called = forms.CharField(
        label=_("What you call it"),
        help_text=_("For example “my telephone” or “blue key”."),
        max_length=PASSKEY_NAME_LETTERS_MAX,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class ResetForm(forms.Form):
    reason = forms.CharField(
        label=_("How you made sure that it is this officer who asks"),
        help_text=_("For example: came to the desk with the warrant card; called back on the number of the station."),
        max_length=rules.RESET_REASON_LETTERS_MAX,
        widget=forms.Textarea({"rows": 2}),
    )


class PasswordForm(_TypedTwice):
    old = forms.CharField(
        label=_("Present password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    password = _new_password_field()
    again = _again_field()


class SetupCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Set-up code"),
        max_length=200,
        widget=forms.TextInput(PLAIN | {"autocomplete": "off", "autofocus": True}),
    )


class SetupForm(_TypedTwice):
    unit_name = forms.CharField(
        label=_("Name of your unit"),
        help_text=_("As it is written on its letters."),
        max_length=rules.NAME_LETTERS_MAX,
    )
    unit_name_hi = forms.CharField(label=_("Its name in Hindi"), max_length=rules.NAME_LETTERS_MAX, required=False)
    unit_kind = forms.ChoiceField(label=_("What kind of unit it is"), choices=list(KINDS.items()))
    unit_code = forms.CharField(
        label=_("A short code for it"), help_text=_("Letters and digits, for example HUB or MH."),
        max_length=rules.CODE_LETTERS_MAX,
    )  # fmt: skip
    name = forms.CharField(
        label=_("Your name"), max_length=rules.NAME_LETTERS_MAX, widget=forms.TextInput({"autocomplete": "name"})
    )
    username = forms.CharField(
        label=_("Your user name"),
        help_text=_("Small letters, digits and . _ - @"),
        max_length=rules.USERNAME_LETTERS_MAX,
        widget=forms.TextInput(PLAIN | {"autocomplete": "username"}),
    )
    password = _new_password_field()
    again = _again_field()


class UnitForm(forms.Form):
    """A unit; the choice of what it stands under is given by the page."""

    name = forms.CharField(label=_("Name"), max_length=rules.NAME_LETTERS_MAX)
    name_hi = forms.CharField(label=_("Name in Hindi"), max_length=rules.NAME_LETTERS_MAX, required=False)
    code = forms.CharField(label=_("Code"), max_length=rules.CODE_LETTERS_MAX)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    parent_code = forms.ChoiceField(label=_("Stands under"), required=False)
    place_code = forms.CharField(
        label=_("Place it answers for"),
        help_text=_("A code of the gazetteer: IN-27 is Maharashtra, IN-27-490 a district of it."),
        max_length=rules.CODE_LETTERS_MAX,
        required=False,
    )
    forward_rule = forms.ChoiceField(
        label=_("Standing order for a report whose place is certain"), choices=list(FORWARD_RULES.items())
    )
    holds_files = forms.ChoiceField(
        label=_("Authorised to hold original files"),
        help_text=_("Without it the unit sees hashes, names and sizes, and asks the unit that keeps the originals."),
        choices=list(HOLDS_FILES.items()),
        required=False,
    )
    duty_contact = forms.CharField(
        label=_("Who is on duty, and how to reach them"), max_length=rules.NAME_LETTERS_MAX, required=False
    )
    is_active = forms.BooleanField(label=_("In service"), required=False, initial=True)

    def __init__(self, *arguments: Any, units: list[UnitRow], known: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        parents: Any = self.fields["parent_code"]
        parents.choices = [("", "–"), *((unit.code, _indented(unit)) for unit in units)]
        self.fields["code"].disabled = known

    def facts(self) -> rules.UnitFacts:
        return rules.UnitFacts(**{key: value for key, value in self.cleaned_data.items() if value is not None})


class UnitsFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "First line: code, name, kind; and, if known, name_hi, parent_code, place_code, forward_rule, duty_contact,"
            " is_active."
        ),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than 8 MB."))
        return bytes(file.read())


class OfficersFileForm(UnitsFileForm):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("First line: username, name, unit, roles; and, if known, language (en or hi). Unit is its code."),
    )


class OfficerForm(forms.Form):
    """An officer; the units are given by the page. `known` when the officer is there already."""

    name = forms.CharField(label=_("Name and rank"), max_length=rules.NAME_LETTERS_MAX)
    username = forms.CharField(
        label=_("User name"),
        help_text=_("Small letters, digits and . _ - @"),
        max_length=rules.USERNAME_LETTERS_MAX,
        widget=forms.TextInput(PLAIN | {"autocomplete": "off"}),
    )
    unit_id = forms.ChoiceField(label=_("Unit"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLES.items()), widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()))
    is_active = forms.BooleanField(label=_("May sign in"), required=False, initial=True)

    def __init__(self, *arguments: Any, units: list[UnitRow], known: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        of_unit: Any = self.fields["unit_id"]
        of_unit.choices = [(str(unit.id), _indented(unit)) for unit in units]
        self.fields["roles"].initial = [Role.OFFICER.value]
        if known:
            del self.fields["language"]
            self.fields["username"].disabled = True
        else:
            del self.fields["is_active"]
