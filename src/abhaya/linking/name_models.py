"""Names, stated addresses and screen names that reports give their persons, and the keys under which similar ones are found.
Of which kind one is says its selector; the first character of a key tells the kinds apart.

A name's keys are its consonants: whoever had them had the name. So a key is there for an officer where the name is, in a
report open to them. Names of victims, of possible minors and of whoever was written to are not here at all.
"""

from __future__ import annotations

from django.db import models


class NameSeen(models.Model):
    """One name of one person of one report."""

    pk = models.CompositePrimaryKey("selector_id", "report_id", "role", "person")
    selector_id = models.UUIDField()  # the name
    report_id = models.UUIDField()
    role = models.TextField()
    person = models.IntegerField()  # from 1 within the role
    compartment = models.UUIDField()
    account_id = models.UUIDField()  # who sits there, as in `Person`

    class Meta:
        db_table = "linking_name"
        indexes = [models.Index(fields=["compartment"], name="linking_name_compartment")]


class NameKey(models.Model):
    """One key of one name (`names.parts.keys`): of the name as such, however many bear it."""

    pk = models.CompositePrimaryKey("selector_id", "key")
    selector_id = models.UUIDField()
    key = models.TextField()

    class Meta:
        db_table = "linking_name_key"
        indexes = [models.Index(fields=["key"], name="linking_name_key_key")]
