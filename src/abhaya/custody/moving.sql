-- name: forget
-- What an earlier move proved says nothing of this one.
delete from custody_moved

-- name: unmoved
-- Originals kept as files that this move has not proved yet.
select o.id, o.name, o.size_bytes from custody_object o
where o.kept = 'file' and o.id > %(after)s and not exists (select 1 from custody_moved m where m.object_id = o.id)
order by o.id limit %(most)s

-- name: proved
insert into custody_moved (object_id, name, size_bytes, sha256)
select * from unnest(%(objects)s::uuid[], %(names)s::bytea[], %(sizes)s::bigint[], %(digests)s::bytea[])
on conflict (object_id) do nothing

-- name: shredded_since
-- Proved, and shredded since.
select m.object_id, m.name, m.size_bytes from custody_moved m
where m.object_id > %(after)s
and not exists (select 1 from custody_object o where o.id = m.object_id and o.kept = 'file')
order by m.object_id limit %(most)s

-- name: moved
select m.object_id, m.name, m.size_bytes, m.sha256 from custody_moved m
where m.object_id > %(after)s order by m.object_id limit %(most)s

-- name: emptied
delete from custody_moved where object_id = any (%(objects)s)

-- name: standing
select count(*), coalesce(sum(size_bytes), 0)::bigint from custody_moved
