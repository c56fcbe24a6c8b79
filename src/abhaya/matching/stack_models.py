"""What brings the same and what looks alike: bundles of reports, officers' word against a stack, hashes that are everywhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Parting(models.Model):
    """An officer's word that a picture does not belong to its stack: it begins its own and joins none, until an officer
    takes that back. The word stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    file_id = models.UUIDField()
    officer_id = models.UUIDField()
    officer_name = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)  # the stacks were made to fit; None again when it is taken back
    stack_id = models.UUIDField(null=True)  # out of which stack; None: from before that was kept
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_name = models.TextField(db_default="")
    undone_why = models.TextField(db_default="")

    class Meta:
        db_table = "matching_parting"
        indexes = [
            models.Index(fields=["compartment"], name="matching_parting_compartment"),
            models.Index(fields=["file_id"], name="matching_parting_file"),
        ]


class Crowd(models.Model):
    """How many positions one hash of an index stands under, where that is more than a search lists: the newest it met."""

    index = models.TextField(primary_key=True)
    positions = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "matching_crowd"


class Bundled(models.Model):
    """Of which bundle a report is: the reports that bring the same (`bundle_rules`)."""

    report_id = models.UUIDField(primary_key=True)
    compartment = models.UUIDField()
    bundle_id = models.UUIDField()  # follows from the bytes, or from those of the first of a stack, alone
    apart = models.JSONField()  # reasons why it does not fold with the others; none: it does
    # Of its files, those that were in many other reports when it last walked (`rules.WIDELY_SHARED_REPORTS_MIN`; not covert,
    # not test), and of these the ones that it was the first to bring.
    widely_files = models.IntegerField(db_default=0)
    widely_first = models.IntegerField(db_default=0)
    by_likeness = models.BooleanField(db_default=False)  # a picture of it looks like the one it counts as: other bytes

    class Meta:
        db_table = "matching_bundle"
        indexes = [
            models.Index(fields=["compartment"], name="matching_bundle_compartment"),
            models.Index(fields=["bundle_id", "report_id"], name="matching_bundle_members"),
            models.Index(fields=["bundle_id"], condition=Q(by_likeness=True), name="matching_bundle_likeness"),
        ]
