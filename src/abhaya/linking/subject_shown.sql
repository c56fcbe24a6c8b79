-- name: called
-- What accounts are called in these reports: the first name that others see of each person.
select distinct on (s.report_id, s.role, s.person) s.report_id, s.role, s.person, s.raw from selectors_sighting s
where s.report_id = any (%(reports)s::uuid[]) and s.kind = 'screen_name' order by s.report_id, s.role, s.person, s.id

-- name: places
-- Where identifiers stand in reports: each with its item and the place in it.
select s.selector_id, s.role, s.person, s.report_id, r.number, s.item_id, s.locator, s.raw, s.event, s.at, s.at_precision,
  s.at_original, s.zone_known
from unnest(%(reports)s::uuid[], %(selectors)s::uuid[]) as wanted (report_id, selector_id)
join selectors_sighting s on s.report_id = wanted.report_id and s.selector_id = wanted.selector_id
join intake_report r on r.id = s.report_id
order by s.id limit %(most)s

-- name: traces
-- In which compartment a look of this officer at each of these is written down.
select c, access_trace(c) from unnest(%(compartments)s::uuid[]) c

-- name: one
-- A judgement, as far as the officer reads where it was made.
select a, b from linking_judgement where id = %(id)s

-- name: best_pair
-- Of two sets of accounts the two to be compared: the same one, else two of one subject, else those with the strongest link,
-- else the first of each.
select o.id, t.id from unnest(%(some)s::uuid[]) with ordinality o (id, place)
cross join unnest(%(others)s::uuid[]) with ordinality t (id, place)
left join linking_membership mo on mo.account_id = o.id and mo.until is null
left join linking_membership mt on mt.account_id = t.id and mt.until is null
left join linking_link l on l.a = least(o.id, t.id) and l.b = greatest(o.id, t.id)
order by (o.id = t.id) desc, coalesce(mo.subject_id = mt.subject_id, false) desc, l.weight_millibits desc nulls last, o.place, t.place
limit 1
