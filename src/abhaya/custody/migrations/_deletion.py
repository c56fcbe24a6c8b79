"""Functions, policies and grants of the migration that brings deletion."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.custody.migrations._row_security import written
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, definer_function, grants

OFFICER = "nullif((select current_setting('abhaya.officer', true)), '')::uuid"
OURS = "unit_id = any ((select access_viewers())::uuid[])"
ON_THE_ROAD = f"current_setting('role', true) = '{ROAD_ROLE}'"

# A hold that is being placed and a deletion that is being carried out never pass each other by: whoever places one
# waits for the deletions under way, and the next deletion sees it.
HOLD_LOCK = "hashtextextended('custody holds', 0)"

# How many holds stand in the way of deleting a compartment: placed on it, or on something that is seen in it.
HOLDS = """
declare
    found integer;
    more integer;
    part record;
begin
    select count(*) into found from custody_hold h where h.compartment = $1 and h.lifted_at is null;
    if exists (select 1 from custody_hold h where h.subject is not null and h.lifted_at is null) then
        for part in select subjects from custody_erasable where subjects <> '' loop
            execute 'select count(*) from custody_hold h where h.lifted_at is null and h.subject in (' || part.subjects || ')'
            into more using $1;
            found := found + more;
        end loop;
    end if;
    return found;
end
"""

# What there is in a compartment, table by table; asked by whoever works on it, and by the road.
COUNT = f"""
#variable_conflict use_column
declare
    part record;
    found bigint;
begin
    if not ({ON_THE_ROAD} or access_works_on($1)) then
        return;
    end if;
    for part in select * from custody_erasable where verb <> 'sweep' order by position loop
        execute part.counting into found using $1;
        return query select part.position, part.room, part.table_name, part.verb, found, part.why;
    end loop;
end
"""

# Of the originals of a compartment, those whose bytes somebody else keeps too. Covert compartments are not told of, and
# nobody is named.
ELSEWHERE = f"""
    select o.object_id from custody_holding o
    where o.compartment = $1 and ({ON_THE_ROAD} or access_works_on($1)) and exists (
        select 1 from custody_holding h join access_compartment c on c.id = h.compartment
        where h.object_id = o.object_id and h.compartment <> $1 and not c.covert and h.wrapped_key is not null
    )
"""

# One compartment, in one transaction: what the plan names goes, as often as it takes until nothing is left, because a
# stage that was just ending may have written more. Candidates of shared dictionaries are noted before.
ERASE = f"""
#variable_conflict use_column
declare
    asked custody_deletion;
    part record;
    gone bigint;
    total bigint;
    noted uuid[];
begin
    perform pg_advisory_xact_lock_shared({HOLD_LOCK});
    select * into asked from custody_deletion d where d.id = $1 and d.state in ('decided', 'erased') for update;
    if not found then
        raise exception 'no deletion % is decided', $1;
    end if;
    if custody_holds(asked.compartment) > 0 then
        raise exception 'a legal hold stops this deletion' using errcode = 'AB001';
    end if;
    for part in select * from custody_erasable where verb = 'sweep' order by position loop
        execute 'select array(' || part.counting || ')' into noted using asked.compartment;
        update custody_deletion d set sweep = d.sweep || jsonb_build_object(part.table_name,
            coalesce(d.sweep -> part.table_name, '[]') || to_jsonb(noted)) where d.id = $1;
    end loop;
    for part in select * from custody_erasable where verb = 'delete' order by position loop
        total := 0;
        loop
            execute part.statement using asked.compartment;
            get diagnostics gone = row_count;
            exit when gone = 0;
            total := total + gone;
        end loop;
        if total > 0 and part.decided and asked.approved_by is null then
            raise exception 'rows of % go only when two people decided it', part.table_name;
        end if;
        if total > 0 then
            return query select part.room, part.table_name, total;
        end if;
    end loop;
    for part in select * from custody_erasable where verb = 'keep' and statement <> '' order by position loop
        execute part.statement using asked.compartment;
    end loop;
    update custody_deletion d set state = 'erased', erased_at = coalesce(d.erased_at, now()),
        erased_in = pg_current_xact_id()::text::bigint where d.id = $1 and d.state = 'decided';
end
"""

# What nobody refers to any more of the dictionaries that all share. The table's lock lets those who are writing to it
# end and holds new ones for a moment, so that a value cannot go while somebody is about to point at it.
SWEEP = """
#variable_conflict use_column
declare
    part record;
    noted uuid[];
    gone bigint;
begin
    for part in select * from custody_erasable where verb = 'sweep' order by position loop
        select array(select jsonb_array_elements_text(d.sweep -> part.table_name)::uuid) into noted
        from custody_deletion d where d.id = $1;
        if cardinality(noted) > 0 then
            execute format('lock table %I in share row exclusive mode', part.table_name);
            execute part.statement using noted;
            get diagnostics gone = row_count;
            return query select part.room, part.table_name, gone;
        end if;
    end loop;
end
"""

# A key is not destroyed under a hold, whichever way it is asked for.
KEEP_HELD = """
create function custody_keep_held() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $body$
begin
    if custody_holds(old.compartment) > 0 then
        raise exception 'a legal hold stops this deletion' using errcode = 'AB001';
    end if;
    return old;
end $body$
"""
WAIT_FOR_DELETIONS = f"""
create function custody_hold_waits() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $body$
begin perform pg_advisory_xact_lock({HOLD_LOCK}); return null; end $body$
"""

# Who approved is written by the road after `access` said that a second person did; an officer only asks.
COLUMNS_ASKED = "id, compartment, unit_id, kind, rule, ground, reference, asked_by, asked_name, asked_at, seen"
SECURITY = [
    grants("custody_erasable", app="select", road="select"),
    grants("custody_retention", app="select", road="select, insert"),
    RunSQL(
        [
            *(
                f"alter table {table} enable row level security"
                for table in ("custody_deletion", "custody_hold", "custody_due")
            ),
            "revoke all on custody_deletion, custody_hold, custody_due from public",
            f"grant select, insert ({COLUMNS_ASKED}) on custody_deletion to {APP_ROLE}",
            f"create policy custody_deletion_app_select on custody_deletion for select to {APP_ROLE}"
            f" using ({OURS} or {SEEN.format(table='custody_deletion')})",
            f"create policy custody_deletion_app_insert on custody_deletion for insert to {APP_ROLE}"
            f" with check (asked_by = {OFFICER} and {OURS} and access_works_on(compartment)"
            " and (select access_may('custody:deletion:handle')))",
            "grant select, insert, update (state, approved_by, approved_name, decided_at, rows, files, certificate, salt,"
            f" settled_at, sweep, stopped_at) on custody_deletion to {ROAD_ROLE}",
            *(
                f"create policy custody_deletion_road_{verb} on custody_deletion for {verb} to {ROAD_ROLE} {test}"
                for verb, test in (
                    ("select", "using (true)"),
                    ("insert", "with check (approved_by is null)"),
                    ("update", "using (true) with check (true)"),
                )
            ),
            f"grant select, insert, update (lifted_at, lifted_by, lifted_name, lift_reason) on custody_hold to {APP_ROLE}",
            f"create policy custody_hold_app_select on custody_hold for select to {APP_ROLE}"
            f" using ({OURS} or {SEEN.format(table='custody_hold')})",
            f"create policy custody_hold_app_insert on custody_hold for insert to {APP_ROLE}"
            f" with check (placed_by = {OFFICER} and {OURS} and lifted_at is null"
            " and (compartment is null or access_works_on(compartment)) and (select access_may('custody:hold:place')))",
            f"create policy custody_hold_app_update on custody_hold for update to {APP_ROLE}"
            f" using ({OURS} and lifted_at is null and (select access_may('custody:hold:place')))"
            f" with check (lifted_by = {OFFICER} and lifted_at is not null)",
            f"grant select on custody_hold to {ROAD_ROLE}",
            f"create policy custody_hold_road_select on custody_hold for select to {ROAD_ROLE} using (true)",
            f"grant select on custody_due to {APP_ROLE}",
            f"create policy custody_due_app_select on custody_due for select to {APP_ROLE}"
            f" using ({OURS} and {SEEN.format(table='custody_due')})",
            f"grant select, insert, delete, update (unit_id, kind, rule, started_at, due_at, act) on custody_due to {ROAD_ROLE}",
            *(
                f"create policy custody_due_road_{verb} on custody_due for {verb} to {ROAD_ROLE} {test}"
                for verb, test in (
                    ("select", "using (true)"),
                    ("insert", "with check (true)"),
                    ("update", "using (true) with check (true)"),
                    ("delete", "using (true)"),
                )
            ),
        ],
        reverse_sql=RunSQL.noop,
    ),
]

# The journal outside notes each destroyed key once.
JOURNALED = RunSQL(
    [
        f"grant update (journaled_at) on custody_erasure to {ROAD_ROLE}",
        f"create policy custody_erasure_road_update on custody_erasure for update to {ROAD_ROLE} using (true) with check (true)",
    ],
    reverse_sql=RunSQL.noop,
)

FUNCTIONS = [
    written("custody_holds(uuid)", "integer", HOLDS, roles=[ROAD_ROLE]),
    written(
        "custody_count(uuid)",
        'table ("position" integer, room text, table_name text, verb text, found bigint, why text)',
        COUNT,
        roles=[APP_ROLE, ROAD_ROLE],
    ),
    definer_function("custody_elsewhere(uuid)", "setof uuid", ELSEWHERE, roles=[APP_ROLE, ROAD_ROLE]),
    written("custody_erase(uuid)", "table (room text, table_name text, gone bigint)", ERASE, roles=[ROAD_ROLE]),
    written("custody_sweep(uuid)", "table (room text, table_name text, gone bigint)", SWEEP, roles=[ROAD_ROLE]),
    RunSQL(
        [
            KEEP_HELD,
            WAIT_FOR_DELETIONS,
            "revoke all on function custody_keep_held(), custody_hold_waits() from public",
            "create trigger custody_holding_held before delete on custody_holding"
            " for each row execute function custody_keep_held()",
            "create trigger custody_hold_waits before insert on custody_hold"
            " for each statement execute function custody_hold_waits()",
        ],
        reverse_sql=RunSQL.noop,
    ),
]
