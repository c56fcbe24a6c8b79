-- name: reports
-- These reports, as far as the viewer may see them, with the unit that works on each.
select r.id, r.number, r.received_at, coalesce(u.name, ''), coalesce(u.name_hi, '')
from intake_report r
left join triage_queue q on q.report_id = r.id
left join access_unit u on u.id = q.holder_unit_id
where r.id = any (%(reports)s)

-- name: persons
-- Persons of these reports with the account they acted by, as far as the viewer may see.
select p.report_id, r.number, p.account_id, d.value, p.role, p.protected
from linking_person p
join intake_report r on r.id = p.report_id
left join selectors_selector d on d.id = p.selector_id
where p.report_id = any (%(reports)s) and p.id between %(since)s and %(until)s
order by p.report_id, p.role, p.person limit %(most)s

-- name: seen
-- What these persons have, with the place where each was read.
select p.report_id, r.number, p.account_id, s.selector_id, s.kind, d.value, p.protected, s.item_id, s.locator, s.role,
  s.event, s.at, s.at_precision, s.zone_known, s.port
from linking_person p
join selectors_sighting s on s.report_id = p.report_id and s.role = p.role and s.person = p.person
join selectors_selector d on d.id = s.selector_id
join intake_report r on r.id = p.report_id
where p.report_id = any (%(reports)s) and p.id between %(since)s and %(until)s and s.id between %(since)s and %(until)s
  and s.kind = any (%(kinds)s)
order by s.id limit %(most)s

-- name: elsewhere
-- In how many other reports open to the viewer each identifier stands, counted up to a few.
select k.id, count(*) from unnest(%(selectors)s::uuid[]) as k (id)
cross join lateral (
  select distinct s.report_id from selectors_sighting s
  where s.selector_id = k.id and s.report_id <> all (%(reports)s) and s.role <> all (%(never)s) limit %(most)s
) o
group by k.id

-- name: others
-- The newest other reports open to the viewer in which an identifier stands.
select distinct s.report_id from selectors_sighting s
where s.selector_id = %(selector)s and s.report_id <> all (%(reports)s) and s.role <> all (%(never)s)
order by s.report_id desc limit %(most)s

-- name: held
-- Accounts of these reports' persons that have an identifier, and whether a report calls one of them a victim or child.
select p.account_id, p.protected <> '' and s.kind <> all (%(shared)s)
from linking_person p
join selectors_sighting s on s.report_id = p.report_id and s.role = p.role and s.person = p.person
where p.report_id = any (%(reports)s) and s.selector_id = %(selector)s and s.kind = any (%(kinds)s) limit %(most)s

-- name: open_to_me
-- Which of these reports the viewer may read.
select id from intake_report where id = any (%(reports)s)
