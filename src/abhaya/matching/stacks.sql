-- name: unasked
-- Pictures that were not asked yet for their stack, the oldest first: their files, and whether any may stand in one.
select h.position, h.pdq, h.forms, h.sha256, array_agg(h.file_id order by h.file_id),
  array_agg(h.report_id order by h.file_id), array_agg(h.stack_distance is not null order by h.file_id),
  array_agg(h.quality >= %(quality)s and not c.covert and not r.is_test order by h.file_id),
  exists (
    select 1 from matching_parting p join matching_file_hash said on said.file_id = p.file_id
    where said.position = h.position and p.undone_at is null
  )
from (
  select * from matching_file_hash where position in (
    select distinct position from matching_file_hash
    where position is not null and pdq is not null and not stack_asked order by position limit %(limit)s
  ) and pdq is not null and not stack_asked order by position, file_id limit %(files)s
) h
join access_compartment c on c.id = h.compartment
join intake_report r on r.id = h.report_id
group by h.position, h.pdq, h.forms, h.sha256 order by h.position

-- name: firsts
-- The firsts of stacks at these positions.
select stack_id, file_id, position, forms from matching_file_hash
where position = any (%(positions)s) and stack_first = file_id

-- name: at_positions
-- Where pictures of the same bytes stand already.
select asked.position, stands.* from unnest(%(positions)s::bigint[]) as asked (position)
cross join lateral (
  select h.stack_id, h.stack_first, h.stack_distance, h.stack_form from matching_file_hash h
  where h.position = asked.position and h.stack_id is not null limit 1
) stands

-- name: stack
-- Puts files where they belong; those without a stack stand in none.
update matching_file_hash h set stack_id = told.stack, stack_first = told.first, stack_distance = told.distance,
  stack_form = told.form, stack_asked = true
from unnest(%(files)s::uuid[], %(stacks)s::uuid[], %(firsts)s::uuid[], %(distances)s::smallint[], %(forms)s::text[])
  as told (file, stack, first, distance, form)
where h.file_id = told.file

-- name: first_bytes
-- SHA-256 of a picture -> that of the first of its stack, where they differ.
select distinct h.sha256, f.sha256 from matching_file_hash h
join matching_file_hash f on f.file_id = h.stack_first
where h.sha256 = any (%(digests)s) and h.stack_first is not null and f.sha256 <> h.sha256

-- name: alike
-- Other bytes of the stack in which a file stands.
select distinct f.object_id from matching_file_hash mine
join matching_file_hash other on other.stack_id = mine.stack_id and other.sha256 <> mine.sha256
join intake_file f on f.id = other.file_id and f.object_id is not null
where mine.file_id = %(file)s limit %(most)s

-- name: parted
-- Pictures and films that officers took out of their stacks since: all files of the same bytes are asked anew. Where that was
-- taken back, so is whatever stands in the stack that began with it.
with told as (update matching_parting set done_at = now() where done_at is null returning file_id, undone_at),
said as (
  select h.sha256, h.stack_id, h.stack_form, told.undone_at from told join matching_file_hash h on h.file_id = told.file_id
)
update matching_file_hash h set stack_id = null, stack_first = null, stack_form = '', stack_asked = false
where h.file_id in (
  select same.file_id from said join matching_file_hash same on same.sha256 = said.sha256 and same.stack_form <> ''
  where said.undone_at is null
  union
  select other.file_id from said join matching_file_hash other on other.stack_id = said.stack_id
  where said.undone_at is not null and said.stack_form = ''
)

-- name: partings
-- Who took this file out of a stack, or files out of this stack, or what stands in it now out of another: when, why, and who
-- took that back; the newest first.
select p.file_id, p.officer_name, p.at, p.reason, p.undone_at, p.undone_name, p.undone_why, f.position + 1, r.id, r.number
from matching_parting p join intake_file f on f.id = p.file_id join intake_report r on r.id = f.report_id
where p.file_id = %(file)s or p.stack_id = %(stack)s
  or exists (select 1 from matching_file_hash h where h.file_id = p.file_id and h.stack_id = %(stack)s)
order by p.at desc, p.id limit %(most)s

-- name: take_back
-- The word against a file's stack is taken back; it stays, and the stacks are made to fit.
update matching_parting p set undone_at = now(), undone_by = %(officer)s, undone_name = %(name)s, undone_why = %(why)s,
  done_at = null
from intake_file f
where p.file_id = %(file)s and p.undone_at is null and f.id = p.file_id returning p.compartment, f.report_id

-- name: stands
-- Whether a file stands in a stack behind other bytes.
select compartment, report_id, stack_id from matching_file_hash where file_id = %(file)s and stack_form <> ''

-- name: counted
-- Files of a stack in reports that the viewer may see, those reports, and whether the bytes of its first are among them.
select count(*), count(distinct these.report_id), exists (
  select 1 from matching_file_hash h where h.stack_id = %(stack)s and h.stack_form = ''
)
from (select report_id from matching_file_hash where stack_id = %(stack)s limit %(most)s) these

-- name: in_stack
-- The files of a stack in reports that the viewer may see: those nearest to its first before others.
select h.file_id, f.position + 1, f.media_type, r.id, r.number, coalesce(nullif(r.platform, ''), r.sender_name), r.received_at,
  h.stack_distance, h.stack_form
from matching_file_hash h join intake_file f on f.id = h.file_id join intake_report r on r.id = h.report_id
where h.stack_id = %(stack)s
  and (%(distance)s::int is null or (h.stack_distance, h.file_id) > (%(distance)s::int, %(after)s::uuid))
order by h.stack_distance, h.file_id limit %(limit)s

-- name: objects
-- The bytes that stand in a stack, as far as the viewer may see.
select distinct f.object_id from (
  select file_id from matching_file_hash where stack_id = %(stack)s order by stack_distance, file_id limit %(most)s
) h
join intake_file f on f.id = h.file_id and f.object_id is not null

-- name: of_reports
-- Files of these reports in whose stack the viewer may know of other bytes.
select h.report_id, f.position + 1, h.stack_id from matching_file_hash h join intake_file f on f.id = h.file_id
where h.report_id = any (%(reports)s) and {not_alone} order by h.report_id, f.position

-- name: not_alone
-- Whether a file (`h`) stands beside other bytes, as far as the viewer may know.
(h.stack_form <> '' or exists (
  select 1 from matching_file_hash behind where behind.stack_id = h.stack_id and behind.stack_form <> ''
))
