-- name: last
-- The newest entry of this event.
select at, body from ledger_entry where event = %(event)s order by id desc limit 1

-- name: late
-- Acts that have no place in the ledger yet, and the oldest of them.
select count(*), min(e.at) from ledger_pending p join ledger_entry e on e.id = p.entry_id
