"""Who has which identifier in which report (evidence), and what follows from it (links, subjects).

What follows holds opaque ids and numbers alone: no kind, no value, no reason. An account is the id of its selector, or
the stand-in of a person without one (`nodes.unnamed`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7


class Person(models.Model):
    """One person of one report, by the account they acted by."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    account_id = models.UUIDField()
    selector_id = models.UUIDField(null=True)  # of the account; null: no account is named
    role = models.TextField()
    person = models.IntegerField()  # from 1 within the role
    protected = models.TextField(default="")  # victim | minor | "": neither, as far as was stated
    is_base = models.BooleanField()  # neither covert, of a test report nor a persona's: subjects follow from it
    received_at = models.DateTimeField()
    persona_id = models.UUIDField(null=True)  # a protected persona: the row is its liaison's alone

    class Meta:
        db_table = "linking_person"
        indexes = [
            models.Index(fields=["compartment"], name="linking_person_compartment"),
            models.Index(fields=["account_id"], name="linking_person_account"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(protected__in=["", "victim", "minor"]), name="linking_person_protected")
        ]


class Evidence(models.Model):
    """What a report says: an account has an identifier, first and last seen then (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    account_id = models.UUIDField()
    selector_id = models.UUIDField()
    value_id = models.UUIDField()  # what counts as the same: the selector; an address in one hour; a /64 network
    kind = models.TextField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    flags = models.SmallIntegerField()  # weights.SOLID | VERIFIED | ASSUMED | MINED
    network = models.SmallIntegerField()  # of an address, as it was known then: a class of `weights.NETWORKS`
    is_base = models.BooleanField()
    persona_id = models.UUIDField(null=True)

    class Meta:
        db_table = "linking_evidence"
        indexes = [
            models.Index(fields=["compartment"], name="linking_evidence_compartment"),
            models.Index(fields=["value_id", "account_id"], name="linking_evidence_value"),
            models.Index(fields=["account_id"], name="linking_evidence_account"),
        ]


class Link(models.Model):
    """Two accounts and what the evidence that both have weighs together; the smaller id first."""

    pk = models.CompositePrimaryKey("a", "b")
    a = models.UUIDField()
    b = models.UUIDField()
    weight_millibits = models.IntegerField()
    outcome = models.TextField()
    rule_version = models.SmallIntegerField()
    at = models.DateTimeField()  # since when it is so

    class Meta:
        db_table = "linking_link"
        indexes = [models.Index(fields=["b"], name="linking_link_b")]
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="linking_link_in_order"),
            models.CheckConstraint(
                condition=Q(outcome__in=["same", "review", "related"]), name="linking_link_outcome_known"
            ),
        ]


class Subject(models.Model):
    """Two accounts or more, held together. Its id is born and ends, and is never used again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "linking_subject"


class Change(models.Model):
    """What became of a subject: which accounts, say the memberships that began or ended with it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.TextField()
    subject_id = models.UUIDField()
    other_id = models.UUIDField(null=True)  # where accounts came from or went
    accounts = models.IntegerField()
    cause = models.TextField()
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # passed on to whom it concerns

    class Meta:
        db_table = "linking_change"
        indexes = [
            models.Index(fields=["subject_id"], name="linking_change_subject"),
            models.Index(fields=["other_id"], name="linking_change_other"),
            models.Index(fields=["id"], condition=Q(told_at=None), name="linking_change_untold"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["born", "joined", "split", "moved", "ended"]), name="linking_change_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=["report", "judgement", "retraction", "rules"]),
                name="linking_change_cause_known",
            ),
        ]


class Membership(models.Model):
    """An account in a subject, from one change until another."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    account_id = models.UUIDField()
    subject_id = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    change_id = models.UUIDField()
    ended_by = models.UUIDField(null=True)  # the change that ended it

    class Meta:
        db_table = "linking_membership"
        indexes = [
            models.Index(fields=["account_id"], name="linking_membership_account"),
            models.Index(fields=["subject_id"], name="linking_membership_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account_id"], condition=Q(until=None), name="linking_membership_one_now")
        ]


class Judgement(models.Model):
    """An officer's word on two accounts, in the compartment where it was given; taken back, not deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField(null=True)  # where it was made; null: in a case
    a = models.UUIDField()
    b = models.UUIDField()
    answer = models.TextField()
    by_officer = models.UUIDField(null=True)  # null: a rule, named in `by_rule`
    by_name = models.TextField(default="")
    by_unit = models.UUIDField(null=True)
    by_rule = models.TextField(default="")
    why = models.TextField()
    at = models.DateTimeField(db_default=Now())
    approval_id = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_by_name = models.TextField(default="", db_default="")
    undone_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "linking_judgement"
        indexes = [
            models.Index(fields=["compartment"], name="linking_judgement_compartment"),
            models.Index(fields=["a", "b"], name="linking_judgement_pair"),
            models.Index(fields=["b"], name="linking_judgement_b"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="linking_judgement_in_order"),
            models.CheckConstraint(
                condition=Q(answer__in=["same", "different", "unsure"]), name="linking_judgement_answer_known"
            ),
            models.CheckConstraint(
                condition=Q(by_officer__isnull=False) | ~Q(by_rule=""), name="linking_judgement_by_somebody"
            ),
        ]


class Constraint(models.Model):
    """What the judgements in force say of two accounts, without who and why: `different` is stronger than `same`."""

    pk = models.CompositePrimaryKey("a", "b")
    a = models.UUIDField()
    b = models.UUIDField()
    answer = models.TextField()

    class Meta:
        db_table = "linking_constraint"
        indexes = [models.Index(fields=["b"], name="linking_constraint_b")]
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="linking_constraint_in_order"),
            models.CheckConstraint(condition=Q(answer__in=["same", "different"]), name="linking_constraint_known"),
        ]


class Touched(models.Model):
    """An account that lost evidence, and the value it lost: looked at again by a duty, within seconds."""

    pk = models.CompositePrimaryKey("account_id", "value_id")
    account_id = models.UUIDField()
    value_id = models.UUIDField()  # of the lost evidence; the account's own id where it was none in particular

    class Meta:
        db_table = "linking_touched"


class Stirred(models.Model):
    """A subject, or an account alone, of which something has changed: whoever concludes from persons looks again."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()

    class Meta:
        db_table = "linking_stirred"


class News(models.Model):
    """A change that may concern a viewer: a unit or officer who has open what it is about. What they are told of it, and
    whether anything, is decided when they read.
    """

    pk = models.CompositePrimaryKey("viewer", "change_id")
    viewer = models.UUIDField()
    change_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "linking_news"
        indexes = [models.Index(fields=["at"], name="linking_news_at")]


class Heard(models.Model):
    """A change that an officer has marked as seen."""

    pk = models.CompositePrimaryKey("officer_id", "change_id")
    officer_id = models.UUIDField()
    change_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "linking_heard"
        indexes = [models.Index(fields=["at"], name="linking_heard_at")]


class Lost(models.Model):
    """To whom evidence of an account was open that was taken away: they alone hear what followed."""

    pk = models.CompositePrimaryKey("account_id", "viewer")
    account_id = models.UUIDField()
    viewer = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "linking_lost"
        indexes = [models.Index(fields=["at"], name="linking_lost_at")]
