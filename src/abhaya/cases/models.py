"""A case and what stands in it. Its compartment is its id: who is a member is an opening of it (`access`)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Case(models.Model):
    """One piece of work with its own walls. `reference` is random and `title` may repeat: neither says what else there is."""

    compartment = models.UUIDField(primary_key=True)
    reference = models.TextField()
    title = models.TextField()
    unit_id = models.UUIDField()
    covert = models.BooleanField()  # from its first row to its last: never changed
    liaison_id = models.UUIDField()  # a member: whom others are told to talk to
    contact = models.TextField()  # how the liaison is reached
    state = models.TextField(db_default="open")
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_case"
        constraints = [models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="cases_case_state_known")]


class Note(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    text = models.TextField()
    by_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_note"
        indexes = [models.Index(fields=["compartment"], name="cases_note_compartment")]


class Attachment(models.Model):
    """A report in a case. `detached_at` undoes it; both have their reason."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    reason = models.TextField()
    attached_by = models.UUIDField()
    attached_at = models.DateTimeField(db_default=Now())
    detached_by = models.UUIDField(null=True)
    detached_at = models.DateTimeField(null=True)
    detach_reason = models.TextField(db_default="")
    files = ArrayField(models.BinaryField(), db_default=[])  # SHA-256 of its files' bytes, as far as we hold them
    compared_at = models.DateTimeField(null=True)  # its files, against everything held; from then on the road compares

    class Meta:
        db_table = "cases_attachment"
        indexes = [
            GinIndex(fields=["files"], condition=Q(detached_at=None), name="cases_attachment_files"),
            models.Index(fields=["report_id"], condition=Q(detached_at=None), name="cases_attachment_report"),
            models.Index(fields=["id"], condition=Q(compared_at=None), name="cases_attachment_new"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "report_id"], condition=Q(detached_at=None), name="cases_attachment_once"
            )
        ]


class Watch(models.Model):
    """An identifier noted in a case. The dictionary of selectors is not told: a search elsewhere touches nothing of it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    watched = models.UUIDField()  # the selector's id, made from its value
    kind = models.TextField()
    value = models.TextField()
    raw = models.TextField()
    role = models.TextField()
    source = models.TextField()  # where it is known from, in the officer's words
    added_by = models.UUIDField()
    added_at = models.DateTimeField(db_default=Now())
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(db_default="")
    compared_at = models.DateTimeField(null=True)  # against everything held; from then on the road compares

    class Meta:
        db_table = "cases_watch"
        indexes = [
            models.Index(fields=["watched"], condition=Q(ended_at=None), name="cases_watch_watched"),
            models.Index(fields=["id"], condition=Q(compared_at=None), name="cases_watch_new"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "watched"], condition=Q(ended_at=None), name="cases_watch_once"
            )
        ]


class Hit(models.Model):
    """One side's “talk to X”: in the compartment of a case, or in that of a report. `other` is never shown to anybody."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    watched = models.UUIDField()  # this side’s own identifier; of a person the subject, or an account that stands alone
    kind = models.TextField()
    digest = models.BinaryField(null=True)  # SHA-256, where it is a file that both have
    report_id = models.UUIDField(null=True)  # set on a report's side
    liaison_id = models.UUIDField(null=True)  # a covert case's side: the only reader
    told_unit = models.UUIDField(null=True)  # a report's side: the one unit that a covert case spoke to
    talk_officer = models.UUIDField(null=True)
    talk_contact = models.TextField(db_default="")  # as the other case gives it; a unit's own stands with the unit
    talk_unit = models.UUIDField(null=True)  # null while the other side, covert too, has not spoken
    state = models.TextField()  # told | pending | spoken | silent
    other = models.UUIDField()  # the other case, or the unit that holds the report
    found_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(db_default="")

    class Meta:
        db_table = "cases_hit"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["told", "pending", "spoken", "silent"]), name="cases_hit_state_known"
            ),
            models.UniqueConstraint(
                fields=["compartment", "watched", "other", "told_unit"],
                nulls_distinct=False,
                name="cases_hit_once_a_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["report_id"], name="cases_hit_report"),
            models.Index(fields=["other"], name="cases_hit_other"),
            models.Index(fields=["watched"], condition=Q(kind="subject"), name="cases_hit_subject"),
            models.Index(fields=["liaison_id"], condition=Q(state="pending"), name="cases_hit_pending"),
        ]


class Regrouped(models.Model):
    """An account or subject of which something changed, until a duty has looked whom that concerns. Ids alone, written by
    triggers and the road; the same may stand here twice, so that no writer waits for another.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    standing = models.UUIDField()

    class Meta:
        db_table = "cases_regrouped"


class Asked(models.Model):
    """What an officer searched for, until the next look at whether it touched what others protect. Then it goes."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer_id = models.UUIDField()
    selectors = ArrayField(models.UUIDField())
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_asked"


class Touch(models.Model):
    """One protected identifier that an officer asked for without need: counted, forgotten after a day."""

    pk = models.CompositePrimaryKey("officer_id", "watched")
    officer_id = models.UUIDField()
    watched = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_touch"


class Probing(models.Model):
    """What the auditor is shown: who, and how often. Not what."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer_id = models.UUIDField()
    searches = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "cases_probing"
        indexes = [models.Index(fields=["last_at"], name="cases_probing_last_at")]


class Chart(models.Model):
    """How a member arranged the case's link chart: where things stand, what is hidden, pinned or grouped. What stands on it
    is read anew by each viewer; each saving is a row of its own, none is changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    title = models.TextField()
    arranged = models.JSONField()  # desk.chart_rules.Kept
    by_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_chart"
        indexes = [models.Index(fields=["compartment", "id"], name="cases_chart_compartment")]
