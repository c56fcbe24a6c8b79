-- name: roles
-- How many identifiers of each role a report names; roles that are in every report are left out.
select s.report_id, s.role, count(*) from selectors_sighting s
where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s and s.role in ('victim', 'recipient', 'associated')
group by s.report_id, s.role

-- name: of_reports
-- The bundle of each report with how many reports are in it, and how many of them stand apart; test reports do not count.
select b.report_id, b.bundle_id, total.reports, total.apart, b.apart::text
from matching_bundle b
cross join lateral (
  select count(*) as reports, count(*) filter (where o.apart <> '[]') as apart from matching_bundle o
  join intake_report r on r.id = o.report_id and not r.is_test
  where o.bundle_id = b.bundle_id
) total
where b.report_id = any (%(reports)s) and total.reports > 1

-- name: members
-- Its reports, the newest first.
select b.report_id from matching_bundle b
where b.bundle_id = %(bundle)s and (%(after)s::uuid is null or b.report_id < %(after)s)
order by b.report_id desc limit %(limit)s
