"""What this room keeps of a report, for the deletion plan (`custody.plan`)."""

from __future__ import annotations

from abhaya.custody.plan import Part, Step, Sweep

_ACCOUNTS = "select account_id from linking_person where compartment = $1"
_GONE = "not exists (select 1 from linking_person p where p.account_id = {0})"
_REPORTS = "select id from intake_report where compartment = $1"
_PAIR = f"(a = any ($1) and {_GONE.format('{0}.a')}) or (b = any ($1) and {_GONE.format('{0}.b')})"

# Triggers note whose evidence goes; within seconds a duty decides anew about them and whoever stood with them.
ERASURE: tuple[Part, ...] = (
    Step("linking_hit"),
    Step("linking_takedown"),
    Step("linking_act"),
    Step("linking_group_number"),
    Step("linking_group_member"),
    Step("linking_group"),
    Step("linking_judgement"),
    Step("linking_remark"),
    Step("linking_remark_account"),
    # Kept in a case, of a report that goes: it goes too. And of no remark stays that it was about an account that is nobody's.
    Sweep("linking_remark", _REPORTS, "report_id = any ($1)"),
    Sweep(
        "linking_remark_account",
        "select r.id from linking_remark r join intake_report i on i.id = r.report_id where i.compartment = $1",
        "remark_id = any ($1)",
    ),
    Sweep(
        "linking_remark_account",
        _ACCOUNTS,
        f"account_id = any ($1) and {_GONE.format('linking_remark_account.account_id')}",
    ),
    # Nor of a judgement that was made in another report.
    Sweep("linking_judgement", _ACCOUNTS, _PAIR.format("linking_judgement")),
    Sweep("linking_link", _ACCOUNTS, _PAIR.format("linking_link")),
    Sweep("linking_constraint", _ACCOUNTS, _PAIR.format("linking_constraint")),
    Sweep(
        "linking_membership", _ACCOUNTS, f"account_id = any ($1) and {_GONE.format('linking_membership.account_id')}"
    ),
    Sweep(
        "linking_name_key",
        "select distinct selector_id from linking_name where compartment = $1",
        "selector_id = any ($1) and not exists"
        " (select 1 from linking_name n where n.selector_id = linking_name_key.selector_id)",
    ),
    Step("linking_name"),
    Step("linking_evidence"),
    Step("linking_person"),
    Step("linking_news", "false", keeps="who may hear of a change, for thirty days: opaque numbers"),
    Step("linking_heard", "false", keeps="which changes an officer has seen, for thirty days: opaque numbers"),
    Step("linking_lost", "false", keeps="to whom what was taken away was open, for a day: opaque numbers"),
    Step(
        "linking_stirred",
        "false",
        keeps="opaque numbers, for the seconds until a duty has ranked anew what hangs on them",
    ),
    Step("linking_touched", "false", keeps="opaque numbers, for the seconds until a duty has decided anew about them"),
)
