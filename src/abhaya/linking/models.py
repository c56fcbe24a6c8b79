"""Strong identifiers of a report that stand in earlier reports. Accounts, links and subjects: `subject_models`; what officers write of them:
`remark_models`.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from abhaya.linking.name_models import NameKey, NameSeen
from abhaya.linking.network_models import GroupAct, GroupMember, GroupNumber, GroupSeen
from abhaya.linking.remark_models import Remark, RemarkAccount
from abhaya.linking.subject_models import (
    Change,
    Constraint,
    Evidence,
    Judgement,
    Link,
    Membership,
    Person,
    Subject,
    Touched,
)
from abhaya.linking.takedown_models import Takedown
from abhaya.shared.ids import uuid7

__all__ = [
    "Change", "Constraint", "Evidence", "GroupAct", "GroupMember", "GroupNumber", "GroupSeen", "Hit", "Judgement", "Link",
    "Membership", "NameKey", "NameSeen", "Person", "Remark", "RemarkAccount", "Subject", "Takedown", "Touched",
]  # fmt: skip


class Hit(models.Model):
    """One identifier in one role of a report, and in how many earlier reports it stands. No merge, no judgement."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    selector_id = models.UUIDField()
    kind = models.TextField()
    role = models.TextField()
    earlier_reports = models.IntegerField()  # not covert, not test; of the strong sightings where there are any
    more = models.BooleanField()  # there are more than were counted
    earlier_roles = ArrayField(models.TextField())  # in which roles it stood there
    first_report_id = models.UUIDField()
    strength = models.TextField()  # strong | weak (from free text, or part assumed) | common (guarded: it links nobody)
    reason = models.JSONField()  # shared.reason.Reason
    added_at = models.DateTimeField(null=True)  # its identifier came after the report, then
    persona_id = models.UUIDField(null=True)  # a protected persona's, found before it was one: its liaison's alone

    class Meta:
        db_table = "linking_hit"
        indexes = [
            models.Index(fields=["compartment"], name="linking_hit_compartment"),
            models.Index(fields=["report_id"], name="linking_hit_report"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(strength__in=["strong", "weak", "common"]), name="linking_hit_strength_known"
            ),
            models.CheckConstraint(condition=Q(earlier_reports__gte=1), name="linking_hit_was_seen"),
        ]
