"""Objects (bytes, once each), holdings (who has their key) and items (what was received). Insert-only by grant."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.custody.models_looks import (  # noqa: F401 — Django finds a room's tables in this module
    Availability,
    ExposureRow,
    LawfulTable,
    Look,
    ViewingChoice,
    ViewingUnit,
)
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
    journaled_at = models.DateTimeField(null=True)  # since when the journal outside the database says so too

    class Meta:
        db_table = "custody_erasure"
        indexes = [
            models.Index(fields=["object_id", "compartment"], name="custody_erasure_of"),
            models.Index(fields=["id"], name="custody_erasure_to_write", condition=Q(journaled_at=None)),
        ]


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


class Rehash(models.Model):
    """One night's share of the vault, decrypted and hashed again, with its signed result."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    night = models.DateField()
    number = models.IntegerField(db_column="pass")  # of the pass through the whole vault
    first = models.UUIDField()
    last = models.UUIDField()
    share = models.BigIntegerField()  # how many originals this night is to read
    originals = models.BigIntegerField(db_default=0)
    size_bytes = models.BigIntegerField(db_default=0)
    found = models.JSONField(db_default={})
    is_pass_end = models.BooleanField(db_default=False)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    note = models.TextField(db_default="")

    class Meta:
        db_table = "custody_rehash"
        constraints = [
            models.UniqueConstraint(fields=["night"], name="custody_rehash_night_once", condition=Q(ended_at=None)),
        ]


class Damage(models.Model):
    """An original that does not hold. `whole_at`: read whole again since, or shredded."""

    object_id = models.UUIDField(primary_key=True)
    what = models.TextField()
    sentence = models.TextField()
    found_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    whole_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "custody_damage"


class Moved(models.Model):
    """An original that a move of the vault has proved in its new place, until the old one is emptied of it."""

    object_id = models.UUIDField(primary_key=True)
    name = models.BinaryField()
    size_bytes = models.BigIntegerField()  # sealed
    sha256 = models.BinaryField()  # of the sealed bytes, the same in both stores
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "custody_moved"


class Grant(models.Model):
    """A unit that holds no files asks the one that keeps an original to open it: for a purpose, and for a time."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    item_id = models.UUIDField()
    unit_id = models.UUIDField()
    unit_name = models.TextField()
    keeper_id = models.UUIDField()
    asked_by = models.UUIDField()
    asked_name = models.TextField()
    asked_at = models.DateTimeField(db_default=Now())
    purpose = models.TextField()
    state = models.TextField(db_default="asked")
    decided_by = models.UUIDField(null=True)
    decided_name = models.TextField(db_default="")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(db_default="")
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "custody_grant"
        indexes = [
            models.Index(fields=["compartment"], name="custody_grant_compartment"),
            models.Index(fields=["keeper_id", "state"], name="custody_grant_keeper"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "granted", "refused"]), name="custody_grant_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(until__isnull=False), name="custody_grant_has_its_end"
            ),
        ]


class Erasable(models.Model):
    """One line of the deletion plan, as `plan.fill` writes it. The owner's: nobody else can change what is deleted."""

    position = models.IntegerField(primary_key=True)
    room = models.TextField()
    table_name = models.TextField()
    verb = models.TextField()  # delete | keep | sweep
    statement = models.TextField()
    counting = models.TextField()  # of a sweep: its candidates
    subjects = models.TextField()
    decided = models.BooleanField()
    why = models.TextField()

    class Meta:
        db_table = "custody_erasable"


class Retention(models.Model):
    """One rule: how long a kind of thing is kept in a country, from when, and what happens then. Insert-only by version."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    version = models.IntegerField()
    kind = models.TextField()
    country = models.TextField()  # ISO 3166-1 alpha-2; XX: wherever no rule of its own stands
    days = models.IntegerField(null=True)  # None: until somebody decides
    act = models.TextField()  # delete (by the clock) | confirm (two people) | review
    source = models.TextField()
    note = models.TextField(default="")
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.TextField()

    class Meta:
        db_table = "custody_retention"
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "country"], name="custody_retention_once"),
            models.CheckConstraint(
                condition=Q(act__in=["delete", "confirm", "review"]), name="custody_retention_act_known"
            ),
            models.CheckConstraint(condition=Q(days__isnull=True) | Q(days__gte=0), name="custody_retention_days"),
        ]


class Due(models.Model):
    """A compartment whose clock has run out, as the duty found it."""

    compartment = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    kind = models.TextField()
    rule = models.TextField()
    act = models.TextField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "custody_due"
        indexes = [models.Index(fields=["unit_id", "due_at"], name="custody_due_of_unit")]


class LegalHold(models.Model):
    """Nothing of a compartment, or of whatever carries this identifier, is deleted until the hold is lifted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)  # a selector, for one
    subject_kind = models.TextField(db_default="")
    authority = models.TextField()  # the order's reference: court, number, day
    reason = models.TextField()
    unit_id = models.UUIDField()
    placed_by = models.UUIDField()
    placed_name = models.TextField()
    placed_at = models.DateTimeField(db_default=Now())
    review_on = models.DateField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)
    lifted_name = models.TextField(db_default="")
    lift_reason = models.TextField(db_default="")

    class Meta:
        db_table = "custody_hold"
        constraints = [
            models.CheckConstraint(
                condition=Q(compartment__isnull=False, subject__isnull=True)
                | Q(compartment__isnull=True, subject__isnull=False),
                name="custody_hold_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="custody_hold_lifted_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["compartment"], name="custody_hold_compartment", condition=Q(lifted_at=None)),
            models.Index(fields=["subject"], name="custody_hold_subject", condition=Q(lifted_at=None)),
        ]


class Deletion(models.Model):
    """One compartment's deletion: asked, decided by a second person or a rule, carried out, and its proof.

    It holds no content: codes, counts, opaque ids. `files` and `sweep` name what is still to be taken away after the
    rows went, and are empty when it is settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    unit_id = models.UUIDField(null=True)
    kind = models.TextField()  # of the retention rule, or of the ground
    rule = models.TextField()  # which rule, with its version; or "decision"
    ground = models.TextField()
    reference = models.TextField(db_default="")
    seen = models.TextField(db_default="")  # SHA-256 of the preview that was confirmed
    state = models.TextField(db_default="asked")
    asked_by = models.UUIDField(null=True)  # None: the clock
    asked_name = models.TextField()
    asked_at = models.DateTimeField(db_default=Now())
    approved_by = models.UUIDField(null=True)
    approved_name = models.TextField(db_default="")
    decided_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)  # last time a legal hold stood in the way
    erased_at = models.DateTimeField(null=True)
    erased_in = models.BigIntegerField(null=True)  # the transaction: when all older ones have ended, nothing can follow
    settled_at = models.DateTimeField(null=True)
    rows = models.JSONField(db_default={})
    files = models.JSONField(db_default=[])
    sweep = models.JSONField(db_default={})
    salt = models.BinaryField(null=True)  # what the certificate's commitments are salted with
    certificate = models.TextField(db_default="")  # signed

    class Meta:
        db_table = "custody_deletion"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "decided", "erased", "settled", "withdrawn"]),
                name="custody_deletion_state_known",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("asked_by")),
                name="custody_deletion_two_people",
            ),
            # Of two who ask at once, one is told.
            models.UniqueConstraint(
                fields=["compartment"],
                name="custody_deletion_one",
                condition=Q(state__in=["asked", "decided", "erased"]),
            ),
        ]
        indexes = [
            models.Index(fields=["compartment"], name="custody_deletion_compartment"),
            models.Index(fields=["unit_id", "asked_at"], name="custody_deletion_of_unit"),
            models.Index(fields=["id"], name="custody_deletion_to_do", condition=Q(state__in=["decided", "erased"])),
        ]
