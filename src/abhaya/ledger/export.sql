-- name: log
select origin, public_key from ledger_log

-- name: size
select coalesce(max(size), 0) from ledger_checkpoint

-- name: leaves
-- Every leaf in order, with the text of its entry where it was not erased: one statement, so one moment of the ledger.
select l.index, l.entry_id, l.leaf_hash, e.commitment, e.salt, e.body
from ledger_leaf l left join ledger_entry e on e.id = l.entry_id
where l.index < %(size)s order by l.index

-- name: checkpoints
-- Each checkpoint with the lines of the witnesses that co-signed it.
select c.size, c.note || coalesce((select string_agg(w.line, '' order by w.witness) from ledger_cosignature w
                                   where w.size = c.size), '')
from ledger_checkpoint c where c.size <= %(size)s order by c.size

-- name: stamps
select size, at, authority, response from ledger_stamp where size <= %(size)s order by size

-- name: departures
select size, at, how, recipient from ledger_departure where size <= %(size)s order by id
