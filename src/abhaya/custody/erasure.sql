-- name: decide
-- From here on it is carried out. No row where it waits for no decision, or the one who asked would decide.
update custody_deletion set state = 'decided', approved_by = %(approver)s, approved_name = %(name)s, decided_at = %(now)s
where id = %(deletion)s and state = 'asked' and asked_by <> %(approver)s
returning compartment

-- name: withdraw
update custody_deletion set state = 'withdrawn' where id = %(deletion)s and state = 'asked' and asked_by = %(officer)s
returning compartment

-- name: to_do
-- Decided and not begun; one that a hold stopped is tried again each hour.
select id, compartment, kind, rule, ground, reference, asked_name, asked_at, approved_name, decided_at, state
from custody_deletion
where state = 'decided' and (stopped_at is null or stopped_at < now() - interval '1 hour')
order by id limit %(most)s
for update skip locked

-- name: to_settle
-- Begun, and every transaction that was under way then has ended.
select id, compartment, kind, rule, ground, reference, asked_name, asked_at, approved_name, decided_at, state
from custody_deletion
where state = 'erased' and erased_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
order by id limit %(most)s
for update skip locked

-- name: one
select id, compartment, kind, rule, ground, reference, asked_name, asked_at, approved_name, decided_at, state
from custody_deletion where id = %(deletion)s and state = 'decided'

-- name: lock
select 1 from custody_deletion where id = %(deletion)s for update

-- name: held_by
-- The originals that a compartment holds a key or only hashes of.
select object_id from custody_holding where compartment = %(compartment)s order by object_id

-- name: is_held
select exists (select 1 from custody_holding where object_id = %(object)s and compartment = %(compartment)s)

-- name: erase
select room, table_name, gone from custody_erase(%(deletion)s)

-- name: sweep
select room, table_name, gone from custody_sweep(%(deletion)s)

-- name: entries_of
-- The ledger's entries about a compartment whose text can go: those that have their leaf.
select e.id from ledger_entry e join ledger_leaf l on l.entry_id = e.id
where e.compartment = %(compartment)s and e.event <> all (%(proof)s) order by e.id

-- name: entries_waiting
select exists (
    select 1 from ledger_entry e where e.compartment = %(compartment)s and e.event <> all (%(proof)s)
)

-- name: proved
update custody_deletion set rows = %(rows)s::jsonb, files = %(files)s::jsonb, certificate = %(note)s, salt = %(salt)s
where id = %(deletion)s

-- name: files_of
select files::text from custody_deletion where id = %(deletion)s

-- name: settled
update custody_deletion set state = 'settled', settled_at = %(now)s, files = '[]'::jsonb, sweep = '{}'::jsonb
where id = %(deletion)s

-- name: stopped
-- Says once that a hold stands in the way; later rounds only note the time.
with before as (select stopped_at from custody_deletion where id = %(deletion)s)
update custody_deletion d set stopped_at = %(now)s from before
where d.id = %(deletion)s and (before.stopped_at is null or before.stopped_at < %(now)s)

-- name: wait_briefly
select set_config('lock_timeout', %s, true)

-- name: shredded
-- Keys destroyed one by one that the journal does not name yet.
select id, compartment, object_id, at, 'shred' from custody_erasure where journaled_at is null order by id limit %(most)s

-- name: written
update custody_erasure set journaled_at = %(now)s where id = any (%(erasures)s)

-- name: written_with
-- The keys that went with a compartment: its own line names them all.
update custody_erasure set journaled_at = %(now)s where compartment = %(compartment)s and journaled_at is null

-- name: left
-- Whether anything of a compartment is there: rows of each table of the plan.
select found from custody_count(%(compartment)s) where verb = 'delete'

-- name: decided_before
-- The decision that the journal remembers, in a database that was restored from before it.
insert into custody_deletion (id, compartment, kind, rule, ground, reference, asked_name, asked_at, state)
values (%(deletion)s, %(compartment)s, 'replayed', %(rule)s, 'retention', %(rule)s, 'erasure journal', %(at)s, 'withdrawn')
on conflict (id) do nothing

-- name: others_withdrawn
-- Whatever else was asked for the compartment then is overtaken.
update custody_deletion set state = 'withdrawn'
where compartment = %(compartment)s and id <> %(deletion)s and state in ('asked', 'decided', 'erased')

-- name: decided_again
update custody_deletion set state = 'decided', approved_by = %(by)s, approved_name = 'erasure journal', decided_at = %(at)s
where id = %(deletion)s
