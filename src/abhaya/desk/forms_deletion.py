"""Forms of deletion and legal holds."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from abhaya.access.actions.approvals import PURPOSE_CHARACTERS_MAX
from abhaya.custody.erasure import REFERENCE_CHARACTERS_MAX
from abhaya.custody.holds import (
    AUTHORITY_CHARACTERS_MAX,
    REASON_CHARACTERS_MAX,
    REASON_CHARACTERS_MIN,
    REVIEW_DAYS_MAX,
)
from abhaya.desk.forms import SEARCH_CHARACTERS_MAX

GROUNDS = (
    ("retention", _("Its time of keeping has ended")),
    ("request", _("A person’s request was granted")),
    ("court", _("A court or authority ordered it")),
    ("mistake", _("It came here by mistake")),
    ("test", _("It is a test")),
)
REVIEW_DAYS = 180


class AskForm(forms.Form):
    """Why a report is to be deleted."""

    ground = forms.ChoiceField(label=_("On which ground?"), choices=GROUNDS, widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Reference of the order, the request or the rule"),
        help_text=_("Stays on the certificate: no names of persons."),
        max_length=REFERENCE_CHARACTERS_MAX,
    )
    purpose = forms.CharField(
        label=_("What the second person must know"),
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HoldForm(forms.Form):
    """Why nothing may be deleted, and until when somebody asks again."""

    authority = forms.CharField(
        label=_("Order or authority"),
        help_text=_("Court, number and day; or the officer and letter that asked for it."),
        max_length=AUTHORITY_CHARACTERS_MAX,
    )
    reason = forms.CharField(
        label=_("Why"),
        min_length=REASON_CHARACTERS_MIN,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    review_on = forms.DateField(
        label=_("Ask again on"),
        help_text=_("Within a year. The hold stands until somebody lifts it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        today = timezone.localdate()
        self.fields["review_on"].initial = today + timedelta(days=REVIEW_DAYS)
        self.fields["review_on"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + timedelta(days=REVIEW_DAYS_MAX)).isoformat(),
        }


class IdentifierHoldForm(HoldForm):
    """The same, on one identifier and everything in which it is seen."""

    identifier = forms.CharField(
        label=_("Identifier"),
        help_text=_("A telephone number, e-mail, account, IP address, UPI or web address."),
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("identifier", "authority", "reason", "review_on")


class LiftForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(
        label=_("Why does the hold end?"),
        min_length=REASON_CHARACTERS_MIN,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
