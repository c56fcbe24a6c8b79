"""Looks at files, the meter and settings that are their officer's alone, and the rules about opening files."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Look(models.Model):
    """One officer's opening of one file: on which basis, how far it went, what came of it. Its seconds are not here."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    item_id = models.UUIDField()
    object_id = models.UUIDField()
    file_id = models.UUIDField()
    officer_id = models.UUIDField()
    officer_name = models.TextField()
    at = models.DateTimeField(db_default=Now())
    jurisdiction = models.TextField()  # of the rule it was opened under
    rules_version = models.TextField()
    viewed = models.TextField()  # the sender's flag as it was: true | false | null
    needs = models.TextField()
    purpose = models.TextField()
    reference = models.TextField(db_default="")
    warrant = models.TextField(db_default="")
    why_again = models.TextField(db_default="")
    severity = models.TextField(db_default="")  # the sender's classification
    is_imminent = models.BooleanField(db_default=False)
    passed_pause = models.BooleanField(db_default=False)  # opened with a reason though a pause was due
    reached = models.TextField(db_default="")  # the furthest step shown; "" for none
    failed = models.TextField(db_default="")  # why it could not be drawn, a code of decoding.WhyNot
    result = models.TextField(db_default="")
    note = models.TextField(db_default="")
    ended_at = models.DateTimeField(null=True)
    token = models.BinaryField(null=True)  # SHA-256 of the one address that may be asked for once
    token_step = models.TextField(db_default="")
    token_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "custody_look"
        indexes = [
            models.Index(fields=["compartment"], name="custody_look_compartment"),
            models.Index(fields=["object_id", "at"], name="custody_look_of_object"),
        ]


class ExposureRow(models.Model):
    """How long one look took its officer: theirs alone to read. It names no file."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer_id = models.UUIDField()
    look_id = models.UUIDField(unique=True)
    at = models.DateTimeField(db_default=Now())
    seconds = models.IntegerField(db_default=0)
    shown_at = models.DateTimeField(null=True)  # while a picture is on the screen
    severity = models.TextField(db_default="")
    is_imminent = models.BooleanField(db_default=False)

    class Meta:
        db_table = "custody_exposure"
        indexes = [models.Index(fields=["officer_id", "at"], name="custody_exposure_of")]


class ViewingChoice(models.Model):
    """How an officer wants media shown, and when they want to stop: theirs alone to read."""

    officer_id = models.UUIDField(primary_key=True)
    blur = models.TextField(db_default="strong")
    small_side_pixels = models.IntegerField(db_default=320)
    is_grey = models.BooleanField(db_default=True)
    starts_blurred = models.BooleanField(db_default=True)
    hide_after_seconds = models.IntegerField(db_default=20)
    items_a_day = models.IntegerField(null=True)
    minutes_a_day = models.IntegerField(null=True)
    minutes_without_break = models.IntegerField(null=True)
    break_minutes = models.IntegerField(null=True)

    class Meta:
        db_table = "custody_viewing_choice"


class ViewingUnit(models.Model):
    """What a unit set below the house's own limits, for all its officers."""

    unit_id = models.UUIDField(primary_key=True)
    items_a_day = models.IntegerField(null=True)
    minutes_a_day = models.IntegerField(null=True)
    minutes_without_break = models.IntegerField(null=True)
    break_minutes = models.IntegerField(null=True)

    class Meta:
        db_table = "custody_viewing_unit"


class Availability(models.Model):
    """Whether an officer would rather look at no media now. Their own word, for whoever plans the rota; no reason, no count."""

    officer_id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    prefers_not_now = models.BooleanField(db_default=False)

    class Meta:
        db_table = "custody_availability"


class LawfulTable(models.Model):
    """One version of the rules about opening files; the newest is in force. Insert-only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField(db_default=Now())
    version = models.TextField()
    made_by_name = models.TextField()
    rules = models.JSONField()  # lawful.Rule, in their order

    class Meta:
        db_table = "custody_lawful_table"
