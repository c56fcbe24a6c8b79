"""Functions, policies and grants of this room's first migration. What changes them later is a migration of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import RunSQL

from abhaya.access.role_table import fill
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import definer_function, grants, row_security

# An administrator and an auditor see no compartment of their unit: only who may read reports carries the unit along.
VIEWERS = """
    select coalesce((
        select case when exists (
            select 1 from access_role_permission p where p.role = any (o.roles) and p.permission = 'desk:report:read'
        ) then array[o.id, o.unit_id] else array[o.id] end
        from access_officer o join access_unit u on u.id = o.unit_id
        where o.id = nullif(current_setting('abhaya.officer', true), '')::uuid and o.is_active and u.is_active
    ), '{}'::uuid[])
"""

MAY = """
    select exists (
        select 1 from access_officer o
        join access_unit u on u.id = o.unit_id
        join access_role_permission p on p.role = any (o.roles)
        where o.id = nullif(current_setting('abhaya.officer', true), '')::uuid and o.is_active and u.is_active
        and p.permission = $1
    )
"""

# Before anybody is signed in: what the password and the second factor are held against. Nothing else reads them.
CREDENTIALS = """
    select o.id, o.name, o.password::text, o.password_set_at, o.totp_secret, o.totp_step, o.must_change_password, o.epoch,
        o.language
    from access_officer o join access_unit u on u.id = o.unit_id
    where o.username = $1 and o.is_active and u.is_active
"""

# An officer who changes their own row (password, language, second factor) keeps roles, unit and name as they were.
UNCHANGED = """
    select exists (
        select 1 from access_officer o
        where o.id = $1 and o.id = nullif(current_setting('abhaya.officer', true), '')::uuid and o.is_active
        and o.unit_id = $2 and o.username = $3 and o.name = $4 and o.roles = $5 and $6
    )
"""

WORKS_ON = """
    select exists (
        select 1 from access_opening o
        where o.viewer = any ((select access_viewers())::uuid[]) and o.compartment = $1 and o.level = 'work'
        and (o.until is null or o.until > now())
    )
"""

# Forwarding: only what the officer works on, only to an active unit or officer. 'work' sorts after 'watch', so that
# `greatest` keeps the stronger level; an opening that has ended counts for nothing.
OPEN = """
    with opened as (
        insert into access_opening as o (viewer, compartment, level, basis, opened_by)
        select distinct on (a.viewer, a.compartment) a.viewer, a.compartment, a.level, a.basis, me.unit_id
        from unnest($1, $2, $3, $4) as a (viewer, compartment, level, basis)
        join access_officer me on me.id = nullif(current_setting('abhaya.officer', true), '')::uuid
        where access_works_on(a.compartment) and (
            exists (select 1 from access_unit u where u.id = a.viewer and u.is_active)
            or exists (select 1 from access_officer f where f.id = a.viewer and f.is_active)
        )
        order by a.viewer, a.compartment, a.level desc
        on conflict (viewer, compartment) do update set
            level = case when o.until <= now() then excluded.level else greatest(o.level, excluded.level) end,
            basis = case when o.until <= now() or excluded.level > o.level then excluded.basis else o.basis end,
            opened_by = case when o.until <= now() then excluded.opened_by else o.opened_by end,
            until = null
        returning 1
    )
    select count(*)::int from opened
"""

# Taking back: what the officer's own unit holds, or what it opened to another; never what the road opened to others.
CLOSE = """
    update access_opening o set until = now()
    from unnest($1, $2) as a (viewer, compartment), access_officer me
    where me.id = nullif(current_setting('abhaya.officer', true), '')::uuid
    and o.viewer = a.viewer and o.compartment = a.compartment and (o.until is null or o.until > now())
    and (
        o.viewer = any ((select access_viewers())::uuid[])
        or (o.opened_by = me.unit_id and access_works_on(o.compartment))
    )
    returning o.viewer, o.compartment
"""

SIGNED_IN = "cardinality((select access_viewers())::uuid[]) > 0"
MANAGES_UNITS = "(select access_may('access:unit:manage'))"
MANAGES_OFFICERS = "(select access_may('access:officer:manage'))"
OWN = "{column} = nullif((select current_setting('abhaya.officer', true)), '')::uuid"
OWN_ROW = "access_unchanged(id, unit_id, username, name, roles, is_active)"

UNIT_COLUMNS = "parent_id, kind, name, name_hi, code, place_code, forward_rule, duty_contact, is_active"
PUBLIC_OFFICER_COLUMNS = (
    "id, unit_id, username, name, roles, language, totp_step, must_change_password, password_set_at, epoch, is_ready_made, is_active,"
    " made_at, last_login"
)
NEW_OFFICER_COLUMNS = (
    "id, unit_id, username, name, roles, language, password, totp_secret, totp_step, must_change_password, password_set_at, epoch,"
    " is_ready_made, is_active, made_at, last_login"
)
CHANGED_OFFICER_COLUMNS = "unit_id, name, roles, language, password, totp_secret, totp_step, must_change_password, password_set_at, epoch, is_active, last_login"


def policy(table: str, role: str, verb: str, *, using: str = "", check: str = "") -> str:
    name = f"{table}_{role}_{verb}"
    using, check = using and f" using ({using})", check and f" with check ({check})"
    return f"create policy {name} on {table} for {verb} to {role}{using}{check}"


def fill_roles(apps: Any, schema_editor: Any) -> None:
    fill(schema_editor.connection)


def secured(table: str, policies: Sequence[str]) -> RunSQL:
    return RunSQL([f"alter table {table} enable row level security", *policies], reverse_sql=RunSQL.noop)


FUNCTIONS = [
    definer_function("access_viewers()", "uuid[]", VIEWERS, roles=[APP_ROLE, ROAD_ROLE]),
    definer_function("access_may(text)", "boolean", MAY, roles=[APP_ROLE, ROAD_ROLE]),
    definer_function(
        "access_credentials(text)",
        "table (id uuid, name text, password text, password_set_at timestamptz, totp_secret text, totp_step bigint,"
        " must_change_password boolean, epoch integer, language text)",
        CREDENTIALS,
        roles=[APP_ROLE],
    ),
    definer_function(
        "access_unchanged(uuid, uuid, text, text, text[], boolean)", "boolean", UNCHANGED, roles=[APP_ROLE]
    ),
    definer_function("access_works_on(uuid)", "boolean", WORKS_ON, roles=[APP_ROLE]),
    definer_function(
        "access_open(uuid[], uuid[], text[], text[])", "integer", OPEN, roles=[APP_ROLE], volatility="volatile"
    ),
    definer_function("access_close(uuid[], uuid[])", "table (viewer uuid, compartment uuid)", CLOSE, roles=[APP_ROLE], volatility="volatile"),
]

SECURITY = [
    grants(
        "access_unit",
        app=f"select, insert, update ({UNIT_COLUMNS})",
        road=f"select, insert, update ({UNIT_COLUMNS})",
    ),
    secured(
        "access_unit",
        [
            policy("access_unit", APP_ROLE, "select", using=SIGNED_IN),
            policy("access_unit", APP_ROLE, "insert", check=MANAGES_UNITS),
            policy("access_unit", APP_ROLE, "update", using=MANAGES_UNITS, check=MANAGES_UNITS),
            policy("access_unit", ROAD_ROLE, "select", using="true"),
            policy("access_unit", ROAD_ROLE, "insert", check="true"),
            policy("access_unit", ROAD_ROLE, "update", using="true"),
        ],
    ),
    grants(
        "access_officer",
        app=f"select ({PUBLIC_OFFICER_COLUMNS}), insert ({NEW_OFFICER_COLUMNS}), update ({CHANGED_OFFICER_COLUMNS})",
        road=f"select ({PUBLIC_OFFICER_COLUMNS}), insert ({NEW_OFFICER_COLUMNS})",
    ),
    secured(
        "access_officer",
        [
            policy("access_officer", APP_ROLE, "select", using=SIGNED_IN),
            policy("access_officer", APP_ROLE, "insert", check=MANAGES_OFFICERS),
            policy(
                "access_officer",
                APP_ROLE,
                "update",
                using=f"{MANAGES_OFFICERS} or {OWN.format(column='id')}",
                check=f"{MANAGES_OFFICERS} or {OWN_ROW}",
            ),
            policy("access_officer", ROAD_ROLE, "select", using="true"),
            policy("access_officer", ROAD_ROLE, "insert", check="true"),
        ],
    ),
    grants("access_recovery_code", app="select, insert, delete, update (used_at)"),
    secured(
        "access_recovery_code",
        [
            policy("access_recovery_code", APP_ROLE, "select", using=OWN.format(column="officer_id")),
            policy("access_recovery_code", APP_ROLE, "insert", check=OWN.format(column="officer_id")),
            policy("access_recovery_code", APP_ROLE, "update", using=OWN.format(column="officer_id")),
            policy("access_recovery_code", APP_ROLE, "delete", using=OWN.format(column="officer_id")),
        ],
    ),
    grants("access_role_permission", app="select", road="select"),
    grants("access_failure", app="select, insert, update, delete"),
    grants("django_session", app="select, insert, update, delete"),
    row_security(
        "access_compartment",
        app="select",
        road="select, insert",
        seen=(
            "exists (select 1 from access_opening o where o.viewer = any ((select access_viewers())::uuid[])"
            " and o.compartment = access_compartment.id and o.compartment >= access_compartment.id"  # see shared.schema.SEEN
            " and (o.until is null or o.until > now()))"
        ),
    ),
    row_security(
        "access_opening",
        app="select",
        road="select, insert, update (level, basis, opened_by, until)",
        seen="viewer = any ((select access_viewers())::uuid[])",
    ),
]
