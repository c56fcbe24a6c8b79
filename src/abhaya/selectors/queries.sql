-- name: intern
-- Teaches the dictionary these values; the answer is the same for old and new.
select selectors_intern(%(kinds)s, %(values)s)

-- name: hide
-- Marks what these reports have of protected personas.
select selectors_hide(%(reports)s::uuid[])

-- name: keep_persona
update selectors_persona set kept_at = now(), second_name = %(second)s
where id = %(persona)s and kept_at is null and ended_at is null

-- name: review_persona
update selectors_persona set reviewed_at = now(), review = %(note)s
where id = %(persona)s and kept_at is not null and ended_at is null

-- name: end_persona
update selectors_persona set ended_at = now(), end_reason = %(reason)s where id = %(persona)s and ended_at is null

-- name: personas
-- The acting officer's own, those in force first; nobody else reads a line of it.
select id, selector_id, kind, value, purpose, asked_at, kept_at, second_name, reviewed_at, review, ended_at, end_reason
from selectors_persona where liaison_id = %(officer)s
order by ended_at is not null, kept_at is null desc, coalesce(reviewed_at, kept_at, asked_at), id limit %(most)s

-- name: kept
-- Which of these identifiers are protected personas now; of two with one identifier the older. For the road.
select distinct on (selector_id) selector_id, id from selectors_persona
where selector_id = any (%(selectors)s) and kept_at is not null and ended_at is null order by selector_id, kept_at, id

-- name: reports_of_selector
-- Every report in which it stands.
select distinct report_id from selectors_sighting where selector_id = %(selector)s order by 1

-- name: reports_open_with
-- In how many reports it stands that are open to the acting officer, counted to a limit.
select count(*) from (select distinct report_id from selectors_sighting where selector_id = %(selector)s limit %(most)s) one

-- name: written_of_personas
-- What reports of a compartment say of personas that the reader must not see: who they are there, and how it was written.
select report_id, role, person, is_own, kind, raw, value from selectors_written_of_personas(%(compartment)s)

-- name: of_report
-- Everything seen in a report, in the order in which it was read; row security decides what that is. And in how many
-- other reports the viewer sees each selector, looking at its newest sightings only.
with elsewhere as (
  select s.selector_id, other.reports, other.sightings >= %(window)s as is_more
  from (select distinct selector_id from selectors_sighting where report_id = %(report)s and selector_id is not null) s
  cross join lateral (
    select count(distinct newest.report_id) as reports, count(*) as sightings
    from (
      select o.report_id from selectors_sighting o
      where o.selector_id = s.selector_id and o.report_id <> %(report)s
      order by o.id desc limit %(window)s
    ) newest
  ) other
)
select s.id, s.item_id, s.selector_id, s.kind, d.value, s.raw, s.role, s.person, s.locator, s.event, s.at, s.at_precision,
  s.at_original, s.zone_known, s.port, s.platform, s.possible_proxy, s.verified, s.mined, s.assumed, s.why_not,
  coalesce(e.reports, 0), coalesce(e.is_more, false)
from selectors_sighting s
left join selectors_selector d on d.id = s.selector_id
left join elsewhere e on e.selector_id = s.selector_id
where s.report_id = %(report)s
order by s.id limit %(most)s

-- name: sightings
-- Where else a selector was seen, newest report first, as far as the viewer may see.
select o.report_id, o.compartment, o.role, o.person, o.event, o.at, o.at_precision, o.zone_known, o.port, o.platform, o.mined, o.assumed, o.raw
from selectors_sighting o
where o.selector_id = %(selector)s and o.report_id is distinct from %(besides)s
order by o.id desc limit %(most)s

-- name: reports_with
-- Reports in which one of these selectors was seen, newest first.
select o.report_id, o.compartment, o.selector_id, o.role, o.mined
from selectors_sighting o
where o.selector_id = any(%(selectors)s)
order by o.id desc limit %(most)s
