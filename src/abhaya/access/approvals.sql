-- name: one
-- One request.
select a.id, a.kind, a.target, a.compartment, a.what::text, a.page, a.purpose, a.asked_by, a.asked_by_name, u.name, u.name_hi,
    a.asked_at, a.asked_at + interval '24 hours', a.decided_by, a.decided_by_name, a.decided_at, a.granted, a.decision_reason, a.use_by, a.spent_at,
    case when a.spent_at is not null then 'used' when a.granted and a.use_by > now() then 'granted'
        when a.granted then 'unused' when a.decided_at is not null then 'refused'
        when a.asked_at > now() - interval '24 hours' then 'waiting' else 'lapsed' end
from access_approval a join access_unit u on u.id = a.unit_id
where a.id = %s

-- name: to_decide
-- What waits for a second person, the oldest first; row security leaves what the officer may decide.
select a.id, a.kind, a.target, a.compartment, a.what::text, a.page, a.purpose, a.asked_by, a.asked_by_name, u.name, u.name_hi,
    a.asked_at, a.asked_at + interval '24 hours', a.decided_by, a.decided_by_name, a.decided_at, a.granted, a.decision_reason, a.use_by, a.spent_at,
    case when a.spent_at is not null then 'used' when a.granted and a.use_by > now() then 'granted'
        when a.granted then 'unused' when a.decided_at is not null then 'refused'
        when a.asked_at > now() - interval '24 hours' then 'waiting' else 'lapsed' end
from access_approval a join access_unit u on u.id = a.unit_id
where a.asked_by <> %(officer)s and a.decided_at is null and a.asked_at > now() - interval '24 hours' order by a.asked_at limit %(most)s

-- name: asked_by
-- What an officer asked for in the last days.
select a.id, a.kind, a.target, a.compartment, a.what::text, a.page, a.purpose, a.asked_by, a.asked_by_name, u.name, u.name_hi,
    a.asked_at, a.asked_at + interval '24 hours', a.decided_by, a.decided_by_name, a.decided_at, a.granted, a.decision_reason, a.use_by, a.spent_at,
    case when a.spent_at is not null then 'used' when a.granted and a.use_by > now() then 'granted'
        when a.granted then 'unused' when a.decided_at is not null then 'refused'
        when a.asked_at > now() - interval '24 hours' then 'waiting' else 'lapsed' end
from access_approval a join access_unit u on u.id = a.unit_id
where a.asked_by = %(officer)s and a.asked_at > now() - make_interval(days => %(days)s)
order by a.asked_at desc limit %(most)s

-- name: decided_by
-- What an officer decided in the last days.
select a.id, a.kind, a.target, a.compartment, a.what::text, a.page, a.purpose, a.asked_by, a.asked_by_name, u.name, u.name_hi,
    a.asked_at, a.asked_at + interval '24 hours', a.decided_by, a.decided_by_name, a.decided_at, a.granted, a.decision_reason, a.use_by, a.spent_at,
    case when a.spent_at is not null then 'used' when a.granted and a.use_by > now() then 'granted'
        when a.granted then 'unused' when a.decided_at is not null then 'refused'
        when a.asked_at > now() - interval '24 hours' then 'waiting' else 'lapsed' end
from access_approval a join access_unit u on u.id = a.unit_id
where a.decided_by = %(officer)s and a.decided_at > now() - make_interval(days => %(days)s)
order by a.decided_at desc limit %(most)s

-- name: standing
-- The officer's newest request for a target that waits or can be used now.
select a.id, a.kind, a.target, a.compartment, a.what::text, a.page, a.purpose, a.asked_by, a.asked_by_name, u.name, u.name_hi,
    a.asked_at, a.asked_at + interval '24 hours', a.decided_by, a.decided_by_name, a.decided_at, a.granted, a.decision_reason, a.use_by, a.spent_at,
    case when a.spent_at is not null then 'used' when a.granted and a.use_by > now() then 'granted'
        when a.granted then 'unused' when a.decided_at is not null then 'refused'
        when a.asked_at > now() - interval '24 hours' then 'waiting' else 'lapsed' end
from access_approval a join access_unit u on u.id = a.unit_id
where a.kind = %(kind)s and a.target = %(target)s and a.asked_by = %(officer)s and a.spent_at is null
and ((a.decided_at is null and a.asked_at > now() - interval '24 hours') or (a.granted and a.use_by > now()))
order by a.granted desc nulls last, a.asked_at desc limit 1

-- name: open_ask
-- The officer's request for a target that nobody has decided yet.
select id from access_approval where kind = %(kind)s and target = %(target)s and asked_by = %(officer)s
and decided_at is null and asked_at > now() - interval '24 hours' order by asked_at limit 1

-- name: waiting_for
-- How many requests wait for an officer: of others to decide, and their own, granted and not used.
select count(*) from access_approval
where (asked_by <> %(officer)s and decided_at is null and asked_at > now() - interval '24 hours')
or (asked_by = %(officer)s and granted and spent_at is null and use_by > now())

-- name: decide
-- Decides as the second person; no row where it was decided, has run out, or is not the officer's to decide.
select access_approval_decide(%s, %s, %s)

-- name: spend
-- Uses up one granted request of the acting officer; no row where there is none.
select access_approval_spend(%s, %s)
