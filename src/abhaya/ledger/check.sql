-- name: log
select origin, public_key from ledger_log

-- name: stand
-- Where the ledger stands, in one snapshot: leaves and checkpoints are only ever written together.
select coalesce((select max(size) from ledger_checkpoint), 0),
       coalesce((select max(index) + 1 from ledger_leaf), 0),
       (select size from ledger_frontier), (select roots from ledger_frontier)

-- name: leaves
-- Every leaf in order, with its entry where its text was not erased.
select l.index, l.entry_id, l.leaf_hash, e.body, e.salt, e.commitment,
       e.at, e.event, e.actor_id, e.actor_name, e.purpose, e.subject_id, e.compartment
from ledger_leaf l left join ledger_entry e on e.id = l.entry_id
where l.index < %(size)s order by l.index

-- name: checkpoints
select size, root, note from ledger_checkpoint where size <= %(size)s order by size

-- name: strays
-- Entries that have no leaf and wait for none: they did not come in through the door, or their place was taken away.
select e.id::text from ledger_entry e
where not exists (select 1 from ledger_leaf l where l.entry_id = e.id)
and not exists (select 1 from ledger_pending p where p.entry_id = e.id)
limit %(most)s

-- name: waiting
-- Entries that wait for their leaf, those that have waited too long, and those that wait although nothing is there.
select count(*), count(*) filter (where e.at < %(before)s), count(*) filter (where e.id is null)
from ledger_pending p left join ledger_entry e on e.id = p.entry_id

-- name: statements
-- What erasure entries name.
select body from ledger_entry where event = 'ledger:entry:erased'

-- name: departed
-- Checkpoints that left this machine and are no longer here.
select d.size from ledger_departure d left join ledger_checkpoint c on c.size = d.size
where c.size is null and d.size > 0 order by d.size limit %(most)s

-- name: root_at
select root from ledger_checkpoint where size = %(size)s

-- name: forget_named
drop table if exists pg_temp.ledger_named

-- name: make_named
create temporary table ledger_named (entry uuid primary key) on commit drop

-- name: name_them
insert into pg_temp.ledger_named select unnest(%(entries)s::uuid[]) on conflict do nothing

-- name: unexcused
-- Entries that are gone and that no erasure names.
select l.index, l.entry_id::text from ledger_leaf l
where l.index < %(size)s and not exists (select 1 from ledger_entry e where e.id = l.entry_id)
and not exists (select 1 from pg_temp.ledger_named n where n.entry = l.entry_id)
order by l.index
