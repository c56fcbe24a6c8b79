-- name: alone
-- Whether this transaction is the only sequencer.
select pg_try_advisory_xact_lock(%(lock)s)

-- name: waiting
-- Entries that have no leaf yet. Their order is nobody's claim about time; it only has to be some order.
select p.entry_id, e.commitment from ledger_pending p join ledger_entry e on e.id = p.entry_id limit %(most)s

-- name: edge
-- The right edge of the tree and the checkpoint that was signed over it.
select f.size, f.roots, c.root, c.note from ledger_frontier f left join ledger_checkpoint c on c.size = f.size

-- name: log
select origin, public_key from ledger_log

-- name: name_log
insert into ledger_log (id, origin, public_key, made_at) values (1, %(origin)s, %(public_key)s, %(at)s)

-- name: append
insert into ledger_leaf (index, entry_id, leaf_hash)
select %(first)s + n - 1, entry, hash
from unnest(%(entries)s::uuid[], %(hashes)s::bytea[]) with ordinality as leaf (entry, hash, n)

-- name: done
delete from ledger_pending where entry_id = any(%(entries)s)

-- name: blocks
-- Roots over full blocks of leaves, for proofs. A ledger continued after a restore may make one again: the new one stands.
insert into ledger_block (index, root)
select * from unnest(%(indexes)s::bigint[], %(roots)s::bytea[])
on conflict (index) do update set root = excluded.root

-- name: move_edge
insert into ledger_frontier (id, size, roots) values (1, %(size)s, %(roots)s)
on conflict (id) do update set size = excluded.size, roots = excluded.roots

-- name: checkpoint
insert into ledger_checkpoint (size, root, note, at) values (%(size)s, %(root)s, %(note)s, %(at)s)

-- name: root_at
select root from ledger_checkpoint where size = %(size)s

-- name: any_waiting
select exists (select 1 from ledger_pending)
