"""The desk's own tables: what a person asked about what is held on them, and corrections that stand beside a fact."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7

KINDS = ["access", "correction", "erasure", "restriction"]
OUTCOMES = ["granted", "partly", "refused"]


class PersonRequest(models.Model):
    """One request of a person, or of whoever speaks for them. Seen by who handles such requests in the unit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit_id = models.UUIDField()
    kind = models.TextField()
    reference = models.TextField()  # of the letter; no name needs to stand in it
    asked_for = models.TextField()  # the identifiers as they were given, one a line
    selectors = ArrayField(models.UUIDField())
    received_on = models.DateField()
    due_on = models.DateField()
    outcome = models.TextField(db_default="")  # empty: open
    ground = models.TextField(db_default="")  # of a refusal
    reasons = models.TextField(db_default="")
    made_by = models.UUIDField()
    made_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    decided_by = models.UUIDField(null=True)
    decided_name = models.TextField(db_default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_person_request"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="desk_person_request_kind_known"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by__isnull=True)
                | (Q(outcome__in=OUTCOMES, decided_by__isnull=False) & ~Q(reasons="")),
                name="desk_person_request_decided_with_reasons",
            ),
        ]
        indexes = [models.Index(fields=["unit_id", "due_on"], name="desk_person_request_of_unit")]


class Correction(models.Model):
    """What somebody says a fact of a report should be. It stands beside the fact; the original is never altered."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    request_id = models.UUIDField()
    locator = models.TextField()
    note = models.TextField()
    made_by = models.UUIDField()
    made_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "desk_correction"
        indexes = [models.Index(fields=["compartment"], name="desk_correction_compartment")]


class Inquiry(models.Model):
    """A request of a person, before the other units that hold something. Who they are, nobody but they themselves learns."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit_id = models.UUIDField()  # that asks
    request_id = models.UUIDField(unique=True)
    kind = models.TextField()
    reference = models.TextField()
    selectors = ArrayField(models.UUIDField())
    due_on = models.DateField()
    made_by = models.UUIDField()
    made_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "desk_inquiry"
        indexes = [models.Index(fields=["due_on"], name="desk_inquiry_due")]


class InquiryAnswer(models.Model):
    """What another unit says to it, once. `silent` is the unit's own note: the unit that asked does not see it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.RESTRICT)
    unit_id = models.UUIDField()  # that answers
    outcome = models.TextField()
    ground = models.TextField(db_default="")
    text = models.TextField(db_default="")
    made_by = models.UUIDField()
    made_name = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "desk_inquiry_answer"
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "unit_id"], name="desk_inquiry_answer_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["told", "direct", "refused", "silent"]), name="desk_inquiry_answer_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(ground=""), name="desk_inquiry_refused_on_a_ground"
            ),
            models.CheckConstraint(condition=~Q(outcome="told") | ~Q(text=""), name="desk_inquiry_told_in_words"),
        ]
