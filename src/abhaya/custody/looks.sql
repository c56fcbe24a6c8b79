-- name: place
-- Where the officer's unit answers for: its own place, or that of the nearest unit above that has one.
with recursive up as (
    select u.parent_id, u.place_code, 0 as depth from access_unit u where u.id = %(unit)s
    union all
    select u.parent_id, u.place_code, up.depth + 1 from access_unit u join up on u.id = up.parent_id where up.depth < 16
)
select place_code from up where place_code <> '' order by depth limit 1

-- name: lawful_table
-- The rules in force: the newest version.
select version, at, made_by_name, rules::text from custody_lawful_table order by id desc limit 1

-- name: earlier
-- What came of looks at these bytes, and at others that look alike, in whatever report the reader may see.
select id, officer_name, at, result, note, reached, object_id is distinct from %(object)s::uuid, file_id from custody_look
where object_id = any (%(objects)s) and result <> ''
order by object_id is distinct from %(object)s::uuid, at desc limit %(most)s

-- name: look
-- One look of the acting officer.
select id, compartment, item_id, object_id, file_id, at, jurisdiction, rules_version, viewed, needs, purpose, reference,
    warrant, why_again, severity, is_imminent, passed_pause, reached, failed,
    result, note, ended_at
from custody_look where id = %(look)s and officer_id = %(officer)s

-- name: going
-- A look of the officer's own at this file that has not ended.
select id from custody_look
where file_id = %(file)s and officer_id = %(officer)s and ended_at is null and at > now() - interval '12 hours'
order by at desc limit 1

-- name: grant
-- One address that may be asked for once, soon, by this officer.
update custody_look set token = %(token)s, token_step = %(step)s, token_until = now() + make_interval(secs => %(seconds)s)
where id = %(look)s and officer_id = %(officer)s and ended_at is null

-- name: spend
-- Uses the address up. No row: it was used, it is too late, or it never was.
update custody_look set token = null, token_until = null
where id = %(look)s and officer_id = %(officer)s and token = %(token)s and token_until > now() and ended_at is null
returning token_step

-- name: reach
-- The furthest step shown.
update custody_look set reached = %(step)s where id = %(look)s

-- name: fail
-- Why it could not be drawn.
update custody_look set failed = %(why)s where id = %(look)s

-- name: end
-- What came of a look. No row: it had ended.
update custody_look set ended_at = now(), result = %(result)s, note = %(note)s, token = null
where id = %(look)s and officer_id = %(officer)s and ended_at is null
returning compartment

-- name: show
-- A picture is on the screen from now on; the first of a look is counted as one item.
insert into custody_exposure as e (id, officer_id, look_id, seconds, shown_at, severity, is_imminent)
values (%(id)s, %(officer)s, %(look)s, 0, now(), %(severity)s, %(is_imminent)s)
on conflict (look_id) do update set shown_at = now()

-- name: settle
-- Pictures of this officer that are no longer on the screen; what was never told to end counts for no more than so long.
with was as (
    select id, least(ceil(extract(epoch from now() - shown_at)), %(most)s)::int as took from custody_exposure
    where officer_id = %(officer)s and shown_at is not null
)
update custody_exposure e set seconds = e.seconds + was.took, shown_at = null
from was where was.id = e.id

-- name: exposure
-- The officer's own looks of seven days, oldest first.
select at, seconds + case when shown_at is null then 0
        else least(ceil(extract(epoch from now() - shown_at)), %(most)s)::int end, severity, is_imminent
from custody_exposure where officer_id = %(officer)s and at > now() - interval '7 days' order by at

-- name: forget_exposure
-- What is older than a meter needs.
delete from custody_exposure where officer_id = %(officer)s and at < now() - make_interval(days => %(days)s)

-- name: seconds_of
-- How long a look took its officer.
select coalesce(max(seconds), 0) from custody_exposure where look_id = %(look)s

-- name: choice
-- The officer's own settings.
select blur, small_side_pixels, is_grey, starts_blurred, hide_after_seconds, items_a_day, minutes_a_day,
    minutes_without_break, break_minutes
from custody_viewing_choice where officer_id = %(officer)s

-- name: choose
-- Keeps them.
insert into custody_viewing_choice (officer_id, blur, small_side_pixels, is_grey, starts_blurred, hide_after_seconds,
    items_a_day, minutes_a_day, minutes_without_break, break_minutes)
values (%(officer)s, %(blur)s, %(small_side_pixels)s, %(is_grey)s, %(starts_blurred)s, %(hide_after_seconds)s,
    %(items_a_day)s, %(minutes_a_day)s, %(minutes_without_break)s, %(break_minutes)s)
on conflict (officer_id) do update set blur = excluded.blur, small_side_pixels = excluded.small_side_pixels,
    is_grey = excluded.is_grey, starts_blurred = excluded.starts_blurred,
    hide_after_seconds = excluded.hide_after_seconds, items_a_day = excluded.items_a_day,
    minutes_a_day = excluded.minutes_a_day, minutes_without_break = excluded.minutes_without_break,
    break_minutes = excluded.break_minutes

-- name: unit_caps
-- What the officer's unit set.
select items_a_day, minutes_a_day, minutes_without_break, break_minutes from custody_viewing_unit where unit_id = %(unit)s

-- name: set_unit_caps
insert into custody_viewing_unit (unit_id, items_a_day, minutes_a_day, minutes_without_break, break_minutes)
values (%(unit)s, %(items_a_day)s, %(minutes_a_day)s, %(minutes_without_break)s, %(break_minutes)s)
on conflict (unit_id) do update set items_a_day = excluded.items_a_day, minutes_a_day = excluded.minutes_a_day,
    minutes_without_break = excluded.minutes_without_break, break_minutes = excluded.break_minutes

-- name: set_availability
insert into custody_availability (officer_id, unit_id, prefers_not_now) values (%(officer)s, %(unit)s, %(prefers_not_now)s)
on conflict (officer_id) do update set unit_id = excluded.unit_id, prefers_not_now = excluded.prefers_not_now

-- name: rota
-- The unit's officers who may look at media, and whether they would rather not now. No count of anybody's stands here.
select o.id, o.name, coalesce(a.prefers_not_now, false)
from access_officer o left join custody_availability a on a.officer_id = o.id and a.unit_id = o.unit_id
where o.unit_id = %(unit)s and o.is_active and 'media-viewer' = any (o.roles)
order by o.name, o.id
