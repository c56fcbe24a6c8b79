"""What a liaison types of an account under cover, and an officer of a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abhaya.access.actions.approvals import PURPOSE_CHARACTERS_MAX, PURPOSE_CHARACTERS_MIN
from abhaya.linking.actions.personas import KINDS
from abhaya.linking.actions.takedowns import SAID_BY_CHARACTERS_MAX
from abhaya.linking.network_queries import ReportOf
from abhaya.selectors.kinds import normalise
from abhaya.selectors.reasons import KIND_NAMES, in_language

VALUE_CHARACTERS_MAX = 300


class TakedownForm(forms.Form):
    """`told`: the reports open to the officer that tell of the group."""

    day = forms.DateField(label=_("Taken down on"), widget=forms.DateInput(attrs={"type": "date"}))
    said_by = forms.CharField(
        label=_("Who says so"),
        help_text=_("The platform, a notice by its number, a partner."),
        max_length=SAID_BY_CHARACTERS_MAX,
    )
    report = forms.ChoiceField(label=_("Kept with the report"))

    def __init__(self, *args: Any, told: Sequence[ReportOf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"] = forms.ChoiceField(
            label=_("Kept with the report"), choices=[(str(one.report_id), str(one.number)) for one in told]
        )


class WithdrawForm(forms.Form):
    why = forms.CharField(
        label=_("Why it was wrong"),
        min_length=PURPOSE_CHARACTERS_MIN,
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def why_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=PURPOSE_CHARACTERS_MIN,
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PersonaForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"))
    raw = forms.CharField(label=_("The identifier"), max_length=VALUE_CHARACTERS_MAX)
    platform = forms.CharField(
        label=_("On which service"),
        help_text=_("For an account’s id."),
        max_length=VALUE_CHARACTERS_MAX,
        required=False,
    )
    purpose = why_field(
        _("Why"), _("The second person and the ledger’s readers see this sentence: name neither officer nor number.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = (get_language() or "en").startswith("hi")
        self.fields["kind"] = forms.ChoiceField(
            label=_("What it is"), choices=[(kind, KIND_NAMES[kind][place]) for kind in KINDS]
        )
        for name in ("raw", "platform"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") and given.get("raw"):
            normal = normalise(given["kind"], given["raw"], platform=given.get("platform", ""))
            if normal.value is None:
                self.add_error("raw", in_language(normal.why_not, get_language() or "en"))
            given["value"] = normal.value
        return given


class ReviewForm(forms.Form):
    note = why_field(_("Why it is needed still"))


class EndForm(forms.Form):
    why = why_field(_("Why everybody may see it again"))
