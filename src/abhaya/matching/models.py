"""What a file of a report shares with files of earlier reports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from abhaya.shared.ids import uuid7


class Match(models.Model):
    """One file that was here before: the same bytes, or only a hash that a sender claims."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    file_id = models.UUIDField()
    hash_kind = (
        models.TextField()
    )  # bytes: we hold both and computed both; claimed: somebody's word on one side at least
    hash_type = models.TextField()  # sha256, md5, photodna, …: by which hash they met
    selector_id = models.UUIDField()  # the hash as a selector
    digest = models.BinaryField(null=True)  # the hash itself; None for a kind of hash that is not bytes
    earlier_reports = models.IntegerField()  # not covert, not test; at most `actions.EARLIER_REPORTS_MAX`
    more = models.BooleanField()  # there are more than were counted
    first_report_id = models.UUIDField()

    class Meta:
        db_table = "matching_match"
        indexes = [
            models.Index(fields=["compartment"], name="matching_match_compartment"),
            models.Index(fields=["report_id"], name="matching_match_report"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(hash_kind__in=["bytes", "claimed"]), name="matching_match_kind_known"),
            models.CheckConstraint(condition=Q(earlier_reports__gte=1), name="matching_match_was_here"),
        ]
