-- name: note_key
insert into custody_operator_key (key_id, rotation_from) values (%(key)s, %(old)s) on conflict (key_id) do nothing

-- name: note_of
select key_id, noted_at, rotation_from, rewrapped, rotated_at, retired_at, split_at, split_shares, split_needed, proved_at
from custody_operator_key where key_id = %(key)s

-- name: note_rewrapped
update custody_operator_key set rewrapped = rewrapped + %(more)s where key_id = %(key)s

-- name: note_rotated
update custody_operator_key set rotated_at = now() where key_id = %(key)s and rotated_at is null

-- name: note_retired
update custody_operator_key set retired_at = now() where key_id = %(key)s

-- name: note_split
update custody_operator_key set split_at = now(), split_shares = %(shares)s, split_needed = %(needed)s where key_id = %(key)s

-- name: note_proved
update custody_operator_key set proved_at = now() where key_id = %(key)s

-- name: left
-- How many wraps and known keys are under another key than this one.
select (select count(*) from custody_holding h where h.wrapped_key is not null
        and substring(h.wrapped_key from 1 for 4) <> %(current)s)
    + (select count(*) from custody_object o where o.known_key is not null
        and substring(o.known_key from 1 for 4) <> %(current)s)

-- name: holdings_left
-- The next wraps under another key, in the order of the primary key.
select h.object_id, h.compartment, h.wrapped_key from custody_holding h
where (h.object_id, h.compartment) > (%(object)s, %(compartment)s) and h.wrapped_key is not null
and substring(h.wrapped_key from 1 for 4) <> %(current)s
order by h.object_id, h.compartment limit %(most)s

-- name: known_left
-- The next known keys under another key.
select o.id, o.sha256, o.known_key from custody_object o
where o.id > %(object)s and o.known_key is not null and substring(o.known_key from 1 for 4) <> %(current)s
order by o.id limit %(most)s

-- name: rewrap
-- Puts new wraps in the place of old ones that nobody has touched since; what another transaction holds waits for the next round.
select custody_rewrap(%(objects)b::uuid[], %(compartments)b::uuid[], %(was)b::bytea[], %(becomes)b::bytea[])

-- name: rewrap_known
select custody_rewrap_known(%(objects)b::uuid[], %(was)b::bytea[], %(becomes)b::bytea[])

-- name: older_transactions
-- Transactions of this sign-in that began before this instant: they may still write wraps under the key of that time.
select count(*) from pg_stat_activity a
where a.datname = current_database() and a.usename = session_user and a.pid <> pg_backend_pid()
and a.xact_start < %(switched_at)s
