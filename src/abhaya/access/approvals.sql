-- name: one
-- One request. The view `access_approval_shown` says what is shown of one, and its state.
select * from access_approval_shown where id = %s

-- name: to_decide
-- What waits for a second person, the oldest first; row security leaves what the officer may decide.
select * from access_approval_shown
where asked_by <> %(officer)s and decided_at is null and state = 'waiting' order by asked_at limit %(most)s

-- name: asked_by
-- What an officer asked for in the last days.
select * from access_approval_shown
where asked_by = %(officer)s and asked_at > now() - make_interval(days => %(days)s)
order by asked_at desc limit %(most)s

-- name: decided_by
-- What an officer decided in the last days.
select * from access_approval_shown
where decided_by = %(officer)s and decided_at > now() - make_interval(days => %(days)s)
order by decided_at desc limit %(most)s

-- name: standing
-- The officer's newest request for a target that waits or can be used now.
select * from access_approval_shown
where kind = %(kind)s and target = %(target)s and asked_by = %(officer)s and state in ('waiting', 'granted')
order by granted desc nulls last, asked_at desc limit 1

-- name: open_ask
-- The officer's request for a target that nobody has decided yet.
select id from access_approval_shown
where kind = %(kind)s and target = %(target)s and asked_by = %(officer)s and state = 'waiting' order by asked_at limit 1

-- name: waiting_for
-- How many requests wait for an officer: of others to decide, and their own, granted and not used.
select count(*) from access_approval_shown
where (asked_by <> %(officer)s and decided_at is null and state = 'waiting') or (asked_by = %(officer)s and state = 'granted')

-- name: decide
-- Decides as the second person; no row where it was decided, has run out, or is not the officer's to decide.
select access_approval_decide(%s, %s, %s)

-- name: spend
-- Uses up one granted request of the acting officer; no row where there is none.
select access_approval_spend(%s, %s)
