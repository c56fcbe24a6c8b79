-- name: failed_jobs
-- Jobs that failed for good in the last week.
select count(distinct j.id) from procrastinate_jobs j join procrastinate_events e on e.job_id = j.id
where j.status = 'failed' and e.type = 'failed' and e.at > now() - interval '7 days'

-- name: workers
-- Workers whose heartbeat is young.
select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %(seconds)s)

-- name: last_partitions
-- The last month partition of every partitioned table, by name: they end in _YYYY_MM.
select max(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid
join pg_class p on p.oid = i.inhparent
where p.relkind = 'p' and c.relkind = 'r' and c.relname ~ '_\d{4}_\d{2}$'
group by i.inhparent

-- name: content_tables
-- Tables that carry a compartment and that the application may read, and whether row security is on.
select c.relname, c.relrowsecurity from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'compartment' and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
and has_table_privilege(c.oid, 'select')
order by c.relname
