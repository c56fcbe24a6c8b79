"""The words this room shows for its codes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENDER_KINDS: dict[str, Promise] = {
    "platform": _("Platform"),
    "hotline": _("Hotline"),
    "partner": _("Partner"),
    "public": _("Public"),
    "officer": _("Officer of the unit"),
}
