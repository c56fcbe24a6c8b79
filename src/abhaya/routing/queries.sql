-- name: inputs
-- What placing needs of a set of reports, each held still until it is placed. Test reports are none of routing's.
select r.id, r.compartment, r.channel, r.received_at, r.incident_at, q.holder_unit_id, q.lane, q.state, r.record::text
from triage_queue q join intake_report r on r.id = q.report_id
where q.report_id = any (%(reports)s) and r.id >= %(since)s and not r.is_test
order by q.report_id
for update of q

-- name: sightings
-- Addresses and telephones of a set of reports that could be normalised; a protected persona's say nothing of whose it is.
select s.report_id, s.kind, d.value, s.role, s.event, s.at, s.at_precision, s.zone_known, s.port, s.possible_proxy, s.verified, s.mined
from selectors_sighting s join selectors_selector d on d.id = s.selector_id
where s.report_id = any (%(reports)s) and s.id >= %(since)s and s.kind in ('ip', 'phone')
  and s.persona_id is null
order by s.id

-- name: units
-- Every active unit, for the tree.
select id, parent_id, kind, name, name_hi, forward_rule, place_code from access_unit where is_active

-- name: handed
-- Referrals that these reports have had: where they are, and who sent them back.
select report_id, to_unit_id, state from routing_referral where report_id = any (%(reports)s)

-- name: placed
-- How these reports were placed before.
select report_id, asked_unit_id, outcome, unit_id, place_code, why::text, settled_at from routing_placement
where report_id = any (%(reports)s)

-- name: clocks
select unit_id, lane, minutes from routing_clock

-- name: standing
-- One report for whoever wants to forward it; held still until they have.
select q.report_id, q.compartment, q.holder_unit_id, q.state, q.lane, q.place_code, q.claimed_by, coalesce(o.name, ''),
    coalesce(q.claimed_until > now(), false), u.name, u.name_hi
from triage_queue q join access_unit u on u.id = q.holder_unit_id
left join access_officer o on o.id = q.claimed_by
where q.report_id = %(report)s
for update of q

-- name: offer
-- No row: it is on its way to a unit already.
insert into routing_referral (id, compartment, report_id, from_unit_id, to_unit_id, state, lane, place_code, why, note, offered_by, offered_at, due_at, reason)
values (%(id)s, %(compartment)s, %(report)s, %(from_unit)s, %(to_unit)s, 'offered', %(lane)s, %(place)s, null, %(note)s, %(officer)s, %(now)s, %(due)s, '')
on conflict (report_id) where state = 'offered' do nothing
returning id

-- name: decide
-- Accepts or returns what was offered to the officer's unit. No row: somebody was first, or it was never theirs.
update routing_referral set state = %(state)s, decided_by = %(officer)s, decided_at = now(), reason = %(reason)s
where id = %(id)s and state = 'offered' and to_unit_id = %(unit)s
returning id, compartment, report_id, from_unit_id, (select name from access_unit where id = from_unit_id), to_unit_id,
    (select name from access_unit where id = to_unit_id)

-- name: settle
-- These reports are somebody's.
update routing_placement set settled_at = now() where report_id = any (%(reports)s) and settled_at is null

-- name: settle_decided
-- Nobody's reports that a desk has closed are nobody's no longer.
update routing_placement p set settled_at = now()
from triage_queue q
where q.report_id = p.report_id and q.state = 'decided' and p.outcome = 'nobody' and p.settled_at is null

-- name: overdue
-- Offers whose clock has run out and of which nobody has been told yet.
update routing_referral set overdue_at = now()
where id in (select id from routing_referral where state = 'offered' and overdue_at is null and due_at < now() order by due_at limit %(most)s)
returning id, compartment, report_id, from_unit_id, (select name from access_unit where id = from_unit_id), to_unit_id,
    (select name from access_unit where id = to_unit_id)

-- name: opened_by_referral
-- Units that see a report because of this referral alone.
select viewer, compartment from access_opening where compartment = %(compartment)s and basis = %(basis)s and (until is null or until > now())

-- name: referral
select r.id, r.compartment, r.report_id, r.state, r.lane, r.place_code, r.why::text, r.note, r.offered_at, r.due_at, r.overdue_at, r.decided_at, r.reason,
    r.from_unit_id, f.name, f.name_hi, r.to_unit_id, t.name, t.name_hi, coalesce(o.name, ''), coalesce(d.name, ''),
    coalesce(i.number, 0), coalesce(i.platform, ''), coalesce(i.external_ref, ''), i.received_at
from routing_referral r
join access_unit f on f.id = r.from_unit_id
join access_unit t on t.id = r.to_unit_id
left join access_officer o on o.id = r.offered_by
left join access_officer d on d.id = r.decided_by
left join intake_report i on i.id = r.report_id
where r.id = %(id)s

-- name: referrals
-- Referrals of a unit, by their clock while they are open, newest first when decided; {which} and {order} are of queries alone.
with chosen as (
    select r.* from routing_referral r where {which} order by {order} limit %(limit)s
)
select r.id, r.compartment, r.report_id, r.state, r.lane, r.place_code, r.why::text, r.note, r.offered_at, r.due_at, r.overdue_at, r.decided_at, r.reason,
    r.from_unit_id, f.name, f.name_hi, r.to_unit_id, t.name, t.name_hi, coalesce(o.name, ''), coalesce(d.name, ''),
    coalesce(i.number, 0), coalesce(i.platform, ''), coalesce(i.external_ref, ''), i.received_at
from chosen r
join access_unit f on f.id = r.from_unit_id
join access_unit t on t.id = r.to_unit_id
left join access_officer o on o.id = r.offered_by
left join access_officer d on d.id = r.decided_by
left join intake_report i on i.id = r.report_id
order by {order}

-- name: open_counts
-- Open offers of a unit, counted to a limit: how many, how many late, since when the oldest. {side} is to_unit_id or from_unit_id.
select count(*), count(*) filter (where due_at < now()), min(offered_at)
from (select due_at, offered_at from routing_referral where {side} = %(unit)s and state = 'offered' order by due_at limit %(most)s) counted

-- name: placing
-- What became of a report when it was placed, beside each proposal of that placing in order of rank.
select l.outcome, l.unit_id, coalesce(lu.name, ''), coalesce(lu.name_hi, ''), l.place_code, l.why::text, l.rules_version, l.placed_at, l.settled_at,
    p.rank, p.whose, p.country, p.state, p.district, p.possible, p.unit_id, coalesce(u.name, ''), coalesce(u.name_hi, ''), p.points, p.strength,
    p.reasons::text, p.against::text
from routing_placement l
left join access_unit lu on lu.id = l.unit_id
left join routing_proposal p on p.report_id = l.report_id and p.placed_at = l.placed_at and p.id >= %(since)s
left join access_unit u on u.id = p.unit_id
where l.report_id = %(report)s
order by p.rank

-- name: history
-- Every hand-over of a report, the first first.
select r.id, r.compartment, r.report_id, r.state, r.lane, r.place_code, r.why::text, r.note, r.offered_at, r.due_at, r.overdue_at, r.decided_at, r.reason,
    r.from_unit_id, f.name, f.name_hi, r.to_unit_id, t.name, t.name_hi, coalesce(o.name, ''), coalesce(d.name, ''), 0, '', '', null::timestamptz
from routing_referral r
join access_unit f on f.id = r.from_unit_id
join access_unit t on t.id = r.to_unit_id
left join access_officer o on o.id = r.offered_by
left join access_officer d on d.id = r.decided_by
where r.report_id = %(report)s
order by r.offered_at, r.id

-- name: nobodys
-- Reports of a unit's queue that belong to nobody yet, oldest first.
select p.report_id, i.number, i.platform, i.external_ref, p.received_at, p.place_code, p.why::text, q.lane, q.state, q.first_opened_at
from routing_placement p
join triage_queue q on q.report_id = p.report_id and q.holder_unit_id = p.asked_unit_id and q.state in ('waiting', 'claimed')
join intake_report i on i.id = p.report_id
where p.asked_unit_id = %(unit)s and p.outcome = 'nobody' and p.settled_at is null {after}
order by p.received_at, p.report_id limit %(limit)s

-- name: nobodys_counts
-- How many, counted to a limit; never looked at; the oldest.
select count(*), count(*) filter (where first_opened_at is null), min(received_at) from (
    select p.received_at, q.first_opened_at from routing_placement p
    join triage_queue q on q.report_id = p.report_id and q.holder_unit_id = p.asked_unit_id and q.state in ('waiting', 'claimed')
    where p.asked_unit_id = %(unit)s and p.outcome = 'nobody' and p.settled_at is null
    order by p.received_at limit %(most)s
) counted

-- name: where_offered
-- Offers that wait, by the unit that should decide.
select to_unit_id, count(*), count(*) filter (where due_at < now()), min(offered_at)
from routing_referral where state = 'offered' group by to_unit_id

-- name: where_at_work
-- Reports in the units' queues, by the unit that holds them.
select holder_unit_id, count(*), count(*) filter (where first_opened_at is null), min(arrived_at)
from triage_queue where state in ('waiting', 'claimed') group by holder_unit_id

-- name: where_decided
-- What units did in the period with what was offered to them.
select to_unit_id, count(*) filter (where state = 'accepted'), count(*) filter (where state = 'returned'),
    percentile_cont(0.5) within group (order by extract(epoch from decided_at - offered_at)) filter (where state = 'accepted')
from routing_referral where state <> 'offered' and decided_at >= %(since)s and offered_at >= %(offered_since)s group by to_unit_id

-- name: of_unit
-- What was offered to a unit in a period, and what became of it: for its workbook and its Action Taken Report.
select r.id, r.report_id, i.number, i.external_ref, i.platform, i.sender_name, i.incident_type, i.received_at, r.state, r.lane, r.place_code,
    f.name, f.name_hi, r.offered_at, r.due_at, r.decided_at, r.reason, coalesce(q.state, ''), coalesce(q.decision, ''), coalesce(q.decision_reason, ''), q.decided_at
from routing_referral r
join intake_report i on i.id = r.report_id
join access_unit f on f.id = r.from_unit_id
left join triage_queue q on q.report_id = r.report_id and q.holder_unit_id = r.to_unit_id
where r.to_unit_id = %(unit)s and r.offered_at >= %(from)s and r.offered_at < %(until)s
order by r.offered_at, r.id limit %(most)s

-- name: set_clock
insert into routing_clock (id, unit_id, lane, minutes) values (%(id)s, %(unit)s, %(lane)s, %(minutes)s)
on conflict (unit_id, lane) do update set minutes = excluded.minutes

-- name: unset_clock
delete from routing_clock where unit_id = %(unit)s and lane = %(lane)s
