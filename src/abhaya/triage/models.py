"""What triage decided about a report, and where the report stands in a unit's queue."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from abhaya.shared.ids import uuid7

AT_WORK = ["waiting", "claimed"]  # the states of a report that stands in its holder's queue
_AT_WORK = Q(state__in=AT_WORK)


class Assessment(models.Model):
    """One assessment of one report by one version of the rules. Insert-only: a later one stands beside it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    lane = models.TextField()
    score = models.SmallIntegerField()  # 0 to 100
    lane_reason = models.JSONField()  # shared.reason.Reason, as are all of these
    reasons = models.JSONField()
    raise_by = models.JSONField(null=True)
    title = models.JSONField()
    reported_is_child = models.BooleanField(default=False)  # or may be: masked on every page
    rules_version = models.TextField()
    assessed_at = models.DateTimeField()

    class Meta:
        db_table = "triage_assessment"
        indexes = [
            models.Index(fields=["compartment"], name="triage_assessment_compartment"),
            models.Index(fields=["report_id"], name="triage_assessment_report"),
        ]


class Queued(models.Model):
    """A report's one place in the queue: who holds it, how urgent it is, who works on it and until when."""

    report_id = models.UUIDField(primary_key=True)
    compartment = models.UUIDField()
    holder_unit_id = models.UUIDField()
    sender_id = models.UUIDField()
    lane = models.TextField()
    score = models.SmallIntegerField()
    urgency = models.IntegerField()  # lane and score in one number, the most urgent first: the order of work
    files = models.TextField()  # none | new | part | known: have their bytes been here before?
    place_code = models.TextField(
        default="", db_collation="C"
    )  # of the first routing proposal; a range is a place and all in it
    # What it brings (matching's bundle), in which line of its holder's queue it stands (`rules.fold_of`; None: on one of its
    # own), and the report beside whose age that line stands.
    bundle_id = models.UUIDField(null=True)
    fold_id = models.UUIDField(null=True)
    stands_with = models.UUIDField(null=True)
    fold = models.GeneratedField(
        expression=Coalesce("fold_id", "report_id"), output_field=models.UUIDField(), db_persist=True
    )
    line = models.GeneratedField(
        expression=Coalesce("stands_with", "report_id"), output_field=models.UUIDField(), db_persist=True
    )
    state = models.TextField(default="waiting")  # waiting | claimed | forwarded (offered, not accepted) | decided
    assessment_id = models.UUIDField()
    received_at = models.DateTimeField()
    arrived_at = models.DateTimeField()  # at this holder
    claimed_by = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    first_opened_at = models.DateTimeField(null=True)  # by this holder; None: never looked at
    decision = models.TextField(default="")
    decision_reason = models.TextField(default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    tells = models.SmallIntegerField(default=0)  # `signals.TELLS`: what it tells of its persons to their other reports
    says = models.SmallIntegerField(default=0)  # `signals.SAYS`: what those said of them when it was last ranked
    opened_by = ArrayField(models.UUIDField(), default=list)  # officers who have had it in their hands

    class Meta:
        db_table = "triage_queue"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*AT_WORK, "forwarded", "decided"]), name="triage_queue_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="triage_queue_claimed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | (~Q(decision="") & ~Q(decision_reason="") & Q(decided_by__isnull=False)),
                name="triage_queue_decided_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["compartment"], name="triage_queue_compartment"),
            *(
                models.Index(fields=["holder_unit_id", *fields], name=f"triage_queue_{name}", condition=condition)
                for name, fields, condition in (
                    ("lines", ["urgency", "line", "fold", "report_id"], _AT_WORK),
                    ("lines_oldest", ["line", "fold", "report_id"], _AT_WORK),
                    ("lines_unseen", ["urgency", "line", "fold", "report_id"], _AT_WORK & Q(first_opened_at=None)),
                    ("lines_sender", ["sender_id", "urgency", "line", "fold", "report_id"], _AT_WORK),
                    ("bundles", ["bundle_id", "fold", "urgency", "line", "report_id"], _AT_WORK & ~Q(bundle_id=None)),
                    ("oldest", ["received_at", "report_id"], _AT_WORK),
                    ("place", ["place_code", "urgency"], _AT_WORK),
                )
            ),
            models.Index(fields=["claimed_by"], name="triage_queue_mine", condition=Q(state="claimed")),
        ]
