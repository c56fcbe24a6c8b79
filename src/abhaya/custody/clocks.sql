-- name: rules
-- The rules of the last import.
select version, kind, country, days, act, source, note from custody_retention
where version = (select max(version) from custody_retention)
order by kind, country = 'XX', country

-- name: next_version
select coalesce(max(version), 0) + 1 from custody_retention

-- name: no_longer
-- What is being deleted, or is not due any more under the rules of today, leaves the list.
delete from custody_due d
where exists (select 1 from custody_deletion x where x.compartment = d.compartment and x.state in ('decided', 'erased', 'settled'))
   or d.due_at > %(now)s
   or d.rule not in (
       select r.kind || '/' || r.country || ' v' || r.version from custody_retention r
       where r.version = (select max(version) from custody_retention)
   )

-- name: forget
-- What does not stand under this clock any more: a decision taken back, an action taken since.
delete from custody_due d
where d.kind = %(kind)s and not exists (
    select 1 from ({since}) as c (compartment, unit_id, started_at)
    where c.compartment = d.compartment and c.started_at <= d.started_at
)

-- name: due
-- What has run out under one rule, the longest due first. Deleted ones leave no row to be found by.
insert into custody_due (compartment, unit_id, kind, rule, act, started_at, due_at)
select c.compartment, c.unit_id, %(kind)s, %(rule)s, %(act)s, c.started_at, c.started_at + make_interval(days => %(days)s)
from ({since}) as c (compartment, unit_id, started_at)
join access_unit u on u.id = c.unit_id
where c.started_at < %(now)s - make_interval(days => %(days)s)
and (left(u.place_code, 2) = %(country)s or (%(anywhere)s and left(u.place_code, 2) <> all (%(own)s::text[])))
and not exists (
    select 1 from custody_deletion x where x.compartment = c.compartment and x.state in ('decided', 'erased', 'settled')
)
order by c.started_at limit %(most)s
on conflict (compartment) do update set unit_id = excluded.unit_id, kind = excluded.kind, rule = excluded.rule,
    act = excluded.act, started_at = excluded.started_at, due_at = excluded.due_at
where (custody_due.rule, custody_due.started_at, custody_due.unit_id)
    is distinct from (excluded.rule, excluded.started_at, excluded.unit_id)

-- name: by_the_clock
-- What a rule lets end by itself.
select d.compartment, d.unit_id, d.kind, d.rule from custody_due d where d.act = 'delete' order by d.due_at limit %(most)s
