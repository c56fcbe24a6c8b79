"""Officers, units, compartments and openings: who there is, and what is open to whom."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7

CONTENT_ROLES = ["analyst", "media-viewer", "officer", "supervisor"]


class Unit(models.Model):
    """An agency or office in the tree: hub → state → district → station."""

    class Kind(models.TextChoices):
        HUB = "hub"
        STATE = "state"
        DISTRICT = "district"
        STATION = "station"

    class ForwardRule(models.TextChoices):
        """The unit's standing order for a report whose place is certain."""

        DISTRICT = "district"  # straight on to the district
        STATE = "state"  # to the state, which forwards by hand
        OFF = "off"  # every report is forwarded by a person

    id = models.UUIDField(primary_key=True, default=uuid7)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.TextField(choices=Kind)
    name = models.TextField()
    name_hi = models.TextField(db_default="")
    code = models.TextField(unique=True)
    place_code = models.TextField(db_default="", db_index=True)
    forward_rule = models.TextField(choices=ForwardRule, db_default=ForwardRule.OFF)
    duty_contact = models.TextField(db_default="")
    holds_files = models.TextField(db_default="")  # yes, no, or by its kind: a hub holds originals, others a pointer
    is_active = models.BooleanField(db_default=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "access_unit"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["hub", "state", "district", "station"]), name="access_unit_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(forward_rule__in=["district", "state", "off"]), name="access_unit_forward_rule_known"
            ),
            models.CheckConstraint(
                condition=Q(holds_files__in=["", "yes", "no"]), name="access_unit_holds_files_known"
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="access_unit_not_its_own_parent"),
        ]


class Officer(AbstractBaseUser):
    """A person who signs in. What they may do follows from `roles`; what they may see, from openings."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    username = models.TextField(unique=True)  # lower case
    name = models.TextField()
    roles = ArrayField(models.TextField())
    language = models.TextField(db_default="en")
    totp_secret = models.TextField(db_default="")  # sealed; empty until the second factor is set up
    totp_step = models.BigIntegerField(db_default=0)  # the last 30-second step used: none is used twice
    must_change_password = models.BooleanField(db_default=True)
    password_set_at = models.DateTimeField(db_default=Now())
    passkeys = models.IntegerField(db_default=0)  # how many there are; the keys themselves are the officer's own rows
    oidc_subject = models.TextField(
        db_default=""
    )  # who the unit's own sign-in service says this is, from the first time
    epoch = models.IntegerField(db_default=0)  # raised to end every session of this officer
    is_ready_made = models.BooleanField(db_default=False)  # of the training world; never signs in elsewhere
    is_active = models.BooleanField(db_default=True)
    made_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"

    class Meta:
        db_table = "access_officer"
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["en", "hi"]), name="access_officer_language_known"),
            models.UniqueConstraint(
                fields=["oidc_subject"], condition=~Q(oidc_subject=""), name="access_officer_oidc_subject_once"
            ),
            # An administrator reads no content, an auditor neither, a text reviewer no media: these roles stand alone.
            models.CheckConstraint(
                condition=Q(roles=["administrator"])
                | Q(roles=["auditor"])
                | Q(roles=["text-reviewer"])
                | Q(roles__contained_by=CONTENT_ROLES),
                name="access_officer_roles_apart",
            ),
        ]


class RecoveryCode(models.Model):
    """One of an officer's codes for the day the telephone is lost. Used once; only its keyed hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    code_hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_recovery_code"


class Passkey(models.Model):
    """A passkey of an officer's (WebAuthn, a second factor beside the password). Public: nothing here signs anything."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    name = models.TextField()  # as the officer calls it
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()  # COSE
    sign_count = models.BigIntegerField()
    transports = ArrayField(models.TextField())
    made_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_passkey"


class Challenge(models.Model):
    """A challenge of a passkey that has not been answered yet. `key` is a keyed hash that names its session and use."""

    key = models.BinaryField(primary_key=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "access_challenge"


class OpenSession(models.Model):
    """A browser in which an officer is signed in. Without its row here a session is nobody's."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    address = models.TextField()  # where it was last seen
    agent = models.TextField()  # the kind of browser, in two words
    since = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "access_session"


class KnownPlace(models.Model):
    """A network an officer has signed in from. `key` is a keyed hash: the table names neither."""

    key = models.BinaryField(primary_key=True)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "access_known_place"


class Reset(models.Model):
    """An administrator asked that an officer's sign-in begin anew; another person decides."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    reason = models.TextField()  # how the administrator made sure who asks
    asked_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")  # null while waiting, or alone
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    used_at = models.DateTimeField(null=True)  # the temporary password was given

    class Meta:
        db_table = "access_reset"
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("asked_by")) & ~Q(decided_by=models.F("officer")),
                name="access_reset_by_another",
            ),
        ]


class RolePermission(models.Model):
    """`permissions.PERMISSIONS` as PostgreSQL reads it in `access_may`; a test holds the two together."""

    pk = models.CompositePrimaryKey("role", "permission")
    role = models.TextField()
    permission = models.TextField()

    class Meta:
        db_table = "access_role_permission"


class Failure(models.Model):
    """Failed sign-ins of one account from one address. `key` is a keyed hash: the table names nobody."""

    key = models.BinaryField(primary_key=True)
    count = models.IntegerField()
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_failure"
        indexes = [models.Index(fields=["last_at"], name="access_failure_last_at")]


class Compartment(models.Model):
    """One report thread, case, series or operation. Written once on the record and on every child row."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    covert = models.BooleanField(db_default=False)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "access_compartment"


class Opening(models.Model):
    """A compartment open to a viewer, which is a unit or an officer, until an instant or for good."""

    pk = models.CompositePrimaryKey("viewer", "compartment")
    viewer = models.UUIDField()
    compartment = models.UUIDField()
    level = models.TextField()  # work: may act and forward; watch: may read
    basis = models.TextField()  # why it is open, as a short sentence for the ledger
    opened_by = models.UUIDField(null=True)  # the unit that opened it; null for the road
    given_by = models.UUIDField(null=True)  # the officer who let a member in
    made_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_opening"
        constraints = [
            models.CheckConstraint(condition=Q(level__in=["work", "watch"]), name="access_opening_level_known"),
        ]
        indexes = [models.Index(fields=["compartment"], name="access_opening_compartment")]


class Approval(models.Model):
    """A request for a second person: asked by one officer, decided by another, used once. Only functions change it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.TextField()
    target = models.UUIDField()  # what it is for: a report, an item, a unit's table, a deletion
    compartment = models.UUIDField(null=True)  # null: it concerns what a whole unit holds
    unit_id = models.UUIDField()  # of the asker, when asked
    what = models.JSONField()  # a Reason: exactly what is asked for, said in the reader's language
    page = models.TextField(db_default="")  # where the asker uses it
    purpose = models.TextField()
    asked_by = models.UUIDField()
    asked_by_name = models.TextField()
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.TextField(db_default="")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision_reason = models.TextField(db_default="")
    use_by = models.DateTimeField(null=True)
    spent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_approval"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["export", "merge", "persona", "purge", "unmask"]),
                name="access_approval_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="access_approval_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "target"], name="access_approval_asked"),
            models.Index(fields=["asked_at"], condition=Q(decided_at__isnull=True), name="access_approval_waiting"),
        ]


class Emergency(models.Model):
    """What an officer did alone in an emergency, with the reason: opened a report, or unmasked who is in one. Open until
    one of the owning unit, not the officer, has written the review. Without a compartment it was asked for and refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.TextField()  # open: a compartment for hours; unmask: identities, once
    officer_id = models.UUIDField()
    officer_name = models.TextField()
    unit_id = models.UUIDField()  # of the officer, then
    at = models.DateTimeField(db_default=Now())
    reference = models.TextField()  # the number as people say it
    reason = models.TextField()
    compartment = models.UUIDField(null=True)
    target = models.UUIDField(null=True)  # the report
    until = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    reviewed_by_name = models.TextField(db_default="")
    reviewed_at = models.DateTimeField(null=True)
    justified = models.BooleanField(null=True)
    review = models.TextField(db_default="")

    class Meta:
        db_table = "access_emergency"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["open", "unmask"]), name="access_emergency_kind_known"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("officer_id")),
                name="access_emergency_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["officer_id", "at"], name="access_emergency_officer"),
            models.Index(
                fields=["at"],
                condition=Q(reviewed_at__isnull=True, compartment__isnull=False),
                name="access_emergency_open",
            ),
        ]
