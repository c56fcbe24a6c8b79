-- name: shares
-- The lists that a partner may read, and what they are called at the door. Covert and ended ones are not among them.
select s.compartment, s.given_at, m.number, l.name
from matching_share s
join matching_list l on l.compartment = s.compartment and l.ended_at is null
join access_compartment c on c.id = s.compartment and not c.covert
join matching_member m on m.subject = s.compartment
where s.sender_id = %(sender)s and s.ended_at is null and (s.until is null or s.until > now())

-- name: quiet
-- Waits until nobody is writing entries: whatever is written later has a later instant than the one told.
select pg_advisory_xact_lock_shared(hashtext('abhaya.matching.positions')), clock_timestamp()

-- name: page
-- The next changes of the lists a partner may read, in the order of when they became theirs. What a list held when it was
-- given counts as of then (the first half); what changed since, as of its change. `seen`, `at`, `position` are the last row
-- that was handed out. Of an entry that was corrected only the newest state is told.
select g.compartment, g.number, g.name, e.seen, e.at, e.position, e.key, e.media, e.category, e.md5, e.sha1, e.sha256,
  e.pdq, e.opaque, e.withdrawn_at is not null,
  case when e.withdrawn_at is null then (
    select json_agg(json_build_array(m.number, v.voter, v.voter_name, v.hash_type, v.affirmative, v.reasons, v.said_at)
      order by v.said_at)
    from matching_vote v join matching_member m on m.subject = v.voter
    where v.compartment = e.compartment and v.key = e.key
  ) end
from unnest(%(lists)s::uuid[], %(numbers)s::bigint[], %(names)s::text[], %(given)s::timestamptz[])
  as g (compartment, number, name, given_at)
cross join lateral (
  (
    select g.given_at as seen, coalesce(e.withdrawn_at, e.made_at) as at, e.*
    from matching_entry e
    where e.compartment = g.compartment and e.withdrawn_at is null
      and g.given_at >= %(from)s and g.given_at < %(until)s and g.given_at >= %(seen)s
      and coalesce(e.withdrawn_at, e.made_at) <= g.given_at
      and (coalesce(e.withdrawn_at, e.made_at), e.position)
        > (case when g.given_at > %(seen)s then '-infinity' else %(at)s end, case when g.given_at > %(seen)s then 0 else %(position)s end)
    order by coalesce(e.withdrawn_at, e.made_at), e.position
    limit %(limit)s
  )
  union all
  (
    select coalesce(e.withdrawn_at, e.made_at) as seen, coalesce(e.withdrawn_at, e.made_at) as at, e.*
    from matching_entry e
    where e.compartment = g.compartment
      and coalesce(e.withdrawn_at, e.made_at) > g.given_at
      and coalesce(e.withdrawn_at, e.made_at) >= %(from)s and coalesce(e.withdrawn_at, e.made_at) < %(until)s
      and (coalesce(e.withdrawn_at, e.made_at), e.position)
        > (%(seen)s, case when %(at)s < %(seen)s then 0 else %(position)s end)
      and (e.withdrawn_at is null or not exists (
        select 1 from matching_entry n
        where n.compartment = e.compartment and n.key = e.key and n.withdrawn_at is null
      ))
    order by coalesce(e.withdrawn_at, e.made_at), e.position
    limit %(limit)s
  )
) e
order by e.seen, e.at, e.position
limit %(limit)s

-- name: member
-- The number of a list, a partner or a unit; made on first use.
insert into matching_member (subject) values (%(subject)s)
on conflict (subject) do update set subject = excluded.subject returning number

-- name: share
insert into matching_share (id, compartment, sender_id, given_by, until)
values (%(id)s, %(list)s, %(sender)s, %(by)s, %(until)s)
on conflict (sender_id, compartment) where ended_at is null do update set until = excluded.until

-- name: end_share
update matching_share set ended_at = clock_timestamp() where compartment = %(list)s and sender_id = %(sender)s and ended_at is null

-- name: partner
-- The sender of that name, if it has credentials and is no test sender.
select id, name from intake_sender where name = %(name)s and username is not null and is_active and not is_test

-- name: entry_at
-- The live entry of that key in a list.
select position, first_version, md5 is not null, sha1 is not null, sha256 is not null, pdq is not null, opaque
from matching_entry where compartment = %(list)s and key = %(key)s and withdrawn_at is null

-- name: counted
-- How many voters are for an entry and how many against; who is against one of its hashes is against it.
select count(*) filter (where not against), count(*) filter (where against)
from (
  select bool_or(not affirmative) as against from matching_vote
  where compartment = %(list)s and key = %(key)s group by voter
) one

-- name: vote
insert into matching_vote (id, compartment, key, voter, voter_name, by, hash_type, affirmative, reasons)
values (%(id)s, %(list)s, %(key)s, %(voter)s, %(voter_name)s, %(by)s, %(hash_type)s, %(affirmative)s, %(reasons)s)
on conflict (compartment, key, voter, hash_type) do update set
  affirmative = excluded.affirmative, reasons = excluded.reasons, by = excluded.by, said_at = clock_timestamp()

-- name: supersede
update matching_entry set withdrawn_at = clock_timestamp(), withdraw_reason = 'voted' where position = %(position)s and withdrawn_at is null

-- name: renewed
-- The same entry with what is said of it now, under a new position.
insert into matching_entry (
  position, compartment, key, ref, locator, category, media, marks, vouched, disputed, dated, quality, md5, sha1, sha256,
  pdq, frames, opaque, first_version, last_version
)
select nextval('matching_position'), compartment, key, ref, locator, category, media, marks,
  greatest(vouched + %(vouched)s, 0), greatest(disputed + %(disputed)s, 0), dated, quality, md5, sha1, sha256, pdq, frames, opaque,
  first_version, last_version
from matching_entry where position = %(position)s
returning position

-- name: recheck_reaches
-- A re-check that has still to come by this position. One that is running at this moment may have passed it, and may wait
-- for us: it is not waited for.
select id from matching_recheck where version_id = %(version)s and done_at is null and after < %(position)s
limit 1 for update skip locked

-- name: recheck
insert into matching_recheck (id, compartment, version_id, entries, after, asked_by)
values (%(id)s, %(list)s, %(version)s, 1, %(position)s - 1, %(by)s)

-- name: keys_with
-- The live entries of a list that have this hash.
select key from matching_entry
where compartment = %(list)s and withdrawn_at is null
  and case %(kind)s when 'md5' then md5 = %(digest)s when 'sha1' then sha1 = %(digest)s when 'sha256' then sha256 = %(digest)s
    when 'pdq' then pdq = %(digest)s else opaque @> array[%(text)s] end

-- name: unit_name
select name from access_unit where id = %(unit)s

-- name: set_poll
-- Another address is another exchange: it is read from its beginning.
insert into matching_poll (compartment, address, credentials_file, member)
values (%(list)s, %(address)s, %(file)s, %(member)s)
on conflict (compartment) do update set state = 'on', credentials_file = excluded.credentials_file, member = excluded.member, problem = '',
  due_at = now(), address = excluded.address, next_page = '',
  checkpoint = case when matching_poll.address = excluded.address then matching_poll.checkpoint end

-- name: poll_due
-- The list that has waited longest for its next page. One worker reads it: the row is locked.
select p.compartment, l.name, p.address, p.credentials_file, p.checkpoint, p.range_to, p.range_begun_at, p.next_page, p.pages
from matching_poll p join matching_list l on l.compartment = p.compartment and l.ended_at is null
where p.due_at <= now() and p.state = 'on' order by p.due_at limit 1 for update of p skip locked

-- name: poll_of
-- Where one list is read from. Locked, too.
select p.compartment, l.name, p.address, p.credentials_file, p.checkpoint, p.range_to, p.range_begun_at, p.next_page, p.pages
from matching_poll p join matching_list l on l.compartment = p.compartment and l.ended_at is null
where p.compartment = %(list)s and p.state = 'on' for update of p skip locked

-- name: change_poll
-- Pauses it, lets it go on, or ends it; what is in stays.
update matching_poll set state = %(to)s, due_at = now()
where compartment = %(list)s and state = any (%(from)s) returning address

-- name: polled
update matching_poll
set checkpoint = %(checkpoint)s, range_to = %(to)s, range_begun_at = %(begun)s, next_page = %(next)s, pages = %(pages)s,
  due_at = %(due)s, problem = %(problem)s, tried_at = now()
where compartment = %(list)s
