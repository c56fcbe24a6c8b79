"""Passkeys, sessions an officer can see and end, places an officer is known from, and resets that two people decide."""

import abhaya.shared.ids
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.access.migrations._row_security import MANAGES_OFFICERS, OWN, policy, secured
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import definer_function, grants

CREDENTIALS = """
    select o.id, o.name, o.password::text, o.password_set_at, o.totp_secret, o.totp_step, o.passkeys, o.oidc_subject,
        o.must_change_password, o.epoch, o.language
    from access_officer o join access_unit u on u.id = o.unit_id
    where o.username = $1 and o.is_active and u.is_active
"""

# Whoever confirms resets for this officer: a supervisor of their unit, or of one above it; never the officer.
ANSWERS_FOR = """
    with recursive up as (
        select u.id, u.parent_id, 0 as steps from access_unit u join access_officer o on o.unit_id = u.id where o.id = $1
        union all
        select u.id, u.parent_id, up.steps + 1 from up join access_unit u on u.id = up.parent_id where up.steps < 16
    )
    select access_may('access:reset:confirm') and exists (
        select 1 from access_officer me join up on up.id = me.unit_id
        where me.id = nullif(current_setting('abhaya.officer', true), '')::uuid and me.id <> $1 and me.is_active
    )
"""

# A reset takes away what an administrator cannot see: the officer's passkeys and recovery codes.
FORGET_FACTORS = """
    with passkeys as (
        delete from access_passkey where officer_id = $1 and access_may('access:officer:manage') returning 1
    ), codes as (
        delete from access_recovery_code where officer_id = $1 and access_may('access:officer:manage') returning 1
    )
    select (select count(*) from passkeys)::int + (select count(*) from codes)::int
"""


def own_rows(table: str, *verbs: str) -> RunSQL:
    """Row security by which an officer reaches their own rows and no others."""
    own = OWN.format(column="officer_id")
    return secured(
        table,
        [policy(table, APP_ROLE, verb, **({"check": own} if verb == "insert" else {"using": own})) for verb in verbs],
    )


SEES_RESETS = f"{MANAGES_OFFICERS} or access_answers_for(officer_id)"
SECURITY = [
    RunSQL("drop function access_credentials(text)", reverse_sql=RunSQL.noop),
    definer_function(
        "access_credentials(text)",
        "table (id uuid, name text, password text, password_set_at timestamptz, totp_secret text, totp_step bigint,"
        " passkeys integer, oidc_subject text, must_change_password boolean, epoch integer, language text)",
        CREDENTIALS,
        roles=[APP_ROLE],
    ),
    definer_function("access_answers_for(uuid)", "boolean", ANSWERS_FOR, roles=[APP_ROLE]),
    definer_function("access_forget_factors(uuid)", "integer", FORGET_FACTORS, roles=[APP_ROLE], volatility="volatile"),
    RunSQL(
        [
            f"grant select (passkeys), update (passkeys, oidc_subject) on access_officer to {APP_ROLE}",
            f"grant select (passkeys) on access_officer to {ROAD_ROLE}",
        ],
        reverse_sql=RunSQL.noop,
    ),
    grants("access_passkey", app="select, insert, delete, update (name, sign_count, last_used_at)"),
    own_rows("access_passkey", "select", "insert", "update", "delete"),
    grants("access_session", app="select, insert, delete, update (seen_at, address)"),
    own_rows("access_session", "select", "insert", "update", "delete"),
    grants("access_challenge", app="select, insert, delete"),
    grants("access_known_place", app="select, insert, delete, update (last_at)"),
    grants(
        "access_reset",
        app="select, insert (id, officer_id, asked_by_id, reason, until), update (decided_by_id, decided_at, granted, used_at)",
    ),
    secured(
        "access_reset",
        [
            policy("access_reset", APP_ROLE, "select", using=SEES_RESETS),
            policy(
                "access_reset", APP_ROLE, "insert", check=f"{MANAGES_OFFICERS} and {OWN.format(column='asked_by_id')}"
            ),
            policy("access_reset", APP_ROLE, "update", using=SEES_RESETS),
        ],
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_emergencies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Challenge",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "access_challenge",
            },
        ),
        migrations.CreateModel(
            name="KnownPlace",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "access_known_place",
            },
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("address", models.TextField()),
                ("agent", models.TextField()),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "access_session",
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("credential_id", models.BinaryField(unique=True)),
                ("public_key", models.BinaryField()),
                ("sign_count", models.BigIntegerField()),
                ("transports", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "access_passkey",
            },
        ),
        migrations.CreateModel(
            name="Reset",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("granted", models.BooleanField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "access_reset",
            },
        ),
        migrations.AddField(
            model_name="officer",
            name="oidc_subject",
            field=models.TextField(db_default=""),
        ),
        migrations.AddField(
            model_name="officer",
            name="passkeys",
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("oidc_subject", ""), _negated=True),
                fields=("oidc_subject",),
                name="access_officer_oidc_subject_once",
            ),
        ),
        migrations.AddField(
            model_name="opensession",
            name="officer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.officer"),
        ),
        migrations.AddField(
            model_name="passkey",
            name="officer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.officer"),
        ),
        migrations.AddField(
            model_name="reset",
            name="asked_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.officer"),
        ),
        migrations.AddField(
            model_name="reset",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.officer"
            ),
        ),
        migrations.AddField(
            model_name="reset",
            name="officer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.officer"),
        ),
        migrations.AddConstraint(
            model_name="reset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    models.Q(("decided_by", models.F("officer")), _negated=True),
                ),
                name="access_reset_by_another",
            ),
        ),
        *SECURITY,
    ]
