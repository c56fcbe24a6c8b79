-- name: grouped
-- The accounts that stand together under each of these ids: of a subject its accounts, of an account that stands alone itself.
select k.id as standing, m.account_id from unnest(%(standings)s::uuid[]) k (id)
join linking_membership m on m.subject_id = k.id and m.until is null
union all
select k.id, k.id from unnest(%(standings)s::uuid[]) k (id)
where not exists (select 1 from linking_membership m where m.account_id = k.id and m.until is null)

-- name: in_cases
-- Which case has which of them: in a report of its own, as an identifier that it notes, by what a covert report of its own shares with them, by a word of its members.
select a.compartment, g.standing, a.detached_at is null as is_now
from grouped g join linking_person p on p.account_id = g.account_id join cases_attachment a on a.report_id = p.report_id
union
select w.compartment, g.standing, w.ended_at is null
from grouped g join cases_watch w on w.watched = g.account_id and w.kind = any (%(kinds)s)
union
select w.compartment, g.standing, w.ended_at is null
from grouped g join linking_evidence e on e.account_id = g.account_id and e.is_base and e.flags & %(soft)s = 0
join cases_watch w on w.watched = e.selector_id and w.kind = any (%(kinds)s)
where {few_hold}
union
select a.compartment, g.standing, a.detached_at is null
from grouped g join linking_evidence e on e.account_id = g.account_id and e.is_base and e.flags & %(soft)s = 0 and e.kind = any (%(kinds)s)
join linking_evidence c on c.value_id = e.value_id and not c.is_base and c.flags & %(soft)s = 0
join cases_attachment a on a.report_id = c.report_id
join intake_report r on r.id = a.report_id and not r.is_test
where {few_hold}
union
select j.compartment, g.standing, j.undone_at is null
from grouped g join linking_judgement j on g.account_id in (j.a, j.b) and j.answer = 'same'
join cases_case c on c.compartment = j.compartment

-- name: few_hold
-- Whether the value of `e` is not everybody's.
(
    select count(*) from (
        select distinct o.account_id from linking_evidence o where o.value_id = e.value_id and o.is_base limit %(holders)s + 1
    ) o
) <= %(holders)s

-- name: with_reports
-- What open cases have of somebody whom the newest of these reports name too.
with grouped as materialized ({grouped}),
in_cases as materialized ({in_cases})
select c.compartment, c.standing as watched, 'subject' as kind, '' as value, null::bytea as digest, n.report_id
from (select distinct compartment, standing from in_cases where is_now) c
cross join lateral (
    select p.report_id from grouped g join linking_person p on p.account_id = g.account_id and p.is_base
    where g.standing = c.standing order by p.id desc limit %(most)s
) n
where %(cases)s::uuid[] is null or c.compartment = any (%(cases)s)

-- name: with_cases
-- What open cases have of somebody of whom another case has something too.
with grouped as materialized ({grouped}),
in_cases as materialized ({in_cases})
select a.compartment, a.standing as watched, 'subject' as kind, '' as value, null::bytea as digest, b.compartment as other
from in_cases a join in_cases b on b.standing = a.standing and b.compartment <> a.compartment and b.is_now
where a.is_now and (%(cases)s::uuid[] is null or a.compartment = any (%(cases)s) or b.compartment = any (%(cases)s))

-- name: between_reports
-- The newest reports of somebody, where units differ that work on them.
with grouped as materialized ({grouped}),
held as (
    select k.id as standing, r.id as report, r.compartment, holder.unit
    from unnest(%(standings)s::uuid[]) k (id)
    cross join lateral (
        select distinct n.report_id from (
            select p.report_id from grouped g join linking_person p on p.account_id = g.account_id and p.is_base
            where g.standing = k.id order by p.id desc limit %(most)s
        ) n
    ) n
    join intake_report r on r.id = n.report_id and not r.is_test
    cross join lateral ({holder}) holder
)
select h.standing, h.report, h.compartment, h.unit from held h
where exists (select 1 from held o where o.standing = h.standing and o.unit <> h.unit) order by h.report

-- name: note_reports
-- Whom these reports name that stand together with others, or stand in other reports too: to be looked at again.
insert into cases_regrouped (id, standing)
select gen_random_uuid(), one.standing from (
    select distinct coalesce(m.subject_id, p.account_id) as standing
    from intake_report r
    join linking_person p on p.compartment = r.compartment and p.report_id = r.id and p.is_base
    left join linking_membership m on m.account_id = p.account_id and m.until is null
    where r.id = any (%(reports)s) and (m.subject_id is not null or exists (
        select 1 from linking_person o where o.account_id = p.account_id and o.report_id <> r.id and o.is_base
    ))
) one

-- name: take
-- The next that changed; they are looked at now.
delete from cases_regrouped where id in (select id from cases_regrouped order by id limit %(most)s for update skip locked)
returning standing

-- name: ever
-- These ids, and every account that stood with them once.
select unnest(%(ids)s::uuid[]) union select account_id from linking_membership where subject_id = any (%(ids)s::uuid[])

-- name: standings
-- Under which id each of these stands now.
select distinct coalesce(m.subject_id, i.id) from unnest(%(ids)s::uuid[]) i (id)
left join linking_membership m on m.account_id = i.id and m.until is null

-- name: of_new
-- Under which ids stands what these watches and attached reports have.
select distinct coalesce(m.subject_id, one.account_id) from (
    select p.account_id from cases_attachment a join intake_report r on r.id = a.report_id
    join linking_person p on p.compartment = r.compartment and p.report_id = r.id where a.id = any (%(attachments)s)
    union
    select o.account_id from cases_attachment a join intake_report r on r.id = a.report_id
    join linking_evidence e on e.compartment = r.compartment and e.report_id = r.id and not e.is_base
    cross join lateral (
        select n.account_id from linking_evidence n where n.value_id = e.value_id and n.is_base limit %(most)s
    ) o where a.id = any (%(attachments)s)
    union select w.watched from cases_watch w where w.id = any (%(watches)s)
    union
    select e.account_id from cases_watch w
    cross join lateral (
        select s.compartment from selectors_sighting s where s.selector_id = w.watched and s.persona_id is null order by s.id desc limit %(most)s
    ) s
    join linking_evidence e on e.compartment = s.compartment and e.selector_id = w.watched and e.is_base
    where w.id = any (%(watches)s)
) one
left join linking_membership m on m.account_id = one.account_id and m.until is null

-- name: told_before
-- What sides were told of somebody who stands under one of these ids, or stood there.
select id, compartment, watched, report_id, told_unit, other from cases_hit
where kind = 'subject' and watched = any (%(ids)s::uuid[]) order by id

-- name: still
-- Under which ids both sides of what was told still have somebody, whether the case is open or not.
with grouped as materialized ({grouped}),
in_cases as materialized ({in_cases}),
own as (
    select h.id, g.standing from cases_hit h
    join linking_person p on p.compartment = h.compartment and p.report_id = h.report_id
    join grouped g on g.account_id = p.account_id where h.id = any (%(hits)s::uuid[])
    union
    select h.id, c.standing from cases_hit h join in_cases c on c.compartment = h.compartment
    where h.id = any (%(hits)s::uuid[]) and h.report_id is null
)
select own.id, own.standing from own join cases_hit h on h.id = own.id
where exists (select 1 from in_cases c where c.compartment = h.other and c.standing = own.standing) or exists (
    select 1 from grouped g join linking_person p on p.account_id = g.account_id and p.is_base
    join access_opening o on o.compartment = p.compartment and o.viewer = h.other
    where g.standing = own.standing and p.report_id is distinct from h.report_id and not exists (
        select 1 from cases_attachment a
        where a.compartment = h.compartment and a.report_id = p.report_id and a.detached_at is null
    )
)
order by 1, 2

-- name: stands_elsewhere
-- What was told stays told; the person goes by another id now.
update cases_hit h set watched = moved.standing from unnest(%(ids)s::uuid[], %(standings)s::uuid[]) as moved (id, standing)
where h.id = moved.id

-- name: withdraw
delete from cases_hit where id = any (%(ids)s::uuid[])
