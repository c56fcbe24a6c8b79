-- name: actors
-- Who acted in groups that the viewer may see, in which, and how much, those first who join most groups: row security decides
-- whom it counts. `around`: only the actors of that group, with all groups they acted in. In a file that leaves
-- (`is_leaving`) no protected persona stands, its liaison's own file included.
with ranked as (
  select person_id, count(distinct group_id) as joined, bool_or(administered > 0) as runs,
    sum(posted + offered + asked + paid + forwarded + administered) as acts,
    min(label) as label, min(country) as country, max(doubt) as doubt
  from linking_group_member
  where conduct = 'acted' and (persona_id is null or not %(is_leaving)s)
    and (%(around)s::uuid is null or person_id in (
      select person_id from linking_group_member where group_id = %(around)s and conduct = 'acted'))
  group by person_id
), kept as (
  select *, count(*) over () as in_all from ranked
  order by joined desc, runs desc, acts desc, person_id limit %(most)s
)
select k.person_id, k.label, k.country, k.doubt, k.runs, k.acts::int, k.in_all::int,
  array_agg(distinct m.group_id::text order by m.group_id::text)
from kept k join linking_group_member m on m.person_id = k.person_id and m.conduct = 'acted'
  and (m.persona_id is null or not %(is_leaving)s)
group by k.person_id, k.label, k.country, k.doubt, k.runs, k.acts, k.in_all, k.joined
order by k.joined desc, k.runs desc, k.acts desc, k.person_id

-- name: groups
-- The groups themselves, those with most actors first.
with told as (
  select group_id, min(platform) as platform, min(kind) as kind, min(name) as name from linking_group group by group_id
), counted as (
  select group_id, count(distinct person_id) as members, count(distinct person_id) filter (where conduct = 'acted') as actors
  from linking_group_member where persona_id is null or not %(is_leaving)s group by group_id
)
select t.group_id, t.platform, t.kind, t.name, coalesce(c.members, 0)::int, coalesce(c.actors, 0)::int, (count(*) over ())::int
from told t left join counted c using (group_id)
where %(around)s::uuid is null or t.group_id in (
  select group_id from linking_group_member where conduct = 'acted' and person_id in (
    select person_id from linking_group_member where group_id = %(around)s and conduct = 'acted'))
order by coalesce(c.actors, 0) desc, coalesce(c.members, 0) desc, t.group_id limit %(most)s

-- name: told_by
-- The reports that a file of these groups would tell of, and in which compartments they lie.
select count(distinct report_id)::int, (array_agg(distinct compartment))[1:%(traced)s] from linking_group
where group_id = any (%(groups)s)
