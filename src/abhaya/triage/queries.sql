-- name: inputs
-- What the rules need of a set of reports. %(since)s lets the planner leave out the months before the oldest of them.
with asked as (select unnest(%(reports)s::uuid[]) as report_id),
{said}
select r.id, r.compartment, r.unit_id, r.sender_id, r.received_at, r.is_test, r.record::text,
    coalesce(hit.reports, 0), coalesce(file.files, 0), coalesce(match.known, 0) + coalesce(same.widely_first, 0), coalesce(match.most, 0),
    coalesce(file.held, 0), coalesce(listed.sought, 0), coalesce(listed.later, 0), coalesce(listed.viral, 0),
    coalesce(same.widely_files, 0), coalesce(same.apart <> '[]', false), coalesce(said.says, 0), q.says, q.tells, q.score,
    coalesce(c.covert, false)
from intake_report r
left join said on said.report_id = r.id
left join triage_queue q on q.report_id = r.id
left join access_compartment c on c.id = r.compartment
left join (
    select h.report_id, max(h.earlier_reports) as reports from linking_hit h
    where h.report_id = any (%(reports)s) and h.id >= %(since)s and h.strength = 'strong' group by h.report_id
) hit on hit.report_id = r.id
left join (
    select f.report_id, count(distinct f.position) as files,
        count(distinct f.position) filter (where f.sha256 is not null) as held
    from intake_file f
    where f.report_id = any (%(reports)s) and f.id >= %(since)s group by f.report_id
) file on file.report_id = r.id
left join (
    select m.report_id, count(distinct m.file_id) as known, max(m.earlier_reports) as most from matching_match m
    where m.report_id = any (%(reports)s) and m.id >= %(since)s and m.hash_kind = 'bytes' group by m.report_id
) match on match.report_id = r.id
left join (
    select file.report_id, count(*) filter (where file.sought) as sought, count(*) filter (where file.later) as later,
        count(*) filter (where file.viral and not file.named) as viral
    from (
        select m.report_id, f.position, bool_or(m.purpose = 'material') as named,
            bool_or(m.purpose = 'material' and m.answer = 'known') as sought,
            bool_or(m.purpose = 'material' and m.found_by = 're-check') as later,
            bool_or(m.purpose = 'viral' and m.answer = 'known') as viral
        from matching_list_match m join intake_file f on f.id = m.file_id
        where m.report_id = any (%(reports)s) and m.ended_at is null group by m.report_id, f.position
    ) file group by file.report_id
) listed on listed.report_id = r.id
left join matching_bundle same on same.report_id = r.id
where r.id = any (%(reports)s)

-- name: as_assessed
-- What these reports stand in the queue by.
select a.report_id, a.id, a.lane, a.score, a.lane_reason::text, a.reasons::text, a.raise_by::text, a.title::text,
    a.reported_is_child, a.rules_version
from triage_queue q join triage_assessment a on a.id = q.assessment_id and a.id >= %(since)s
where q.report_id = any (%(reports)s)

-- name: bundles
-- Which reports bring what others bring, too: the bundle, whose queue they are in, and whether they stand apart in it.
-- Covert ones fold with nothing.
select b.report_id, b.bundle_id, coalesce(q.holder_unit_id, r.unit_id), b.apart <> '[]'
from matching_bundle b
join access_compartment c on c.id = b.compartment and not c.covert
join intake_report r on r.id = b.report_id and r.id >= %(since)s
left join triage_queue q on q.report_id = b.report_id
where b.report_id = any (%(reports)s)

-- name: first_of
-- Beside which report of these units' queues a line stands, where there is one.
select line.unit, line.fold, first.line
from unnest(%(units)s::uuid[], %(bundles)s::uuid[], %(folds)s::uuid[]) as line (unit, bundle, fold)
cross join lateral (
    select q.line from triage_queue q
    where q.holder_unit_id = line.unit and q.bundle_id = line.bundle and q.fold = line.fold and q.state in ('waiting', 'claimed')
    limit 1
) first

-- name: claim
-- Takes a waiting report, or keeps one's own, or takes over one whose time has run out, and says as the statement
-- "standing" where it stands then. No row: somebody else was first.
with taken as (
update triage_queue set state = 'claimed', claimed_by = %(officer)s, claimed_until = now() + %(minutes)s * interval '1 minute',
    first_opened_at = coalesce(first_opened_at, now()),
    opened_by = case when %(officer)s = any (opened_by) then opened_by else opened_by || %(officer)s::uuid end
where report_id = %(report)s and holder_unit_id = %(unit)s
and (state = 'waiting' or (state = 'claimed' and (claimed_by = %(officer)s or claimed_until <= now())))
returning *
) {standing}

-- name: release
-- Puts back what the officer holds.
update triage_queue set state = 'waiting', claimed_by = null, claimed_until = null
where report_id = %(report)s and state = 'claimed' and claimed_by = %(officer)s
returning compartment

-- name: hand_on
-- Gives what the officer holds, or what waits, to a colleague of the same unit. No row: it is another's, or no colleague.
update triage_queue set state = 'claimed', claimed_by = %(colleague)s,
    claimed_until = now() + %(minutes)s * interval '1 minute'
where report_id = %(report)s and holder_unit_id = %(unit)s
and (state = 'waiting' or (state = 'claimed' and (claimed_by = %(officer)s or claimed_until <= now())))
and exists (select 1 from access_officer o where o.id = %(colleague)s and o.unit_id = %(unit)s and o.is_active)
returning compartment

-- name: decide
-- Closes what the officer holds. No row: it is not in their hands (any more).
update triage_queue set state = 'decided', decision = %(decision)s, decision_reason = %(reason)s, decided_by = %(officer)s,
    decided_at = now(), claimed_by = null, claimed_until = null
where report_id = %(report)s and holder_unit_id = %(unit)s and state = 'claimed' and claimed_by = %(officer)s
and claimed_until > now()
returning compartment

-- name: reopen
-- Takes back a decision of the officer's own unit.
update triage_queue set state = 'waiting', decision = '', decision_reason = '', decided_by = null, decided_at = null
where report_id = %(report)s and holder_unit_id = %(unit)s and state = 'decided'
returning compartment

-- name: hand_over
-- Reports stand with another unit: to be accepted there ('forwarded') or at once in its queue ('waiting').
update triage_queue q set holder_unit_id = m.unit, state = %(state)s, arrived_at = now(), claimed_by = null,
    claimed_until = null, first_opened_at = null, opened_by = '{}', stands_with = m.stands_with
from (
    select moved.report, moved.unit, {stands_with} as stands_with
    from unnest(%(reports)s::uuid[], %(units)s::uuid[]) as moved (report, unit)
    join triage_queue was on was.report_id = moved.report
) m
where q.report_id = m.report and q.state = any (%(from_states)s)

-- name: stands_with
-- In the queue of the unit it is moved to: beside what stands there, as far as the mover sees it, or came with it.
case when was.fold_id is not null then coalesce(
        (select there.line from triage_queue there where there.holder_unit_id = moved.unit and there.bundle_id = was.bundle_id
            and there.fold = was.fold_id and there.state in ('waiting', 'claimed') limit 1),
        first_value(moved.report) over (partition by moved.unit, was.fold_id order by moved.report)) end

-- name: accepted
-- The holder has accepted: the report is in its queue.
update triage_queue q set state = 'waiting', stands_with = m.stands_with
from (
    select moved.report, {stands_with} as stands_with
    from (select q.report_id as report, q.holder_unit_id as unit from triage_queue q where q.report_id = any (%(reports)s)) moved
    join triage_queue was on was.report_id = moved.report
) m
where q.report_id = m.report and q.state = 'forwarded'

-- name: placed
-- Where the first routing proposal points.
update triage_queue q set place_code = m.place
from unnest(%(reports)s::uuid[], %(places)s::text[]) as m (report, place)
where q.report_id = m.report and q.place_code <> m.place

-- name: standing
-- One report's place in the queue, with the names of who holds it: of the whole queue, or of what was just taken.
select q.report_id, q.compartment, q.holder_unit_id, u.name, u.name_hi, q.lane, q.score, q.state, q.claimed_by,
    coalesce(o.name, ''), q.claimed_until, q.first_opened_at, q.decision, q.decision_reason, coalesce(d.name, ''), q.decided_at,
    q.received_at, q.arrived_at, coalesce(q.claimed_until > now(), false)
from {queue} q
join access_unit u on u.id = q.holder_unit_id
left join access_officer o on o.id = q.claimed_by
left join access_officer d on d.id = q.decided_by
where q.report_id = %(report)s

-- name: assessment
-- The latest assessment of a report.
select id, lane, score, lane_reason::text, reasons::text, raise_by::text, title::text, reported_is_child, rules_version, assessed_at
from triage_assessment where report_id = %(report)s and id >= %(since)s order by id desc limit 1

-- name: of_report
-- The two before this one, beside each other; and how many reports of its bundle stand in its queue, counted to a limit.
select stands.*, assessed.*, together.reports from (values (1)) as always
left join lateral (
{standing}
) stands on true
left join lateral (
{assessment}
) assessed on true
cross join lateral (
    select count(*) as reports from (
        select 1 from triage_queue b
        where (b.holder_unit_id, b.bundle_id) = (select q.holder_unit_id, q.bundle_id from triage_queue q where q.report_id = %(report)s)
        and b.state in ('waiting', 'claimed') limit %(most)s
    ) one
) together

-- name: lanes
-- What waits in a unit's queue, lane by lane: how many (counted to a limit), how many never looked at, the oldest.
select lane.name,
    (select count(*) from (select 1 from triage_queue q where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed')
        and q.urgency >= lane.place * 1000 and q.urgency < (lane.place + 1) * 1000 limit %(most)s) counted),
    (select count(*) from (select 1 from triage_queue q where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed')
        and q.first_opened_at is null and q.urgency >= lane.place * 1000 and q.urgency < (lane.place + 1) * 1000 limit %(most)s) unseen)
from unnest(%(lanes)s::text[]) with ordinality as listed (name, position), lateral (select listed.name, listed.position - 1) as lane (name, place)
order by lane.place

-- name: oldest
-- When the oldest report that waits in a unit's queue was received.
select q.received_at from triage_queue q
where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') order by q.received_at, q.report_id limit 1

-- name: waiting
-- How many reports wait in a unit's queue, counted to a limit.
select count(*) from (select 1 from triage_queue q where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') limit %(most)s) counted

-- name: rows
-- Lines of a unit's queue: reports of one fold are one, the first of them, with how many there are. {filters}, {after} and
-- the orders are of `lines` alone, their values are parameters. From one line to the next through the index, over all that
-- folds into it; one that stood earlier in the order already is left out. The few of most lines are counted, then the many
-- of those that have more, each to its share.
with recursive step as (
    (select {place} from triage_queue q
    where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') {filters} {after} order by {order} limit 1)
    union all
    select following.* from step cross join lateral (
        select {place} from triage_queue q
        where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') {filters} and ({line_of_q}) > ({line_of_step})
        order by {order} limit 1
    ) following
), line as (
    select step.* from step where step.fold_id is null or not exists (
        select 1 from triage_queue q
        where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') and q.bundle_id = step.bundle_id
            and q.fold = step.fold {filters} and {earlier}
    ) limit %(limit)s
), few as materialized (
    select line.*, case when line.fold_id is null then 1 else (
        select count(*) from (
            select 1 from triage_queue q
            where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') and q.bundle_id = line.bundle_id
                and q.fold = line.fold {filters}
            limit %(few)s
        ) one
    ) end as together from line
), counted as materialized (
    select few.*, many.most, case when few.together < %(few)s then few.together else (
        select count(*) from (
            select 1 from triage_queue q
            where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') and q.bundle_id = few.bundle_id
                and q.fold = few.fold {filters}
            limit many.most
        ) one
    ) end as all_together
    from few cross join (
        select greatest(%(few)s, %(counted_most)s / greatest(count(*), 1)) as most from few where few.together >= %(few)s
    ) many
)
select {columns}, counted.all_together, counted.all_together >= counted.most
from counted
join triage_queue q on q.report_id = counted.report_id
{and_more}
order by {order}

-- name: together
-- Reports of a unit's queue that bring the same: those that stand alone first, then line by line.
with counted as (
    select q.report_id from triage_queue q
    where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed') and q.bundle_id = %(bundle)s {after}
    order by {order} limit %(limit)s
)
select {columns}, 1, false
from counted
join triage_queue q on q.report_id = counted.report_id
{and_more}
order by {order}

-- name: together_counted
-- How many there are of these, and how many of them stand alone, each counted to a limit.
select (select count(*) from (select 1 from triage_queue q where q.holder_unit_id = %(unit)s
        and q.state in ('waiting', 'claimed') and q.bundle_id = %(bundle)s limit %(most)s) one),
    (select count(*) from (select 1 from triage_queue q where q.holder_unit_id = %(unit)s
        and q.state in ('waiting', 'claimed') and q.bundle_id = %(bundle)s and q.fold < %(folds_from)s limit %(most)s) one)

-- name: bundle_of
-- What a report brings.
select bundle_id from triage_queue where report_id = %(report)s

-- name: columns
-- What a list shows of one report.
q.report_id, r.number, r.external_ref, r.platform, r.sender_name, r.incident_type, q.received_at, q.arrived_at, q.lane, q.score,
    q.urgency, case when q.state = 'claimed' and q.claimed_until > now() then 'claimed' else 'waiting' end,
    q.claimed_by, coalesce(o.name, ''), q.claimed_until, q.first_opened_at, q.files, r.file_count, q.place_code,
    a.reasons::text, a.raise_by::text, a.title::text, a.reported_is_child, q.line, q.fold, q.bundle_id, q.fold_id is null

-- name: and_more
-- Where that is found.
join intake_report r on r.id = q.report_id
join triage_assessment a on a.id = q.assessment_id
left join access_officer o on o.id = q.claimed_by

-- name: mine
-- What an officer has in hand, oldest first.
select {columns}, 1, false
from (
    select q.* from triage_queue q where q.claimed_by = %(officer)s and q.state = 'claimed' and q.claimed_until > now()
    order by q.received_at limit %(limit)s
) q
{and_more}
order by q.received_at

-- name: mine_counted
-- How many reports an officer has in hand, counted to a limit.
select count(*) from (select 1 from triage_queue q
    where q.claimed_by = %(officer)s and q.state = 'claimed' and q.claimed_until > now() limit %(most)s) counted

-- name: titles
-- Titles, lanes and scores of a set of reports, for other rooms' lists.
select q.report_id, q.lane, q.score, a.title::text, a.reported_is_child
from triage_queue q join triage_assessment a on a.id = q.assessment_id
where q.report_id = any (%(reports)s)

-- name: senders
-- Who sent what waits in a unit's queue.
select distinct s.id, s.name from intake_sender s
where exists (select 1 from triage_queue q where q.sender_id = s.id and q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed'))
order by s.name

-- name: places
-- Which places the reports of a unit's queue point to: from one code to the next through the index, never all rows.
with recursive step as (
    (select q.place_code from triage_queue q where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed')
        and q.place_code > '' order by q.place_code limit 1)
    union all
    select (select q.place_code from triage_queue q where q.holder_unit_id = %(unit)s and q.state in ('waiting', 'claimed')
        and q.place_code > step.place_code order by q.place_code limit 1)
    from step where step.place_code is not null
)
select place_code from step where place_code is not null limit %(most)s
