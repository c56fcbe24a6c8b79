"""Where reports belong, as the rules proposed it, and who has handed them to whom."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from abhaya.access.models import Unit
from abhaya.shared.ids import uuid7


class Proposal(models.Model):
    """One place a report may belong to. Insert-only: a later placing stands beside it, with its own `placed_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    placed_at = models.DateTimeField()
    rank = models.SmallIntegerField()  # from 1
    whose = models.TextField()  # reported, victim, recipient, complainant: whose place it is
    country = models.TextField()  # codes of places_place, "" where not known
    state = models.TextField()
    district = models.TextField()
    possible = ArrayField(models.TextField(), default=list)  # districts it may mean
    unit_id = models.UUIDField(null=True)
    points = models.SmallIntegerField()
    strength = models.TextField()  # strong, medium, weak
    reasons = models.JSONField()  # shared.reason.Reason
    against = models.JSONField()

    class Meta:
        db_table = "routing_proposal"
        indexes = [
            models.Index(fields=["compartment"], name="routing_proposal_compartment"),
            models.Index(fields=["report_id"], name="routing_proposal_report"),
        ]


class Placement(models.Model):
    """What became of a report when it was placed last: offered by rule, proposed, kept, or nobody's."""

    report_id = models.UUIDField(primary_key=True)
    compartment = models.UUIDField()
    asked_unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+")  # who held it then
    outcome = models.TextField()  # forwarded, proposed, ours, nobody
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, db_index=False, related_name="+")
    place_code = models.TextField()
    why = models.JSONField()
    rules_version = models.TextField()
    placed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # since when it is somebody's, or closed

    class Meta:
        db_table = "routing_placement"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["forwarded", "proposed", "ours", "nobody"]),
                name="routing_placement_outcome_known",
            ),
        ]
        indexes = [
            models.Index(fields=["compartment"], name="routing_placement_compartment"),
            models.Index(
                fields=["asked_unit", "received_at", "report_id"],
                name="routing_placement_nobodys",
                condition=Q(outcome="nobody", settled_at=None),
            ),
        ]


class Referral(models.Model):
    """A report handed from unit to unit: offered, then accepted or returned, with a clock. On screen "forwarded"."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    from_unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+")
    state = models.TextField(default="offered")
    lane = models.TextField()  # at the time of offering: it set the clock
    place_code = models.TextField(default="")
    why = models.JSONField(null=True)  # shared.reason.Reason where a rule offered it, null where an officer did
    note = models.TextField(default="")  # the officer's words to the unit
    offered_by = models.UUIDField(null=True)  # null: by the unit's standing rule
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True)  # when it was noted that the clock had run out
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")  # why it was returned

    class Meta:
        db_table = "routing_referral"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["offered", "accepted", "returned"]), name="routing_referral_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="routing_referral_returned_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="offered") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="routing_referral_decided_by_someone",
            ),
            models.CheckConstraint(condition=~Q(from_unit=models.F("to_unit")), name="routing_referral_to_another"),
            # One open offer per report: of two who forward it at once, one is told that the other was first.
            models.UniqueConstraint(
                fields=["report_id"], name="routing_referral_one_open", condition=Q(state="offered")
            ),
        ]
        indexes = [
            models.Index(fields=["compartment"], name="routing_referral_compartment"),
            models.Index(fields=["report_id", "offered_at"], name="routing_referral_report"),
            models.Index(
                fields=["to_unit", "due_at", "id"], name="routing_referral_inbox", condition=Q(state="offered")
            ),
            models.Index(
                fields=["from_unit", "due_at", "id"], name="routing_referral_open", condition=Q(state="offered")
            ),
            models.Index(fields=["to_unit", "offered_at", "id"], name="routing_referral_to"),
            models.Index(fields=["from_unit", "offered_at", "id"], name="routing_referral_from"),
            models.Index(
                fields=["due_at"], name="routing_referral_clock", condition=Q(state="offered", overdue_at=None)
            ),
        ]


class Clock(models.Model):
    """How long a unit, and every unit below it that has not set its own, has to accept or return a report of a lane."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+")
    lane = models.TextField()
    minutes = models.IntegerField()

    class Meta:
        db_table = "routing_clock"
        constraints = [
            models.UniqueConstraint(fields=["unit", "lane"], name="routing_clock_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="routing_clock_positive"),
        ]


class ActionTaken(models.Model):
    """What a unit says it did with a report it accepted. Insert-only; the latest counts. FIR numbers are the register's."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+")
    action = models.TextField()
    fir_number = models.TextField(default="")
    fir_date = models.DateField(null=True)
    reason = models.TextField(default="")
    remarks = models.TextField(default="")
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "routing_action_taken"
        indexes = [
            models.Index(fields=["compartment"], name="routing_taken_compartment"),
            models.Index(fields=["report_id", "unit", "id"], name="routing_taken_latest"),
        ]
