"""What the training world shows of emergency access and of the second person: one of each, waiting for the visitor.

The district's officer opened a report of another unit in the night; the hub reviews it. The hub's analyst asked to see a
masked child; the hub's supervisor answers. `docs/security.md` walks through both.
"""

from __future__ import annotations

from django.urls import reverse

from abhaya.access.actions import ApprovalKind, ask
from abhaya.access.queries import SignedIn
from abhaya.commands.demo_cast import SERVICE, playing, ready_made
from abhaya.desk.actions import open_in_emergency
from abhaya.desk.masking import masked_in
from abhaya.intake import queries as intake
from abhaya.shared.identity import on_the_road
from abhaya.shared.reason import Reason
from abhaya.shared.sql import value, values

REPORTS_LOOKED_AT_MAX = 50
# A report that waits with another unit and is not open to this officer's, the newest first.
OF_OTHERS = """
    select r.number from intake_report r join access_compartment c on c.id = r.compartment and not c.covert
    where not r.is_test and not exists (
        select 1 from access_opening o where o.compartment = r.compartment and o.viewer in (%(officer)s, %(unit)s)
    ) order by r.id desc limit 1
"""
WHY_OPENED = (
    "The duty officer of the other unit telephoned: the child of this report is at our station, their line is dead."
)
WHY_ASKED = "The child's mother must be called before anybody else calls her."


def act_out() -> None:
    """Both, in transactions of their officers. Run once, when every report has reached its desk."""
    _open_in_the_night(ready_made("district.officer"))
    _ask_to_see(ready_made("hub.analyst"))


def _open_in_the_night(officer: SignedIn) -> None:
    with on_the_road(SERVICE):
        number = value(OF_OTHERS, {"officer": officer.id, "unit": officer.unit_id})
    if number is not None:
        with playing(officer):
            open_in_emergency(str(number), WHY_OPENED, officer)


def _ask_to_see(officer: SignedIn) -> None:
    """About the first report of the unit in which somebody is masked of whom something is known."""
    with playing(officer):
        newest = "select id from intake_report where not is_test order by id limit %s"
        for report_id in values(newest, [REPORTS_LOOKED_AT_MAX]):
            report = intake.report(report_id)
            masked = masked_in(report.compartment) if report else None
            if report is None or masked is None or not masked.is_needed:
                continue
            what = Reason("approval-unmask-report", {"number": str(report.number), "persons": len(masked.persons)})
            page = reverse("desk-identity", args=[report.id])
            ask(ApprovalKind.UNMASK, report.id, report.compartment, WHY_ASKED, officer, what=what, page=page)
            return
