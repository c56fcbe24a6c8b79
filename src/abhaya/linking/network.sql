-- name: telling
-- Which of these reports tell of groups and were not read for them yet, with what was read of them.
select r.id, r.compartment, r.record::text from intake_report r
where r.id = any (%(reports)s) and not exists (select 1 from linking_group g where g.report_id = r.id)

-- name: compartments
select distinct compartment from intake_report where id = any (%(reports)s)

-- name: hide_members
-- The members of these reports that go by a protected persona's number or account, and no others, are its liaison's alone.
with kept as (
  select distinct on (selector_id) id, selector_id from selectors_persona
  where kept_at is not null and ended_at is null order by selector_id, kept_at, id
), meant as (
  select m.id, (
    select min(k.id::text)::uuid from kept k where k.selector_id in (m.person_id, m.account_id) or exists (
      select 1 from linking_group_number n
      where n.compartment = m.compartment and n.report_id = m.report_id and n.member = m.member and n.phone_id = k.selector_id
    )
  ) as persona_id
  from linking_group_member m where m.compartment = any (%(compartments)s)
)
update linking_group_member m set persona_id = meant.persona_id from meant
where m.id = meant.id and m.persona_id is distinct from meant.persona_id

-- name: hide_numbers
update linking_group_number n set persona_id = m.persona_id from linking_group_member m
where m.compartment = n.compartment and m.report_id = n.report_id and m.member = n.member
  and n.compartment = any (%(compartments)s) and n.persona_id is distinct from m.persona_id

-- name: hide_acts
update linking_act a set persona_id = m.persona_id from linking_group_member m
where m.compartment = a.compartment and m.report_id = a.report_id and m.member = a.member
  and a.compartment = any (%(compartments)s) and a.persona_id is distinct from m.persona_id

-- name: hide_hits
-- Hits by an identifier that is a protected persona's now; new ones are not made.
update linking_hit h set persona_id = meant.persona_id from (
  select f.id, (
    select k.id from selectors_persona k where k.selector_id = f.selector_id and k.kept_at is not null and k.ended_at is null
    order by k.kept_at, k.id limit 1
  ) as persona_id from linking_hit f where f.compartment = any (%(compartments)s)
) meant
where h.id = meant.id and h.persona_id is distinct from meant.persona_id

-- name: groups
-- Every group that the viewer may see, with who acted in it and who was only there: row security decides whom it counts.
with told as (
  select group_id, min(platform) as platform, min(kind) as kind, min(name) as name, bool_or(is_named) as is_named,
    count(distinct report_id) as reports
  from linking_group group by group_id
), counted as (
  select group_id, count(distinct person_id) as members,
    count(distinct person_id) filter (where conduct = 'acted') as actors,
    count(distinct person_id) filter (where administered > 0) as administrators,
    min(first_at) as first_at, max(last_at) as last_at
  from linking_group_member group by group_id
)
select t.group_id, t.platform, t.kind, t.name, t.is_named, t.reports, coalesce(c.members, 0), coalesce(c.actors, 0),
  coalesce(c.administrators, 0), c.first_at, c.last_at
from told t left join counted c using (group_id)
order by coalesce(c.actors, 0) desc, coalesce(c.members, 0) desc, t.group_id
limit %(most)s

-- name: group_reports
-- The reports that tell of a group, newest first.
select g.report_id, g.compartment, r.number, g.platform, g.kind, g.name, g.is_named, g.locator, r.received_at,
  (select o.item_id from intake_original o where o.report_id = g.report_id order by o.id limit 1)
from linking_group g join intake_report r on r.id = g.report_id
where g.group_id = %(group)s
order by g.report_id desc limit %(most)s

-- name: members
-- Who acted in a group, the busiest first; persons of several reports once.
select m.person_id, min(m.label), min(m.country), max(m.standing), sum(m.posted)::int, sum(m.offered)::int, sum(m.asked)::int,
  sum(m.paid)::int, sum(m.forwarded)::int, sum(m.administered)::int, sum(m.said)::int, min(m.first_at), max(m.last_at),
  max(m.doubt)
from linking_group_member m
where m.group_id = %(group)s
group by m.person_id
having bool_or(m.conduct = 'acted')
order by sum(m.posted + m.offered + m.asked + m.paid + m.forwarded + m.administered) desc, m.person_id
limit %(most)s offset %(skip)s

-- name: conducts
-- How many of a group's members did what at most: each person once, by the most they did.
select least_rank, count(*) from (
  select min(array_position(%(conducts)s::text[], conduct)) as least_rank from linking_group_member
  where group_id = %(group)s group by person_id
) each group by 1 order by 1

-- name: acts
-- What one member did in a group, in the order of the original, each with its place.
select a.id, a.report_id, a.compartment, r.number, a.act, a.at, a.at_precision, a.zone_known, a.word, a.locator,
  coalesce((select min(o.label) from linking_group_member o where o.person_id = a.other_id and o.report_id = a.report_id
    and o.conduct = 'acted'), ''),
  (select o.item_id from intake_original o where o.report_id = a.report_id order by o.id limit 1), a.other_id
from linking_act a join intake_report r on r.id = a.report_id
where a.group_id = %(group)s and a.person_id = %(person)s and a.id > %(after)s
order by a.id limit %(most)s

-- name: takedowns
-- When a group was taken down, says who; those that stand first, of those the newest.
select t.id, t.compartment, t.report_id, r.number, t.group_id, t.day, t.said_by, t.by_name, t.at, t.withdrawn_at,
  t.withdrawn_by_name, t.withdrawn_why
from linking_takedown t join intake_report r on r.id = t.report_id
where (t.group_id = %(group)s or t.id = %(id)s) order by t.withdrawn_at is not null, t.id desc limit %(most)s

-- name: withdraw_takedown
update linking_takedown set withdrawn_at = now(), withdrawn_by = %(officer)s, withdrawn_by_name = %(name)s, withdrawn_why = %(why)s
where id = %(id)s and withdrawn_at is null

-- name: acts_since
-- How many acts of a group are dated on that day or later.
select count(*) from (select 1 from linking_act where group_id = %(group)s and at >= %(since)s limit %(most)s) one

-- name: others
-- Other groups in which actors of this one acted, with how many; who of them first acted there once this one was gone;
-- when that group as a whole began, and how many acted in it. Gone is it from the day on which it was taken down, as far as
-- somebody said so, else after its last act.
with mine as (
  select person_id from linking_group_member where group_id = %(group)s and conduct = 'acted' group by person_id
), gone as (
  select coalesce(
    (select t.day::timestamp at time zone 'UTC' from linking_takedown t
      where t.group_id = %(group)s and t.withdrawn_at is null order by t.id desc limit 1),
    (select max(at) + interval '1 microsecond' from linking_act where group_id = %(group)s)
  ) as since
), there as (
  select m.group_id, m.person_id, min(m.first_at) as first_at from linking_group_member m
  where m.conduct = 'acted' and m.group_id <> %(group)s and m.person_id in (select person_id from mine)
  group by m.group_id, m.person_id
), whole as (
  select o.group_id, min(o.first_at) as began, count(distinct o.person_id) filter (where o.conduct = 'acted') as actors
  from linking_group_member o where o.group_id in (select group_id from there) group by o.group_id
)
select t.group_id, count(*), (select count(*) from mine), count(*) filter (where t.first_at >= (select since from gone)),
  coalesce(min(w.began) >= (select since from gone), false), min(w.began), min(w.actors)
from there t join whole w using (group_id) group by t.group_id order by 2 desc, t.group_id limit %(most)s

-- name: label_of
-- What an actor of a group is called in it.
select min(label) from linking_group_member where group_id = %(group)s and person_id = %(person)s and conduct = 'acted'

-- name: labels
-- What these persons are called, as the viewer may see.
select person_id, min(label) from linking_group_member where person_id = any (%(people)s) and conduct = 'acted' group by person_id

-- name: standings
-- Everybody who acted in a group that the viewer may see, once for each group, and whether they ran it.
select person_id, group_id, bool_or(administered > 0) from linking_group_member
where conduct = 'acted' group by person_id, group_id
order by person_id, group_id limit %(most)s

-- name: countries
-- Distinct numbers, accounts and members by country, how often they were seen, and how many people they are as far as known:
-- members whose accounts stand in one subject are one. A country is a number's; an account and a member have that of the
-- number they came by, or none.
with numbers as (
  select country, count(distinct phone_id) as numbers, count(*) as sightings,
    count(distinct phone_id) filter (where doubt in ('prepaid', 'ported', 'assumed')) as doubtful
  from linking_group_number where %(group)s::uuid is null or group_id = %(group)s group by country
), persons as (
  select country, count(distinct account_id) as accounts, count(distinct person_id) as members,
    count(distinct person_id) filter (where conduct = 'acted') as actors
  from linking_group_member where %(group)s::uuid is null or group_id = %(group)s group by country
), held as (
  select distinct m.country, m.person_id, s.subject_id from linking_group_member m
  join linking_membership s on s.account_id = m.account_id and s.until is null
  where %(group)s::uuid is null or m.group_id = %(group)s
), together as (
  select country, count(distinct person_id) - count(distinct subject_id) as fewer from (
    select country, person_id, min(subject_id::text) as subject_id from held group by country, person_id
  ) once group by country
)
select country, coalesce(n.numbers, 0), coalesce(n.doubtful, 0), coalesce(p.accounts, 0), coalesce(p.members, 0),
  coalesce(p.actors, 0), coalesce(n.sightings, 0), coalesce(p.members, 0) - coalesce(t.fewer, 0)
from numbers n full join persons p using (country) left join together t using (country)
order by coalesce(n.numbers, 0) desc, country = '', country

-- name: numbers_of
-- The sightings behind one cell of the table of countries: numbers.
select n.phone_id, n.id, d.value, n.doubt, n.conduct, n.group_id, g.name, n.report_id, n.compartment, r.number, n.locator, n.person_id
from linking_group_number n
join linking_group g on g.report_id = n.report_id and g.group_id = n.group_id
join selectors_selector d on d.id = n.phone_id
join intake_report r on r.id = n.report_id
where n.country = %(country)s and (n.phone_id, n.id) > (%(after)s, %(after_id)s)
order by n.phone_id, n.id limit %(most)s

-- name: accounts_of
-- The sightings behind one cell of the table of countries: accounts.
select m.account_id, m.id, d.value, '', m.conduct, m.group_id, g.name, m.report_id, m.compartment, r.number, m.locator, m.person_id
from linking_group_member m
join linking_group g on g.report_id = m.report_id and g.group_id = m.group_id
join selectors_selector d on d.id = m.account_id
join intake_report r on r.id = m.report_id
where m.country = %(country)s and (m.account_id, m.id) > (%(after)s, %(after_id)s)
order by m.account_id, m.id limit %(most)s

-- name: members_of
-- The sightings behind one cell of the table of countries: persons, as they are called there.
select m.person_id, m.id, m.label, '', m.conduct, m.group_id, g.name, m.report_id, m.compartment, r.number, m.locator, m.person_id
from linking_group_member m
join linking_group g on g.report_id = m.report_id and g.group_id = m.group_id
join intake_report r on r.id = m.report_id
where m.country = %(country)s and (m.person_id, m.id) > (%(after)s, %(after_id)s)
order by m.person_id, m.id limit %(most)s

-- name: people_of
-- The sightings behind one cell of the table of countries: people as far as known, those of one person together. Members
-- whose accounts stand in one subject are one.
with held as (
  select m.person_id, min(s.subject_id::text)::uuid as subject_id from linking_group_member m
  join linking_membership s on s.account_id = m.account_id and s.until is null
  where m.country = %(country)s group by m.person_id
), known as (
  select m.*, coalesce(h.subject_id, m.person_id) as one_id from linking_group_member m left join held h using (person_id)
  where m.country = %(country)s
)
select k.one_id, k.id, k.label, '', k.conduct, k.group_id, g.name, k.report_id, k.compartment, r.number, k.locator, k.person_id
from known k
join linking_group g on g.report_id = k.report_id and g.group_id = k.group_id
join intake_report r on r.id = k.report_id
where (k.one_id, k.id) > (%(after)s, %(after_id)s)
order by k.one_id, k.id limit %(most)s

-- name: shielded
-- Whom of these members some report calls a child or a victim, open to the viewer or not.
select linking_shielded(%(people)s::uuid[])
