-- name: lock
-- One at a time holds pictures against lists: else a picture and an entry that come together would miss each other.
select pg_advisory_xact_lock(hashtext('abhaya.matching.near'))

-- name: expect
-- Files whose bytes we hold wait to be decoded.
insert into matching_file_hash (file_id, compartment, report_id, sha256)
select f.id, f.compartment, f.report_id, f.sha256 from intake_file f
where f.report_id = any (%(reports)s) and f.id between %(since)s and %(until)s
  and f.object_id is not null and f.sha256 is not null
on conflict (file_id) do nothing

-- name: waiting
-- What waits, the oldest first.
select h.file_id, h.report_id, h.compartment, h.sha256, f.object_id, coalesce(i.media_type_seen, '')
from matching_file_hash h
join intake_file f on f.id = h.file_id
left join custody_item i on i.id = f.item_id
where h.hashed_at is null order by h.file_id limit %(limit)s

-- name: standing
-- How many wait, and the oldest of them.
select count(*), min(file_id::text) from matching_file_hash where hashed_at is null

-- name: hashed_before
-- What was made of these bytes before.
select distinct on (sha256) sha256, position, pdq, pdq_512, forms, quality, width, height, decoder, mode, how, why_not
from matching_file_hash where sha256 = any (%(digests)s) and hashed_at is not null order by sha256, hashed_at

-- name: next_position
select nextval('matching_file_position')

-- name: hashed
-- The same fingerprints for every file of these bytes that waits in this round.
update matching_file_hash set position = %(position)s, pdq = %(pdq)s, pdq_512 = %(pdq_512)s, forms = %(forms)s,
  quality = %(quality)s, width = %(width)s, height = %(height)s, decoder = %(decoder)s, mode = %(mode)s, how = %(how)s,
  why_not = %(why_not)s, hashed_at = now()
where file_id = any (%(files)s) and hashed_at is null

-- name: lists_tail
-- Live entries with a picture's hash after a position; one that says of itself that it says little is left out.
select position, pdq from matching_entry
where position > %(after)s and pdq is not null and withdrawn_at is null and coalesce(quality, 100) >= %(quality)s
order by position limit %(limit)s

-- name: lists_last
select case when is_called then last_value else 0 end from matching_position

-- name: files_tail
-- The forms of our own pictures after a position, each picture once.
select distinct on (position) position, forms from matching_file_hash
where position > %(after)s and quality >= %(quality)s order by position limit %(limit)s

-- name: files_last
select case when is_called then last_value else 0 end from matching_file_position

-- name: gone
-- What an index has to forget, and whether other files still have these very bytes.
select g.position, exists (select 1 from matching_file_hash h where h.position = g.position and g.index = 'files')
  or exists (select 1 from matching_film_hash h where h.position = g.position and g.index = 'films')
from matching_gone g where g.index = %(index)s order by g.position

-- name: gone_told
delete from matching_gone where index = %(index)s and position = any (%(positions)s)

-- name: files_at
-- Files of the pictures at these positions.
select position, file_id, report_id, compartment, forms, mode from matching_file_hash where position = any (%(positions)s)

-- name: crowded
-- A hash of this index stands under so many positions.
insert into matching_crowd (index, positions, seen_at) values (%(index)s, %(positions)s, now())
on conflict (index) do update set positions = excluded.positions, seen_at = excluded.seen_at

-- name: crowds
-- The index in which a hash stood under most positions, within so many days.
select index, positions from matching_crowd where seen_at > now() - make_interval(days => %(days)s) order by positions desc limit 1
