"""What officers say of a source and of a report's information, by the Admiralty system (`admiralty`)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.intake.admiralty import CREDIBILITY, RELIABILITY
from abhaya.shared.ids import uuid7


class SenderGrade(models.Model):
    """How reliable a sender is. The newest that was not taken back counts for all its reports."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    sender_id = models.UUIDField()
    reliability = models.TextField()  # A to F
    why = models.TextField()
    by_officer = models.UUIDField()
    by_name = models.TextField()
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_by_name = models.TextField(default="", db_default="")
    undone_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "intake_sender_grade"
        indexes = [models.Index(fields=["sender_id", "id"], name="intake_sender_grade_sender")]
        constraints = [
            models.CheckConstraint(condition=Q(reliability__in=list(RELIABILITY)), name="intake_sender_grade_known")
        ]


class Grade(models.Model):
    """An officer's word on one report, in the compartment by which they read it. The newest that stands counts."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()  # the report's, or a covert case's where that is the officer's only way to it
    report_id = models.UUIDField()
    reliability = models.TextField()  # A to F; "": as the sender's
    credibility = models.TextField()  # 1 to 6
    why = models.TextField()
    by_officer = models.UUIDField()
    by_name = models.TextField()
    by_unit = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_by_name = models.TextField(default="", db_default="")
    undone_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "intake_grade"
        indexes = [
            models.Index(fields=["compartment"], name="intake_grade_compartment"),
            models.Index(fields=["report_id", "id"], name="intake_grade_report"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reliability__in=["", *RELIABILITY], credibility__in=list(CREDIBILITY)),
                name="intake_grade_known",
            )
        ]
