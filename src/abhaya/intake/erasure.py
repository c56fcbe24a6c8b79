"""What this room keeps of a report, for the deletion plan (`custody.plan`), and the clocks that start here."""

from __future__ import annotations

from abhaya.custody.plan import OF_COMPARTMENT, Clock, Part, Step, Sweep

_OF_DRAFT = "draft_id in (select number from intake_draft where compartment = $1)"
_OF_REPORT = "report_id in (select id from intake_report where compartment = $1)"

# First: while a report waits for a stage of the road, that stage may still write about it.
WAITING: tuple[Part, ...] = (Step("shared_waypoint", _OF_REPORT),)

ERASURE: tuple[Part, ...] = (
    Step("intake_draft_file", _OF_DRAFT),
    Step("intake_grade"),
    # Given by a member of a covert case, of a report that goes: it goes too.
    Sweep("intake_grade", "select id from intake_report where compartment = $1", "report_id = any ($1)"),
    Step("intake_original"),
    Step("intake_file"),
    Step("intake_received_key"),
    Step("intake_load_line"),
    Step("intake_load"),
    Step("intake_report", OF_COMPARTMENT, decided=True),
    Step(
        "intake_draft",
        keeps="the door's number, so that a client that asks again is answered and does not send again",
        sets="erased_at = now()",
    ),
)

CLOCKS: tuple[Clock, ...] = (
    Clock(
        "draft-ended",
        "select d.compartment, s.unit_id, d.ended_at from intake_draft d join intake_sender s on s.id = d.sender_id"
        " where d.state in ('retracted', 'expired') and d.erased_at is null",
    ),
    Clock(
        "drop",
        "select l.compartment, l.unit_id, l.touched_at from intake_load l where l.state in ('done', 'failed')",
    ),
    Clock(
        "report-test",
        "select r.compartment, r.unit_id, r.received_at from intake_report r where r.is_test",
    ),
)
