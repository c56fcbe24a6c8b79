"""What for: asked before a person is searched for and before data leave, kept in the session for half an hour.

Kept so that it does not nag, and for so short a time that it is still true. Every act it stands behind has it in its own
ledger entry; the officer sees it above the search and can change it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KEPT_SECONDS_MAX = 30 * 60
LETTERS_MIN, CHARACTERS_MAX = 5, 300  # a case number is enough; five full stops are not
KEY = "purpose"

BASES: dict[str, Promise] = {
    "case": _("A case, with its number"),
    "report": _("A report in hand"),
    "danger": _("A child in danger now"),
    "request": _("A request of a court or authority"),
    "other": _("Something else, in words"),
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why, as the officer said it, until when it counts."""

    basis: str
    words: str
    until: datetime

    @property
    def text(self) -> str:
        """As the ledger keeps it: the kind in English, the officer's own words after it."""
        return f"{self.basis}: {self.words}"


class PurposeFields(forms.Form):
    """The two questions. A form that asks them anew inherits from this one."""

    basis = forms.ChoiceField(label=_("What is it for?"), choices=[("", "—"), *BASES.items()])
    purpose = forms.CharField(
        label=_("Case number or reason"),
        help_text=_("In the ledger with your name. Asked again after half an hour."),
        max_length=CHARACTERS_MAX,
    )

    def clean_purpose(self) -> str:
        words = " ".join(str(self.cleaned_data["purpose"]).split())
        if sum(letter.isalnum() for letter in words) < LETTERS_MIN:
            raise forms.ValidationError(_("Give a case number, or the reason in a few words."))
        return words


def kept(request: HttpRequest) -> Purpose | None:
    """What the officer said within the last half hour."""
    held = request.session.get(KEY)
    if not isinstance(held, dict) or held.get("basis") not in BASES:
        return None
    until = datetime.fromtimestamp(float(held["at"]) + KEPT_SECONDS_MAX, UTC)
    return Purpose(held["basis"], str(held["words"]), until) if until > datetime.now(UTC) else None


def keep(request: HttpRequest, form: PurposeFields) -> Purpose:
    """Keeps what was just said."""
    request.session[KEY] = {
        "basis": form.cleaned_data["basis"], "words": form.cleaned_data["purpose"], "at": time.time(),
    }  # fmt: skip
    said = kept(request)
    assert said is not None  # noqa: S101 — said by the line above
    return said


def forget(request: HttpRequest) -> None:
    """The officer changes what it is for: the next act asks."""
    request.session.pop(KEY, None)
