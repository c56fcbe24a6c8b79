"""What an officer keeps of a link chart."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from abhaya.desk.chart_rules import SAVED_BYTES_MAX

TITLE_CHARACTERS_MAX = 200


class KeepForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=TITLE_CHARACTERS_MAX)
    arranged = forms.CharField(widget=forms.HiddenInput, max_length=SAVED_BYTES_MAX)
