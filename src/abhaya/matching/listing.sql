-- name: lists
-- The lists open to the viewer, those in use first. Reports are counted as the viewer may see them, to a limit.
select l.compartment, l.name, l.source, l.licence, l.scheme, l.purpose, l.vouched, l.vouched_basis, l.ended_at, l.end_reason,
  u.name, u.name_hi, coalesce(newest.version, ''), newest.dated, newest.live, coalesce(taken.withdrawn, 0),
  coalesce(taken.set_aside, 0), coalesce(taken.reading, false), hits.matches, hits.reports, later.reports,
  recheck.entries, recheck.done, l.unit_id, coalesce(p.address, ''), coalesce(p.problem, ''), p.tried_at, p.checkpoint,
  coalesce(p.state, '')
from matching_list l
left join matching_poll p on p.compartment = l.compartment and p.state <> 'removed' and l.ended_at is null
join access_unit u on u.id = l.unit_id
left join lateral (
  select v.version, v.dated, v.live from matching_list_version v
  where v.compartment = l.compartment and v.state = 'done' order by v.dated desc, v.id desc limit 1
) newest on true
left join lateral (
  select sum(v.withdrawn) as withdrawn, sum(v.set_aside) as set_aside, bool_or(v.state = 'reading') as reading
  from matching_list_version v where v.compartment = l.compartment
) taken on true
left join lateral (
  select count(*) as matches, count(distinct few.report_id) as reports from (
    select m.report_id from matching_list_match m
    where m.list_id = l.compartment and m.ended_at is null order by m.id desc limit %(most)s
  ) few
) hits on true
left join lateral (
  select sum(coalesce(r.entries, v.taken)) as entries, sum(r.done) as done, min(r.id::text)::uuid as oldest
  from matching_recheck r join matching_list_version v on v.id = r.version_id
  where r.compartment = l.compartment and r.done_at is null
) recheck on true
left join lateral (
  select count(distinct few.report_id) as reports from (
    select m.report_id from matching_list_match m
    where recheck.entries is not null and m.list_id = l.compartment and m.found_by = 're-check' and m.ended_at is null
      and m.id >= recheck.oldest
    order by m.id desc limit %(most)s
  ) few
) later on true
where %(list)s::uuid is null or l.compartment = %(list)s
order by l.ended_at is not null, l.name
limit %(lists)s

-- name: versions
-- The newest versions of a list with their loss report; of each the first items that were set aside.
select v.version, v.dated, v.form, v.file_name, encode(v.sha256, 'hex'), v.complete, v.state, v.why, v.rows_read, v.taken,
  v.repeated, v.withdrawn, v.set_aside, v.live, v.unknown::text, v.begun_at, v.done_at, coalesce(aside.items, '[]')
from matching_list_version v
left join lateral (
  select json_agg(json_build_array(few.locator, few.why, few.text) order by few.id)::text as items from (
    select a.id, a.locator, a.why, a.text from matching_list_aside a where a.version_id = v.id order by a.id limit %(asides)s
  ) few
) aside on true
where v.compartment = %(list)s
order by v.id desc limit %(versions)s

-- name: categories
-- What the codes of a scheme mean.
select code, label, label_hi, severity, unlawful, source from matching_category where scheme = %(scheme)s order by code

-- name: found
-- What a list found, the newest first, as far as its reports are open to the viewer.
select m.id, m.report_id, r.number, coalesce(nullif(r.platform, ''), r.sender_name), f.position + 1, m.answer, m.hash_kind,
  m.hash_type, m.distance, m.frames, m.list_version, m.found_by, m.found_at, m.ended_at, m.end_reason
from matching_list_match m
join intake_report r on r.id = m.report_id
join intake_file f on f.id = m.file_id
where m.list_id = %(list)s and (%(after)s::uuid is null or m.id < %(after)s)
order by m.id desc limit %(limit)s

-- name: changes
-- What a list said of itself before, the newest change first.
select field, before, after, reason, by_name, at from matching_list_change
where compartment = %(list)s order by id desc limit %(most)s

-- name: schemes
-- Whose codes there is a table for.
select distinct scheme from matching_category order by scheme

-- name: openings
-- To which units and officers a list is open, and why. Asked on the road, for the unit that answers for it.
select o.viewer, coalesce(u.name, f.name, ''), coalesce(u.name_hi, ''), o.basis, o.made_at, o.opened_by is not null
from access_opening o
left join access_unit u on u.id = o.viewer
left join access_officer f on f.id = o.viewer
where o.compartment = %(list)s and (o.until is null or o.until > now())
order by 2

-- name: shares
-- The partners that may read a list at the hash-sharing door. Asked on the road.
select i.name, s.given_by, s.given_at, s.until
from matching_share s join intake_sender i on i.id = s.sender_id
where s.compartment = %(list)s and s.ended_at is null and (s.until is null or s.until > now())
order by i.name

-- name: partners
-- The senders that can read at the door. Asked on the road.
select name from intake_sender where kind = 'partner' and username is not null and is_active and not is_test order by name
