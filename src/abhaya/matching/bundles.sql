-- name: roles
-- How many identifiers of each role a report names; roles that are in every report are left out.
select s.report_id, s.role, count(*) from selectors_sighting s
where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s and s.role in ('victim', 'recipient', 'associated')
group by s.report_id, s.role

-- name: woken
-- Of these reports, those of which fewer files were widely shared when they walked; whom another worker has in hand, it wakes.
update matching_bundle b set widely_files = told.files
from (
  select e.report_id, w.files from matching_bundle e
  join unnest(%(reports)s::uuid[], %(files)s::int[]) as w (report, files) on w.report = e.report_id
  where e.widely_files < w.files order by e.report_id for update of e skip locked
) told
where b.report_id = told.report_id
returning b.report_id

-- name: apart
-- Of these reports, those that stand apart from others with the same files, with why.
select report_id, apart::text from matching_bundle where report_id = any (%(reports)s) and apart <> '[]'

-- name: of_reports
-- The bundle of each report with how many reports are in it and how many of them stand apart, as far as the viewer may see
-- and counted to a limit; test reports do not count.
select b.report_id, b.bundle_id, total.reports, total.apart, b.apart::text
from matching_bundle b
cross join lateral (
  select count(*) as reports, count(*) filter (where is_apart) as apart from (
    select o.apart <> '[]' as is_apart from matching_bundle o
    join intake_report r on r.id = o.report_id and not r.is_test
    where o.bundle_id = b.bundle_id limit %(most)s
  ) one
) total
where b.report_id = any (%(reports)s) and total.reports > 1

-- name: by_likeness
-- Of these bundles, those in which some report that the viewer may see brings a picture that only looks alike.
select asked.bundle from unnest(%(bundles)s::uuid[]) as asked (bundle)
where exists (select 1 from matching_bundle b where b.bundle_id = asked.bundle and b.by_likeness)
