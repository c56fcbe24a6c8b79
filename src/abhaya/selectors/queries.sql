-- name: intern
-- Teaches the dictionary these values; the answer is the same for old and new.
select selectors_intern(%(kinds)s, %(values)s)

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
