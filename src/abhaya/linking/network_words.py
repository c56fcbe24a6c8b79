"""The words that pages of groups show for their codes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

CONDUCTS: Words = {
    "acted": _("acted"),
    "left_at_once": _("came or was put in, and left at once"),
    "talked": _("only talked"),
    "added": _("put in by another, and did nothing"),
    "present": _("only present"),
}
ACTS: Words = {
    "created": _("founded the group"),
    "posted": _("posted"),
    "offered": _("offered something"),
    "asked": _("asked for something"),
    "paid": _("paid"),
    "forwarded": _("forwarded"),
    "administered": _("administered"),
    "said": _("said something"),
    "joined": _("joined"),
    "added_by_another": _("was put in by another"),
    "left": _("left"),
    "removed": _("was removed"),
}
DOUBTS: Words = {
    "prefix": _("country by prefix alone"),
    "prepaid": _("prepaid: who holds it may not be known"),
    "ported": _("moved to another operator"),
    "assumed": _("prefix not written, assumed"),
}
GROUP_KINDS: Words = {"group": _("group"), "channel": _("channel")}
CELLS: Words = {"numbers": _("Telephone numbers"), "accounts": _("Accounts"), "members": _("Persons")}
PEOPLE: Words = {"people": _("People, as far as known")}  # behind a number of the table; no map of its own
REGIONS: Words = {
    "africa": _("Africa"),
    "americas": _("The Americas"),
    "asia": _("Asia"),
    "europe": _("Europe"),
    "oceania": _("Oceania and the south"),
}
