"""Senders, reports, their files, and the door's drafts. Content rows carry the compartment of their report's thread."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from abhaya.intake.grade_models import Grade, SenderGrade
from abhaya.shared.ids import uuid7

__all__ = [
    "Draft", "DraftFile", "File", "Grade", "Load", "LoadLine", "Mapping", "Original", "ReceivedKey", "Report", "Sender",
    "SenderGrade",
]  # fmt: skip


class Sender(models.Model):
    """Who submits: a platform, a hotline, a partner, the public, or an officer who took a telephone report."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.TextField(unique=True)
    kind = models.TextField(default="platform")
    username = models.TextField(null=True, unique=True)  # None: reports come only by drops and forms
    password_hash = models.TextField(default="")
    unit = models.ForeignKey("access.Unit", models.PROTECT, related_name="+")  # the hub that receives
    is_test = models.BooleanField(default=False)  # reports are marked, never routed, counted or paged
    is_active = models.BooleanField(default=True)
    duty_contact = models.TextField(default="")  # a role address, because staff change
    requests_per_minute_max = models.IntegerField(default=6000)
    file_bytes_max = models.BigIntegerField(default=8 * 1024**3)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "intake_sender"


class Report(models.Model):
    """One report as received. Insert-only: what later stages decide stands in their own tables."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    number = models.BigIntegerField()  # shown outside; random, 53 bits
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="+", db_constraint=False)
    sender_name = models.TextField()  # the platform, as the hub that passed it on wrote it
    unit_id = models.UUIDField()  # the hub that received it
    channel = models.TextField()  # ispws | json | xml | workbook | form
    external_ref = models.TextField(default="")
    received_at = models.DateTimeField()
    incident_type = models.TextField(default="")
    incident_at = models.DateTimeField(null=True)
    incident_original = models.TextField(default="")
    platform = models.TextField(default="")
    escalation = models.TextField(default="")
    annotations = ArrayField(models.TextField(), default=list)
    is_test = models.BooleanField(default=False)
    is_batched = models.BooleanField(default=False)
    file_count = models.IntegerField(default=0)
    missing = ArrayField(models.TextField(), default=list)  # codes of intake.completeness
    losses = models.IntegerField(default=0)  # how many fields were not understood
    record = models.JSONField()  # formats.record.Record
    reading_version = models.SmallIntegerField()

    class Meta:
        db_table = "intake_report"
        indexes = [
            models.Index(fields=["compartment"], name="intake_report_compartment"),
            models.Index(fields=["number"], name="intake_report_number"),
            models.Index(fields=["external_ref"], name="intake_report_reference"),
            models.Index(fields=["sender", "id"], name="intake_report_sender"),
        ]


class File(models.Model):
    """One reported file: what the sender said of it, and the hashes of the bytes we hold (empty when we hold none)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    position = models.IntegerField()  # its place in Record.files; bytes that came later stand at their description's
    item_id = models.UUIDField(null=True)
    object_id = models.UUIDField(null=True)
    file_ref = models.TextField(default="")
    name = models.TextField(default="")
    viewed_by_sender = models.BooleanField(null=True)
    exif_viewed = models.BooleanField(null=True)
    publicly_available = models.BooleanField(null=True)
    relevance = models.TextField(default="")
    classification = models.TextField(default="")
    annotations = ArrayField(models.TextField(), default=list)
    md5 = models.BinaryField(null=True)
    sha1 = models.BinaryField(null=True)
    sha256 = models.BinaryField(null=True)
    size_bytes = models.BigIntegerField(null=True)
    media_type = models.TextField(default="")
    is_held = models.BooleanField(default=False)
    added_at = models.DateTimeField(null=True)  # it came after its report, then

    class Meta:
        db_table = "intake_file"
        indexes = [
            models.Index(fields=["compartment"], name="intake_file_compartment"),
            models.Index(fields=["report_id"], name="intake_file_report"),
            # "Files with these bytes, the oldest first" is one range of an index.
            models.Index(fields=["sha256", "id"], name="intake_file_sha256", condition=Q(sha256__isnull=False)),
            models.Index(fields=["sha1", "id"], name="intake_file_sha1", condition=Q(sha1__isnull=False)),
            models.Index(fields=["md5", "id"], name="intake_file_md5", condition=Q(md5__isnull=False)),
        ]


class Original(models.Model):
    """Which items a report was read from: its XML, JSON, row and PDF, each with the losses of its own reading."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    item_id = models.UUIDField()
    object_id = models.UUIDField()
    name = models.TextField()
    channel = models.TextField()
    record = models.JSONField(null=True)  # a later reading of the same report, where this item brought one

    class Meta:
        db_table = "intake_original"
        indexes = [
            models.Index(fields=["compartment"], name="intake_original_compartment"),
            models.Index(fields=["report_id"], name="intake_original_report"),
            models.Index(fields=["report_id"], name="intake_original_added", condition=Q(record__isnull=False)),
        ]


class Draft(models.Model):
    """A report opened at the door and not yet finished. The number answers for good: 5001, 5101, 5102."""

    number = models.BigIntegerField(primary_key=True)
    report_id = models.UUIDField()
    compartment = models.UUIDField()
    sender = models.ForeignKey(Sender, models.PROTECT, related_name="+")
    state = models.TextField(default="open")  # open | finished | retracted | expired
    item_id = models.UUIDField()
    object_id = models.UUIDField()
    opened_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_draft"
        indexes = [
            models.Index(fields=["touched_at"], name="intake_draft_open", condition=models.Q(state="open")),
            models.Index(
                fields=["ended_at"],
                name="intake_draft_to_erase",
                condition=models.Q(state__in=["retracted", "expired"], erased_at=None),
            ),
        ]


class DraftFile(models.Model):
    """A file uploaded to a draft, with the details sent for it."""

    file_ref = models.TextField(primary_key=True)  # 32 hexadecimal digits
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="+")
    name = models.TextField(default="")
    item_id = models.UUIDField()
    object_id = models.UUIDField()
    md5 = models.BinaryField()
    sha1 = models.BinaryField()
    sha256 = models.BinaryField()
    size_bytes = models.BigIntegerField()
    media_type = models.TextField(default="")
    details_item_id = models.UUIDField(null=True)
    details_object_id = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "intake_draft_file"
        indexes = [models.Index(fields=["draft", "uploaded_at"], name="intake_draft_file_order")]


class ReceivedKey(models.Model):
    """What makes two deliveries the same report, over all time: SHA-256 of who numbers it and the number, or its bytes."""

    key = models.BinaryField(primary_key=True)
    report_id = models.UUIDField()
    compartment = models.UUIDField()

    class Meta:
        db_table = "intake_received_key"


class Mapping(models.Model):
    """How one shape of workbook is read: its columns, mapped once by an officer and remembered."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    shape = models.BinaryField()  # SHA-256 of the normalised header row
    unit = models.ForeignKey("access.Unit", models.PROTECT, related_name="+")
    name = models.TextField()
    columns = models.JSONField()  # header -> field of formats.workbook.FIELDS
    made_by = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "intake_mapping"
        constraints = [models.UniqueConstraint(fields=["shape", "unit"], name="intake_mapping_once_per_unit")]


class Load(models.Model):
    """One drop taken in: who brought it, how far it is, what became of its items. Its compartment is the hub's own."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    unit_id = models.UUIDField()
    officer_id = models.UUIDField(null=True)  # None: the operator, at the command line
    name = models.TextField()
    sender_name = models.TextField(default="")
    state = models.TextField(default="waiting")  # waiting | unmapped | running | done | failed
    counts = models.JSONField(default=dict)  # verdict -> items
    made_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        db_table = "intake_load"
        indexes = [models.Index(fields=["unit_id", "made_at"], name="intake_load_of_unit")]


class LoadLine(models.Model):
    """One item of a drop that was set aside, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    load = models.ForeignKey(Load, models.PROTECT, related_name="+")
    path = models.TextField()
    reason = models.TextField()

    class Meta:
        db_table = "intake_load_line"
        indexes = [models.Index(fields=["load", "id"], name="intake_load_line_order")]
