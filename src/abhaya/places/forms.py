"""What one may ask the gazetteer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ASKED_CHARACTERS_MAX = 120


class AskForm(forms.Form):
    """An address and an instant, a telephone, or a name of a place."""

    q = forms.CharField(
        label=_("An internet address, a telephone or a place"),
        help_text=_("203.0.113.77 · +91 … · Jalgaon · पुणे · 411001"),
        max_length=ASKED_CHARACTERS_MAX,
        required=False,
    )
    at = forms.DateTimeField(
        label=_("At"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
    )
