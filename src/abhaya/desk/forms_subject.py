"""Forms of subjects: what an officer says of two accounts, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from abhaya.desk.forms import SEARCH_CHARACTERS_MAX
from abhaya.linking.actions.remarks import NAME_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from abhaya.linking.queries_remarks import NAME, NOTE
from abhaya.triage.actions import REASON_CHARACTERS_MAX, REASON_CHARACTERS_MIN

ANSWERS = (
    ("same", _("The same person’s")),
    ("different", _("Different persons’: they are parted at once, and stay apart")),
    ("unsure", _("Unsure: I looked, and it cannot be told")),
)


class JudgeForm(forms.Form):
    answer = forms.ChoiceField(label=_("These two accounts are"), choices=ANSWERS, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Why"),
        help_text=_("A sentence that another officer, and a court, can follow."),
        min_length=REASON_CHARACTERS_MIN,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RemarkForm(forms.Form):
    """What an officer writes of a person, and about which of the accounts. `accounts`: (id, as called); `cases`: (id, title)
    of those in which it may be kept instead.
    """

    text = forms.CharField(
        label=_("What do you want to write?"),
        help_text=_("What was seen or learned, and from whom. No name of a child: that stands in the report, masked."),
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kind = forms.ChoiceField(
        label=_("It is"),
        choices=((NOTE, _("a remark")), (NAME, _("a working name: short, and stating nothing that is not proven"))),
        widget=forms.RadioSelect,
        initial=NOTE,
    )
    about = forms.MultipleChoiceField(
        label=_("About which account?"),
        help_text=_("It stays with these, whatever is found later: parted or joined, it goes where they go."),
        widget=forms.CheckboxSelectMultiple,
    )
    is_whole = forms.BooleanField(
        label=_("I say it of the whole person as held together now (it still stays with the accounts ticked)"),
        required=False,
    )
    kept = forms.ChoiceField(label=_("Who may read it?"))

    def __init__(
        self,
        *args: object,
        accounts: Sequence[tuple[str, str]],
        cases: Sequence[tuple[str, str]] = (),
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        cast(forms.MultipleChoiceField, self.fields["about"]).choices = accounts
        if len(accounts) == 1:
            del self.fields["is_whole"]
        if not cases:
            del self.fields["kept"]
            return
        with_report = ("report", _("whoever may read the report"))
        cast(forms.ChoiceField, self.fields["kept"]).choices = [with_report, *cases]

    def clean(self) -> dict[str, object]:
        given: dict[str, object] = super().clean() or {}
        if given.get("kind") == NAME and len(str(given.get("text", ""))) > NAME_CHARACTERS_MAX:
            too_long = _("A working name has at most %(most)s letters.") % {"most": NAME_CHARACTERS_MAX}
            self.add_error("text", too_long)
        return given


class CompareForm(forms.Form):
    """Two reports by their numbers, or by what an address of ours carries."""

    a = forms.CharField(label=_("One report"), help_text=_("Its number."), max_length=SEARCH_CHARACTERS_MAX)
    b = forms.CharField(label=_("Another report"), max_length=SEARCH_CHARACTERS_MAX)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        for field in self.fields.values():
            cast(forms.TextInput, field.widget).attrs |= {"autocomplete": "off", "inputmode": "numeric"}


class SeenForm(forms.Form):
    """The oldest and the newest of the changes that stood on the page."""

    first = forms.UUIDField(widget=forms.HiddenInput)
    last = forms.UUIDField(widget=forms.HiddenInput)
