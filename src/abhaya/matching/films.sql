-- name: expect
-- Files whose bytes speak for film wait to be decoded.
insert into matching_film_hash (file_id, compartment, report_id, sha256)
select f.id, f.compartment, f.report_id, f.sha256
from intake_file f join custody_item i on i.id = f.item_id and i.media_type_seen like 'video/%%'
where f.report_id = any (%(reports)s) and f.id between %(since)s and %(until)s
  and f.object_id is not null and f.sha256 is not null
on conflict (file_id) do nothing

-- name: waiting
-- The bytes that wait longest, and every file of them that waits.
select h.file_id, h.report_id, h.compartment, h.sha256, f.object_id
from matching_film_hash h join intake_file f on f.id = h.file_id
where h.hashed_at is null
  and h.sha256 = (select first.sha256 from matching_film_hash first where first.hashed_at is null order by first.file_id limit 1)
order by h.file_id limit %(limit)s

-- name: standing
-- How many wait, and the oldest of them.
select count(*), min(file_id::text) from matching_film_hash where hashed_at is null

-- name: hashed_before
-- What was made of these bytes before.
select position, frames, mirrored, frame_count, every_ms, width, height, reader, mode, why_not
from matching_film_hash where sha256 = %(sha256)s and hashed_at is not null order by hashed_at limit 1

-- name: next_position
select nextval('matching_film_position')

-- name: hashed
-- The same fingerprints for every file of these bytes that waits in this round.
update matching_film_hash set position = %(position)s, frames = %(frames)s, mirrored = %(mirrored)s,
  frame_count = %(frame_count)s, every_ms = %(every_ms)s, width = %(width)s, height = %(height)s, reader = %(reader)s,
  mode = %(mode)s, why_not = %(why_not)s, hashed_at = now()
where file_id = any (%(files)s) and hashed_at is null

-- name: films_tail
-- The frames of our own films after a position, in both forms, each film once.
select distinct on (position) position, frames || mirrored from matching_film_hash
where position > %(after)s order by position limit %(limit)s

-- name: films_last
select case when is_called then last_value else 0 end from matching_film_position

-- name: listed_films_tail
-- Live entries with the frames of a film after a position.
select position, frames from matching_entry
where position > %(after)s and frames is not null and withdrawn_at is null order by position limit %(limit)s

-- name: listed_films_last
select case when is_called then last_value else 0 end from matching_position

-- name: listed_frames
-- The frames that live entries name, of those that name any.
select position, frames from matching_entry
where position = any (%(positions)s) and frames is not null and withdrawn_at is null order by position

-- name: with_frames
-- Which of these entries name the frames of a film.
select position from matching_entry where position = any (%(positions)s) and frames is not null order by position

-- name: films_at
-- The films at these positions, each once.
select distinct on (position) position, frames, mirrored, mode from matching_film_hash
where position = any (%(positions)s) order by position

-- name: files_at
-- The files of the films at these positions.
select position, file_id, report_id, compartment from matching_film_hash where position = any (%(positions)s)

-- name: unasked
-- The film that waits longest to be asked for its stack: its frames, those files of it that were not asked, and whether any
-- may stand in one.
select f.position, f.frames, f.mirrored, array_agg(h.file_id order by h.file_id), array_agg(h.report_id order by h.file_id),
  array_agg(h.stack_distance is not null order by h.file_id), array_agg(not c.covert and not r.is_test order by h.file_id),
  exists (
    select 1 from matching_parting p join matching_file_hash said on said.file_id = p.file_id
    where said.sha256 = f.sha256 and p.undone_at is null
  )
from matching_film_hash f
join matching_file_hash h on h.file_id = f.file_id and not h.stack_asked
join access_compartment c on c.id = h.compartment
join intake_report r on r.id = h.report_id
where f.position = (
  select w.position from matching_film_hash w join matching_file_hash a on a.file_id = w.file_id and not a.stack_asked
  where w.position is not null order by w.position limit 1
)
group by f.position, f.frames, f.mirrored, f.sha256

-- name: stands
-- Where films of the same bytes stand already.
select h.stack_id, h.stack_first, h.stack_distance, h.stack_form
from matching_film_hash f join matching_file_hash h on h.file_id = f.file_id
where f.position = %(position)s and h.stack_id is not null limit 1

-- name: firsts
-- The firsts of stacks among the films at these positions.
select f.position, h.stack_id, h.file_id
from matching_film_hash f join matching_file_hash h on h.file_id = f.file_id and h.stack_first = h.file_id
where f.position = any (%(positions)s) order by f.position
