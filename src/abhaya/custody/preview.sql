-- name: count
select "position", room, table_name, verb, found, why from custody_count(%(compartment)s) order by "position"

-- name: elsewhere
select custody_elsewhere(%(compartment)s)

-- name: is_held
select custody_holds(%(compartment)s) > 0

-- name: open
select id, compartment, kind, rule, ground, reference, seen, state, asked_by, asked_name, asked_at, approved_name, decided_at,
    stopped_at, erased_at, settled_at, certificate
from custody_deletion where compartment = %(compartment)s and state in ('asked', 'decided', 'erased')

-- name: one
select id, compartment, kind, rule, ground, reference, seen, state, asked_by, asked_name, asked_at, approved_name, decided_at,
    stopped_at, erased_at, settled_at, certificate
from custody_deletion where id = %(deletion)s

-- name: of_unit
-- A unit's deletions, newest first; those of unfinished submissions, which nobody asked for, are not listed.
select id, compartment, kind, rule, ground, reference, seen, state, asked_by, asked_name, asked_at, approved_name, decided_at,
    stopped_at, erased_at, settled_at, certificate
from custody_deletion where unit_id = %(unit)s and asked_by is not null
order by asked_at desc limit %(most)s

-- name: due
select d.compartment, d.kind, d.rule, d.act, d.started_at, d.due_at from custody_due d
where d.unit_id = %(unit)s and d.act <> 'delete' and not exists (
    select 1 from custody_deletion x where x.compartment = d.compartment and x.state = 'asked'
)
order by d.due_at limit %(most)s

-- name: count_due
select count(*) from (select 1 from custody_due where unit_id = %(unit)s and act <> 'delete' limit %(most)s) counted
