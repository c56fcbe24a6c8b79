-- name: found
-- Reports by id, as a search shows them; row security leaves what the reader may see.
select r.id, r.number, r.received_at, r.platform, r.sender_name, r.external_ref
from intake_report r where r.id = any (%(reports)s) order by r.id desc limit %(most)s

-- name: with_hash
-- Reports that the reader may see whose files have these bytes, by the hash named in {column}.
select f.report_id from intake_file f where f.{column} = %(hash)s order by f.report_id desc limit %(most)s

-- name: platforms
-- Names that platforms go by here: an account id is looked up on each. Senders, and what the newest reports name.
select s.name from intake_sender s where s.kind = 'platform'
union
select r.platform from (select platform from intake_report order by id desc limit %(newest)s) r where r.platform <> ''
limit %(most)s

-- name: reports_of
-- The report of each of these compartments.
select r.compartment, r.id, r.number from intake_report r where r.compartment = any (%(compartments)s)

-- name: offers
-- What was offered to a unit and waits, the soonest due first: an imminent danger offered last is still read first.
select r.report_id, r.lane, r.why::text, r.note, r.offered_at, r.due_at, f.name, f.name_hi, q.number, q.platform
from routing_referral r join access_unit f on f.id = r.from_unit_id join intake_report q on q.id = r.report_id
where r.to_unit_id = %(unit)s and r.state = 'offered' order by r.due_at, r.id limit %(most)s

-- name: found_later
-- Reports with a unit in which a list that came after them found a file lately, decided ones too; the newest first.
select m.report_id, q.number, coalesce(nullif(q.platform, ''), q.sender_name), min(m.list_name), count(distinct m.file_id),
  max(m.found_at), t.state = 'decided'
from matching_list_match m
join triage_queue t on t.report_id = m.report_id and t.holder_unit_id = %(unit)s
join intake_report q on q.id = m.report_id
where m.found_by = 're-check' and m.id >= %(since)s and m.ended_at is null and m.purpose = 'material'
group by m.report_id, q.number, q.platform, q.sender_name, t.state
order by max(m.found_at) desc, m.report_id limit %(most)s

-- name: reports_in
-- Reports that lie in a compartment, as far as the reader may see them.
select id from intake_report where compartment = %(compartment)s order by id limit %(most)s

-- name: seats
-- In which reports open to the reader these accounts are a person's, and whether the unit works on that report or an open
-- case of the reader has it; the newest first.
select p.account_id, p.id, r.number, exists (
    select 1 from triage_queue q where q.report_id = r.id and q.holder_unit_id = %(unit)s
    and (q.state <> 'decided' or q.decision = 'work')
  ) or exists (
    select 1 from cases_attachment a join cases_case c on c.compartment = a.compartment and c.state = 'open'
    where a.report_id = r.id and a.detached_at is null
  )
from linking_person p join intake_report r on r.id = p.report_id
where p.account_id = any (%(accounts)s::uuid[]) order by p.id desc limit %(most)s
