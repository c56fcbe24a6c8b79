"""That a group was taken down: on which day, says who, kept with the report that tells of the group."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Takedown(models.Model):
    """One saying. It stays when it is withdrawn; of several that stand the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()  # its source: where the notice, or the chat that ends, was read
    group_id = models.UUIDField()
    day = models.DateField()  # UTC
    said_by = models.TextField()  # the platform, a notice by its number, a partner
    by_officer = models.UUIDField()
    by_name = models.TextField()
    at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.TextField(default="", db_default="")
    withdrawn_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "linking_takedown"
        indexes = [
            models.Index(fields=["compartment"], name="linking_takedown_compartment"),
            models.Index(fields=["group_id"], name="linking_takedown_group"),
        ]
