-- name: open
-- Opens compartments to viewers as the acting officer; how many of the pairs were allowed.
select access_open(%s::uuid[], %s::uuid[], %s::text[], %s::text[])

-- name: close
-- Ends openings as the acting officer, and says which were theirs to end.
select viewer, compartment from access_close(%s::uuid[], %s::uuid[])

-- name: close_on_the_road
-- Ends openings for a service of the road, and says which had not ended before.
update access_opening o set until = now()
from unnest(%s::uuid[], %s::uuid[]) as a (viewer, compartment)
where o.viewer = a.viewer and o.compartment = a.compartment and (o.until is null or o.until > now())
returning o.viewer, o.compartment

-- name: my_openings
-- Which of these compartments are open to the acting officer, how far and why.
select viewer, compartment, level, basis, made_at, until from access_opening
where compartment = any(%s) and (until is null or until > now())
order by compartment, level desc

-- name: signed_in
-- The officer of a request, if they and their unit are active.
select o.id, o.username, o.name, o.unit_id, u.name, u.name_hi, u.kind, o.roles, o.language, o.must_change_password, o.epoch,
    o.is_ready_made
from access_officer o join access_unit u on u.id = o.unit_id
where o.id = %s and o.is_active and u.is_active

-- name: credentials
-- What a sign-in under this user name is held against.
select id, name, password, password_set_at, totp_secret, totp_step, must_change_password, epoch, language
from access_credentials(%s)

-- name: officers
-- Officers with their unit: all, of one unit, or one.
select o.id, o.username, o.name, o.unit_id, u.name, u.name_hi, u.code, o.roles, o.totp_step > 0, o.must_change_password,
    o.is_ready_made, o.is_active, o.last_login
from access_officer o join access_unit u on u.id = o.unit_id
where (%(unit)s::uuid is null or o.unit_id = %(unit)s) and (%(officer)s::uuid is null or o.id = %(officer)s)
order by o.is_active desc, o.name, o.username

-- name: ready_made
-- The officers of a training world that one steps into, hub first.
select o.id, o.username, o.name, o.unit_id, u.name, u.name_hi, u.code, o.roles, o.totp_step > 0, o.must_change_password,
    o.is_ready_made, o.is_active, o.last_login
from access_officer o join access_unit u on u.id = o.unit_id
where o.is_ready_made and o.is_active and u.is_active
order by array_position(array['hub', 'state', 'district', 'station'], u.kind), o.made_at, o.username

-- name: has_officers
-- Whether there is any officer at all.
select exists (select 1 from access_officer)

-- name: units
-- The tree, parents before children, siblings by name; officers counted are active ones.
with recursive tree as (
    select u.id, 0 as depth, array[lower(u.name), u.code] as place from access_unit u where u.parent_id is null
    union all
    select u.id, t.depth + 1, t.place || array[lower(u.name), u.code]
    from access_unit u join tree t on u.parent_id = t.id where t.depth < 16
)
select u.id, u.parent_id, u.kind, u.name, u.name_hi, u.code, u.place_code, u.forward_rule, u.duty_contact, u.is_active,
    t.depth, coalesce(n.officers, 0)
from tree t join access_unit u on u.id = t.id
left join (select unit_id, count(*) as officers from access_officer where is_active group by unit_id) n on n.unit_id = u.id
order by t.place

-- name: unit_id
-- The id of the unit with this code.
select id from access_unit where code = %s

-- name: change_unit
-- A unit's new facts; its code stays.
update access_unit set parent_id = %(parent)s, name = %(name)s, name_hi = %(name_hi)s, kind = %(kind)s,
    place_code = %(place_code)s, forward_rule = %(forward_rule)s, duty_contact = %(duty_contact)s, is_active = %(is_active)s
where id = %(id)s

-- name: add_officer
-- A new officer; none if the user name is taken.
insert into access_officer (id, unit_id, username, name, roles, language, password, must_change_password, is_ready_made)
values (%(id)s, %(unit)s, %(username)s, %(name)s, %(roles)s, %(language)s, %(password)s, %(must_change)s, %(ready_made)s)
on conflict (username) do nothing

-- name: change_officer
-- What an administrator changes. Sessions end when the name, the unit or the activity changes; roles are read anew anyway.
update access_officer set
    epoch = epoch + (name <> %(name)s or unit_id <> %(unit)s or is_active <> %(is_active)s)::int,
    name = %(name)s, unit_id = %(unit)s, roles = %(roles)s, is_active = %(is_active)s
where id = %(id)s

-- name: reset_sign_in
-- A temporary password and no second factor; every session ends.
update access_officer set password = %(password)s, password_set_at = now(), must_change_password = true,
    totp_secret = '', totp_step = 0, epoch = epoch + 1
where id = %(id)s

-- name: own_password
-- The stored password of the acting officer.
select password from access_credentials(%s)

-- name: change_password
-- The officer's own new password; every session of theirs ends.
update access_officer set password = %(password)s, password_set_at = now(), must_change_password = false, epoch = epoch + 1
where id = %(id)s
returning epoch

-- name: change_language
-- The language an officer reads in.
update access_officer set language = %(language)s where id = %(id)s

-- name: one_at_a_time
-- Holds others who do the same until this transaction ends.
select pg_advisory_xact_lock(hashtext(%s))

-- name: unit_of
-- The unit of an officer.
select unit_id from access_officer where id = %s

-- name: set_second_factor
-- The officer's new second factor; the code that confirmed it is used up.
update access_officer set totp_secret = %(secret)s, totp_step = %(step)s
where id = %(id)s and (not %(is_first)s or totp_step = 0)

-- name: use_step
-- Uses up a code's step; touches nothing when it was used before.
update access_officer set totp_step = %(step)s where id = %(id)s and totp_step < %(step)s

-- name: drop_recovery_codes
-- Takes away the officer's recovery codes.
delete from access_recovery_code where officer_id = %s

-- name: use_recovery_code
-- Uses up a recovery code; touches nothing when there is none like it left.
update access_recovery_code set used_at = now() where officer_id = %s and code_hash = %s and used_at is null

-- name: unused_recovery_codes
-- How many of the officer's recovery codes are left.
select count(*) from access_recovery_code where officer_id = %s and used_at is null

-- name: signed_in_at
-- Notes the sign-in.
update access_officer set last_login = now() where id = %s

-- name: charge
-- Counts an attempt before it is looked at, unless the place is locked; returns the count and the lock it brings.
insert into access_failure as f (key, count, last_at) values (%(key)s, 1, now())
on conflict (key) do update set
    count = case when f.last_at < now() - make_interval(secs => %(memory)s) then 1 else f.count + 1 end,
    last_at = now(),
    locked_until = now() + make_interval(secs => (%(table)s::int[])[least(
        case when f.last_at < now() - make_interval(secs => %(memory)s) then 1 else f.count + 1 end,
        cardinality(%(table)s::int[])
    )])
where f.locked_until is null or f.locked_until <= now()
returning count, extract(epoch from coalesce(locked_until, now()) - now())::int

-- name: seconds_locked
-- How long a place is still locked.
select ceil(extract(epoch from locked_until - now()))::int from access_failure where key = %s and locked_until > now()

-- name: forget_failures
-- A success: the place begins anew.
delete from access_failure where key = %s

-- name: forget_old_failures
-- Counts nobody needs any more.
delete from access_failure where last_at < now() - make_interval(secs => %s)
