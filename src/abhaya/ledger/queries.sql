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
