"""Partitions are made ahead by the worker, which owns nothing: through a function of the owner's that takes no argument."""

from django.db import migrations

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import MONTHS_AHEAD

# A partition begins at the smallest UUIDv7 of its month: 48 bits of milliseconds, then zeros (RFC 9562, section 5.7).
MAKE = f"""
create or replace function shared_make_partitions() returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $body$
declare
  parent record;
  month timestamptz;
  made integer := 0;
  name text;
begin
  for parent in
    select c.oid, c.relname from pg_class c
    where c.relkind = 'p' and c.relnamespace = 'public'::regnamespace
      and c.relowner = (select oid from pg_roles where rolname = current_user)
      and pg_get_partkeydef(c.oid) = 'RANGE (id)'
  loop
    for step in 0 .. {MONTHS_AHEAD} loop
      month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => step)) at time zone 'UTC';
      name := parent.relname || to_char(month at time zone 'UTC', '_YYYY_MM');
      if to_regclass('public.' || quote_ident(name)) is null then
        execute format('create table public.%I partition of %s for values from (%L) to (%L)', name, parent.oid::regclass,
          shared_month_edge(month), shared_month_edge((month at time zone 'UTC' + interval '1 month') at time zone 'UTC'));
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $body$
"""
EDGE = """
create or replace function shared_month_edge(month timestamptz) returns uuid language sql immutable
return (lpad(to_hex((extract(epoch from month) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
"""


class Migration(migrations.Migration):
    dependencies = [("shared", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                EDGE,
                MAKE,
                "revoke all on function shared_month_edge(timestamptz), shared_make_partitions() from public",
                f"grant execute on function shared_make_partitions() to {APP_ROLE}, {ROAD_ROLE}",
            ],
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
