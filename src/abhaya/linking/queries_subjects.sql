-- name: subject_of
-- In which subject an account stands now, where the officer sees the account.
select subject_id from linking_membership where account_id = %(account)s and until is null

-- name: members
-- The accounts of a subject that the officer sees; without `now`, also those that left it.
select account_id from linking_membership where subject_id = %(subject)s and (until is null or not %(now)s) group by 1 order by 1

-- name: near
-- Accounts that the officer sees and that stand with one of these, are linked to one that does, or meet one of them in
-- evidence or words of covert compartments that the officer is in; in which subject each stands.
with recursive mine as (
  select unnest(%(accounts)s::uuid[]) as account_id
  union
  select m.account_id from linking_membership here
  join linking_membership m on m.subject_id = here.subject_id and m.until is null
  where here.account_id = any (%(accounts)s::uuid[]) and here.until is null
),
covertly as (
  select account_id, 0 as step from mine
  union
  select met.account_id, covertly.step + 1 from covertly cross join lateral (
    select o.account_id from linking_evidence e join linking_evidence o on o.value_id = e.value_id
    where e.account_id = covertly.account_id and o.account_id <> e.account_id and not (e.is_base and o.is_base)
    union select case when j.a = covertly.account_id then j.b else j.a end from linking_judgement j
    where covertly.account_id in (j.a, j.b) and j.answer = 'same' and j.undone_at is null
  ) met where covertly.step < %(steps)s
)
select found.account_id, found.is_together, m.subject_id from (
  select account_id, true as is_together from covertly
  union
  select case when l.a = c.account_id then l.b else l.a end, false
  from covertly c join linking_link l on c.account_id in (l.a, l.b)
) found
left join linking_membership m on m.account_id = found.account_id and m.until is null
order by 2 desc, 1 limit %(most)s

-- name: persons
-- In which reports open to the officer these accounts are whose, newest first.
select p.account_id, p.selector_id, d.value, p.report_id, r.number, p.compartment, p.role, p.person, p.protected, p.is_base,
  p.received_at
from linking_person p
join intake_report r on r.id = p.report_id
left join selectors_selector d on d.id = p.selector_id
where p.account_id = any (%(accounts)s::uuid[]) order by p.received_at desc, p.id desc limit %(most)s

-- name: of_report
-- The persons of a report.
select p.account_id, p.selector_id, d.value, p.report_id, r.number, p.compartment, p.role, p.person, p.protected, p.is_base,
  p.received_at
from intake_report r
join linking_person p on p.compartment = r.compartment and p.report_id = r.id
left join selectors_selector d on d.id = p.selector_id
where r.id = %(report)s order by p.role, p.person, p.id

-- name: evidence
-- What reports open to the officer say of these accounts.
select e.account_id, e.value_id, e.kind, e.first_at, e.last_at, e.flags, e.network, e.is_base, e.report_id, r.number,
  e.selector_id, d.value
from linking_evidence e
join intake_report r on r.id = e.report_id
left join selectors_selector d on d.id = e.selector_id
where e.account_id = any (%(accounts)s::uuid[]) order by e.id limit %(most)s

-- name: holders
select value_id, holders from linking_holders(%(values)s::uuid[], %(seek)s)

-- name: protected
select linking_protected(%(accounts)s::uuid[])

-- name: links
select a, b, outcome from linking_link
where a = any (%(accounts)s::uuid[]) and b = any (%(accounts)s::uuid[])

-- name: words
-- What counts of people's words for this officer: what is in force for all, and what was said where only members read.
select a, b, answer from linking_constraint
where a = any (%(accounts)s::uuid[]) and b = any (%(accounts)s::uuid[])
union
select a, b, answer from linking_judgement
where a = any (%(accounts)s::uuid[]) and b = any (%(accounts)s::uuid[]) and undone_at is null and answer in ('same', 'different')

-- name: judgements
-- Judgements on these accounts, newest first, taken back or not, as far as the officer reads where they were made.
select j.id, j.compartment, j.report_id, j.a, j.b, j.answer, j.by_officer, j.by_name, j.by_rule, j.why, j.at, j.approval_id,
  j.undone_at, j.undone_by_name, j.undone_why, access_is_covert(j.compartment)
from linking_judgement j
where j.a = any (%(accounts)s::uuid[]) or j.b = any (%(accounts)s::uuid[]) order by j.at desc limit %(most)s

-- name: changes
-- What became of a subject, newest first, with the accounts that the officer sees.
select c.id, c.kind, c.subject_id, c.other_id, c.cause, c.at, coalesce(moved.accounts, '{}')
from linking_change c
left join lateral (
  select array_agg(distinct m.account_id) as accounts from linking_membership m
  where (m.subject_id = c.subject_id or m.subject_id = c.other_id) and (m.change_id = c.id or m.ended_by = c.id)
) moved on true
where (c.subject_id = %(subject)s or c.other_id = %(subject)s) order by c.at desc, c.id desc limit %(most)s
