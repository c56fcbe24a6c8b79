-- name: of_report
-- What the persons of a report are called and where they say they live, of those who are compared: the kinds in their order.
select n.role, n.person, n.account_id, n.selector_id, d.value, d.kind
from linking_name n
join selectors_selector d on d.id = n.selector_id
where n.compartment = %(compartment)s and n.report_id = %(report)s
order by array_position(%(kinds)s::text[], d.kind), n.role desc, n.person, n.selector_id

-- name: alike
-- Persons of other reports open to the officer whose names (addresses, screen names) share a key with one of these; of each
-- that is sought (its place in the list) those that share the most telling keys, and of each of them its newest bearers.
with met as (
  select w.place, k.selector_id, max(w.weight) as weight, count(*) as shared
  from unnest(%(places)s::int[], %(keys)s::text[], %(weights)s::int[]) as w (place, key, weight)
  cross join lateral (select one.selector_id from linking_name_key one where one.key = w.key limit %(bucket)s) k
  group by 1, 2
), chosen as (
  select * from (
    select met.*, row_number() over (partition by place order by weight desc, shared desc, selector_id) as rank from met
  ) ranked where rank <= %(names)s
)
select c.place, d.value, n.role, n.person, n.account_id, n.report_id, n.number, n.compartment
from chosen c
join selectors_selector d on d.id = c.selector_id
cross join lateral (
  select n.role, n.person, n.account_id, n.report_id, n.compartment, r.number from linking_name n
  join intake_report r on r.id = n.report_id and not r.is_test
  where n.selector_id = c.selector_id and n.report_id is distinct from %(report)s
  order by n.report_id desc limit %(bearers)s
) n
order by c.place, c.rank, n.report_id desc

-- name: written
-- Names, addresses and screen names of these persons, as written.
select s.report_id, s.role, s.person, s.kind, s.raw, d.value
from unnest(%(reports)s::uuid[], %(roles)s::text[], %(persons)s::int[]) as w (report, role, person)
join selectors_sighting s on s.report_id = w.report and s.role = w.role and s.person = w.person
  and s.kind = any (%(kinds)s) and not s.mined
join selectors_selector d on d.id = s.selector_id
order by s.id

-- name: protected
select linking_protected(%(accounts)s::uuid[])

-- name: decided
-- Of pairs of accounts: those that stand together, and those of which an officer said that they are two persons'.
select p.a, p.b, case when said.answer is null then 'same' else said.answer end
from unnest(%(a)s::uuid[], %(b)s::uuid[]) as p (a, b)
left join lateral (
  select j.answer from linking_judgement j where j.a = least(p.a, p.b) and j.b = greatest(p.a, p.b) and j.undone_at is null
  and j.answer = 'different' limit 1
) said on true
where said.answer is not null or exists (
  select 1 from linking_membership m join linking_membership o on o.subject_id = m.subject_id and o.until is null
  where m.account_id = p.a and m.until is null and o.account_id = p.b)
