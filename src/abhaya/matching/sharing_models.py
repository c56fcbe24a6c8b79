"""Lists shared with partners, what is said of their entries, and lists read from others: the models of the hash-sharing door;
and what a list said of itself before.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class ClockTimestamp(models.Func):
    """The instant at which a row is written, not the one at which its transaction began."""

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = models.DateTimeField()


class Member(models.Model):
    """The number under which the hash-sharing door names a list, a partner, or one of our units that voted."""

    number = models.BigAutoField(primary_key=True)
    subject = models.UUIDField(unique=True)

    class Meta:
        db_table = "matching_member"


class Share(models.Model):
    """A list that a partner may read at the hash-sharing door. A partner is a sender with credentials."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()  # the list's
    sender_id = models.UUIDField()
    given_by = models.TextField()
    given_at = models.DateTimeField(db_default=ClockTimestamp())
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_share"
        constraints = [
            models.UniqueConstraint(
                fields=["sender_id", "compartment"], condition=Q(ended_at=None), name="matching_share_once"
            ),
        ]


class Vote(models.Model):
    """What a partner, or one of our units, says of one hash of an entry; said again, the newer stands.
    It belongs to the entry's key, so that it outlives a correction.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()  # the list's
    key = models.BinaryField()
    voter = models.UUIDField()  # a sender, or a unit
    voter_name = models.TextField()
    by = models.TextField()  # who said it: the partner at the door, or the officer
    hash_type = models.TextField()
    affirmative = models.BooleanField()
    reasons = ArrayField(models.TextField())  # of one against: `votes.REASONS`
    said_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        db_table = "matching_vote"
        constraints = [
            models.UniqueConstraint(fields=["compartment", "key", "voter", "hash_type"], name="matching_vote_once"),
        ]


class Poll(models.Model):
    """Where a list is read from a partner's hash-sharing door, and how far."""

    compartment = models.UUIDField(primary_key=True)  # the list's
    address = models.TextField()
    credentials_file = models.TextField()  # user name and password, a line each; never in the database
    member = models.TextField(db_default="")  # as whom the other side knows us
    checkpoint = models.DateTimeField(null=True)  # everything up to here is in; None: nothing yet
    range_to = models.DateTimeField(null=True)  # of the range that is being read
    range_begun_at = models.DateTimeField(null=True)
    next_page = models.TextField(db_default="")
    pages = models.IntegerField(db_default=0)  # of this range, so far
    due_at = models.DateTimeField(db_default=Now())
    problem = models.TextField(db_default="")
    tried_at = models.DateTimeField(null=True)
    state = models.TextField(db_default="on")

    class Meta:
        db_table = "matching_poll"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["on", "paused", "removed"]), name="matching_poll_state_known"
            ),
        ]


class ListChange(models.Model):
    """What a list says of itself was changed: what stood there before and after, by whom and why."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()  # the list's
    field = models.TextField()
    before = models.TextField()
    after = models.TextField()
    reason = models.TextField()
    by_id = models.UUIDField(null=True)
    by_name = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "matching_list_change"
        indexes = [models.Index(fields=["compartment", "id"], name="matching_list_change_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(field__in=["source", "licence", "scheme"]), name="matching_list_change_field_known"
            ),
        ]
