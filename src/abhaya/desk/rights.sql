-- name: held
-- Every sighting of these identifiers that the officer may see, or of what is open to the unit as such: where, in which
-- role, who saw it, to whom it went.
select s.id, s.compartment, s.report_id, r.number, r.received_at, r.sender_name, s.kind, s.raw, s.role, s.locator,
    coalesce(i.name, ''), s.mined, s.assumed, coalesce(q.lane, ''), coalesce(q.decision, ''), coalesce(q.decision_reason, ''),
    array(select distinct u.name from routing_referral f join access_unit u on u.id = f.to_unit_id
        where f.report_id = s.report_id order by 1),
    array(select distinct e.actor_name from ledger_entry e
        where e.compartment = s.compartment and e.event = 'desk:report:viewed' order by 1),
    (select count(distinct h.role) from linking_hit h where h.report_id = s.report_id and h.selector_id = s.selector_id),
    (select count(*) from custody_hold h where h.compartment = s.compartment and h.lifted_at is null),
    coalesce((select d.rule from custody_due d where d.compartment = s.compartment), ''),
    array(select c.note from desk_correction c where c.report_id = s.report_id and c.locator = s.locator order by c.id)
from selectors_sighting s
join intake_report r on r.id = s.report_id
left join custody_item i on i.id = s.item_id
left join triage_queue q on q.report_id = s.report_id
where s.selector_id = any (%(selectors)s) and (%(unit)s::uuid is null or exists (
    select 1 from access_opening o
    where o.compartment = s.compartment and o.viewer = %(unit)s and (o.until is null or o.until > now())
))
order by s.report_id desc, s.id limit %(most)s

-- name: requests
-- The unit's requests, open ones first, the soonest due first.
select id, kind, reference, asked_for, selectors, received_on, due_on, outcome, ground, reasons, made_by, made_name, made_at,
    decided_name, decided_at
from desk_person_request where unit_id = %(unit)s order by outcome <> '', due_on, id limit %(most)s

-- name: request
select id, kind, reference, asked_for, selectors, received_on, due_on, outcome, ground, reasons, made_by, made_name, made_at,
    decided_name, decided_at
from desk_person_request where id = %(request)s

-- name: decide
update desk_person_request set outcome = %(outcome)s, ground = %(ground)s, reasons = %(reasons)s, decided_by = %(officer)s,
    decided_name = %(name)s, decided_at = now()
where id = %(request)s and outcome = ''

-- name: corrections
-- What officers noted beside the facts of a report.
select locator, note, made_name, made_at from desk_correction where report_id = %(report)s order by id

-- name: accounts
-- Accounts of whoever has these identifiers, as senders state it, as far as the officer sees.
select distinct p.account_id from selectors_sighting s
join linking_person p on p.report_id = s.report_id and p.role = s.role and p.person = s.person
where s.selector_id = any (%(selectors)s::uuid[]) and s.kind = any (%(kinds)s::text[]) and not s.mined
limit %(most)s

-- name: open_to_unit
-- Which of these compartments are open to a unit as such.
select distinct compartment from access_opening
where viewer = %(unit)s and compartment = any (%(compartments)s::uuid[]) and (until is null or until > now())

-- name: stated_of_others
-- What is stated, in the reports of these accounts and in some more, of anybody else, and of other accounts anywhere; but not
-- what is the accounts' own as well: kind, as written.
with seat as (
  select p.report_id, p.role, p.person, p.account_id = any (%(accounts)s::uuid[]) as is_own
  from linking_person p where p.account_id = any (%(accounts)s::uuid[] || %(others)s::uuid[])
), own as (
  select s.kind, s.raw from selectors_sighting s
  join seat on seat.is_own and seat.report_id = s.report_id and seat.role = s.role and seat.person = s.person
), near as (
  select s.kind, s.raw from selectors_sighting s
  where s.report_id in (select report_id from seat where is_own union select unnest(%(reports)s::uuid[]))
    and (s.selector_id is null or s.selector_id <> all (%(selectors)s::uuid[]))
  union
  select s.kind, s.raw from selectors_sighting s
  join seat on not seat.is_own and seat.report_id = s.report_id and seat.role = s.role and seat.person = s.person
)
select kind, raw from near except select kind, raw from own order by 1, 2 limit %(most)s
