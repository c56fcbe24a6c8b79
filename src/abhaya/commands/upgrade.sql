-- name: sizes
-- Every table with all its partitions and indexes: bytes, and about how many rows.
select c.relname, coalesce(sum(pg_total_relation_size(t.relid)), 0)::bigint,
    coalesce(sum(greatest(p.reltuples, 0)), 0)::bigint
from pg_class c
cross join lateral pg_partition_tree(c.oid) t
join pg_class p on p.oid = t.relid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
group by c.relname

-- name: last_upgrade
select body from ledger_entry where event = %(event)s order by id desc limit 1
