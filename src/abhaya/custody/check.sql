-- name: objects_after
-- Objects in the order of their ids, with every wrap of their key.
select o.id, o.name, o.known_key, o.sha256, o.sha1, o.md5, o.size_bytes, o.kept,
    array(select h.compartment from custody_holding h where h.object_id = o.id order by h.compartment),
    array(select h.wrapped_key from custody_holding h where h.object_id = o.id order by h.compartment),
    (select b.sealed from custody_bytes b where b.id = o.id and o.kept = 'row')
from custody_object o
where o.kept <> 'gone' and o.id > %(after)s
order by o.id
limit %(most)s

-- name: objects_at
-- The object at or next after each of these points.
select distinct found.id
from unnest(%(points)s::uuid[]) as point (id)
cross join lateral (
    select o.id from custody_object o where o.kept <> 'gone' and o.id >= point.id order by o.id limit 1
) as found
order by found.id

-- name: objects_named
select o.id, o.name, o.known_key, o.sha256, o.sha1, o.md5, o.size_bytes, o.kept,
    array(select h.compartment from custody_holding h where h.object_id = o.id order by h.compartment),
    array(select h.wrapped_key from custody_holding h where h.object_id = o.id order by h.compartment),
    (select b.sealed from custody_bytes b where b.id = o.id and o.kept = 'row')
from custody_object o
where o.kept <> 'gone' and o.id = any (%(objects)s)
order by o.id

-- name: first_and_last
select min(id::text), max(id::text) from custody_object where kept <> 'gone'

-- name: items_unheld
-- Items whose compartment holds no key to their bytes although none was taken away.
select i.id, i.object_id
from custody_item i
where i.id > %(after)s
and not exists (
    select 1 from custody_holding h where h.object_id = i.object_id and h.compartment = i.compartment
)
and not exists (
    select 1 from custody_erasure e where e.object_id = i.object_id and e.compartment = i.compartment
)
order by i.id
limit %(most)s

-- name: bytes_of_nobody
-- Sealed bytes that belong to no object.
select b.id from custody_bytes b
where not exists (select 1 from custody_object o where o.id = b.id and o.kept = 'row')
order by b.id
limit %(most)s
