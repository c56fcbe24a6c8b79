"""Functions, policies and grants of this room's first migration. What changes them later is a migration of its own."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import definer_function, row_security

# Bytes are a dictionary shared by all compartments, covert ones too, so it answers nobody who only asks: it is reached
# by the keyed hash of the content, which only a process with the operator's key can make, and it answers the same
# columns for bytes that are new and bytes that are old. It names no compartment.
#
# A rival transaction with the same new bytes makes the insert wait for its end; one that shreds known bytes at this
# moment makes the lock wait, finds them gone, and the next round inserts ours. Both go in the order of names, so that
# two sets never wait for each other in a circle. Bytes written for an object that was not needed are taken away.
INTERN = """
#variable_conflict use_column
begin
    loop
        insert into custody_object (id, name, known_key, sha256, sha1, md5, size_bytes, media_type_seen, kept)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as offered (id, name, a, b, c, d, e, f, g)
        order by offered.name
        on conflict (name) do nothing;
        perform 1 from custody_object o where o.name = any ($2) and o.id <> all ($1) order by o.name for share;
        exit when (select count(*) from custody_object o where o.name = any ($2)) = cardinality($2);
    end loop;
    delete from custody_bytes b
    where b.id = any ($1) and not exists (select 1 from custody_object o where o.id = b.id);
    return query select o.name, o.id, o.known_key, o.kept from custody_object o where o.name = any ($2);
end
"""

LOCK = "select o.id from custody_object o where o.id = any ($1) and o.kept <> 'gone' order by o.id for share"

# The object's row is locked first, so that a holding that is being added at this moment is either seen here or waits.
SHRED = """
#variable_conflict use_column
declare
    held custody_object;
    is_last boolean;
begin
    select * into held from custody_object o where o.id = $1 for update;
    delete from custody_holding h where h.object_id = $1 and h.compartment = $2;
    if not found then
        return;
    end if;
    is_last := held.kept <> 'gone' and not exists (
        select 1 from custody_holding h where h.object_id = $1 and h.wrapped_key is not null
    );
    if is_last then
        delete from custody_bytes b where b.id = $1;
        update custody_object o set name = null, known_key = null, kept = 'gone' where o.id = $1;
    end if;
    insert into custody_erasure (id, compartment, object_id, last) values ($3, $2, $1, is_last);
    return query select held.name, held.kept, held.sha256, is_last;
end
"""

HELD = "exists (select 1 from custody_holding h where h.object_id = {table}.id)"  # under the holdings' own policy


def written(signature: str, returns: str, body: str, *, roles: list[str]) -> RunSQL:
    """A definer function in PL/pgSQL: each of its statements sees what has been committed by then.

    Its plans are made for the values at hand: a plan for any value would open every partition (0.5 ms became 6 ms).
    """
    return RunSQL(
        [
            f"create or replace function {signature} returns {returns} language plpgsql volatile security definer"
            " set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan"
            f" as $body${body}$body$",
            f"revoke all on function {signature} from public",
            *[f"grant execute on function {signature} to {role}" for role in roles],
        ],
        reverse_sql=RunSQL.noop,
    )


STORAGE = [
    # Sealed bytes do not compress: trying would cost time for nothing.
    RunSQL("alter table custody_bytes alter column sealed set storage external", reverse_sql=RunSQL.noop),
]

FUNCTIONS = [
    written(
        "custody_intern(uuid[], bytea[], bytea[], bytea[], bytea[], bytea[], bigint[], text[], text[])",
        "table (name bytea, object_id uuid, known_key bytea, kept text)",
        INTERN,
        roles=[APP_ROLE, ROAD_ROLE],
    ),
    definer_function("custody_lock(uuid[])", "setof uuid", LOCK, roles=[APP_ROLE, ROAD_ROLE], volatility="volatile"),
    written(
        "custody_shred(uuid, uuid, uuid)",
        "table (name bytea, kept text, sha256 bytea, last boolean)",
        SHRED,
        roles=[ROAD_ROLE],
    ),
]

OBJECT_COLUMNS = "id, sha256, sha1, md5, size_bytes, media_type_seen, kept, sealing, made_at"

SECURITY = [
    row_security("custody_holding"),
    row_security("custody_item"),
    row_security("custody_object", app=f"select ({OBJECT_COLUMNS})", road="select", seen=HELD),
    row_security("custody_bytes", app="select", road="select, insert", seen=HELD),
    # An officer's upload writes its bytes before anybody knows whose they become: until then nobody sees them.
    RunSQL(
        [
            f"grant insert on custody_bytes to {APP_ROLE}",
            f"create policy custody_bytes_{APP_ROLE}_insert on custody_bytes for insert to {APP_ROLE} with check (true)",
        ],
        reverse_sql=RunSQL.noop,
    ),
    row_security("custody_erasure", app="select", road="select"),
]
