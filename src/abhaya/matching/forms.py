"""What officers type when they take a list in, hand it on, vote on an entry of it, or end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.errors import SenderError
from abhaya.matching.formats import any_list
from abhaya.matching.formats.names import FORMS
from abhaya.matching.formats.record import About, Aside
from abhaya.matching.reasons import PURPOSES, VOTES_AGAINST
from abhaya.matching.votes import REASONS

NAME_CHARACTERS_MAX, LINE_CHARACTERS_MAX, REASON_CHARACTERS_MIN = 200, 500, 10
UPLOAD_BYTES_MAX = 2 * 1024**3  # a larger list is the operator's: abhaya lists import
ITEMS_TRIED = 1000  # of an upload, before anything is kept
HASH_CHARACTERS_MAX = 4096


def _pairs(words: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    place = 1 if (get_language() or "en").startswith("hi") else 0
    return [(code, pair[place]) for code, pair in words.items()]


def _why(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, min_length=REASON_CHARACTERS_MIN, max_length=LINE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class VersionForm(forms.Form):
    """One file of a list: the whole of it, or what changed."""

    upload = forms.FileField(
        label=_("File"), help_text=_("VICS or CAID, ICSE, NSRL, an exchange’s XML or JSON, or a table with a header")
    )
    version = forms.CharField(label=_("Version"), help_text=_("As its source calls it"), max_length=NAME_CHARACTERS_MAX)
    dated = forms.DateField(
        label=_("Of which day"), help_text=_("As its source says"), widget=forms.DateInput(attrs={"type": "date"})
    )
    accept_withdrawals = forms.BooleanField(
        label=_("The source really took back more than a fifth of the list"), required=False
    )

    def clean_dated(self) -> date:
        day: date = self.cleaned_data["dated"]
        if day > datetime.now(UTC).date() + timedelta(days=1):
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_upload(self) -> Any:
        """Its first items are read before anything is kept: what is no list is refused here."""
        file = self.cleaned_data["upload"]
        if file.size > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than 2 GiB. An operator takes it in with: abhaya lists import")
            )
        try:
            head = file.read(any_list.HEAD_BYTES)
            file.seek(0)
            items = list(islice(any_list.read(head, file, About()), ITEMS_TRIED))
        except SenderError as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        finally:
            file.seek(0)
        if not items or all(isinstance(one, Aside) for one in items):
            why = next((f"{one.locator}: {one.why}" for one in items if isinstance(one, Aside)), "–")
            raise forms.ValidationError(_("No entry of it can be read. The first item: %(why)s") % {"why": why})
        return file


class SaidForm(forms.Form):
    """What a list says of itself."""

    source = forms.CharField(label=_("Source"), help_text=_("Who keeps it"), max_length=NAME_CHARACTERS_MAX)
    licence = forms.CharField(
        label=_("Terms"), help_text=_("On which terms it is held, and to whom it may be handed on"),
        max_length=LINE_CHARACTERS_MAX, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    scheme = forms.ChoiceField(label=_("Whose category codes stand in it"), required=False)

    def __init__(self, *args: object, schemes: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        cast(forms.ChoiceField, self.fields["scheme"]).choices = [("", _("not said")), *((one, one) for one in schemes)]


class ChangeForm(SaidForm):
    """What it says of itself from now on."""

    reason = _why(_("Why"), _("What stood there before is kept, and so is this."))


class ReadForm(forms.Form):
    """From which exchange a list is read; an operator laid down how that is reached."""

    exchange = forms.ChoiceField(label=_("From which exchange?"))

    def __init__(self, *args: object, exchanges: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        choices = [("", _("Choose …")), *((name, f"{name}: {address}") for name, address in exchanges.items())]
        cast(forms.ChoiceField, self.fields["exchange"]).choices = choices


class NewListForm(SaidForm, VersionForm):
    """A list that is not here yet, with its first version."""

    name = forms.CharField(label=_("Name"), help_text=_("What the list is called here"), max_length=NAME_CHARACTERS_MAX)
    purpose = forms.ChoiceField(label=_("What it names"))
    vouched = forms.IntegerField(
        label=_("How many people verified each entry"), help_text=_("By the source’s own word; 0 if it does not say"),
        min_value=0, max_value=99, initial=0,
    )  # fmt: skip
    vouched_basis = forms.CharField(label=_("Where the source says so"), max_length=LINE_CHARACTERS_MAX, required=False)
    field_order = (
        "upload", "name", "source", "licence", "version", "dated", "purpose", "scheme", "vouched", "vouched_basis",
    )  # fmt: skip

    def __init__(self, *args: object, schemes: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, schemes=schemes, **kwargs)
        del self.fields["accept_withdrawals"]
        cast(forms.ChoiceField, self.fields["purpose"]).choices = _pairs(PURPOSES)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("vouched") and not cleaned.get("vouched_basis"):
            self.add_error("vouched_basis", _("Say where: by this entries become known and are not looked at."))
        return cleaned


class EndForm(forms.Form):
    reason = _why(_("Why it ends"), _("Everyone whose reports it touched reads this; the ledger keeps it."))


class OpenForm(forms.Form):
    """Another unit may read the list and what it found in that unit's own reports."""

    unit = forms.ChoiceField(label=_("To which unit?"))
    basis = _why(_("Why"), _("The ledger keeps it."))

    def __init__(self, *args: object, units: Sequence[tuple[UUID, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        choices = [("", _("Choose …")), *((str(unit), name) for unit, name in units)]
        cast(forms.ChoiceField, self.fields["unit"]).choices = choices


class ShareForm(forms.Form):
    """A partner may read it at the hash-sharing door."""

    partner = forms.ChoiceField(label=_("With which partner?"), help_text=_("A sender with a user name and password"))
    until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip

    def __init__(self, *args: object, partners: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        choices = [("", _("Choose …")), *((name, name) for name in partners)]
        cast(forms.ChoiceField, self.fields["partner"]).choices = choices

    def end(self) -> datetime | None:
        """The end of the last day, as UTC has it."""
        day: date | None = self.cleaned_data["until"]
        return datetime.combine(day, time(), UTC) + timedelta(days=1) if day else None

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day and day < datetime.now(UTC).date():
            raise forms.ValidationError(_("This day has passed."))
        return day


class VoteForm(forms.Form):
    """What the officer's unit says of one hash of an entry."""

    hash = forms.CharField(
        label=_("Hash"), help_text=_("With its kind before it: md5:…, sha1:…, sha256:…, pdq:…"),
        max_length=HASH_CHARACTERS_MAX, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    say = forms.ChoiceField(label=_("What your unit says"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        against = [(one.name, VOTES_AGAINST[one.name]) for one in REASONS]
        place = 1 if (get_language() or "en").startswith("hi") else 0
        cast(forms.ChoiceField, self.fields["say"]).choices = [
            ("", _("Choose …")),
            ("for", _("For it: the entry is right")),
            *((name, _("Against it: %(why)s") % {"why": pair[place]}) for name, pair in against),
        ]

    @property
    def kind(self) -> str:
        return str(self.cleaned_data["hash"]).partition(":")[0].strip().lower()

    @property
    def against(self) -> list[str]:
        return [] if self.cleaned_data["say"] == "for" else [self.cleaned_data["say"]]


class OutForm(forms.Form):
    """In which form a list is taken out."""

    form = forms.ChoiceField(label=_("Form"), choices=[(one, one) for one in FORMS])
    purpose = _why(_("What for"), _("To whom it goes, and on which ground."))
