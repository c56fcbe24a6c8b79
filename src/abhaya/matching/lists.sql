-- name: lock
-- One writer of positions at a time: they become visible in their order, so that an index can follow them.
select pg_advisory_xact_lock(hashtext('abhaya.matching.positions'))

-- name: hold
-- Nobody changes entries until this transaction ends; others may write matches meanwhile.
select pg_advisory_xact_lock_shared(hashtext('abhaya.matching.positions'))

-- name: live
-- Which of these positions are live.
select position from matching_entry where position = any (%(positions)s) and withdrawn_at is null

-- name: list
-- The list of that name.
select compartment, name, unit_id, scheme, purpose, vouched, ended_at is not null from matching_list where name = %(name)s

-- name: unfinished
-- The version of this list that was being read from this very file.
select id, rows_read from matching_list_version
where compartment = %(list)s and sha256 = %(sha256)s and state = 'reading' order by id desc limit 1

-- name: kept_version
-- A version with its original, to be read by a worker.
select l.name, v.compartment, i.object_id, v.state, v.rows_read
from matching_list_version v
join matching_list l on l.compartment = v.compartment
join custody_item i on i.id = v.item_id
where v.id = %(version)s

-- name: done_before
-- Whether this very file was taken in before.
select version from matching_list_version
where compartment = %(list)s and sha256 = %(sha256)s and state = 'done' order by id desc limit 1

-- name: newest_day
-- The day of the newest whole version that was taken in.
select max(dated) from matching_list_version where compartment = %(list)s and state = 'done' and complete

-- name: staging
-- Where a batch waits until it is compared with what is known.
create temporary table if not exists matching_incoming (
  number bigint, key bytea, ref text, locator text, category text, media text, marks text[], vouched smallint,
  disputed smallint, dated timestamptz, quality smallint, md5 bytea, sha1 bytea, sha256 bytea, pdq bytea, frames bytea, opaque text[],
  withdrawn boolean
) on commit delete rows

-- name: only_last
-- Of entries that stand several times in a batch, the last.
delete from matching_incoming a using matching_incoming b where a.key = b.key and a.number < b.number

-- name: with_votes
-- What was voted here counts beside what the list says, also in its next version: as `counted` in `sharing.sql`.
update matching_incoming i set vouched = i.vouched + v.vouched, disputed = i.disputed + v.disputed
from (
  select key, count(*) filter (where not against) as vouched, count(*) filter (where against) as disputed
  from (
    select key, voter, bool_or(not affirmative) as against from matching_vote where compartment = %(list)s group by key, voter
  ) one group by key
) v
where v.key = i.key

-- name: same
-- What is live and says the same: this version has it, too.
update matching_entry e set last_version = %(version)s, locator = i.locator
from matching_incoming i
where e.compartment = %(list)s and e.key = i.key and e.withdrawn_at is null and not i.withdrawn
  and (e.ref, e.category, e.media, e.marks, e.vouched, e.disputed, e.quality, e.opaque)
    is not distinct from (i.ref, i.category, i.media, i.marks, i.vouched, i.disputed, i.quality, i.opaque)
  and (e.md5, e.sha1, e.sha256, e.pdq, e.frames) is not distinct from (i.md5, i.sha1, i.sha256, i.pdq, i.frames)

-- name: ended
-- What is live and was taken back, or says something else now.
update matching_entry e
set withdrawn_at = clock_timestamp(), withdraw_reason = case when i.withdrawn then 'taken back' else 'corrected' end, last_version = %(version)s
from matching_incoming i
where e.compartment = %(list)s and e.key = i.key and e.withdrawn_at is null and e.last_version <> %(version)s
returning i.withdrawn

-- name: again_in_this
-- What this very version said earlier in the file and says otherwise now.
update matching_entry e set withdrawn_at = clock_timestamp(), withdraw_reason = 'corrected'
from matching_incoming i
where e.compartment = %(list)s and e.key = i.key and e.withdrawn_at is null and e.last_version = %(version)s
  and (i.withdrawn or (e.category, e.media, e.marks, e.vouched, e.disputed, e.quality, e.opaque, e.md5, e.sha1, e.sha256, e.pdq, e.frames)
    is distinct from (i.category, i.media, i.marks, i.vouched, i.disputed, i.quality, i.opaque, i.md5, i.sha1, i.sha256, i.pdq, i.frames))

-- name: new
-- What is not live yet.
insert into matching_entry (
  position, compartment, key, ref, locator, category, media, marks, vouched, disputed, dated, quality, md5, sha1, sha256,
  pdq, frames, opaque, first_version, last_version
)
select nextval('matching_position'), %(list)s, i.key, i.ref, i.locator, i.category, i.media, i.marks, i.vouched, i.disputed,
  i.dated, i.quality, i.md5, i.sha1, i.sha256, i.pdq, i.frames, i.opaque, %(version)s, %(version)s
from matching_incoming i
where not i.withdrawn and not exists (
  select 1 from matching_entry e where e.compartment = %(list)s and e.key = i.key and e.withdrawn_at is null
)
order by i.number

-- name: advance
-- How far a version has been read.
update matching_list_version
set rows_read = rows_read + %(rows)s, taken = taken + %(taken)s, repeated = repeated + %(repeated)s,
  withdrawn = withdrawn + %(withdrawn)s, set_aside = set_aside + %(aside)s
where id = %(version)s

-- name: left_out
-- A whole list no longer has these.
update matching_entry set withdrawn_at = clock_timestamp(), withdraw_reason = 'left out', last_version = %(version)s
where compartment = %(list)s and withdrawn_at is null and last_version <> %(version)s

-- name: finish
-- The version is in.
update matching_list_version
set state = %(state)s, why = %(why)s, complete = %(complete)s, form = %(form)s, unknown = %(unknown)s::jsonb,
  withdrawn = withdrawn + %(withdrawn)s, done_at = now(),
  live = (select count(*) from matching_entry e where e.compartment = %(list)s and e.withdrawn_at is null)
where id = %(version)s
returning rows_read, taken, repeated, withdrawn, set_aside

-- name: said
-- What a list says of itself, until it is changed.
select source, licence, scheme from matching_list where compartment = %(list)s for update

-- name: change_list
update matching_list set source = %(source)s, licence = %(licence)s, scheme = %(scheme)s where compartment = %(list)s

-- name: end_list
-- Nothing of the list finds anything any more.
update matching_entry set withdrawn_at = clock_timestamp(), withdraw_reason = 'list ended' where compartment = %(list)s and withdrawn_at is null

-- name: end_matches
-- What rested on entries that are withdrawn is open again.
update matching_list_match m set ended_at = now(), end_reason = e.withdraw_reason
from matching_entry e
where m.list_id = %(list)s and m.ended_at is null and e.position = m.position and e.withdrawn_at is not null
returning m.report_id, m.compartment, m.list_name, m.list_version, m.end_reason

-- name: resolve
-- The live entries at these positions, with what their list says of itself; the newest version that has them.
select e.position, e.compartment, l.name, l.purpose, v.version, v.dated, e.category, greatest(e.vouched, l.vouched),
  e.disputed, e.md5, e.sha1, e.sha256, e.pdq, e.opaque, e.quality
from matching_entry e
join matching_list l on l.compartment = e.compartment and l.ended_at is null
join matching_list_version v on v.id = e.last_version
where e.position = any (%(positions)s) and e.withdrawn_at is null

-- name: tail
-- What came after a position, for an index that has everything before it.
select position, md5, sha1, sha256, pdq from matching_entry
where position > %(after)s and withdrawn_at is null order by position limit %(limit)s

-- name: opaque
-- Live entries with these fingerprints, by equality.
select position, opaque from matching_entry where opaque && %(values)s::text[] and withdrawn_at is null

-- name: newest_position
-- The newest position that was given.
select coalesce(max(position), 0) from matching_entry

-- name: entries_with
-- Live entries with these hashes; three kinds of hash, three lengths: no value fits two columns.
select e.position, h.digest
from unnest(%(digests)s::bytea[]) as h (digest)
join matching_entry e on e.md5 = h.digest or e.sha1 = h.digest or e.sha256 = h.digest
where e.withdrawn_at is null

-- name: files_with
-- Files whose own bytes have these hashes.
select h.digest, f.id, f.report_id, f.compartment
from unnest(%(digests)s::bytea[]) as h (digest)
join intake_file f on f.md5 = h.digest or f.sha1 = h.digest or f.sha256 = h.digest

-- name: files_claimed_with
-- Files whose sender claims these hashes.
select d.value, f.id, f.report_id, f.compartment
from selectors_selector d
join selectors_sighting s on s.selector_id = d.id and s.role = 'file'
join intake_file f on f.report_id = s.report_id and f.position + 1 = s.person
where d.id = any (%(selectors)s)

-- name: recheck_open
-- The oldest re-check that is not done. One worker carries it on: the row is locked.
select r.id, r.compartment, r.version_id, r.after, r.entries from matching_recheck r
where r.done_at is null order by r.id limit 1 for update skip locked

-- name: recheck_size
select count(*) from matching_entry where first_version = %(version)s

-- name: recheck_batch
-- The next entries that a version brought.
select position from matching_entry
where first_version = %(version)s and position > %(after)s order by position limit %(limit)s

-- name: found_again
-- The reports of the files that a re-check found by these entries since this transaction began, once for each file.
select report_id from matching_list_match
where position = any (%(positions)s) and found_by = 're-check' and found_at >= now() and ended_at is null
group by report_id, file_id

-- name: to_recheck
-- Versions with live entries, of one list or of all in use.
select v.compartment, v.id from matching_list_version v join matching_list l on l.compartment = v.compartment
where l.ended_at is null and (%(list)s::uuid is null or l.compartment = %(list)s)
  and exists (select 1 from matching_entry e where e.first_version = v.id and e.withdrawn_at is null)
order by v.id

-- name: rechecks_standing
-- How far re-checks are: how many are not done, and how many entries were held against the files.
select count(*) filter (where done_at is null), coalesce(sum(done), 0)::bigint from matching_recheck where id = any (%(ids)s)

-- name: found_since
-- What re-checks of these lists found since an instant: files, and the reports they came with.
select count(distinct file_id), count(distinct report_id) from matching_list_match
where found_by = 're-check' and found_at >= %(since)s and list_id = any (%(lists)s) and ended_at is null

-- name: recheck_advance
update matching_recheck
set state = case when %(done)s then 'done' else 'running' end, entries = %(entries)s, done = done + %(rows)s, after = %(after)s,
  begun_at = coalesce(begun_at, now()), done_at = case when %(done)s then now() end
where id = %(id)s
