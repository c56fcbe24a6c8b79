"""What the training world shows of cases: a covert one whose liaison has to decide, and an open one of another unit.

The district works undercover on somebody whom another unit has in a report; the hub lends a report to an officer of a
state for a week. `docs/security.md` walks through both.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils.timezone import localtime

from abhaya.access.actions import WATCH, WORK, admit
from abhaya.access.queries import SignedIn
from abhaya.cases.actions import add_note, attach, compare_new_watches, open_case, watch
from abhaya.cases.actions.hits import SERVICE as COMPARES
from abhaya.commands.demo_cast import SERVICE, playing, ready_made
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch_one, value

COVERT_MEMBER_DAYS = 14
OPEN_MEMBER_DAYS = 7
KINDS = ["account", "email", "phone"]
UNDERCOVER = "Undercover: the account that asks for a picture"
LENT = "One account, several states"
FROM_THE_CHAT = "Gave it to our officer in the undercover conversation"
WHY_SECOND = "Keeps the undercover conversation going at night"
WHY_ATTACHED = "The parent's complaint with which this work began."
WHY_LENT = "The same account may be at work in this state"
WHY_LENT_REPORT = "The state asked whether it knows this account."

# An identifier of a reported person in a report that is not open to the officer; one that stands in a report of the
# officer's own unit rather than any other. With it, that own report, or else the unit's newest.
ELSEWHERE = """
    with own as (
        select r.id, r.number from intake_report r
        join access_opening o on o.compartment = r.compartment and o.viewer = %(unit)s and o.level = 'work'
        where not r.is_test
    )
    select s.kind, v.value, coalesce(shared.number, (select number from own order by id desc limit 1))
    from selectors_sighting s join selectors_selector v on v.id = s.selector_id
    join intake_report r on r.id = s.report_id and not r.is_test
    join access_compartment c on c.id = r.compartment and not c.covert
    left join lateral (
        select own.number from own join selectors_sighting t on t.report_id = own.id
        where t.selector_id = s.selector_id and t.role = 'reported' limit 1
    ) shared on true
    where s.role = 'reported' and not s.mined and not s.assumed and s.kind = any (%(kinds)s) and not exists (
        select 1 from access_opening o where o.compartment = r.compartment and o.viewer in (%(officer)s, %(unit)s)
    ) order by shared.number is null, s.id desc limit 1
"""
# The newest report that the lender works on and the borrower's unit has nothing to do with, nor anybody in an
# emergency, and in which no case watches anything.
TO_LEND = """
    select r.number from intake_report r
    join access_opening o on o.compartment = r.compartment and o.viewer = %(lender)s and o.level = 'work'
    where not r.is_test and not exists (
        select 1 from access_opening b
        where b.compartment = r.compartment and (b.viewer = %(borrower)s or starts_with(b.basis, 'emergency:'))
    ) and not exists (
        select 1 from selectors_sighting s join cases_watch w on w.watched = s.selector_id where s.report_id = r.id
    ) order by r.id desc limit 1
"""


class Elsewhere(NamedTuple):
    kind: str
    value: str
    own: int | None  # the report to attach


def work_undercover() -> None:
    """The covert case of the district, its second member for a time, and the hit that waits for its liaison."""
    liaison, second = ready_made("district.officer"), ready_made("district.second")
    with on_the_road(SERVICE):
        known = {"officer": liaison.id, "unit": liaison.unit_id, "kinds": KINDS}
        found = fetch_one(Elsewhere, ELSEWHERE, known)
    if found is None:
        return
    platform, raw = found.value.split(":", 1) if found.kind == "account" else ("", found.value)
    with playing(liaison):
        case = open_case(liaison, title=UNDERCOVER, contact="Mobile of the cell, 90000 00101", covert=True)
        _let_in(case, second, WORK, WHY_SECOND, COVERT_MEMBER_DAYS)
        if found.own is not None:
            attach(case, liaison.id, found.own, WHY_ATTACHED)
        watch(case, liaison.id, kind=found.kind, raw=raw, platform=platform, role="reported", source=FROM_THE_CHAT)
    with playing(second):
        add_note(case, second.id, "Answered twice last night, each time after 23:00. Nothing promised.")
    with on_the_road(COMPARES):  # the duty's own round, without the minute until it comes
        compare_new_watches()


def lend_a_report() -> None:
    """The hub's open case: an officer of a state reads along for a week, and one report through it."""
    lender, borrower = ready_made("hub.analyst"), ready_made("state.analyst")
    with on_the_road(SERVICE):
        number = value(TO_LEND, {"lender": lender.unit_id, "borrower": borrower.unit_id})
    with playing(lender):
        case = open_case(lender, title=LENT, contact="Hub, extension 12", covert=False)
        _let_in(case, borrower, WATCH, WHY_LENT, OPEN_MEMBER_DAYS)
        if number is not None:
            attach(case, lender.id, number, WHY_LENT_REPORT)


def _let_in(case: UUID, officer: SignedIn, level: str, basis: str, days: int) -> None:
    """Until the end of the last day, by the unit's clock."""
    last = localtime() + timedelta(days=days)
    admit(case, officer.id, level=level, basis=basis, until=last.replace(hour=23, minute=59, second=59))
