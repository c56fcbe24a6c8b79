"""Objects (bytes, once each), holdings (who has their key) and items (what was received). Insert-only by grant."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.custody.sealing import SEALING
from abhaya.shared.ids import uuid7

KEPT = ["row", "file", "gone"]


class Object(models.Model):
    """One sequence of bytes, whoever sent it and however often. Seen only through a holding."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.BinaryField(unique=True, null=True)  # keyed hash of the content; null when the bytes are gone
    known_key = models.BinaryField(null=True)  # the object's key, for whoever brings the same bytes again
    sha256 = models.BinaryField()
    sha1 = models.BinaryField()
    md5 = models.BinaryField()
    size_bytes = models.BigIntegerField()
    media_type_seen = models.TextField()
    kept = models.TextField()  # row: in custody_bytes; file: in the vault's folder; gone: shredded
    sealing = models.SmallIntegerField(db_default=SEALING)  # version of sealing.py
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "custody_object"
        constraints = [
            models.CheckConstraint(condition=Q(kept__in=KEPT), name="custody_object_kept_known"),
            models.CheckConstraint(
                condition=Q(kept="gone", name__isnull=True, known_key__isnull=True)
                | (~Q(kept="gone") & Q(name__isnull=False, known_key__isnull=False)),
                name="custody_object_gone_has_no_key",
            ),
            models.CheckConstraint(condition=Q(size_bytes__gte=0), name="custody_object_size_not_negative"),
        ]


class Bytes(models.Model):
    """The sealed bytes of a small object; `id` is the object's. Partitioned by month."""

    id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "custody_bytes"


class Holding(models.Model):
    """One compartment's key to one object. Without a wrapped key the compartment holds hashes only."""

    pk = models.CompositePrimaryKey("object_id", "compartment")
    object = models.ForeignKey(Object, models.PROTECT, related_name="+", db_index=False)
    compartment = models.UUIDField()
    wrapped_key = models.BinaryField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "custody_holding"
        indexes = [models.Index(fields=["compartment"], name="custody_holding_compartment")]


class Item(models.Model):
    """Something received, as it was received: under which name, by which way. Partitioned by month."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    object_id = models.UUIDField()
    name = models.TextField()
    media_type_claimed = models.TextField()
    media_type_seen = models.TextField()
    via = models.TextField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "custody_item"
        indexes = [models.Index(fields=["compartment"], name="custody_item_compartment")]


class Erasure(models.Model):
    """A holding that was taken away for good: the journal that a restored backup replays before it opens."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    object_id = models.UUIDField()
    last = models.BooleanField()  # nobody held the bytes any more, and they went too
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "custody_erasure"
        indexes = [models.Index(fields=["object_id", "compartment"], name="custody_erasure_of")]


class OperatorKeyNote(models.Model):
    """What is known of one operator key: when it came, how far its rotation is, whether it lies on paper. Never the key."""

    key_id = models.TextField(primary_key=True)  # hexadecimal
    noted_at = models.DateTimeField(db_default=Now())
    rotation_from = models.TextField(db_default="")  # id of the key it takes the place of; empty for the first
    rewrapped = models.BigIntegerField(db_default=0)
    rotated_at = models.DateTimeField(null=True)  # every wrap is under this key
    retired_at = models.DateTimeField(null=True)  # destroyed
    split_at = models.DateTimeField(null=True)
    split_shares = models.SmallIntegerField(db_default=0)
    split_needed = models.SmallIntegerField(db_default=0)
    proved_at = models.DateTimeField(null=True)  # last joined from its shares, for the restore rehearsal

    class Meta:
        db_table = "custody_operator_key"
