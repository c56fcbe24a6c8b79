-- name: persons
-- The persons of these reports, each with the account they acted by (null: none is named) and what was stated of their age
-- (nothing follows from a protected persona, whose rows are its liaison's alone):
-- in the report, and in what came later for it. A person is a possible minor where the stated age or date of birth says
-- under 18, or where the sender says that both are children and no age is stated.
with own as (
  select s.report_id, s.compartment, s.role, s.person, s.account_id, min(s.id::text) as first,
    min(s.persona_id::text) filter (where not s.mined)::uuid as persona_id
  from selectors_sighting s
  where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s and s.role = any (%(roles)s)
  group by 1, 2, 3, 4, 5
),
stated as (
  select r.id, said.value as p, r.received_at from intake_report r
  cross join lateral jsonb_array_elements(coalesce(r.record -> 'persons', '[]')) said where r.id = any (%(reports)s)
  union all
  select r.id, said.value, r.received_at from intake_original o join intake_report r on r.id = o.report_id
  cross join lateral jsonb_array_elements(coalesce(o.record -> 'persons', '[]')) said
  where o.report_id = any (%(reports)s) and o.id between %(since)s and %(until)s and r.id = any (%(reports)s)
    and o.record is not null
),
aged as (
  select id, p ->> 'role' as role, (p ->> 'number')::int as person, coalesce(
    (p ->> 'age')::numeric,
    case when p ->> 'date_of_birth' ~ '^\d{4}-\d{2}-\d{2}' then
      extract(year from received_at at time zone 'UTC') - left(p ->> 'date_of_birth', 4)::int
        - (to_char(received_at at time zone 'UTC', 'MM-DD') < substr(p ->> 'date_of_birth', 6, 5))::int
    end) as years
  from stated where p ? 'age' or p ? 'date_of_birth'
)
select o.report_id, o.compartment, o.role, o.person, o.account_id,
  case when o.role = 'victim' then 'victim'
    when exists (
      select 1 from aged a where a.id = o.report_id and a.role = o.role and a.person = o.person
      and a.years between 0 and %(child_years_max)s
    ) then 'minor'
    when 'minorToMinorInteraction' = any (r.annotations) and not exists (
      select 1 from aged a where a.id = o.report_id and a.role = o.role and a.person = o.person and a.years is not null
    ) then 'minor'
    else '' end,
  not r.is_test and not c.covert and o.persona_id is null, r.received_at, o.persona_id
from own o
join intake_report r on r.id = o.report_id and r.id = any (%(reports)s)
join access_compartment c on c.id = o.compartment
order by o.report_id, o.role, o.person, o.account_id is null, o.first

-- name: said
-- The identifiers of these persons: one row for each, of an internet address one for each hour.
select s.report_id, s.role, s.person, s.account_id, s.selector_id, s.kind, d.value,
  min(coalesce(s.at, r.incident_at, r.received_at)), max(coalesce(s.at, r.incident_at, r.received_at)),
  bool_or(not s.mined and not s.assumed), coalesce(bool_or(s.verified), false), bool_and(s.assumed), bool_and(s.mined),
  min(s.persona_id::text)::uuid
from selectors_sighting s
join intake_report r on r.id = s.report_id and r.id = any (%(reports)s)
join selectors_selector d on d.id = s.selector_id
where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s and s.role = any (%(roles)s)
  and s.kind = any (%(kinds)s) and (s.kind <> 'ip' or s.at is not null)
group by 1, 2, 3, 4, 5, 6, 7, case when s.kind = 'ip' then date_trunc('hour', s.at) end

-- name: persons_held
-- What stands of them already, from an earlier walk along the road.
select id, report_id, account_id, role, person, protected, is_base, persona_id from linking_person
where compartment = any (array(select compartment from intake_report where id = any (%(reports)s)))
  and report_id = any (%(reports)s) and id between %(since)s and %(until)s

-- name: evidence_held
select id, report_id, account_id, selector_id, value_id, first_at, last_at, flags, network, is_base, persona_id
from linking_evidence
where compartment = any (array(select compartment from intake_report where id = any (%(reports)s)))
  and report_id = any (%(reports)s) and id between %(since)s and %(until)s

-- name: names_held
select selector_id, report_id, role, person, account_id, compartment from linking_name
where compartment = any (array(select compartment from intake_report where id = any (%(reports)s)))
  and report_id = any (%(reports)s)

-- name: keys_held
-- The keys of every name, address and screen name in these reports, whoever bears it.
select selector_id, key from linking_name_key where selector_id = any (array(
  select s.selector_id from selectors_sighting s
  where s.report_id = any (%(reports)s) and s.id between %(since)s and %(until)s and s.kind = any (%(called)s)
))

-- name: forget_names
delete from linking_name n using unnest(%(names)s::uuid[], %(of)s::uuid[], %(roles)s::text[], %(persons)s::int[])
  as gone (name, report, role, person)
where n.selector_id = gone.name and n.report_id = gone.report and n.role = gone.role and n.person = gone.person

-- name: forget_keys
-- Keys of names that nobody bears any more, and those by which a name is not found any more.
delete from linking_name_key k using unnest(%(names)s::uuid[], %(keys)s::text[]) as gone (name, key)
where k.selector_id = gone.name and (k.key = gone.key or gone.key is null and not exists (
  select 1 from linking_name n where n.selector_id = gone.name))

-- name: forget_persons
delete from linking_person where id = any (%(ids)s) and id between %(since)s and %(until)s

-- name: forget_evidence
delete from linking_evidence where id = any (%(ids)s) and id between %(since)s and %(until)s
