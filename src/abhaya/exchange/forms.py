"""What an officer says of a blinded comparison, and the files they bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.access.actions.approvals import PURPOSE_CHARACTERS_MAX, PURPOSE_CHARACTERS_MIN
from abhaya.cases.queries import CaseRow
from abhaya.exchange.actions.comparing import New
from abhaya.exchange.formats.comparison import FILE_BYTES_MAX
from abhaya.exchange.queries import KINDS
from abhaya.exchange.words import SCOPES
from abhaya.selectors.reasons import KIND_NAMES

PARTNER_CHARACTERS_MAX, KEY_CHARACTERS_MAX, CONTACT_CHARACTERS_MAX = 100, 400, 150
OF_CASE = "case:"


class NewForm(forms.Form):
    """As the side that asks. `mine`: the officer's open cases that they may bring in."""

    partner = forms.CharField(
        label=_("Partner"),
        help_text=_("As your unit calls it: the other state, the other country’s office."),
        max_length=PARTNER_CHARACTERS_MAX,
    )
    partner_key = forms.CharField(
        label=_("The partner’s key"),
        help_text=_(
            "One line from their page of blinded comparisons. Take it from them by telephone or letter, never from the file’s carrier."
        ),
        max_length=KEY_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )
    scope = forms.ChoiceField(label=_("What goes in"))
    kinds = forms.MultipleChoiceField(label=_("Kinds"), widget=forms.CheckboxSelectMultiple)
    contact = forms.CharField(
        label=_("Whom the partner talks to"),
        help_text=_("Sealed in the file: the partner reads it, no carrier does."),
        max_length=CONTACT_CHARACTERS_MAX,
    )
    purpose = forms.CharField(
        label=_("Why"),
        help_text=_("The second person and the ledger’s readers see this sentence; the partner does not."),
        min_length=PURPOSE_CHARACTERS_MIN,
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, mine: Sequence[CaseRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = (get_language() or "en").startswith("hi")
        scopes = [(code, SCOPES[code][place]) for code in ("reports", "cases")]
        cases = [(f"{OF_CASE}{case.id}", f"{SCOPES['case'][place]}: {case.title}") for case in mine]
        self.fields["scope"] = forms.ChoiceField(label=_("What goes in"), choices=[*scopes, *cases])
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("Kinds"),
            choices=[(kind, KIND_NAMES[kind][place]) for kind in KINDS],
            initial=KINDS,
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(["partner", "partner_key", "upload", "scope", "kinds", "contact", "purpose"])

    def clean_partner_key(self) -> str:
        return "".join(self.cleaned_data["partner_key"].split())

    def said(self) -> New:
        """What was said, once it is valid."""
        given = self.cleaned_data
        scope, _colon, case = given["scope"].partition(":")
        return New(
            given["partner"], given["partner_key"], given["contact"], given["kinds"], scope,
            UUID(case) if case else None, given["purpose"],
        )  # fmt: skip


class FileForm(forms.Form):
    """A file that the partner made."""

    upload = forms.FileField(label=_("The partner’s file"))

    def content(self) -> bytes:
        """As much of it as may be one: what is longer is refused by its length."""
        return bytes(self.cleaned_data["upload"].read(FILE_BYTES_MAX + 1))


class AnswerForm(NewForm, FileForm):
    """As the side that answers: the question, and what of ours goes in."""
