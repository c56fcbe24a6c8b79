"""The words this room shows for its codes: roles, kinds of unit, standing orders."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from abhaya.access.permissions import Role

KINDS: dict[str, Promise] = {
    "hub": _("Hub"),
    "state": _("State"),
    "district": _("District"),
    "station": _("Police station"),
}
HOLDS_FILES = {"": _("By its kind: a hub yes, others no"), "yes": _("Yes"), "no": _("No")}
FORWARD_RULES: dict[str, Promise] = {
    "off": _("A person forwards every report"),
    "state": _("Straight on to the state, which forwards by hand"),
    "district": _("Straight on to the district"),
}
ROLES: dict[str, Promise] = {
    Role.OFFICER.value: _("Officer: works on the reports of the unit"),
    Role.ANALYST.value: _("Analyst: a hub's or state's clearing desk"),
    Role.SUPERVISOR.value: _("Supervisor: an analyst or officer who also answers for the unit"),
    Role.MEDIA_VIEWER.value: _("Media viewer, beside another role: may look at pictures and film with a lawful basis"),
    Role.TEXT_REVIEWER.value: _("Text reviewer: a clearing desk’s work on text; never sees a picture, film or sound"),
    Role.ADMINISTRATOR.value: _("Administrator: sets up units, officers and senders; reads no report"),
    Role.AUDITOR.value: _("Auditor: reads the ledger; reads no report"),
}
ROLE_NAMES: dict[str, Promise] = {
    Role.OFFICER.value: _("Officer"),
    Role.ANALYST.value: _("Analyst"),
    Role.SUPERVISOR.value: _("Supervisor"),
    Role.MEDIA_VIEWER.value: _("Media viewer"),
    Role.TEXT_REVIEWER.value: _("Text reviewer"),
    Role.ADMINISTRATOR.value: _("Administrator"),
    Role.AUDITOR.value: _("Auditor"),
}
RESET_STATES: dict[str, tuple[str, Promise]] = {  # colour, word
    "waiting": ("warn", _("waits for a second person")),
    "granted": ("good", _("allowed")),
    "refused": ("danger", _("refused")),
    "used": ("", _("password given")),
    "over": ("", _("ran out")),
}
LANGUAGES: dict[str, str] = {"en": "English", "hi": "हिन्दी"}
