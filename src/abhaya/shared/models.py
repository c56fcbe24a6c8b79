"""The road's waiting list."""

from __future__ import annotations

from django.db import models


class Waypoint(models.Model):
    """A report that waits before a stage. Rows live for seconds; ids only, no content."""

    id = models.BigAutoField(primary_key=True)
    stage = models.TextField()
    report_id = models.UUIDField()
    attempts = models.SmallIntegerField(db_default=0)

    class Meta:
        db_table = "shared_waypoint"
        constraints = [models.UniqueConstraint(fields=["stage", "report_id"], name="shared_waypoint_once")]
