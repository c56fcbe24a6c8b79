"""Emergency access in PostgreSQL: one officer, for hours, counted, told to the owners, and reviewed by one of them.

A compartment is opened by `desk_open_in_emergency` alone, which knows the numbers by which people call reports; it hands
what it found, or nothing, to `access_emergency_note`, which no program role may call.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.access.migrations._approvals import ME, OWN
from abhaya.access.migrations._row_security import policy, secured
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import definer_function, grants

OPEN_HOURS = 4
OPENED_PER_DAY_MAX = 5  # a guess is counted like a hit
UNMASKED_PER_DAY_MAX = 10

# The officer answers for a unit at or above this one.
OVERSEES = f"""
    with recursive above as (
        select $1 as id, 0 as depth
        union all
        select u.parent_id, above.depth + 1 from above join access_unit u on u.id = above.id where above.depth < 16
    )
    select exists (
        select 1 from access_officer o join access_unit u on u.id = o.unit_id
        where o.id = {ME} and o.is_active and u.is_active and 'supervisor' = any (o.roles)
        and o.unit_id in (select above.id from above)
    )
"""

# How often the officer did this in the last day. Counted before anything is looked up: the answer tells nothing of it.
USED_TODAY = f"""
    select count(*)::int from access_emergency e
    where e.officer_id = {ME} and e.kind = $1 and e.at > now() - interval '1 day'
"""

# plpgsql: the lock must be held before the count is read, or two at once would both be the last of the day.
NOTE = f"""
create function access_emergency_note(
    p_id uuid, p_kind text, p_reference text, p_reason text, p_compartment uuid, p_target uuid
) returns boolean language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $body$
declare me record; ends timestamptz;
begin
    select o.id, o.name, o.unit_id into me from access_officer o join access_unit u on u.id = o.unit_id
        where o.id = {ME} and o.is_active and u.is_active;
    if not found or not access_may('access:emergency:open') then return false; end if;
    perform pg_advisory_xact_lock(hashtextextended('abhaya emergency ' || me.id::text, 0));
    if access_emergencies_today(p_kind) >=
        (case p_kind when 'open' then {OPENED_PER_DAY_MAX} else {UNMASKED_PER_DAY_MAX} end) then return false; end if;
    if p_kind = 'open' and p_compartment is not null then
        ends := now() + make_interval(hours => {OPEN_HOURS});
        insert into access_opening as o (viewer, compartment, level, basis, opened_by, until)
        values (me.id, p_compartment, 'watch', 'emergency:' || p_id::text, null, ends)
        on conflict (viewer, compartment) do update set
            level = excluded.level, basis = excluded.basis, opened_by = null, until = excluded.until
            where o.until <= now();
    end if;
    insert into access_emergency
        (id, kind, officer_id, officer_name, unit_id, reference, reason, compartment, target, until)
    values (p_id, p_kind, me.id, me.name, me.unit_id, p_reference, p_reason, p_compartment, p_target, ends);
    return true;
end $body$
"""

# Unmasking needs no opening: the report is open to the officer already, and that is asked here.
UNMASK = """
    select access_emergency_note($1, 'unmask', $2, $3, $4, $5)
    where exists (
        select 1 from access_opening o where o.viewer = any ((select access_viewers())::uuid[]) and o.compartment = $4
        and (o.until is null or o.until > now())
    )
"""

# Never the officer themselves; only who holds the compartment otherwise than in an emergency. Once.
REVIEW = f"""
    with reviewed as (
        update access_emergency e set
            reviewed_by = o.id, reviewed_by_name = o.name, reviewed_at = now(), justified = $2, review = $3
        from access_officer o
        where e.id = $1 and o.id = {ME} and e.reviewed_at is null and e.compartment is not null and e.officer_id <> o.id
        and access_may('access:emergency:review') and access_holds(e.compartment)
        returning e.id, e.officer_id, e.compartment, e.justified
    ), ended as (
        update access_opening v set until = now() from reviewed r
        where not r.justified and v.viewer = r.officer_id and v.compartment = r.compartment
        and v.basis = 'emergency:' || r.id::text and v.until > now()
    )
    select r.id from reviewed r
"""

# The officer; who holds the compartment; the auditor; and who answers for the officer's unit, unless it is covert.
SEES = (
    f"officer_id = {OWN} or (select access_may('ledger:ledger:read'))"
    " or (compartment is not null and access_holds(compartment))"
    " or (access_oversees(unit_id) and not access_is_covert(compartment))"
)
IS_COVERT = "select exists (select 1 from access_compartment c where c.id = $1 and c.covert)"

EMERGENCIES: list[RunSQL] = [
    definer_function("access_oversees(uuid)", "boolean", OVERSEES, roles=[APP_ROLE]),
    definer_function("access_emergencies_today(text)", "integer", USED_TODAY, roles=[APP_ROLE]),
    definer_function("access_is_covert(uuid)", "boolean", IS_COVERT, roles=[APP_ROLE]),
    RunSQL(
        [NOTE, "revoke all on function access_emergency_note(uuid, text, text, text, uuid, uuid) from public"],
        reverse_sql=RunSQL.noop,
    ),
    definer_function(
        "access_emergency_unmask(uuid, text, text, uuid, uuid)", "boolean", UNMASK, roles=[APP_ROLE], volatility="volatile"
    ),
    definer_function(
        "access_emergency_review(uuid, boolean, text)", "setof uuid", REVIEW, roles=[APP_ROLE], volatility="volatile"
    ),
    grants("access_emergency", app="select", road="select"),
    secured(
        "access_emergency",
        [
            policy("access_emergency", APP_ROLE, "select", using=SEES),
            policy("access_emergency", ROAD_ROLE, "select", using="true"),
        ],
    ),
]
