-- name: lines_of
-- The road so far of one compartment, as far as the reader may see it: the newest lines, oldest first.
select * from (
    select e.at, e.actor_id, e.actor_name, e.event, e.body, l.index, e.id
    from ledger_entry e left join ledger_leaf l on l.entry_id = e.id
    where e.compartment = %(compartment)s order by e.id desc limit %(most)s
) newest order by id

-- name: newest
-- A page of entries the reader may see, newest first.
select e.at, e.actor_id, e.actor_name, e.event, e.body, l.index, e.id
from ledger_entry e left join ledger_leaf l on l.entry_id = e.id
where (%(event)s::text is null or e.event = %(event)s)
and (%(actor)s::text is null or e.actor_name = %(actor)s)
and (%(first)s::uuid is null or e.id >= %(first)s)
and (%(end)s::uuid is null or e.id < %(end)s)
and (%(before)s::uuid is null or e.id < %(before)s)
order by e.id desc limit %(most)s

-- name: newest_of
-- A page of entries of these events that the reader may see and did not make, newest first.
select e.at, e.actor_id, e.actor_name, e.event, e.body, l.index, e.id
from ledger_entry e left join ledger_leaf l on l.entry_id = e.id
where e.event = any(%(events)s) and e.actor_id is not null and e.actor_id <> %(reader)s
and (%(before)s::uuid is null or e.id < %(before)s)
order by e.id desc limit %(most)s

-- name: last_checkpoint
select size, root, note, at from ledger_checkpoint order by size desc limit 1

-- name: checkpoint
select size, root, note, at from ledger_checkpoint where size = %(size)s

-- name: last_departure
-- The newest checkpoint that somebody else holds: up to there nobody can change anything unseen.
select size, at, how, recipient, actor_name from ledger_departure where size > 0 order by size desc, id desc limit 1

-- name: departures
select size, at, how, recipient, actor_name from ledger_departure where size = %(size)s order by id

-- name: last_check
select at, seconds, size, erased, findings, asked_by from ledger_check_run order by id desc limit 1

-- name: is_known
select exists (select 1 from ledger_entry where compartment = %(compartment)s)

-- name: looks
-- Who saw content of a compartment, as far as the reader may know.
select e.at, e.actor_id, e.actor_name, e.event, e.body, l.index, e.id
from ledger_entry e left join ledger_leaf l on l.entry_id = e.id
where e.compartment = %(compartment)s and e.event = any(%(events)s)
and (%(item)s::uuid is null or e.subject_id = %(item)s)
and (%(first)s::uuid is null or e.id >= %(first)s)
and (%(end)s::uuid is null or e.id < %(end)s)
order by e.id desc limit %(most)s

-- name: sealed
select e.id, l.index, e.salt, e.body from ledger_entry e left join ledger_leaf l on l.entry_id = e.id
where e.id = any(%(entries)s)

-- name: log
select origin, public_key from ledger_log

-- name: cosigned
select coalesce(string_agg(line, '' order by witness), '') from ledger_cosignature where size = %(size)s

-- name: outsiders
select name, size, at, problem, problem_at from ledger_outsider order by name

-- name: vouched
-- The newest checkpoint over these entries that somebody outside signed, else the newest of all.
select size, root, note, at from ledger_checkpoint where size = coalesce(
    (select max(size) from ledger_cosignature where size > %(index)s),
    (select max(size) from ledger_checkpoint where size > %(index)s))
