-- name: untold
-- Changes of subjects that were not passed on yet, taken by one worker.
update linking_change set told_at = now() where id in (
  select id from linking_change where told_at is null order by id limit %(most)s for update skip locked
) returning id

-- name: pass_on
-- To whom a change may mean something: whoever has open a report of an account that moved, and one of another account that
-- stood with it or stands with it. Of evidence taken away only those hear to whom it was open.
with told as (
  select c.id, c.subject_id, c.other_id, c.cause from linking_change c where c.id = any (%(changes)s::uuid[])
),
whole as (
  select distinct told.id, told.cause, m.account_id, m.change_id = told.id or m.ended_by = told.id as is_moved
  from told join linking_membership m on m.subject_id in (told.subject_id, told.other_id)
),
open_to as (
  select distinct whole.id, whole.cause, whole.account_id, whole.is_moved, o.viewer from whole
  join linking_person p on p.account_id = whole.account_id and p.is_base
  join access_opening o on o.compartment = p.compartment and (o.until is null or o.until > now())
)
insert into linking_news (viewer, change_id, at)
select distinct a.viewer, a.id, now() from open_to a
join open_to b on b.id = a.id and b.viewer = a.viewer and b.account_id <> a.account_id
where a.is_moved and (a.cause <> 'retraction' or exists (
  select 1 from linking_lost l join whole w on w.account_id = l.account_id where w.id = a.id and l.viewer = a.viewer
))
on conflict do nothing

-- name: forget
-- What nobody needs any more.
with lost as (delete from linking_lost where at < now() - make_interval(hours => %(lost_hours)s)),
heard as (delete from linking_heard where at < now() - make_interval(days => %(days)s))
delete from linking_news where at < now() - make_interval(days => %(days)s)

-- name: waiting
-- What the officer, or their unit, may hear of and the officer has not marked as seen, the newest first.
with next as materialized (
  select distinct n.change_id from unnest((select access_viewers())::uuid[]) as v (id)
  cross join lateral (
    select n.change_id from linking_news n where n.viewer = v.id and not exists (
      select 1 from linking_heard h where h.officer_id = %(officer)s and h.change_id = n.change_id
    )
    order by n.change_id desc limit %(most)s
  ) n
)
select c.id, c.kind, c.cause, c.at from next join linking_change c on c.id = next.change_id order by c.id desc limit %(most)s

-- name: pairs
-- Accounts that came together with each of these changes, or were parted, two by two, as far as the officer sees both; not
-- those that went from one subject to another side by side.
select c.id, case when m.change_id = c.id then 'together' else 'apart' end, m.account_id, o.account_id
from linking_change c
join linking_membership m on m.subject_id in (c.subject_id, c.other_id) and (m.change_id = c.id or m.ended_by = c.id)
join linking_membership o on o.subject_id = m.subject_id and o.account_id <> m.account_id
  and o.since <= c.at and (o.until is null or o.until >= c.at)
where c.id = any (%(changes)s::uuid[]) and not exists (
  select 1 from linking_membership n join linking_membership q on q.subject_id = n.subject_id and q.account_id = o.account_id
  where n.account_id = m.account_id and case when m.change_id = c.id then n.until = m.since and q.since < m.since
      and (q.until is null or q.until >= m.since) else n.since = m.until and q.since <= m.until and (q.until is null or q.until > m.until) end
)
group by 1, 2, 3, 4 order by 1 desc limit %(most)s

-- name: mark
-- What the officer has seen: all from one change to another that they might have heard of, told of it or not.
insert into linking_heard (officer_id, change_id)
select distinct %(officer)s::uuid, n.change_id from linking_news n
where n.change_id between %(first)s and %(last)s and n.viewer = any ((select access_viewers())::uuid[])
on conflict do nothing
