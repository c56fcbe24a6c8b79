"""Who looks through whose eyes, once there are cases. Replaces functions and policies of the first migration."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.access.migrations._emergencies import SEES as EMERGENCY_SEES
from abhaya.ledger.schema import OFFICER
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, definer_function

# An officer sees with their own id, their unit's, and that of each case they are a member of now: a report attached to
# a case is opened once, to the case, and whose membership ends has lost all of it at that instant.
VIEWERS = """
    select coalesce((
        select case when exists (
            select 1 from access_role_permission p where p.role = any (o.roles) and p.permission = 'desk:report:read'
        ) then array[o.id, o.unit_id] || array(
            select m.compartment from access_opening m join access_compartment c on c.id = m.compartment and c.kind = 'case'
            where m.viewer = o.id and (m.until is null or m.until > now())
        ) else array[o.id] end
        from access_officer o join access_unit u on u.id = o.unit_id
        where o.id = nullif(current_setting('abhaya.officer', true), '')::uuid and o.is_active and u.is_active
    ), '{}'::uuid[])
"""

IS_A_CASE = "exists (select 1 from access_compartment c where c.id = {column} and c.kind = 'case')"
READS_CONTENT = (
    "exists (select 1 from access_role_permission p where p.role = any (f.roles) and p.permission = 'desk:report:read')"
)

# As before, and two things more: a case is opened to members alone, and nobody who may not read content is let in.
OPEN = f"""
    with opened as (
        insert into access_opening as o (viewer, compartment, level, basis, opened_by)
        select distinct on (a.viewer, a.compartment) a.viewer, a.compartment, a.level, a.basis, me.unit_id
        from unnest($1, $2, $3, $4) as a (viewer, compartment, level, basis)
        join access_officer me on me.id = nullif(current_setting('abhaya.officer', true), '')::uuid
        where access_works_on(a.compartment) and not {IS_A_CASE.format(column="a.compartment")} and (
            exists (select 1 from access_unit u where u.id = a.viewer and u.is_active)
            or exists (select 1 from access_officer f where f.id = a.viewer and f.is_active and {READS_CONTENT})
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

# As before; what a case holds, and who is in it, is changed by the case's own acts.
CLOSE = f"""
    update access_opening o set until = now()
    from unnest($1, $2) as a (viewer, compartment), access_officer me
    where me.id = nullif(current_setting('abhaya.officer', true), '')::uuid
    and o.viewer = a.viewer and o.compartment = a.compartment and (o.until is null or o.until > now())
    and not {IS_A_CASE.format(column="o.compartment")} and not {IS_A_CASE.format(column="o.viewer")}
    and (
        o.viewer = any ((select access_viewers())::uuid[])
        or (o.opened_by = me.unit_id and access_works_on(o.compartment))
    )
    returning o.viewer, o.compartment
"""

# Entries about a covert case are for its members: the auditor who reads all others finds no word of it.
SEALED = """
    select exists (select 1 from access_compartment c where c.id = $1 and c.covert) and access_may('ledger:ledger:read')
"""

# In whose compartment an act is written down: a member who sees a report through a covert case alone leaves no trace
# where others who see that report could read it.
TRACE = """
    with mine as (
        select o.viewer, o.level from access_opening o
        where o.viewer = any (access_viewers()) and o.compartment = $1 and (o.until is null or o.until > now())
    )
    select case when exists (
        select 1 from mine left join access_compartment c on c.id = mine.viewer where c.covert is not true
    ) then $1 else coalesce((select min(viewer::text)::uuid from mine), $1) end
"""

MAY_READ = (
    f"((select access_may('ledger:ledger:read')) and (compartment is null or not access_sealed(compartment)))"
    f" or actor_id = {OFFICER} or {SEEN.format(table='ledger_entry')}"
)
OWN_OPENINGS = "viewer = any ((select access_viewers())::uuid[]) and (until is null or until > now())"  # not what ended
OF_OWN_CASES = "compartment = any ((select access_viewers())::uuid[])"

FUNCTIONS = [
    definer_function("access_viewers()", "uuid[]", VIEWERS, roles=[APP_ROLE, ROAD_ROLE]),
    definer_function(
        "access_open(uuid[], uuid[], text[], text[])", "integer", OPEN, roles=[APP_ROLE], volatility="volatile"
    ),
    definer_function(
        "access_close(uuid[], uuid[])", "table (viewer uuid, compartment uuid)", CLOSE, roles=[APP_ROLE],
        volatility="volatile",
    ),
    definer_function("access_sealed(uuid)", "boolean", SEALED, roles=[APP_ROLE]),
    definer_function("access_trace(uuid)", "uuid", TRACE, roles=[APP_ROLE]),
]  # fmt: skip

POLICIES = [
    RunSQL(
        [
            "drop policy ledger_entry_abhaya_app_select on ledger_entry",
            f"create policy ledger_entry_abhaya_app_select on ledger_entry for select to {APP_ROLE} using ({MAY_READ})",
            # Members see who the members are; whoever sees a report sees only their own way in.
            "drop policy access_opening_abhaya_app_select on access_opening",
            "create policy access_opening_abhaya_app_select on access_opening for select to"
            f" {APP_ROLE} using (({OWN_OPENINGS}) or {OF_OWN_CASES})",
            # The auditor reviews every emergency but those inside a covert case: that is its members' work.
            "drop policy access_emergency_abhaya_app_select on access_emergency",
            "create policy access_emergency_abhaya_app_select on access_emergency for select to"
            f" {APP_ROLE} using (({EMERGENCY_SEES}) and not access_sealed(compartment))",
            f"grant update (given_by, made_at) on access_opening to {ROAD_ROLE}",
        ],
        reverse_sql=RunSQL.noop,
    )
]
