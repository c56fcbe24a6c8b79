-- name: said
-- What is said of the persons of the reports in `asked` by their other reports (`signals.SAYS`): of the newest %(most)s of
-- each that count for everybody. A person: the accounts of a subject, or one alone. Who only acted in a group is not asked.
seat as materialized (
    select distinct a.report_id, coalesce(m.subject_id, p.account_id) as who from asked a
    join intake_report r on r.id = a.report_id and r.id >= %(since)s and r.id < %(until)s
    join linking_person p on p.compartment = r.compartment and p.report_id = r.id and p.id < %(until)s
        and p.persona_id is null and p.role <> 'actor'
    left join linking_membership m on m.account_id = p.account_id and m.until is null
    where p.selector_id is not null or m.subject_id is not null
), who as materialized (
    select distinct who as id from seat
), stood as materialized (
    select who.id, one.report_id, coalesce(q.tells, 0) as tells from who cross join lateral (
        select distinct p.report_id from (
            select who.id as account_id
            union all select m.account_id from linking_membership m where m.subject_id = who.id and m.until is null
        ) a
        join linking_person p on p.account_id = a.account_id and p.id < %(until)s and p.is_base and p.role <> 'actor'
        order by p.report_id desc limit %(most)s
    ) one left join triage_queue q on q.report_id = one.report_id
), summed as materialized (
    select id, count(*) as reports, count(*) filter (where tells & 1 <> 0) as danger,
        count(*) filter (where tells & 2 <> 0) as meet, count(*) filter (where tells & 4 <> 0) as sought
    from stood group by id
), said as materialized (
    select seat.report_id, bit_or(
        case when others.reports >= %(many)s then 2 when others.reports > 0 then 1 else 0 end
        | case when others.danger > 0 then 4 else 0 end | case when others.meet > 0 then 8 else 0 end
        | case when others.sought > 0 then 16 else 0 end
    )::int as says
    from seat join summed on summed.id = seat.who
    left join stood own on own.id = seat.who and own.report_id = seat.report_id
    cross join lateral (
        select summed.reports - (own.id is not null)::int as reports, summed.danger - (coalesce(own.tells, 0) & 1) as danger,
            summed.meet - (coalesce(own.tells, 0) >> 1 & 1) as meet, summed.sought - (coalesce(own.tells, 0) >> 2 & 1) as sought
    ) others
    group by seat.report_id
)

-- name: stale
-- Reports in work of these persons, the newest %(most)s of each, that would be ranked by something else now; and those that
-- are on their way to being ranked, because whoever has one in hand may have begun before. Of a persona, too: what was said
-- by it before it was protected has to go.
with stirred as (
    select unnest(%(persons)s::uuid[]) as id
), reports as materialized (
    select distinct a.id, p.report_id from (
        select id, id as account_id from stirred
        union select s.id, m.account_id from stirred s join linking_membership m on m.subject_id = s.id
    ) a
    join linking_person p on p.account_id = a.account_id and p.id < %(until)s and p.role <> 'actor'
), asked as materialized (
    select distinct one.report_id from (
        select r.report_id, row_number() over (partition by r.id order by r.report_id desc) as place
        from reports r join triage_queue q on q.report_id = r.report_id and q.state in ('waiting', 'claimed', 'forwarded')
    ) one where one.place <= %(most)s
),
{said}
select a.report_id from asked a join triage_queue q on q.report_id = a.report_id
left join said on said.report_id = a.report_id where q.says <> coalesce(said.says, 0)
union
select w.report_id from shared_waypoint w where w.stage = %(stage)s and w.report_id in (select report_id from reports)

-- name: open_to_reader
-- Other reports of a report's persons that the reader may read, and what each tells, the newest first: of the same account,
-- and of another that is held to be the same person's by what the reader may read.
with mine as (
    select distinct p.account_id, m.subject_id from intake_report r
    join linking_person p on p.compartment = r.compartment and p.report_id = r.id and p.role <> 'actor'
    left join linking_membership m on m.account_id = p.account_id and m.until is null
    where r.id = %(report)s
), other as (
    select account_id from mine
    union
    select o.account_id from mine
    join linking_membership o on o.subject_id = mine.subject_id and o.until is null and o.account_id <> mine.account_id
    where exists (
        select 1 from linking_evidence e join linking_evidence f on f.value_id = e.value_id and f.account_id = o.account_id
        where e.account_id = mine.account_id and e.is_base and f.is_base
    ) or exists (
        select 1 from linking_constraint w where w.answer = 'same'
        and w.a = least(mine.account_id, o.account_id) and w.b = greatest(mine.account_id, o.account_id)
    )
)
select r.number, q.tells from (
    select distinct p.report_id from other
    join linking_person p on p.account_id = other.account_id and p.is_base and p.report_id <> %(report)s and p.role <> 'actor'
    order by p.report_id desc limit %(most)s
) one
join intake_report r on r.id = one.report_id
join triage_queue q on q.report_id = one.report_id
order by r.id desc
