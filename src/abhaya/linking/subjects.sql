-- name: lock
-- One writer of links and subjects at a time, to the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('linking subjects', 0))

-- name: evidence
-- All evidence of these accounts, and of each value of theirs who else has it, as many as a count needs, with the telephones,
-- e-mail addresses and devices of those: how many people they look like. An address counts only between two.
with own as (
  select e.account_id, e.value_id, e.kind, e.first_at, e.last_at, e.flags, e.network from linking_evidence e
  where e.account_id = any (%(accounts)s::uuid[]) and e.is_base and e.id < %(until)s
),
counted as (select value_id from own group by value_id having min(kind) <> 'ip' or count(distinct account_id) > 1),
others as (
  select o.account_id, s.value_id, o.kind, o.first_at, o.last_at, o.flags, o.network
  from counted s cross join lateral (
    select distinct on (e.account_id) e.account_id, e.kind, e.first_at, e.last_at, e.flags, e.network
    from linking_evidence e
    where e.value_id = s.value_id and e.is_base and e.id < %(until)s and e.account_id <> all (%(accounts)s::uuid[])
    order by e.account_id limit %(others)s + 1
  ) o
)
select own.*, true from own
union all select others.*, false from others
union all
select e.account_id, e.value_id, e.kind, e.first_at, e.last_at, e.flags, e.network, false from linking_evidence e
where e.account_id = any (array(select account_id from others)) and e.is_base and e.id < %(until)s
  and e.kind in ('phone', 'email', 'device')

-- name: standing
-- Which of these accounts there are, and whether one is protected: a victim or possible minor in any report.
select p.account_id, bool_or(p.protected <> '') from linking_person p
where p.account_id = any (%(accounts)s::uuid[]) and p.is_base and p.id < %(until)s group by p.account_id

-- name: links
-- What was decided between these accounts before.
select l.a, l.b, l.weight_millibits, l.outcome, l.rule_version from linking_link l
where l.a = any (%(accounts)s::uuid[]) and l.b = any (%(accounts)s::uuid[])

-- name: unlink
delete from linking_link l using unnest(%(a)s::uuid[], %(b)s::uuid[]) as gone (a, b) where l.a = gone.a and l.b = gone.b

-- name: words
-- What the judgements in force say of pairs that touch these accounts. One that was made in a covert compartment, or in a
-- test report, counts for its members alone. Of two that contradict each other `different` stands.
select j.a, j.b, case when bool_or(j.answer = 'different') then 'different' else 'same' end
from linking_judgement j
join access_compartment c on c.id = j.compartment and not c.covert
left join intake_report r on r.id = j.report_id
where (j.a = any (%(accounts)s::uuid[]) or j.b = any (%(accounts)s::uuid[])) and j.undone_at is null
  and j.answer in ('same', 'different') and r.is_test is not true
group by j.a, j.b

-- name: words_held
select a, b, answer from linking_constraint where a = any (%(accounts)s::uuid[]) or b = any (%(accounts)s::uuid[])

-- name: unsay
delete from linking_constraint w using unnest(%(a)s::uuid[], %(b)s::uuid[]) as gone (a, b) where w.a = gone.a and w.b = gone.b

-- name: component
-- Everybody whom a change of these accounts may concern: they, who is linked to them, and who holds a value of theirs, or one
-- that they lost; who stood with one of those until now; and whom those reach by words `same` and by links: of outcome
-- `same`, and `review`, by which groups are compared.
-- A value that too many others hold says nothing, before and after: %(seek)s accounts are looked for, %(others)s may be
-- others. Where a value has come to be held by so many that it counts for less (`edges`), or by fewer again, whoever shares something with one
-- of them counts too. An array of ids lets the planner go by the index, however many it expects.
with recursive value as (
  select distinct e.value_id as id from linking_evidence e
  where e.account_id = any (%(accounts)s::uuid[]) and e.is_base and e.id < %(until)s
  union select unnest(%(lost)s::uuid[])
),
held as (
  select value.id, h.account_id from value cross join lateral (
    select distinct e.account_id from linking_evidence e
    where e.value_id = value.id and e.is_base and e.id < %(until)s limit %(seek)s
  ) h
),
counted as (
  select id, count(*) as now, count(*) filter (where account_id <> all (%(accounts)s::uuid[])) as before from held group by id
),
meaning as (
  select id, exists (
    select 1 from unnest(%(edges)s::int[]) edge
    where (now > edge and before <= edge)
      or (id = any (%(lost)s::uuid[]) and now <= edge and now + cardinality(%(accounts)s::uuid[]) > edge)
  ) as is_edge
  from counted where before <= %(others)s
),
around as (
  select account_id as id, is_edge from held join meaning using (id)
  union select unnest(%(accounts)s::uuid[]), false
  union select l.b, false from linking_link l where l.a = any (%(accounts)s::uuid[])
  union select l.a, false from linking_link l where l.b = any (%(accounts)s::uuid[])
),
edge as (select array(select id from around where (select bool_or(is_edge) from around)) as ids),
start as (
  select id from around
  union select l.b from linking_link l where l.a = any ((select ids from edge)::uuid[])
  union select l.a from linking_link l where l.b = any ((select ids from edge)::uuid[])
),
reached as (
  select id from (
    select id from start
    union
    select other.account_id from linking_membership m
    join linking_membership other on other.subject_id = m.subject_id and other.until is null
    where m.account_id = any (array(select id from start)) and m.until is null
  ) first
  union
  select next.id from reached cross join lateral (
    select l.b as id from linking_link l where l.a = reached.id and l.outcome <> 'related'
    union all select l.a from linking_link l where l.b = reached.id and l.outcome <> 'related'
    union all select w.b from linking_constraint w where w.a = reached.id and w.answer = 'same'
    union all select w.a from linking_constraint w where w.b = reached.id and w.answer = 'same'
  ) next
)
select id from reached

-- name: words_between
-- People's words, in force, on two of these accounts.
select w.a, w.b, w.answer from linking_constraint w
where w.a = any (%(accounts)s::uuid[]) and w.b = any (%(accounts)s::uuid[])

-- name: members
-- In which subject each of these accounts stands now.
select id, account_id, subject_id from linking_membership where account_id = any (%(accounts)s::uuid[]) and until is null

-- name: leave
-- Memberships that ended, each with the change that ended it.
update linking_membership m set until = %(at)s, ended_by = left_.change_id
from unnest(%(ids)s::uuid[], %(changes)s::uuid[]) as left_ (id, change_id) where m.id = left_.id

-- name: end
update linking_subject set ended_at = %(at)s where id = any (%(subjects)s::uuid[])

-- name: is_touched
select exists (select 1 from linking_touched)

-- name: touched
-- The next accounts that lost evidence; they are looked at now.
delete from linking_touched t using (
  select account_id, value_id from linking_touched order by account_id limit %(most)s
) next where t.account_id = next.account_id and t.value_id = next.value_id
returning t.account_id, t.value_id

-- name: stir_persons_of
insert into linking_stirred (person_id)
select distinct coalesce(m.subject_id, p.account_id) from intake_report r
join linking_person p on p.compartment = r.compartment and p.report_id = r.id and p.id < %(until)s and p.persona_id is null
left join linking_membership m on m.account_id = p.account_id and m.until is null
where r.id = any (%(reports)s::uuid[]) and (p.selector_id is not null or m.subject_id is not null)

-- name: take_stirred
delete from linking_stirred where id in (
  select id from linking_stirred order by id limit %(most)s for update skip locked
) returning person_id
