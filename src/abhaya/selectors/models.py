"""The dictionary of selectors, without facts or times, the sightings, which carry both, and protected personas."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Selector(models.Model):
    """One value of one kind. Shared by all compartments, covert ones too: reached only through visible sightings."""

    id = models.UUIDField(primary_key=True)  # UUIDv8 of SHA-256(kind NUL value), docs/decisions/0003
    kind = models.TextField()
    value = models.TextField()

    class Meta:
        db_table = "selectors_selector"


class Sighting(models.Model):
    """A selector seen in an item, in a role, at an instant; or raw text with the reason why it would not normalise."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    item_id = models.UUIDField(null=True)
    selector_id = models.UUIDField(null=True)  # None: `why_not` says why
    kind = models.TextField()
    raw = models.TextField()
    role = models.TextField()  # reported | recipient | victim | reporter | associated | incident | file | mentioned
    person = models.IntegerField()  # which person of that role, from 1; in the role `file`, which file; 0 = none
    locator = models.TextField()
    event = models.TextField()
    at = models.DateTimeField(null=True)
    at_precision = models.TextField()
    at_original = models.TextField()
    zone_known = models.BooleanField()
    port = models.IntegerField(null=True)
    platform = models.TextField()
    possible_proxy = models.BooleanField(null=True)
    verified = models.BooleanField(null=True)
    mined = models.BooleanField()  # found in free text, not in a field of its own
    assumed = models.BooleanField()  # part of the value was not written but assumed
    why_not = models.TextField()
    account_id = models.UUIDField(null=True)  # selector of the account that this person of this report acted by
    persona_id = models.UUIDField(null=True)  # of a protected persona: the row is its liaison's alone

    class Meta:
        db_table = "selectors_sighting"
        indexes = [
            # "Sightings of this selector, the oldest or the newest first" is one range of this index.
            models.Index(fields=["selector_id", "id"], name="selectors_sighting_selector"),
            models.Index(fields=["compartment"], name="selectors_sighting_compartment"),
            models.Index(fields=["report_id"], name="selectors_sighting_report"),
        ]


class Persona(models.Model):
    """An identifier that an officer uses under cover. Read by its liaison, and by the road, which hides what has it.

    Asked for (`asked_at`), kept once a second person granted it (`kept_at`), until it is ended (`ended_at`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    selector_id = models.UUIDField()
    kind = models.TextField()
    value = models.TextField()
    liaison_id = models.UUIDField()
    unit_id = models.UUIDField()
    purpose = models.TextField()
    asked_at = models.DateTimeField(db_default=Now())
    kept_at = models.DateTimeField(null=True)
    second_name = models.TextField(default="")
    reviewed_at = models.DateTimeField(null=True)
    review = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(default="")

    class Meta:
        db_table = "selectors_persona"
        indexes = [
            models.Index(fields=["selector_id"], name="selectors_persona_selector"),
            models.Index(fields=["liaison_id"], name="selectors_persona_liaison"),
        ]
