-- name: moment
-- The instant of which a list is written out: whoever was changing entries has ended, whoever changes them later does so
-- at a later instant. Nobody is held up meanwhile.
select pg_advisory_lock_shared(hashtext('abhaya.matching.positions')), clock_timestamp(),
  pg_advisory_unlock_shared(hashtext('abhaya.matching.positions'))

-- name: versions
-- The versions that have live entries, the newest first, each with its original.
select v.id, v.form, v.state, v.complete, v.unknown::text, i.object_id, e.entries, e.films, e.first, e.last
from (
  select last_version, count(*) as entries, count(*) filter (where media = 'video') as films, min(position) as first,
    max(position) as last
  from matching_entry
  where compartment = %(list)s and made_at <= %(at)s and (withdrawn_at is null or withdrawn_at > %(at)s)
  group by last_version
) e
join matching_list_version v on v.id = e.last_version
left join custody_item i on i.id = v.item_id
order by v.id desc

-- name: still
-- Which of these entries of an original are live.
select key, locator, position from matching_entry
where compartment = %(list)s and key = any (%(keys)s) and withdrawn_at is null and last_version = %(version)s
  and made_at <= %(at)s

-- name: any_votes
select exists (select 1 from matching_vote where compartment = %(list)s and said_at <= %(at)s)

-- name: votes
-- What was said here of these entries, the first first.
select key, voter, voter_name, hash_type, affirmative, reasons, said_at from matching_vote
where compartment = %(list)s and key = any (%(keys)s) and said_at <= %(at)s order by key, said_at, id

-- name: rows
-- Every live entry as it was understood.
select position, last_version, key, locator, ref, category, media, marks, vouched, disputed, dated, quality, md5, sha1, sha256,
  pdq, frames, opaque
from matching_entry
where compartment = %(list)s and made_at <= %(at)s and (withdrawn_at is null or withdrawn_at > %(at)s)
  and (%(film)s::boolean is null or (media = 'video') = %(film)s)
order by position

-- name: taken_back
-- Entries that the list had and has no more, once each; of a corrected one nothing.
select distinct on (e.key) e.position, e.last_version, e.key, e.locator, e.ref, e.category, e.media, e.marks, e.vouched,
  e.disputed, e.withdrawn_at, e.quality, e.md5, e.sha1, e.sha256, e.pdq, e.frames, e.opaque
from matching_entry e
where e.compartment = %(list)s and e.withdrawn_at <= %(at)s
  and (%(film)s::boolean is null or (e.media = 'video') = %(film)s)
  and not exists (
    select 1 from matching_entry n where n.compartment = e.compartment and n.key = e.key and n.withdrawn_at is null
  )
  and not exists (
    select 1 from matching_entry n where n.compartment = e.compartment and n.key = e.key and n.made_at <= %(at)s
      and coalesce(n.withdrawn_at, n.made_at) > %(at)s
  )
order by e.key, e.position desc

-- name: taken_back_count
select count(distinct e.key), count(distinct e.key) filter (where e.media = 'video') from matching_entry e
where e.compartment = %(list)s and e.withdrawn_at <= %(at)s
  and not exists (
    select 1 from matching_entry n where n.compartment = e.compartment and n.key = e.key and n.withdrawn_at is null
  )
