"""Blinded comparisons with partners, and what came of them. Both are their officer's alone."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Comparison(models.Model):
    """One comparison as one side has it. It stays when its results are deleted: its token must never be taken again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    token = models.BinaryField()  # 32 random bytes, the same on both sides
    side = models.TextField()  # asks | answers
    state = models.TextField(db_default="waits")  # waits for a second person | sent | done | ended
    officer_id = models.UUIDField()
    unit_id = models.UUIDField()
    partner = models.TextField()  # as the officer calls it
    partner_key = models.TextField()  # with which its files are signed: name+id+base64, got by another road
    contact = models.TextField()  # whom the partner is told to talk to
    partner_contact = models.TextField(db_default="")
    kinds = ArrayField(models.TextField())
    scope = models.TextField()  # case | cases | reports
    case_id = models.UUIDField(null=True)  # of the scope `case`, until the file is made
    purpose = models.TextField()
    own = models.IntegerField(null=True)  # how many of one's own went in
    points = models.IntegerField(null=True)  # how many points the other side sent
    question = models.BinaryField(null=True)  # what was brought, until it is answered
    session = models.BinaryField(null=True)  # secrets and places, sealed; gone with the last step
    outgoing = models.BinaryField(null=True)  # the file to be carried to the partner
    made_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_comparison"
        constraints = [
            models.CheckConstraint(condition=Q(side__in=["asks", "answers"]), name="exchange_comparison_side_known"),
            models.CheckConstraint(
                condition=Q(state__in=["waits", "sent", "done", "ended"]), name="exchange_comparison_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waits", "sent"]) | Q(session=None), name="exchange_comparison_secrets_gone"
            ),
            models.UniqueConstraint(fields=["token", "side"], name="exchange_comparison_once"),
        ]
        indexes = [
            models.Index(fields=["officer_id", "id"], name="exchange_comparison_officer"),
            models.Index(fields=["partner_key", "made_at"], name="exchange_comparison_partner"),
        ]


class Met(models.Model):
    """An identifier that the partner has too, by its id alone: its value stands where the officer sees it, or nowhere."""

    pk = models.CompositePrimaryKey("comparison_id", "selector_id")
    comparison_id = models.UUIDField()
    selector_id = models.UUIDField()
    officer_id = models.UUIDField()

    class Meta:
        db_table = "exchange_met"
        indexes = [models.Index(fields=["selector_id"], name="exchange_met_selector")]
