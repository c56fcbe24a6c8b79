"""What this room keeps of a report, for the deletion plan (`custody.plan`), and the clocks that only it can tell apart."""

from __future__ import annotations

from abhaya.custody.plan import Clock, Part, Step

ERASURE: tuple[Part, ...] = (
    Step("routing_action_taken"),
    Step("routing_referral"),
    Step("routing_placement"),
    Step("routing_proposal"),
)

_ACTED = "exists (select 1 from routing_action_taken a where a.report_id = r.id)"
_CLOSED = "q.state = 'decided' and q.decision <> 'work'"
_REPORTS = (
    "select r.compartment, coalesce(q.holder_unit_id, r.unit_id), {since} from intake_report r"
    " left join triage_queue q on q.report_id = r.id where not r.is_test and "
)

CLOCKS: tuple[Clock, ...] = (
    Clock(
        "report-with-action",
        _REPORTS.format(since="(select max(a.recorded_at) from routing_action_taken a where a.report_id = r.id)")
        + _ACTED,
    ),
    Clock("report-closed", _REPORTS.format(since="q.decided_at") + f"{_CLOSED} and not {_ACTED}"),
    Clock("report", _REPORTS.format(since="r.received_at") + f"not {_ACTED} and not coalesce({_CLOSED}, false)"),
)
