-- name: intern
-- Where each of these bytes is kept, made now or long ago; locked against shredding until the commit. The values go
-- in binary: as text they took twice as long.
select name, object_id, known_key, kept
from custody_intern(
    %(ids)b::uuid[], %(names)b::bytea[], %(known_keys)b::bytea[], %(sha256s)b::bytea[], %(sha1s)b::bytea[],
    %(md5s)b::bytea[], %(sizes)b::bigint[], %(types)b::text[], %(kepts)b::text[]
)

-- name: lock
-- Those of these objects whose bytes are still there, locked against shredding until the commit.
select id from custody_lock(%(objects)s::uuid[]) as id

-- name: shred
-- Takes a holding away, and the bytes with the last one. No row where nothing was held.
select name, kept, sha256, last from custody_shred(%(object)s, %(compartment)s, %(erasure)s)

-- name: holding
-- One object as one compartment holds it, with the key where whoever asks may read the original.
select o.id, o.sha256, o.size_bytes, o.kept, custody_wrap(h.object_id, h.compartment), b.sealed
from custody_holding h
join custody_object o on o.id = h.object_id
left join custody_bytes b on b.id = h.object_id and o.kept = 'row'
where h.object_id = %(object)s and h.compartment = %(compartment)s

-- name: items_of
-- What a compartment received, oldest first.
select i.id, i.compartment, i.object_id, i.name, i.media_type_claimed, i.media_type_seen, i.via, i.received_at,
    o.size_bytes, o.sha256, o.sha1, o.md5, w.object_id is not null
from custody_item i
left join custody_wrapped(%(compartment)s) as w (object_id) on w.object_id = i.object_id
left join custody_object o on o.id = i.object_id
where i.compartment = %(compartment)s
order by i.id

-- name: item
-- One item, where it is open to whoever asks.
select i.id, i.compartment, i.object_id, i.name, i.media_type_claimed, i.media_type_seen, i.via, i.received_at,
    o.size_bytes, o.sha256, o.sha1, o.md5, w.object_id is not null
from custody_item i
left join custody_wrapped(i.compartment) as w (object_id) on w.object_id = i.object_id
left join custody_object o on o.id = i.object_id
where i.id = %(item)s

-- name: kept_as_files
-- Which of these objects have their bytes in a file.
select id from custody_object where kept = 'file' and id = any (%(objects)s)
