"""What officers write down of a person: kept with the accounts they meant, so that it goes where those go."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Remark(models.Model):
    """One version of a remark, in the compartment of the report or case with which it is kept. Corrected by a new
    version, withdrawn on the newest one; nothing is deleted but with its report.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    first_id = models.UUIDField()  # of the remark's first version: the remark's own id
    version = models.SmallIntegerField()  # from 1
    compartment = models.UUIDField()
    report_id = models.UUIDField()  # in which one of its accounts stands
    kind = models.TextField()  # note | name: what the person is called for now
    text = models.TextField()
    is_whole = models.BooleanField()  # said of the person as a whole, as far as it was held together then
    by_officer = models.UUIDField()
    by_name = models.TextField()
    by_unit = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.TextField(default="", db_default="")
    withdrawn_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "linking_remark"
        indexes = [
            models.Index(fields=["compartment"], name="linking_remark_compartment"),
            models.Index(fields=["report_id"], name="linking_remark_report"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["first_id", "version"], name="linking_remark_one_version"),
            models.CheckConstraint(condition=Q(kind__in=["note", "name"]), name="linking_remark_kind_known"),
        ]


class RemarkAccount(models.Model):
    """An account that a version of a remark is about; or, where it is not, one that stood with those then."""

    pk = models.CompositePrimaryKey("account_id", "remark_id")
    account_id = models.UUIDField()
    remark_id = models.UUIDField()  # of the version
    compartment = models.UUIDField()  # the remark's
    is_about = models.BooleanField()

    class Meta:
        db_table = "linking_remark_account"
        indexes = [
            models.Index(fields=["compartment"], name="linking_remark_acc_compartment"),
            models.Index(fields=["remark_id"], name="linking_remark_acc_remark"),
        ]
