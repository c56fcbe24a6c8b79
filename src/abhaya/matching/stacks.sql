-- name: unasked
-- Pictures that were not asked yet for their stack, the oldest first: their files, and whether any may stand in one.
select h.position, h.pdq, h.forms, h.sha256, array_agg(h.file_id order by h.file_id),
  array_agg(h.report_id order by h.file_id), array_agg(h.stack_distance is not null order by h.file_id),
  array_agg(h.quality >= %(quality)s and not c.covert and not r.is_test order by h.file_id),
  exists (
    select 1 from matching_parting p join matching_file_hash said on said.file_id = p.file_id where said.position = h.position
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
-- Pictures and films that officers took out of their stacks since: all files of the same bytes are asked anew.
with told as (update matching_parting set done_at = now() where done_at is null returning file_id)
update matching_file_hash h set stack_id = null, stack_first = null, stack_form = '', stack_asked = false
where h.stack_form <> '' and h.sha256 in (
  select said.sha256 from matching_file_hash said join told on told.file_id = said.file_id
)

-- name: partings
-- Who took a picture out of its stack, when and why.
select officer_name, at, reason from matching_parting where file_id = %(file)s order by at desc limit 1

-- name: stands
-- Whether a file stands in a stack behind other bytes.
select compartment, report_id from matching_file_hash where file_id = %(file)s and stack_form <> ''
