"""Pure decisions about passwords, lock-out, roles and the tree of units. A refusal comes with its reason."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from abhaya.access.permissions import Role
from abhaya.shared.reason import Reason

PASSWORD_LETTERS_MIN = 12
PASSWORD_LETTERS_MAX = 256
PASSWORD_DIFFERENT_LETTERS_MIN = 5
TEMPORARY_PASSWORD_DAYS_MAX = 7  # what an administrator handed over works this long

FREE_FAILURES_MAX = 5  # mistyped passwords that cost nothing
FIRST_LOCK_SECONDS = 30
LOCK_SECONDS_MAX = 3600
FAILURE_MEMORY_SECONDS = 86_400  # a day without a failure begins anew
SPREAD_FAILURES_MAX = 20  # wrong passwords in a day, from places the officer never used: then a network has one guess
SPREAD_FIRST_LOCK_SECONDS = 900
SPREAD_LOCK_SECONDS_MAX = 86_400
STRANGE_CODE_FAILURES_MAX = 10  # wrong app codes in a day from places never used: a code has only a million values
PLACE_DAYS = 90  # how long a browser or a network counts as one the officer uses

USERNAME_LETTERS_MAX = 64
NAME_LETTERS_MAX = 200
CODE_LETTERS_MAX = 40
RESET_REASON_LETTERS_MAX = 500

KINDS = ("hub", "state", "district", "station")  # outermost first
FORWARD_RULES = ("district", "state", "off")
HOLDS_FILES = ("", "yes", "no")
# The first two read no content, the third never sees media: none goes together with a role that does.
ALONE = (Role.ADMINISTRATOR, Role.AUDITOR, Role.TEXT_REVIEWER)


def lock_seconds(
    failures: int, *, free: int = FREE_FAILURES_MAX, first: int = FIRST_LOCK_SECONDS, most: int = LOCK_SECONDS_MAX
) -> int:
    """How long the next attempt must wait after so many failures: 0 for the first few, then doubling up to `most`."""
    if failures < free:
        return 0
    return int(min(most, first * 2 ** min(failures - free, 16)))


# The wait after the first, second, … failure. The last value holds for all that follow.
LOCK_TABLE_SECONDS: tuple[int, ...] = tuple(lock_seconds(failures) for failures in range(1, 17))
SPREAD_LOCK_TABLE_SECONDS: tuple[int, ...] = tuple(
    lock_seconds(failures, free=1, first=SPREAD_FIRST_LOCK_SECONDS, most=SPREAD_LOCK_SECONDS_MAX)
    for failures in range(1, 10)
)
STRANGE_CODE_TABLE_SECONDS: tuple[int, ...] = tuple(
    lock_seconds(failures, free=STRANGE_CODE_FAILURES_MAX) for failures in range(1, STRANGE_CODE_FAILURES_MAX + 10)
)


def password_faults(password: str, *, username: str, name: str, is_common: bool) -> list[Reason]:
    """What is wrong with a new password (NIST SP 800-63B §3.1.1: length and a list of common ones, no composition)."""
    faults = []
    if len(password) < PASSWORD_LETTERS_MIN:
        faults.append(Reason("password-short", {"least": PASSWORD_LETTERS_MIN}))
    if len(password) > PASSWORD_LETTERS_MAX:
        faults.append(Reason("password-long", {"most": PASSWORD_LETTERS_MAX}))
    if is_common:
        faults.append(Reason("password-common"))
    if len(set(password)) < PASSWORD_DIFFERENT_LETTERS_MIN:
        faults.append(Reason("password-monotonous"))
    folded = password.casefold()
    known = [username.casefold(), *[word for word in name.casefold().split() if len(word) >= 4]]
    if any(word and word in folded and len(folded) - len(word) < PASSWORD_LETTERS_MIN for word in known):
        faults.append(Reason("password-name"))
    return faults


def username_faults(username: str) -> list[Reason]:
    """A user name is lower case letters, digits and . _ - @, so that two can never look the same."""
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789._-@")
    if not username or len(username) > USERNAME_LETTERS_MAX or not set(username) <= allowed:
        return [Reason("username-letters", {"most": USERNAME_LETTERS_MAX})]
    return []


def role_faults(roles: Collection[str]) -> list[Reason]:
    """Administrator, auditor and text reviewer stand alone; every role is a known one; there is at least one."""
    unknown = sorted(set(roles) - set(Role))
    if unknown:
        return [Reason("role-unknown", {"role": ", ".join(unknown)})]
    if not roles:
        return [Reason("role-none")]
    alone = sorted(set(roles) & set(ALONE))
    if alone and len(set(roles)) > 1:
        code = "role-text-alone" if alone[0] == Role.TEXT_REVIEWER else "role-alone"
        return [Reason(code, {"role": alone[0]})]
    return []


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit as somebody enters it, in a form or as a row of a CSV file."""

    code: str
    name: str
    kind: str
    parent_code: str = ""
    name_hi: str = ""
    place_code: str = ""
    forward_rule: str = "off"
    duty_contact: str = ""
    holds_files: str = ""  # yes, no, or by its kind
    is_active: bool = True


def unit_faults(unit: UnitFacts, kind_of: Mapping[str, str]) -> list[Reason]:
    """What is wrong with a unit, given the kind of every known unit by its code."""
    faults = []
    if not unit.code or len(unit.code) > CODE_LETTERS_MAX or not unit.code.isprintable():
        faults.append(Reason("unit-code", {"most": CODE_LETTERS_MAX}))
    if not unit.name.strip() or len(unit.name) > NAME_LETTERS_MAX or len(unit.name_hi) > NAME_LETTERS_MAX:
        faults.append(Reason("unit-name", {"most": NAME_LETTERS_MAX}))
    if unit.kind not in KINDS:
        faults.append(Reason("unit-kind", {"kind": unit.kind}))
    if unit.forward_rule not in FORWARD_RULES:
        faults.append(Reason("unit-forward-rule", {"rule": unit.forward_rule}))
    if unit.holds_files not in HOLDS_FILES:
        faults.append(Reason("unit-holds-files", {"said": unit.holds_files}))
    if unit.parent_code:
        faults += _parent_faults(unit, kind_of)
    return faults


def _parent_faults(unit: UnitFacts, kind_of: Mapping[str, str]) -> list[Reason]:
    parent_kind = kind_of.get(unit.parent_code)
    if parent_kind is None:
        return [Reason("unit-parent-unknown", {"parent": unit.parent_code})]
    if unit.kind in KINDS and parent_kind in KINDS and KINDS.index(parent_kind) >= KINDS.index(unit.kind):
        return [Reason("unit-parent-kind", {"kind": unit.kind, "parent_kind": parent_kind})]
    return []


def parents_first(units: Sequence[UnitFacts]) -> list[UnitFacts]:
    """The same rows, a parent before its children where both are new. Kinds are ordered, so no cycle can form."""
    place = {kind: index for index, kind in enumerate(KINDS)}
    return sorted(units, key=lambda unit: place.get(unit.kind, len(KINDS)))


def network_of(address: str) -> str:
    """What counts as one place for lock-out: an IPv4 address, or the /64 an IPv6 customer moves in freely."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
