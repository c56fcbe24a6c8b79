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
where o.id = %(officer)s and o.is_active and u.is_active and (
    %(session)s::uuid is null
    or exists (select 1 from access_session s where s.id = %(session)s and s.officer_id = o.id)
)

-- name: credentials
-- What a sign-in under this user name is held against.
select id, name, password, password_set_at, totp_secret, totp_step, passkeys, oidc_subject, must_change_password, epoch,
    language
from access_credentials(%s)

-- name: officers
-- Officers with their unit: all, of one unit, or one.
select o.id, o.username, o.name, o.unit_id, u.name, u.name_hi, u.code, o.roles, o.totp_step > 0 or o.passkeys > 0, o.must_change_password,
    o.is_ready_made, o.is_active, o.last_login
from access_officer o join access_unit u on u.id = o.unit_id
where (%(unit)s::uuid is null or o.unit_id = %(unit)s) and (%(officer)s::uuid is null or o.id = %(officer)s)
order by o.is_active desc, o.name, o.username

-- name: ready_made
-- The officers of a training world that one steps into, hub first.
select o.id, o.username, o.name, o.unit_id, u.name, u.name_hi, u.code, o.roles, o.totp_step > 0 or o.passkeys > 0, o.must_change_password,
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
select u.id, u.parent_id, u.kind, u.name, u.name_hi, u.code, u.place_code, u.forward_rule, u.duty_contact,
    u.holds_files, u.is_active, t.depth, coalesce(n.officers, 0)
from tree t join access_unit u on u.id = t.id
left join (select unit_id, count(*) as officers from access_officer where is_active group by unit_id) n on n.unit_id = u.id
order by t.place

-- name: unit_id
-- The id of the unit with this code.
select id from access_unit where code = %s

-- name: change_unit
-- A unit's new facts; its code stays.
update access_unit set parent_id = %(parent)s, name = %(name)s, name_hi = %(name_hi)s, kind = %(kind)s,
    place_code = %(place_code)s, forward_rule = %(forward_rule)s, duty_contact = %(duty_contact)s,
    holds_files = %(holds_files)s, is_active = %(is_active)s
where id = %(id)s

-- name: add_officer
-- A new officer; none if the user name is taken.
insert into access_officer (id, unit_id, username, name, roles, language, password, must_change_password, is_ready_made)
values (%(id)s, %(unit)s, %(username)s, %(name)s, %(roles)s, %(language)s, %(password)s, %(must_change)s, %(ready_made)s)
on conflict (username) do nothing

-- name: usernames
-- Which of these user names are taken.
select username from access_officer where username = any(%s)

-- name: change_officer
-- What an administrator changes. Sessions end when the name, the unit or the activity changes; roles are read anew anyway.
update access_officer set
    epoch = epoch + (name <> %(name)s or unit_id <> %(unit)s or is_active <> %(is_active)s)::int,
    name = %(name)s, unit_id = %(unit)s, roles = %(roles)s, is_active = %(is_active)s
where id = %(id)s

-- name: reset_sign_in
-- A temporary password and no second factor; every session ends.
update access_officer set password = %(password)s, password_set_at = now(), must_change_password = true,
    totp_secret = '', totp_step = 0, passkeys = 0, oidc_subject = '', epoch = epoch + 1
where id = %(id)s

-- name: forget_factors
-- Takes away an officer's passkeys and recovery codes, as an administrator.
select access_forget_factors(%s)

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
where id = %(id)s and (not %(is_first)s or (totp_step = 0 and passkeys = 0))

-- name: drop_telephone
-- Takes away the officer's authenticator app; never the last second factor.
update access_officer set totp_secret = '', totp_step = 0 where id = %s and totp_step > 0 and passkeys > 0

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
insert into access_failure as f (key, count, last_at, locked_until)
values (%(key)s, 1, now(), now() + make_interval(secs => (%(table)s::int[])[1]))
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

-- name: refund
-- An attempt that was right is not counted: the count as it was before it, and no wait because of it.
update access_failure set count = count - 1, locked_until = null where key = %s and count > 0

-- name: failures
-- How many failures are counted, if the last is not too old.
select coalesce((
    select count from access_failure where key = %(key)s and last_at > now() - make_interval(secs => %(memory)s)
), 0)

-- name: is_known_place
-- Whether the officer signed in from there before.
select exists (select 1 from access_known_place where key = %(key)s and last_at > now() - make_interval(days => %(days)s))

-- name: know_place
-- The officer signed in from there.
insert into access_known_place as p (key, last_at) values (%s, now())
on conflict (key) do update set last_at = now()

-- name: forget_old_places
-- Places nobody came back to, and challenges nobody answered.
with gone as (delete from access_known_place where last_at < now() - make_interval(days => %s) returning 1)
delete from access_challenge where until < now()

-- name: open_session
-- The officer is signed in in one browser more.
insert into access_session (id, officer_id, address, agent) values (%s, %s, %s, %s)

-- name: see_session
-- A session in use: when and from where.
update access_session set seen_at = now(), address = %s where id = %s

-- name: sessions
-- The acting officer's sessions, the one used last first.
select id, address, agent, since, seen_at from access_session
where officer_id = %(officer)s and seen_at > now() - make_interval(secs => %(idle)s)
order by seen_at desc, id desc

-- name: end_sessions
-- Ends sessions of the acting officer: one, or all but one.
delete from access_session where officer_id = %(officer)s
and (%(only)s::uuid is null or id = %(only)s) and (%(but)s::uuid is null or id <> %(but)s)
returning id

-- name: end_sessions_beyond
-- Ends the acting officer's sessions that have run out, and the longest unused ones beyond the most that may be.
delete from access_session s where s.officer_id = %(officer)s and (
    s.seen_at < now() - make_interval(secs => %(idle)s) or s.since < now() - make_interval(secs => %(whole)s)
    or s.id in (
        select id from access_session where officer_id = %(officer)s order by seen_at desc, id desc offset %(most)s
    )
)
returning s.id, s.seen_at > now() - make_interval(secs => %(idle)s)

-- name: issue_challenge
-- A challenge that may be answered once, for a while.
insert into access_challenge (key, until) values (%s, now() + make_interval(secs => %s))

-- name: take_challenge
-- Uses up a challenge; touches nothing when it was answered before or is too old.
delete from access_challenge where key = %s and until > now()

-- name: passkeys
-- The acting officer's passkeys, oldest first.
select id, name, credential_id, public_key, sign_count, transports, made_at, last_used_at from access_passkey
where officer_id = %s order by made_at, id

-- name: add_passkey
-- A new passkey of the acting officer's; none if it is known already.
insert into access_passkey (id, officer_id, name, credential_id, public_key, sign_count, transports)
values (%(id)s, %(officer)s, %(name)s, %(credential)s, %(public_key)s, %(sign_count)s, %(transports)s)
on conflict (credential_id) do nothing

-- name: count_passkeys
-- Says on the officer's row how many passkeys there are; `is_first` only where there is no second factor yet.
update access_officer o set passkeys = (select count(*) from access_passkey p where p.officer_id = o.id)
where o.id = %(id)s and (not %(is_first)s or (o.totp_step = 0 and o.passkeys = 0))

-- name: remove_passkey
-- Removes a passkey unless it is the last second factor.
delete from access_passkey p using access_officer o
where p.id = %(passkey)s and p.officer_id = %(officer)s and o.id = p.officer_id and (o.totp_step > 0 or o.passkeys > 1)

-- name: hold_officer
-- Holds the officer's row: of two who remove a second factor at once, one sees what the other did.
select 1 from access_officer where id = %s for update

-- name: use_passkey
-- Notes that a passkey was used; touches nothing when its count did not move on.
update access_passkey set sign_count = %(sign_count)s, last_used_at = now()
where id = %(id)s and (sign_count < %(sign_count)s or (sign_count = 0 and %(sign_count)s = 0))

-- name: forget_old_failures
-- Counts nobody needs any more.
delete from access_failure where last_at < now() - make_interval(secs => %s)

-- name: ask_reset
-- An administrator asks that an officer's sign-in begin anew.
insert into access_reset (id, officer_id, asked_by_id, reason, until)
values (%(id)s, %(officer)s, %(asker)s, %(reason)s, now() + make_interval(hours => %(hours)s))

-- name: who_may_decide
-- How many others could decide: administrators, and supervisors of the officer's unit or of one above it.
with recursive up as (
    select u.id, u.parent_id from access_unit u join access_officer o on o.unit_id = u.id where o.id = %(officer)s
    union
    select u.id, u.parent_id from up join access_unit u on u.id = up.parent_id
)
select count(*) from access_officer o join access_unit u on u.id = o.unit_id
where o.is_active and u.is_active and not o.is_ready_made and o.id not in (%(officer)s, %(asker)s)
and ('administrator' = any (o.roles) or ('supervisor' = any (o.roles) and o.unit_id in (select id from up)))

-- name: decide_reset
-- Allows or refuses a request that waits, once.
update access_reset set decided_by_id = %(by)s, decided_at = now(), granted = %(granted)s
where id = %(id)s and decided_at is null and until > now()

-- name: use_reset
-- Uses up what was allowed, once.
update access_reset set used_at = now() where id = %s and granted and used_at is null and until > now()

-- name: resets
-- Requests of the last three months: all that the acting officer may see, one officer's, or one.
select r.id, r.officer_id, o.name, o.username, u.name, r.asked_by_id, a.name, r.reason, r.asked_at, d.name, r.decided_at,
    case when r.used_at is not null then 'used' when r.granted = false then 'refused' when r.until < now() then 'over'
        when r.granted then 'granted' else 'waiting' end
from access_reset r
join access_officer o on o.id = r.officer_id join access_unit u on u.id = o.unit_id
join access_officer a on a.id = r.asked_by_id left join access_officer d on d.id = r.decided_by_id
where r.asked_at > now() - interval '90 days'
and (%(officer)s::uuid is null or r.officer_id = %(officer)s) and (%(id)s::uuid is null or r.id = %(id)s)
order by r.asked_at desc, r.id desc limit 200

-- name: resets_waiting
-- How many wait for this officer's decision: those of others, about others.
select count(*) from access_reset r
where r.granted is null and r.used_at is null and r.until >= now() and r.asked_at > now() - interval '90 days'
and r.asked_by_id <> %(officer)s and r.officer_id <> %(officer)s

-- name: bind_subject
-- From the first sign-in through the unit's service: who it says this is. It can be one account's only.
update access_officer set oidc_subject = %(subject)s where id = %(id)s
-- name: works_on
-- Whether the acting officer works on a compartment.
select access_works_on(%s)

-- name: trace
-- In whose compartment an act of the acting officer is written down.
select access_trace(%s)

-- name: may_be_member
-- Whether this is an active officer of an active unit who may read content.
select exists (
    select 1 from access_officer o join access_unit u on u.id = o.unit_id
    join access_role_permission p on p.role = any (o.roles) and p.permission = 'desk:report:read'
    where o.id = %s and o.is_active and u.is_active
)

-- name: let_in
-- A member of a case, or a member's new level and end.
insert into access_opening as o (viewer, compartment, level, basis, opened_by, given_by, until)
select %(officer)s, %(compartment)s, %(level)s, %(basis)s, g.unit_id, g.id, %(until)s
from (select %(giver)s::uuid as giver) this left join access_officer g on g.id = this.giver
on conflict (viewer, compartment) do update set
    level = excluded.level, basis = excluded.basis, opened_by = excluded.opened_by, given_by = excluded.given_by,
    until = excluded.until, made_at = now()

-- name: end_membership
-- Ends a membership that runs.
update access_opening set until = now()
where viewer = %(officer)s and compartment = %(compartment)s and (until is null or until > now())

-- name: somebody_stays
-- Whether a case still has a working member without an end.
select exists (
    select 1 from access_opening m join access_officer o on o.id = m.viewer and o.is_active
    where m.compartment = %s and m.level = 'work' and m.until is null
)

-- name: show_through
-- A report as a case's members see it: to read.
insert into access_opening as o (viewer, compartment, level, basis) values (%(case)s, %(compartment)s, %(level)s, %(basis)s)
on conflict (viewer, compartment) do update set basis = excluded.basis, until = null

-- name: members
-- Who is and was a member of a case, as far as the reader is one.
select f.id, f.name, u.name, u.name_hi, m.level, m.basis, coalesce(g.name, ''), m.made_at, m.until,
    coalesce(m.until <= now(), false) or not f.is_active
from access_opening m
join access_officer f on f.id = m.viewer join access_unit u on u.id = f.unit_id
left join access_officer g on g.id = m.given_by
where m.compartment = %s
order by 10, m.level desc, m.until nulls first, f.name

-- name: colleagues
-- Active officers who may read content.
select o.id, o.name, o.username, u.name from access_officer o join access_unit u on u.id = o.unit_id
where o.is_active and u.is_active and exists (
    select 1 from access_role_permission p where p.role = any (o.roles) and p.permission = 'desk:report:read'
)
order by u.name, o.name, o.username limit 2000
