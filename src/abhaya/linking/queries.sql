-- name: seen
-- The identifiers of these reports that may link (a protected persona's never do), each with the item that it stands in.
-- Whatever lets the planner leave whole months unread is said: planning costs more than reading.
select s.report_id, r.received_at, s.compartment, s.selector_id, s.kind, d.value, s.role, s.mined, s.assumed, s.item_id
from selectors_sighting s
join selectors_selector d on d.id = s.selector_id
join intake_report r on r.id = s.report_id and r.id = any (%(reports)s)
where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s
  and s.kind = any (%(kinds)s) and s.role <> all (%(never)s) and s.persona_id is null

-- name: came_later
-- The originals that came later for these reports, by the item that they are.
select report_id, item_id, max(id::text)::uuid from intake_original
where report_id = any (%(reports)s) and id between %(since)s and %(until)s and record is not null group by 1, 2

-- name: before
-- Where each identifier of these reports (those of `seen`) was seen, oldest sighting first; covert and test reports do not count.
select k.id, o.report_id, o.received_at, o.role, o.account_id, o.mined, o.assumed
from (
  select distinct s.selector_id as id from selectors_sighting s
  where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s
    and s.kind = any (%(kinds)s) and s.role <> all (%(never)s) and s.persona_id is null
) k
cross join lateral (
  select s.report_id, r.received_at, s.role, s.account_id, s.mined, s.assumed from selectors_sighting s
  join access_compartment c on c.id = s.compartment and not c.covert
  join intake_report r on r.id = s.report_id and r.id < %(until)s and not r.is_test
  where s.selector_id = k.id and s.id < %(until)s and s.role <> all (%(never)s) and s.persona_id is null
  order by s.id limit %(window)s
) o

-- name: written
-- The hits that these reports have already, from an earlier walk along the road.
select report_id, selector_id, role, strength from linking_hit
where report_id = any (%(reports)s) and id between %(since)s and %(until)s

-- name: of_reports
-- In which compartment each of these reports is, and by which channel it came.
select id, compartment, channel from intake_report where id = any (%(reports)s)

-- name: on_page
-- Hits of a report, of each identifier and role the strongest, each with the earlier reports that the viewer may see: row
-- security applies inside, too. A strong hit shows the reports of strong sightings, as it counts them. And beside them, also
-- where there is no hit: each account of a reported person that the viewer sees linked with another, with how many it is
-- held together with, and with how many somebody should compare it.
with hit as (
  select h.selector_id, h.kind, d.value, h.role, h.strength, h.earlier_reports, h.more, h.earlier_roles, h.reason::text as reason,
    coalesce(seen.reports, '{}') as reports, coalesce(seen.numbers, '{}') as numbers
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
),
stands as (
  select json_agg(json_build_array(p.account_id, m.subject_id, near.together, near.waiting) order by p.account_id)::text as found
  from (
    select distinct q.account_id from intake_report r
    join linking_person q on q.compartment = r.compartment and q.report_id = r.id and q.role in ('reported', 'associated')
    where r.id = %(report)s
  ) p
  left join linking_membership m on m.account_id = p.account_id and m.until is null
  cross join lateral (
    select count(*) filter (where one.is_together) as together, count(*) filter (where not one.is_together) as waiting
    from (
      select x.account_id is not null as is_together
      from linking_link l
      cross join lateral (select case when l.a = p.account_id then l.b else l.a end as id) other
      left join linking_membership x on x.account_id = other.id and x.until is null and x.subject_id = m.subject_id
      where (l.a = p.account_id or l.b = p.account_id) and l.outcome in ('same', 'review')
        and not exists (
          select 1 from linking_constraint w where w.a = l.a and w.b = l.b and w.answer = 'different'
        )
        and exists (
          select 1 from linking_evidence e
          join linking_evidence f on f.value_id = e.value_id and f.account_id = other.id
          where e.account_id = p.account_id
        )
      union all
      select true from linking_constraint w
      where (w.a = p.account_id or w.b = p.account_id) and w.answer = 'same' and m.subject_id is not null
        and not exists (select 1 from linking_link l where l.a = w.a and l.b = w.b and l.outcome = 'same')
      limit %(near)s
    ) one
  ) near
  where near.together > 0 or near.waiting > 0
)
select hit.*, stands.found from stands left join hit on true
order by array_position(array['strong', 'weak', 'common'], hit.strength), hit.earlier_reports desc, hit.kind, hit.value

-- name: names_alike
-- How many persons of other reports have a name (address, screen name) that shares a telling key with one of this report's: what
-- is written out is held against initials, an initial against both (`names.parts.sought`).
with own as (
  select n.selector_id, n.account_id from intake_report r
  join linking_name n on n.compartment = r.compartment and n.report_id = r.id where r.id = %(report)s
), key as (
  select distinct w.key from own join linking_name_key k on k.selector_id = own.selector_id
  cross join lateral (
    select k.key where left(k.key, 1) <> '3'
    union all select '4' || substr(k.key, 2) where left(k.key, 1) = '3'
    union all select '3' || substr(k.key, 2) where left(k.key, 1) = '4'
  ) w
)
select count(*) from (
  select distinct n.account_id from key
  cross join lateral (select k.selector_id from linking_name_key k where k.key = key.key limit %(names)s) met
  cross join lateral (
    select n.account_id from linking_name n
    join intake_report r on r.id = n.report_id and not r.is_test
    where n.selector_id = met.selector_id and n.report_id <> %(report)s
      and not exists (select 1 from own where own.account_id = n.account_id)
    limit %(names)s
  ) n
  limit %(names)s
) one
