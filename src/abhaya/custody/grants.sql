-- name: keeper
-- Which unit keeps the originals of a compartment, for whoever sees into it; none where no unit is authorised. And the
-- items whose originals the acting officer's unit may open for a time, until when.
select k.id, k.name, k.name_hi, k.is_own_authorised, (
    select json_object_agg(live.item_id, live.until) from (
        select g.item_id, max(g.until) as until from custody_grant g
        where g.compartment = %(compartment)s and g.state = 'granted' and g.until > now()
        and g.unit_id = any ((select access_viewers())::uuid[]) group by g.item_id
    ) live
)::text
from access_keeper(%(compartment)s) k

-- name: own_unit
select u.id, u.name from access_officer o join access_unit u on u.id = o.unit_id where o.id = %(officer)s

-- name: live_for
-- Whether the acting officer's unit may open this object for a time.
select exists (
    select 1 from custody_grant g join custody_item i on i.id = g.item_id
    where g.compartment = %(compartment)s and i.object_id = %(object)s and g.state = 'granted' and g.until > now()
    and g.unit_id = any ((select access_viewers())::uuid[])
)

-- name: waiting_for
select exists (
    select 1 from custody_grant g where g.item_id = %(item)s and g.unit_id = %(unit)s and g.state = 'asked'
)

-- name: decide
-- Of the keeping unit, and only once.
update custody_grant set state = %(state)s, decided_by = %(officer)s, decided_name = %(name)s, decided_at = now(),
    answer = %(answer)s, until = %(until)s
where id = %(grant)s and state = 'asked' and keeper_id = any ((select access_viewers())::uuid[])
and asked_by <> %(officer)s

-- name: listed
-- What was asked of the officer's unit (to_us) or by it, newest first; open ones before the decided.
select g.id, g.compartment, g.item_id, i.name, i.media_type_seen, o.size_bytes, g.unit_name, g.asked_name, g.asked_at,
    g.purpose, g.state, g.decided_name, g.decided_at, g.answer, g.until,
    g.keeper_id = any ((select access_viewers())::uuid[]) as to_us
from custody_grant g join custody_item i on i.id = g.item_id left join custody_object o on o.id = i.object_id
where g.keeper_id = any ((select access_viewers())::uuid[]) or g.unit_id = any ((select access_viewers())::uuid[])
order by g.state <> 'asked', g.id desc limit %(most)s

-- name: waiting
-- How many requests wait for the acting officer's unit.
select count(*) from custody_grant g where g.state = 'asked' and g.keeper_id = any ((select access_viewers())::uuid[])

-- name: one
select g.id, g.item_id, g.compartment from custody_grant g where g.id = %(grant)s
