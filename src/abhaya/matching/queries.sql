-- name: files
-- The files of these reports. %(since)s and %(until)s let the planner leave whole months unread.
select f.id, f.report_id, coalesce(f.added_at, r.received_at), f.compartment, f.position + 1, f.sha256, f.sha1, f.md5
from intake_file f join intake_report r on r.id = f.report_id
where f.report_id = any (%(reports)s) and f.id between %(since)s and %(until)s
order by f.report_id, f.position

-- name: claims
-- The hashes that the senders claim of those files; `person` numbers the file from 1.
select s.report_id, s.person, d.value
from selectors_sighting s join selectors_selector d on d.id = s.selector_id
where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s and s.kind = 'file_hash' and s.role = 'file'

-- name: held_before
-- Reports that brought these very bytes, the oldest files first, each hash by itself; covert and test reports do not count.
select h.digest, o.received_at, o.report_id
from unnest(%(digests)s::bytea[]) as h (digest)
cross join lateral (
  select coalesce(f.added_at, r.received_at) as received_at, f.report_id from intake_file f
  join access_compartment c on c.id = f.compartment and not c.covert
  join intake_report r on r.id = f.report_id and not r.is_test
  where f.sha256 = h.digest and f.id < %(until)s
  order by f.id limit %(window)s
) o

-- name: claimed_before
-- Reports whose sender claimed these hashes of a file, the oldest first; most hashes were never claimed, and the
-- dictionary says so at once.
select d.value, o.received_at, o.report_id
from selectors_selector d
cross join lateral (
  select r.received_at, s.report_id from selectors_sighting s
  join access_compartment c on c.id = s.compartment and not c.covert
  join intake_report r on r.id = s.report_id and not r.is_test
  where s.selector_id = d.id and s.id < %(until)s and s.role = 'file'
  order by s.id limit %(window)s
) o
where d.id = any (%(selectors)s)

-- name: held_as_claimed
-- Reports that brought bytes with these claimed hashes. Three kinds of hash, three lengths: no value fits two columns.
select h.value, o.received_at, o.report_id
from unnest(%(values)s::text[], %(digests)s::bytea[]) as h (value, digest)
cross join lateral (
  select coalesce(f.added_at, r.received_at) as received_at, f.report_id from intake_file f
  join access_compartment c on c.id = f.compartment and not c.covert
  join intake_report r on r.id = f.report_id and not r.is_test
  where (f.md5 = h.digest or f.sha1 = h.digest or f.sha256 = h.digest) and f.id < %(until)s
  order by f.id limit %(window)s
) o

-- name: of_report
-- Matches of a report, each with the earlier reports that the viewer may see: row security applies inside, too.
select m.file_id, m.hash_kind, m.hash_type, m.earlier_reports, m.more, coalesce(seen.reports, '{}')
from matching_match m
join intake_file mine on mine.id = m.file_id
join intake_report this on this.id = m.report_id
left join lateral (
  select array_agg(once.report_id order by once.report_id desc) as reports from (
    select distinct other.report_id from (
      select f.report_id, f.added_at from intake_file f
      where m.hash_kind = 'bytes' and f.sha256 = m.digest
      union
      select s.report_id, null from selectors_sighting s
      where m.hash_kind = 'claimed' and s.selector_id = m.selector_id and s.role = 'file'
        and not exists (select 1 from intake_file b where b.report_id = s.report_id and b.sha256 = mine.sha256)
      union
      select f.report_id, f.added_at from intake_file f
      where m.hash_kind = 'claimed' and (f.md5 = m.digest or f.sha1 = m.digest or f.sha256 = m.digest)
        and not exists (select 1 from intake_file b where b.report_id = f.report_id and b.sha256 = mine.sha256)
    ) other
    join intake_report r on r.id = other.report_id and not r.is_test
    where (coalesce(other.added_at, r.received_at), r.id) < (coalesce(mine.added_at, this.received_at), this.id)
      and r.id <> this.id
    limit %(window)s
  ) once
) seen on true
where m.report_id = %(report)s and m.id between %(since)s and %(until)s
order by m.id

-- name: of_report_and_lists
-- The statement "of_report", beside it what hash lists say of the files, the most telling first, and which of them look like a
-- picture that came before. Of a list that is not
-- open to the viewer nothing but its name and what it is for: row security leaves its own row, and with it the rest, away.
select told.* from (
  select 1 as part, row_number() over () as place, null::text as listed, before.* from (
{of_report}
  ) before
  union all
  select 2, row_number() over (order by m.ended_at is not null, m.answer, m.purpose <> 'material', m.distance, m.id),
    {listed},
    m.file_id, '', '', 0, false, '{}'
  from matching_list_match m
  left join matching_list l on l.compartment = m.list_id
  left join matching_category c on c.scheme = l.scheme and c.code = m.category
  where m.report_id = %(report)s
  union all
  select 3, 0, jsonb_build_object('stack', h.stack_id, 'distance', h.stack_distance, 'form', h.stack_form)::text, h.file_id, '', '',
    0, false, '{}'
  from matching_file_hash h where h.report_id = %(report)s and h.stack_id is not null and {not_alone}
) told
order by told.part, told.place

-- name: listed
-- One entry of a list (`m`, `l`, `c`) as `answers.Listed` takes it.
(jsonb_build_object(
  'list_name', m.list_name, 'open', l.compartment is not null, 'purpose', m.purpose, 'answer', m.answer,
  'hash_kind', m.hash_kind, 'hash_type', m.hash_type, 'distance', m.distance, 'frames', m.frames, 'found_by', m.found_by,
  'ended_on', m.ended_at::date, 'end_reason', m.end_reason
) || case when l.compartment is null then '{}' else jsonb_build_object(
  'list_id', l.compartment, 'version', m.list_version, 'dated', m.list_dated, 'vouched', m.vouched,
  'category', m.category, 'label', c.label, 'label_hi', c.label_hi
) end)::text

-- name: listed_in_stack
-- What hash lists say of the files of a stack: each entry once, as the nearest of them meets it.
select once.listed, once.file_id, f.position + 1, r.id, r.number from (
  select distinct on (m.position) m.file_id, m.ended_at, m.answer, m.purpose, m.distance, m.id,
    {listed} as listed
  from (select file_id from matching_file_hash where stack_id = %(stack)s order by stack_distance, file_id limit %(most)s) h
  join matching_list_match m on m.file_id = h.file_id
  left join matching_list l on l.compartment = m.list_id
  left join matching_category c on c.scheme = l.scheme and c.code = m.category
  order by m.position, m.ended_at is not null, m.answer, m.distance, m.id
) once
join intake_file f on f.id = once.file_id
join intake_report r on r.id = f.report_id
order by once.ended_at is not null, once.answer, once.purpose <> 'material', once.distance, once.id limit %(shown)s

-- name: written
-- The matches that these reports have already, from an earlier walk along the road.
select file_id, hash_kind, selector_id from matching_match
where report_id = any (%(reports)s) and id between %(since)s and %(until)s

-- name: compartments
select id, compartment from intake_report where id = any (%(reports)s)
