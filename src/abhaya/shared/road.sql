-- name: may_be_repeated
-- A crash may take this transaction away, whole, within a second of its commit (PostgreSQL, 28.4, Asynchronous Commit).
set local synchronous_commit = off

-- name: claim
-- The oldest waiting reports of a stage that no other worker holds.
select report_id from shared_waypoint
where stage = %(stage)s and attempts < %(attempts)s
order by report_id
limit %(most)s
for update skip locked

-- name: claim_one
select report_id from shared_waypoint
where stage = %(stage)s and report_id = %(report)s
for update skip locked

-- name: done
delete from shared_waypoint where stage = %(stage)s and report_id = any(%(reports)s)

-- name: failed
update shared_waypoint set attempts = attempts + 1 where stage = %(stage)s and report_id = %(report)s

-- name: stages
-- Stages where a report waits that has not failed too often.
select distinct stage from shared_waypoint where attempts < %(attempts)s

-- name: count
select count(*) from shared_waypoint where attempts < %(attempts)s

-- name: try_again
-- Reports that failed too often get one more attempt.
update shared_waypoint set attempts = %(attempts)s - 1 where attempts >= %(attempts)s

-- name: waiting
-- How many reports wait before each stage, how many of them failed too often, and the oldest.
select stage, count(*), count(*) filter (where attempts >= %(attempts)s), min(report_id::text)::uuid
from shared_waypoint group by stage order by stage
