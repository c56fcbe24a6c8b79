"""What cases keep of a report, and of themselves, for the deletion plan (`custody.plan`)."""

from __future__ import annotations

from abhaya.custody.plan import Part, Step

ERASURE: tuple[Part, ...] = (
    Step("cases_hit"),
    Step("cases_watch"),
    Step("cases_note"),
    Step("cases_chart"),
    Step("cases_case"),
    Step("cases_regrouped", "false", keeps="opaque numbers, for the seconds until a duty has looked whom they concern"),
)
# What of a report a case has, and that it sees it: gone with the report, and counted to nobody.
UNSAID: tuple[Part, ...] = (
    Step(
        "cases_hit",
        "digest in (select sha256 from intake_file where compartment = $1) and compartment in (select a.compartment"
        " from cases_attachment a join intake_report r on r.id = a.report_id where r.compartment = $1)",
        quiet=True,
    ),
    Step(
        "cases_attachment",
        "compartment = $1 or report_id in (select id from intake_report where compartment = $1)",
        quiet=True,
    ),
    Step(
        "access_opening",
        "compartment = $1 and exists (select 1 from access_compartment c where c.id = access_opening.viewer)",
        quiet=True,
    ),
)
