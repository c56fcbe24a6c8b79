-- name: oldest
-- The oldest compartment among the newest that are open to the viewer: nothing looked at here was written before it.
select min(compartment::text)::uuid from (
  select o.compartment from unnest((select access_viewers())::uuid[]) viewer
  cross join lateral (
    select n.compartment from access_opening n
    where n.viewer = viewer and (n.until is null or n.until > now()) order by n.compartment desc limit %(most)s
  ) o order by o.compartment desc limit %(most)s
) newest

-- name: things
-- Reports, accounts and telephone numbers of one country, each with the place within it that was proposed for the reported
-- person of a report, the heaviest that routing found; "" where nothing says any. A group's member has no place of their
-- own: a report that names the account or the number may have one. Nothing of a protected persona is counted.
looked as materialized (
  select l.report_id, l.placed_at from (
    select o.compartment from unnest((select access_viewers())::uuid[]) viewer
    cross join lateral (
      select n.compartment from access_opening n
      where n.viewer = viewer and (n.until is null or n.until > now()) order by n.compartment desc limit %(most)s
    ) o group by o.compartment order by o.compartment desc limit %(most)s
  ) v join routing_placement l on l.compartment = v.compartment
), proposed as materialized (
  select p.id, p.report_id, p.compartment, p.country, p.state, p.district, p.strength, p.points, p.rank,
    coalesce(p.reasons -> 0 ->> 'code', '') as code
  from looked l join routing_proposal p on p.report_id = l.report_id and p.placed_at = l.placed_at
  where p.whose = 'reported' and p.id >= %(since)s
), here as materialized (
  select b.*, b.strength = 'weak' or exists (
      select 1 from proposed q where q.report_id = b.report_id and q.points >= b.points - %(rival)s
      and (q.country, q.state) is distinct from (b.country, b.state) and q.state <> ''
    ) as doubt
  from (select distinct on (report_id) * from proposed order by report_id, rank) b where b.country = %(country)s
), things as (
  select 'reports' as cell, h.report_id as thing, h.id, h.report_id, h.compartment, h.state, h.district, h.code, h.doubt, '' as conduct,
    null::uuid as group_id
  from here h
  union all
  select 'accounts', p.account_id, p.id, h.report_id, h.compartment, h.state, h.district, h.code, h.doubt, 'acted', null
  from here h join linking_person p on p.report_id = h.report_id and p.compartment = h.compartment
  where p.id >= %(since)s and p.role = 'reported' and p.selector_id is not null and p.persona_id is null
  union all
  select 'numbers', s.selector_id, s.id, h.report_id, h.compartment, h.state, h.district, h.code, h.doubt, 'acted', null
  from here h join selectors_sighting s on s.report_id = h.report_id
  where s.id >= %(since)s and s.role = 'reported' and s.kind = 'phone' and s.selector_id is not null and s.persona_id is null
  union all
  select 'accounts', m.account_id, m.id, m.report_id, m.compartment, '', '', 'group', false, m.conduct, m.group_id
  from linking_group_member m where m.country = %(country)s and m.account_id is not null and m.persona_id is null
  union all
  select 'numbers', n.phone_id, n.id, n.report_id, n.compartment, '', '', 'group', false, n.conduct, n.group_id
  from linking_group_number n where n.country = %(country)s and n.persona_id is null
), within as (
  select *, case when %(state)s = '' then state else district end as place from things
  where %(state)s = '' or state = %(state)s
), known as (
  select *, bool_or(place <> '') over (partition by cell, thing) as is_placed from within
)

-- name: counted
-- How many lie where, and which kind of evidence says so (null: whichever). What is placed anywhere is not counted as unknown.
with {things}
select cell, place, code, count(distinct thing)::int, (count(distinct thing) filter (where doubt))::int
from known where place <> '' or not is_placed
group by grouping sets ((cell, place), (cell, place, code)) order by 4 desc, code

-- name: sightings
-- What stands behind one number of the table.
with {things}
select k.thing, k.id, coalesce(d.value, ''), k.conduct, k.report_id, k.compartment, r.number, k.state, k.district, k.code,
  k.doubt, coalesce(w.strength, ''), coalesce(w.against::text, '[]'),
  exists (select 1 from linking_person c where c.compartment = k.compartment and c.report_id = k.report_id
    and c.role = 'reported' and c.protected <> ''),
  k.group_id, coalesce(g.name, '')
from known k
join intake_report r on r.id = k.report_id
left join selectors_selector d on k.cell <> 'reports' and d.id = k.thing
left join here p on k.code <> 'group' and p.report_id = k.report_id
left join routing_proposal w on w.id = p.id and w.id >= %(since)s
left join linking_group g on g.report_id = k.report_id and g.group_id = k.group_id
where k.cell = %(cell)s and (k.place <> '' or not k.is_placed) and (%(place)s::text is null or k.place = %(place)s)
  and (k.thing, k.id) > (%(after)s, %(after_id)s)
order by k.thing, k.id limit %(limit)s
