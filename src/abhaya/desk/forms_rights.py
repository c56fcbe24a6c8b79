"""Forms of requests of persons."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from abhaya.desk.inquiries import SILENT
from abhaya.desk.rights import TEXT_CHARACTERS_MAX, TEXT_CHARACTERS_MIN

KINDS = (
    ("access", _("To know what is held")),
    ("correction", _("To have it corrected")),
    ("erasure", _("To have it deleted")),
    ("restriction", _("To have its use restricted")),
)
OUTCOMES = (("granted", _("Granted")), ("partly", _("Granted in part")), ("refused", _("Refused")))
GROUNDS = (
    ("", _("none: it is granted")),
    ("investigation", _("An enquiry or investigation would suffer")),
    ("child", _("A child’s safety or identity")),
    ("others", _("The rights of others")),
    ("law", _("A law or a court wants it kept")),
    ("not-them", _("It is not shown that it is about them")),
)


class RequestForm(forms.Form):
    """A request as it came."""

    kind = forms.ChoiceField(label=_("What is asked"), choices=KINDS, widget=forms.RadioSelect)
    reference = forms.CharField(label=_("Reference of the letter"), max_length=200)
    received_on = forms.DateField(label=_("Came on"), widget=forms.DateInput(attrs={"type": "date"}))
    identifiers = forms.CharField(
        label=_("By what the person is known"),
        help_text=_(
            "One telephone number, e-mail, account or name a line, exactly as they gave it and proved it to be theirs."
        ),
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        self.fields["received_on"].initial = timezone.localdate()


class AnswerForm(forms.Form):
    """What was decided, and why."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=OUTCOMES, widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("Ground of a refusal"), choices=GROUNDS, required=False)
    reasons = forms.CharField(
        label=_("Why"),
        min_length=TEXT_CHARACTERS_MIN,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InquiryForm(forms.Form):
    """What a unit says to another that asks for a person."""

    outcome = forms.ChoiceField(
        label=_("Answer"),
        choices=(
            ("told", _("The unit that asks tells the person what stands below")),
            ("direct", _("We answer the person ourselves")),
            ("refused", _("Refused: the unit that asks learns that something is held, and the ground")),
            (SILENT, _("Nothing is said: to the unit that asks it is as if nothing were held")),
        ),
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(label=_("Ground of a refusal"), choices=GROUNDS, required=False)
    text = forms.CharField(
        label=_("In words"),
        help_text=_("For the unit that asks; where nothing is said, your own unit’s note."),
        required=False,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CorrectionForm(forms.Form):
    """What a fact should be, as the person says and the officer found."""

    sighting = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Correction"),
        help_text=_("Stands beside the fact. The original is never altered."),
        min_length=TEXT_CHARACTERS_MIN,
        max_length=TEXT_CHARACTERS_MAX,
    )
