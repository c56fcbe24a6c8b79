"""The ledger's tables. Entries are plaintext that a clock may erase; leaves and checkpoints stay and prove."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from abhaya.shared.ids import uuid7

ONLY = 1  # the key of a table that has one row


class Entry(models.Model):
    """One act: who, what, on what, why. Partitioned by month.

    `body` is the exact bytes that `commitment` covers; the columns repeat it for filters and row security, and the
    check holds them against it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    event = models.TextField()
    actor_id = models.UUIDField(null=True)  # an officer; null for a service of the road or an operator
    actor_name = models.TextField()
    purpose = models.TextField()
    subject_id = models.UUIDField(null=True)
    compartment = models.UUIDField(null=True)
    body = models.BinaryField()
    salt = models.BinaryField()
    commitment = models.BinaryField()

    class Meta:
        db_table = "ledger_entry"
        indexes = [
            models.Index(fields=["compartment", "id"], name="ledger_entry_compartment"),
            models.Index(fields=["event", "id"], name="ledger_entry_event"),
            # The road's own entries name no officer: they cost this index nothing.
            models.Index(fields=["actor_name", "id"], name="ledger_entry_actor", condition=Q(actor_id__isnull=False)),
        ]


class Pending(models.Model):
    """An entry that has no leaf yet; written by a trigger with the entry itself, gone within a second."""

    entry_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "ledger_pending"


class Leaf(models.Model):
    """One leaf of the tree, in order from 0. It holds nothing that tells what the entry says."""

    index = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField()

    class Meta:
        db_table = "ledger_leaf"


class Frontier(models.Model):
    """The right edge of the tree, so that appending needs no earlier leaf. One row, the sequencer's."""

    id = models.SmallIntegerField(primary_key=True, db_default=ONLY)
    size = models.BigIntegerField()
    roots = models.BinaryField()

    class Meta:
        db_table = "ledger_frontier"
        constraints = [models.CheckConstraint(condition=Q(id=ONLY), name="ledger_frontier_one")]


class Checkpoint(models.Model):
    """A signed statement: the ledger had `size` entries, with this root. `note` is the signed text."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"


class Departure(models.Model):
    """A checkpoint left this machine: from here on nobody, the administrator included, can bend what it covers."""

    class How(models.TextChoices):
        PRINTED = "printed"
        EXPORTED = "exported"
        WITNESSED = "witnessed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    how = models.TextField(choices=How)
    recipient = models.TextField()  # who holds it now, in the officer's words
    actor_name = models.TextField()

    class Meta:
        db_table = "ledger_departure"
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=["printed", "exported", "witnessed"]), name="ledger_departure_how_known"
            )
        ]


class Log(models.Model):
    """The ledger's name and public key, fixed with its first checkpoint. One row."""

    id = models.SmallIntegerField(primary_key=True, db_default=ONLY)
    origin = models.TextField()
    public_key = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_log"
        constraints = [models.CheckConstraint(condition=Q(id=ONLY), name="ledger_log_one")]


class CheckRun(models.Model):
    """One run of the check, with what it found."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    seconds = models.IntegerField()
    size = models.BigIntegerField()
    erased = models.BigIntegerField()
    findings = models.JSONField()  # reasons, in the order found
    asked_by = models.TextField()

    class Meta:
        db_table = "ledger_check_run"


class Block(models.Model):
    """The root over 256 leaves in a row, kept so that a proof need not hash the ledger again. It can be made anew."""

    index = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()

    class Meta:
        db_table = "ledger_block"


class Cosignature(models.Model):
    """A witness's signature under a checkpoint: up to there it saw nothing changed. `line` is the note's own line."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    size = models.BigIntegerField()
    witness = models.TextField()
    line = models.TextField()
    at = models.DateTimeField()  # the time the witness swears to

    class Meta:
        db_table = "ledger_cosignature"
        constraints = [models.UniqueConstraint(fields=["size", "witness"], name="ledger_cosignature_once")]


class Stamp(models.Model):
    """An RFC 3161 time-stamp over a checkpoint's text. `response` is the authority's answer as it came."""

    size = models.BigIntegerField(primary_key=True)
    authority = models.TextField()
    response = models.BinaryField()
    at = models.DateTimeField()  # the time the authority swears to

    class Meta:
        db_table = "ledger_stamp"


class Outsider(models.Model):
    """Whom the ledger asks to vouch for it: a witness by its name, a time-stamp authority by its address."""

    name = models.TextField(primary_key=True)
    size = models.BigIntegerField(default=0)  # of the newest checkpoint they signed
    at = models.DateTimeField(null=True)
    problem = models.JSONField(null=True)  # a reason, while the last try failed
    problem_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_outsider"
