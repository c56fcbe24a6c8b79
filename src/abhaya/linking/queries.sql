-- name: seen
-- The identifiers of these reports that may link. %(since)s and %(until)s let the planner leave whole months unread.
select s.report_id, r.received_at, s.compartment, s.selector_id, s.kind, d.value, s.role, s.mined, s.assumed, s.item_id
from selectors_sighting s
join selectors_selector d on d.id = s.selector_id
join intake_report r on r.id = s.report_id
where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s
  and s.kind = any (%(kinds)s) and s.role <> all (%(never)s)

-- name: before
-- Where each identifier was seen, oldest sighting first; covert and test reports do not count.
select k.id, o.report_id, o.received_at, o.role, o.account_id, o.mined, o.assumed
from unnest(%(selectors)s::uuid[]) as k (id)
cross join lateral (
  select s.report_id, r.received_at, s.role, s.account_id, s.mined, s.assumed from selectors_sighting s
  join access_compartment c on c.id = s.compartment and not c.covert
  join intake_report r on r.id = s.report_id and not r.is_test
  where s.selector_id = k.id and s.id < %(until)s and s.role <> all (%(never)s)
  order by s.id limit %(window)s
) o

-- name: written
-- The hits that these reports have already, from an earlier walk along the road.
select report_id, selector_id, role, strength from linking_hit
where report_id = any (%(reports)s) and id between %(since)s and %(until)s

-- name: compartments
select id, compartment from intake_report where id = any (%(reports)s)

-- name: of_report
-- Hits of a report, of each identifier and role the strongest, each with the earlier reports that the viewer may see: row
-- security applies inside, too. A strong
-- hit shows the reports of strong sightings, as it counts them.
select h.selector_id, h.kind, d.value, h.role, h.strength, h.earlier_reports, h.more, h.earlier_roles, h.reason::text,
  coalesce(seen.reports, '{}'), coalesce(seen.numbers, '{}')
from (
  select distinct on (selector_id, role) * from linking_hit
  where report_id = %(report)s and id between %(since)s and %(until)s
  order by selector_id, role, array_position(array['strong', 'weak', 'common'], strength), id desc
) h
join intake_report this on this.id = h.report_id
join selectors_selector d on d.id = h.selector_id
left join lateral (
  select array_agg(once.report_id order by once.report_id desc) as reports,
    array_agg(once.number order by once.report_id desc) as numbers from (
    select distinct s.report_id, r.number from selectors_sighting s
    join intake_report r on r.id = s.report_id and not r.is_test
    where s.selector_id = h.selector_id and s.role <> all (%(never)s)
      and (r.received_at, r.id) < (coalesce(h.added_at, this.received_at), this.id) and r.id <> this.id
      and (h.strength <> 'strong' or (not s.mined and not s.assumed and s.role = any (%(persons)s)))
    order by s.report_id desc limit %(window)s
  ) once
) seen on true
order by array_position(array['strong', 'weak', 'common'], h.strength), h.earlier_reports desc, h.kind, d.value
