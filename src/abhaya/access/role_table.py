"""`permissions.PERMISSIONS` as a table, for `access_may` and row security. `abhaya migrate` fills it anew each time."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from abhaya.access.permissions import PERMISSIONS


def fill(connection: BaseDatabaseWrapper) -> None:
    """Makes the table say what the code says, in one statement. `connection` is the owner's."""
    pairs = [(role.value, permission.value) for role, permissions in PERMISSIONS.items() for permission in permissions]
    roles, permissions = ([pair[place] for pair in sorted(pairs)] for place in (0, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            """with said as (select role, permission from unnest(%s::text[], %s::text[]) as p (role, permission)),
            gone as (
                delete from access_role_permission t
                where not exists (select 1 from said s where s.role = t.role and s.permission = t.permission)
            )
            insert into access_role_permission (role, permission) select role, permission from said
            on conflict do nothing""",
            [roles, permissions],
        )
