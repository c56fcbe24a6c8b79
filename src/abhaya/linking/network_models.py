"""Groups as reports tell of them: members, their numbers, what each did. A protected persona's rows nobody but its liaison
sees: row security leaves them out of every list, count and export.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from abhaya.linking.network_rules import CONDUCTS, DOUBTS
from abhaya.shared.ids import uuid7


class GroupSeen(models.Model):
    """A report tells of a group."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    group_id = models.UUIDField()  # the selector; of a group that nothing tells from others, an id of this report's own
    platform = models.TextField()
    kind = models.TextField()  # group | channel
    name = models.TextField()
    is_named = models.BooleanField()  # something tells it from others of its name
    locator = models.TextField()

    class Meta:
        db_table = "linking_group"
        indexes = [
            models.Index(fields=["compartment"], name="linking_group_compartment"),
            models.Index(fields=["report_id"], name="linking_group_report"),
            models.Index(fields=["group_id"], name="linking_group_group"),
        ]


class GroupMember(models.Model):
    """One member of one group, as one report tells, with what they did summed up."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    group_id = models.UUIDField()
    member = models.IntegerField()  # number within the report
    person_id = models.UUIDField()  # a number's selector, else an account's, else this report's own
    account_id = models.UUIDField(null=True)
    persona_id = models.UUIDField(null=True)  # of a protected persona: the row is its liaison's alone
    label = models.TextField()
    country = models.TextField()  # ISO 3166-1 alpha-2 by the number, "" where it says none
    doubt = models.TextField(default="")  # what speaks against it
    standing = models.TextField()
    conduct = models.TextField()
    posted = models.IntegerField()
    offered = models.IntegerField()
    asked = models.IntegerField()
    paid = models.IntegerField()
    forwarded = models.IntegerField()
    administered = models.IntegerField()  # founding the group is counted here
    said = models.IntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    locator = models.TextField()

    class Meta:
        db_table = "linking_group_member"
        indexes = [
            models.Index(fields=["compartment"], name="linking_group_member_compart"),
            models.Index(fields=["group_id"], name="linking_group_member_group"),
            models.Index(fields=["person_id"], name="linking_group_member_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(conduct__in=CONDUCTS), name="linking_group_member_conduct_known")
        ]


class GroupNumber(models.Model):
    """One telephone number of one member, with its country and what speaks against it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    group_id = models.UUIDField()
    member = models.IntegerField()
    person_id = models.UUIDField()
    persona_id = models.UUIDField(null=True)
    phone_id = models.UUIDField()
    country = models.TextField()
    doubt = models.TextField()
    conduct = models.TextField(default="")  # of the member: who only was there is masked
    locator = models.TextField()

    class Meta:
        db_table = "linking_group_number"
        indexes = [
            models.Index(fields=["compartment"], name="linking_group_number_compart"),
            models.Index(fields=["phone_id"], name="linking_group_number_phone"),
            models.Index(fields=["country"], name="linking_group_number_country"),
        ]
        constraints = [models.CheckConstraint(condition=Q(doubt__in=DOUBTS), name="linking_group_number_doubt_known")]


class GroupAct(models.Model):
    """One act of one member, and where it stands in the original."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    group_id = models.UUIDField()
    member = models.IntegerField()
    person_id = models.UUIDField()
    persona_id = models.UUIDField(null=True)
    act = models.TextField()  # a word of intake.formats.record.ACTS
    at = models.DateTimeField(null=True)
    at_precision = models.TextField()
    zone_known = models.BooleanField()
    other_id = models.UUIDField(null=True)  # the person by whom or to whom
    word = models.TextField()  # by which a machine took the line for this act
    locator = models.TextField()

    class Meta:
        db_table = "linking_act"
        indexes = [
            models.Index(fields=["compartment"], name="linking_act_compartment"),
            models.Index(fields=["group_id", "person_id", "id"], name="linking_act_group_person"),
        ]
