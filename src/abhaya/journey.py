"""START HERE. The road of a report, in order: what each stage does and what moves a report on.

A platform submits through `intake` (the ISPWS door, a dropped file, an officer's form). What it sent is stored before
we answer. Then the stages below run on sets of reports, each in one transaction, and each ends with
`shared.road.passed(stage, ids)`. No stage knows the next; only this page does.
"""

from __future__ import annotations

from functools import partial

from abhaya.access import role_table
from abhaya.access.permissions import Permission
from abhaya.access.queries import may_still
from abhaya.cases import erasure as cases
from abhaya.cases.actions import compare_new_watches, compare_subjects, compare_with_cases, look_for_probing
from abhaya.custody import care, clocks, erasure, plan
from abhaya.custody.jobs import sweep_drafts
from abhaya.custody.rehash import rehash
from abhaya.desk import erasure as desk
from abhaya.exchange import erasure as exchange
from abhaya.exchange.actions import end_overdue
from abhaya.intake import erasure as intake
from abhaya.intake import jobs as intake_jobs
from abhaya.intake.drafts import expire_drafts
from abhaya.ledger import health as ledger_health
from abhaya.ledger import jobs as ledger_jobs
from abhaya.ledger.stamps import stamp_newest
from abhaya.ledger.witnesses import ask_all
from abhaya.linking import erasure as linking
from abhaya.linking.actions import compare_reports, pass_changes_on, settle_touched
from abhaya.matching import erasure as matching
from abhaya.matching import health as matching_health
from abhaya.matching import jobs as matching_jobs
from abhaya.matching.actions import by_officers, carry_on_rechecks, categories, match_reports, poll_next
from abhaya.routing import erasure as routing
from abhaya.routing.actions import note_overdue, place_reports
from abhaya.selectors import erasure as selectors
from abhaya.shared import health, health_machine
from abhaya.shared.checks import Check, set_checks
from abhaya.shared.duties import Duty, make_partitions
from abhaya.shared.jobs import Job, set_jobs
from abhaya.shared.migrate import set_afterwards
from abhaya.shared.road import Stage, set_road
from abhaya.triage import erasure as triage
from abhaya.triage.actions import assess_reports, rank_anew

RECEIVED = "intake"

# stage -> what it decides:
#   matching   have we held these bytes before?
#   linking    which strong identifiers were seen before, in how many reports; which accounts are one person's?
#   triage     how urgent, which lane, and why; which single fact would raise it?
#   routing    whose is it, with reasons for and against; forwarded by the unit's standing rule, or nobody's
#   cases      does another unit's case watch an identifier in it? Both sides are told to talk, a covert one decides first
ROAD: tuple[Stage, ...] = (
    Stage("matching", match_reports),
    Stage("linking", compare_reports),
    Stage("triage", assess_reports),
    Stage("routing", place_reports),
    Stage("cases", compare_with_cases),
)


# What comes round by the clock, and coarse jobs that an officer or the road asks for by name.
DUTIES: tuple[Duty, ...] = (
    Duty("partitions-ahead", "road:worker", 24 * 3600.0, make_partitions),
    Duty("drafts-expired", "road:intake", 60.0, expire_drafts),
    Duty("retention", "road:custody", 3600.0, clocks.find_due),
    Duty("deletions", "road:custody", 1.0, erasure.carry_on),
    Duty("vault-rehash", "road:custody", 60.0, rehash),
    Duty("vault-drafts", "road:custody", 3600.0, sweep_drafts),
    Duty("ledger-witnessed", "road:ledger", 60.0, ask_all),
    Duty("ledger-stamped", "road:ledger", 3600.0, stamp_newest),
    Duty("lists-polled", "road:matching", 1.0, poll_next, apart="matching"),
    Duty("lists-rechecked", "road:matching", 1.0, carry_on_rechecks, apart="matching"),
    Duty("pictures-hashed", "road:matching", 1.0, matching_jobs.hash_pictures, apart="matching"),
    Duty("films-hashed", "road:matching", 1.0, matching_jobs.hash_films, apart="films"),
    Duty("pictures-stacked", "road:matching", 1.0, matching_jobs.stack_pictures, apart="matching"),
    Duty("subjects-settled", "road:linking", 1.0, settle_touched),
    Duty("changes-passed-on", "road:linking", 1.0, pass_changes_on),
    Duty("persons-ranked-anew", "road:triage", 1.0, rank_anew),
    Duty("indexes-merged", "road:matching", 60.0, matching_jobs.merge_indexes, apart="matching"),
    Duty("referrals-overdue", "road:routing", 60.0, note_overdue),
    Duty("watches-compared", "road:cases", 60.0, compare_new_watches),
    Duty("subjects-compared", "road:cases", 1.0, compare_subjects),
    Duty("probing-noticed", "road:cases", 60.0, look_for_probing),
    Duty("comparisons-ended", "road:exchange", 3600.0, end_overdue),
)
JOBS: tuple[Job, ...] = (
    Job(intake_jobs.LOAD, Permission.INTAKE_REPORT_LOAD, intake_jobs.load),
    Job(by_officers.READ, Permission.MATCHING_LIST_ENTER, by_officers.read_brought),
    Job(
        by_officers.READ_ALL,
        Permission.MATCHING_LIST_ENTER,
        partial(by_officers.read_brought, accept_withdrawals=True),
    ),
    Job(ledger_jobs.CHECK, Permission.LEDGER_LEDGER_CHECK, ledger_jobs.run_check),
)

# What `abhaya check` prints and the health page shows, in this order.
CHECKS: tuple[Check, ...] = (
    Check("database", ("Database", "डेटाबेस"), health.database),
    Check("migrations", ("Version of the database", "डेटाबेस का संस्करण"), health.migrations),
    Check("workers", ("Workers", "वर्कर"), health.workers),
    Check("queue", ("Reports on their way", "रास्ते की रिपोर्टें"), health.queue),
    Check("pictures", ("Pictures to be compared", "मिलान के लिए रुके चित्र"), matching_health.pictures),
    Check("films", ("Films to be compared", "मिलान के लिए रुकी फ़िल्में"), matching_health.films),
    Check("crowds", ("Hashes that are everywhere", "हर जगह मिलने वाले हैश"), matching_health.crowds),
    Check("stuck", ("Failed work", "विफल काम"), health.stuck),
    Check("sequencer", ("Ledger’s order", "लेजर का क्रम"), ledger_health.sequencer),
    Check("disk", ("Room on disk", "डिस्क पर जगह"), health_machine.disk),
    Check("inodes", ("Room for files", "फ़ाइलों की जगह"), health_machine.inodes),
    Check("clock", ("Clock", "घड़ी"), health_machine.clock),
    Check("time-zone", ("Time zone", "समय क्षेत्र"), health_machine.time_zone),
    Check("secrets", ("Keys on disk", "डिस्क पर कुंजियाँ"), health_machine.secret_files),
    Check("readers", ("Readers of files", "फ़ाइल पढ़ने वाले प्रोग्राम"), health_machine.readers, quick=False),
    Check("certificate", ("Certificate", "प्रमाणपत्र"), health_machine.certificate),
    Check("partitions", ("Months ahead", "आगे के महीने"), health.partitions),
    Check("backup", ("Backup", "बैकअप"), ledger_health.backup),
    Check("rehearsal", ("Rehearsed restore", "पुनर्स्थापना का अभ्यास"), ledger_health.rehearsal),
    Check("checkpoint", ("Ledger outside this machine", "मशीन के बाहर लेजर"), ledger_health.checkpoint),
    Check("witnesses", ("Who vouches for the ledger", "लेजर की गवाही कौन देता है"), ledger_health.witnesses),
    Check("ledger", ("Ledger read again", "लेजर की जाँच"), ledger_health.checked),
    Check("originals", ("Originals hold", "मूल फ़ाइलें सही"), care.originals),
    Check("key-paper", ("Vault’s key on paper", "काग़ज़ पर तिजोरी की कुंजी"), care.key_on_paper),
    Check("key-rotation", ("Vault’s keys", "तिजोरी की कुंजियाँ"), care.keys_alive),
    Check("film", ("Film", "फ़िल्म"), care.film),
    Check("vault-place", ("Vault’s place", "तिजोरी की जगह"), care.one_place),
    Check("row-security", ("Walls between desks", "डेस्कों के बीच की दीवार"), health.closed_rows, quick=False),
)

# Tables whose rows open originals: a backup carries them with the keys, apart from the data.
KEPT_WITH_KEYS = frozenset({"custody_holding", "custody_object"})


# What is deleted with a report, in this order, room by room; a table that is missing here fails a test.
ERASURE: plan.Plan = (
    ("shared", intake.WAITING),
    ("desk", desk.ERASURE),
    (plan.QUIET, cases.UNSAID),
    ("exchange", exchange.ERASURE),
    ("cases", cases.ERASURE),
    ("routing", routing.ERASURE),
    ("triage", triage.ERASURE),
    ("linking", linking.ERASURE),
    ("matching", matching.ERASURE),
    ("selectors", selectors.ERASURE),
    ("intake", intake.ERASURE),
    ("custody", plan.OURS),
    ("access", plan.ACCESS),
    ("ledger", plan.LEDGER),
)
CLOCKS: tuple[plan.Clock, ...] = (*intake.CLOCKS, *routing.CLOCKS)


def open_road() -> None:
    """Hands the road, the jobs, the clocks and the checks to the workers, the door and the pages; called once at start-up."""
    set_road(RECEIVED, ROAD)
    clocks.set_clocks(CLOCKS)
    set_afterwards((role_table.fill, partial(plan.fill, plan=ERASURE), clocks.fill, categories.fill))
    set_jobs(JOBS, may_still)
    set_checks(CHECKS)
