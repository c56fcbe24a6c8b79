"""Forms of the desk. Each says what it wants in the field itself."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.access.purposes import PurposeFields
from abhaya.triage.actions import DECISIONS, REASON_CHARACTERS_MAX, REASON_CHARACTERS_MIN
from abhaya.triage.lines import Filters
from abhaya.triage.reasons import LANE_NAMES

SEARCH_CHARACTERS_MAX = 400
PURPOSE_CHARACTERS_MAX = 1000
WAITING_HOURS = (("", _("any time")), ("24", _("over a day")), ("72", _("over 3 days")), ("168", _("over a week")))
FILES = (("", _("all")), ("new", _("new here")), ("known", _("all seen before")), ("none", _("no files")))
ORDERS = (("", _("most urgent first")), ("oldest", _("oldest first")))


def in_reader_language(pair: tuple[str, str]) -> str:
    return pair[1] if (get_language() or "en").startswith("hi") else pair[0]


class DecideForm(forms.Form):
    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("A sentence that another officer, and a court, can follow."),
        min_length=REASON_CHARACTERS_MIN,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        choice = cast(forms.ChoiceField, self.fields["decision"])
        choice.choices = [(code, in_reader_language(pair)) for code, pair in DECISIONS.items()]


class ReasonForm(forms.Form):
    """Why a decision is taken back."""

    reason = forms.CharField(
        label=_("Why"),
        min_length=REASON_CHARACTERS_MIN,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnForm(forms.Form):
    """Why a forwarded report goes back; routing takes it."""

    reason = forms.CharField(
        label=_("Why is it not yours?"),
        help_text=_("The unit it came from reads this."),
        min_length=REASON_CHARACTERS_MIN,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PurposeForm(forms.Form):
    """Why an identity is to be shown; the second person reads it."""

    purpose = forms.CharField(
        label=_("What do you need it for?"),
        help_text=_("Your colleague decides by this sentence. Recorded in the ledger with both names."),
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class EmergencyForm(forms.Form):
    """Why nobody else can be waited for."""

    reason = forms.CharField(
        label=_("What is the danger, and why can nobody else be reached?"),
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    understood = forms.BooleanField(label=_("I know that this is told to others at once and reviewed afterwards."))


class EmergencyOpenForm(EmergencyForm):
    """A report that is not open to the officer, by its number."""

    reference = forms.RegexField(
        label=_("Number of the report"),
        help_text=_("As a colleague told it to you: our number, or the sender’s."),
        regex=r"^(?=.*\d)[\w./:#\- ]{1,60}$",
        error_messages={"invalid": _("Only a number, as it was told to you: no names.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("reference", "reason", "understood")


class ReviewForm(forms.Form):
    """What somebody of the owning unit says of it afterwards."""

    answer = forms.ChoiceField(
        label=_("Was it justified?"),
        choices=[
            ("justified", _("Yes, justified")),
            ("unjustified", _("No, not justified; what is still open closes now")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("What you looked at, whom you asked, what follows."),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("What are you looking for?"),
        help_text=_(
            "A report number, or one telephone number, e-mail, account, IP address, UPI, web address or file hash, exactly as it is."
            " A name of two parts is sought in other spellings and scripts, too."
        ),
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class SearchWithPurposeForm(PurposeFields, SearchForm):
    """Where nothing was said within the last half hour."""

    field_order = ("q", "basis", "purpose")


class QueueFilterForm(forms.Form):
    """What the queue is narrowed to, from the address of the page. What is not understood narrows nothing."""

    lane = forms.ChoiceField(
        label=_("Lane"), required=False, choices=[("", ""), *[(lane, lane) for lane in LANE_NAMES]]
    )
    sender = forms.UUIDField(label=_("Sender"), required=False)
    place = forms.RegexField(label=_("Place"), required=False, regex=r"^[A-Z0-9-]{2,40}$")
    seen = forms.ChoiceField(label=_("Files"), required=False, choices=FILES)
    waiting = forms.ChoiceField(label=_("Waiting"), required=False, choices=WAITING_HOURS)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)
    unseen = forms.BooleanField(label=_("Never looked at"), required=False)

    def filters(self) -> Filters:
        self.full_clean()
        given = self.cleaned_data
        sender = given.get("sender")
        return Filters(
            lane=given.get("lane", ""),
            sender=sender if isinstance(sender, UUID) else None,
            place=given.get("place", ""),
            files=given.get("seen", ""),
            waiting_hours_min=int(given.get("waiting") or 0),
            unseen=bool(given.get("unseen")),
            oldest_first=given.get("order") == "oldest",
        )
