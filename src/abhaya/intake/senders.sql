-- name: add
insert into intake_sender (id, name, kind, username, password_hash, unit_id, is_test, is_active, duty_contact,
  requests_per_minute_max, file_bytes_max, added_at)
values (%(id)s, %(name)s, %(kind)s, %(username)s, %(password_hash)s, %(unit)s, %(is_test)s, true, %(duty_contact)s,
  6000, 8::bigint << 30, %(now)s)
on conflict do nothing

-- name: set_active
update intake_sender set is_active = %(is_active)s where id = %(id)s

-- name: set_password
update intake_sender set password_hash = %(password_hash)s where id = %(id)s and username is not null

-- name: named
select id, name, unit_id, is_test from intake_sender where name = %(name)s and is_active

-- name: hub
select id from access_unit where kind = 'hub' and is_active order by id limit 1

-- name: at_the_door
-- The sender of that user name, switched off or not, with its limits.
select id, name, unit_id, is_test, username, password_hash, is_active, requests_per_minute_max, file_bytes_max
from intake_caller(%(username)s)
