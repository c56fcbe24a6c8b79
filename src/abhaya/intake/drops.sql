-- name: mark
update intake_load set state = %(state)s, counts = %(counts)s::jsonb, touched_at = %(now)s where id = %(id)s

-- name: save_mapping
insert into intake_mapping (id, shape, unit_id, name, columns, made_by, made_at)
values (%(id)s, %(shape)s, %(unit)s, %(name)s, %(columns)s::jsonb, %(officer)s, %(now)s)
on conflict (shape, unit_id) do update set columns = excluded.columns, name = excluded.name, made_by = excluded.made_by,
  made_at = excluded.made_at

-- name: load
select id, compartment, unit_id, officer_id, name, sender_name, state, counts::text, made_at, touched_at
from intake_load where id = %(id)s

-- name: loads
-- The unit's loads, newest first.
select id, compartment, unit_id, officer_id, name, sender_name, state, counts::text, made_at, touched_at
from intake_load where unit_id = %(unit)s order by made_at desc limit %(most)s

-- name: lines
-- What a load set aside.
select path, reason from intake_load_line where load_id = %(load)s order by id limit %(most)s
