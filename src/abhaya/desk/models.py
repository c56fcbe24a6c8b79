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
