"""The dictionary of selectors, without facts or times, and the sightings, which carry both."""

from __future__ import annotations

from django.db import models

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

    class Meta:
        db_table = "selectors_sighting"
        indexes = [
            # "Sightings of this selector, the oldest or the newest first" is one range of this index.
            models.Index(fields=["selector_id", "id"], name="selectors_sighting_selector"),
            models.Index(fields=["compartment"], name="selectors_sighting_compartment"),
            models.Index(fields=["report_id"], name="selectors_sighting_report"),
        ]
