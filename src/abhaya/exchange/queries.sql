-- name: comparisons
-- The acting officer's own comparisons, or one of them, the newest first.
select c.id, c.token, c.side, c.state, c.partner, c.partner_key, c.contact, c.partner_contact, c.kinds, c.scope, c.case_id, c.purpose,
  c.own, c.points, c.outgoing is not null, c.made_at, c.sent_at, c.done_at,
  (select count(*) from exchange_met m where m.comparison_id = c.id)
from exchange_comparison c where %(id)s::uuid is null or c.id = %(id)s
order by c.id desc limit %(most)s

-- name: question
-- What was brought.
select question from exchange_comparison where id = %(id)s

-- name: outgoing
-- What is to be carried.
select outgoing from exchange_comparison where id = %(id)s

-- name: session
-- Secrets and places, sealed.
select session from exchange_comparison where id = %(id)s for update

-- name: of_cases
-- Identifiers of the officer's cases, or of one: what they watch, and what reports attached to them say of persons who were
-- reported. Of a covert case nothing, unless its own liaison names it; of reports nothing that is covert, a test's, under
-- cover, a child's, a victim's, or found by a machine in free text; nor what linking has not looked at yet.
with mine as (
  select c.compartment from access_opening o join cases_case c on c.compartment = o.compartment
  where o.viewer = %(officer)s and (o.until is null or o.until > now()) and c.state = 'open'
  and (c.compartment = %(case)s or (%(case)s::uuid is null and not c.covert))
  and (not c.covert or c.liaison_id = %(officer)s)
)
select w.watched, w.kind, w.value from cases_watch w join mine on mine.compartment = w.compartment
where w.ended_at is null and w.kind = any (%(kinds)s) and w.role not in ('victim', 'recipient')
union
select s.selector_id, s.kind, d.value from cases_attachment a join mine on mine.compartment = a.compartment
join intake_report r on r.id = a.report_id and not r.is_test
join access_compartment k on k.id = r.compartment and not k.covert
join selectors_sighting s on s.report_id = r.id and s.compartment = r.compartment
join selectors_selector d on d.id = s.selector_id
where a.detached_at is null and s.persona_id is null and s.kind = any (%(kinds)s) and s.role in ('reported', 'associated')
and not s.mined and not s.assumed and (
  select bool_and(p.protected = '') from linking_person p
  where p.compartment = s.compartment and p.report_id = s.report_id and p.role = s.role and p.person = s.person
)
limit %(most)s

-- name: of_reports
-- Identifiers of persons who were reported, in reports that the unit works on; but for the same as above.
select distinct s.selector_id, s.kind, d.value from access_opening o
join intake_report r on r.compartment = o.compartment and not r.is_test
join access_compartment k on k.id = r.compartment and not k.covert
join selectors_sighting s on s.report_id = r.id and s.compartment = r.compartment
join selectors_selector d on d.id = s.selector_id
where o.viewer = %(unit)s and o.level = 'work' and (o.until is null or o.until > now())
and s.persona_id is null and s.kind = any (%(kinds)s) and s.role in ('reported', 'associated')
and not s.mined and not s.assumed and (
  select bool_and(p.protected = '') from linking_person p
  where p.compartment = s.compartment and p.report_id = s.report_id and p.role = s.role and p.person = s.person
)
limit %(most)s

-- name: met
-- What the partner has too, with its value as far as something that holds it is open to the officer.
select m.selector_id, coalesce(seen.kind, watched.kind), coalesce(seen.value, watched.value)
from exchange_met m
left join lateral (
  select s.kind, d.value from selectors_sighting s join selectors_selector d on d.id = s.selector_id
  where s.selector_id = m.selector_id limit 1
) seen on true
left join lateral (
  select w.kind, w.value from cases_watch w where w.watched = m.selector_id limit 1
) watched on true
where m.comparison_id = %(comparison)s order by 2, 3, 1 limit %(most)s

-- name: reports_of
-- Reports open to the officer in which one of these stands, the newest first.
select m.id, r.id, r.number, r.received_at from unnest(%(selectors)s::uuid[]) as m (id)
cross join lateral (
  select distinct s.report_id from selectors_sighting s where s.selector_id = m.id order by s.report_id desc limit %(most)s
) s
join intake_report r on r.id = s.report_id
order by r.id desc

-- name: cases_of
-- The officer's own cases that watch one of these.
select w.watched, c.compartment, c.title from cases_watch w join cases_case c on c.compartment = w.compartment
where w.watched = any (%(selectors)s) and w.ended_at is null order by c.title

-- name: sent
-- The first file of this side is made: once.
update exchange_comparison set state = 'sent', sent_at = now(), own = %(own)s, points = %(points)s, session = %(session)s,
  outgoing = %(outgoing)s, question = null, case_id = null
where id = %(id)s and state = 'waits'

-- name: done
-- The last file came: what met is known, the secrets go.
update exchange_comparison set state = 'done', done_at = now(), points = %(points)s, session = null, outgoing = %(outgoing)s,
  partner_contact = %(contact)s
where id = %(id)s and state = 'sent'

-- name: ended
-- Its results, files and secrets go; that there was one, and its token, stay.
update exchange_comparison set state = 'ended', session = null, outgoing = null, question = null, partner_contact = '', case_id = null
where id = %(id)s and state <> 'ended'

-- name: forget
delete from exchange_met where comparison_id = %(id)s

-- name: with_partner
select count(*) from exchange_comparison
where partner_key = %(key)s and side = %(side)s and made_at > now() - make_interval(hours => %(hours)s)

-- name: tiny
select count(*) from exchange_comparison
where officer_id = %(officer)s and own <= %(most)s and sent_at > now() - make_interval(hours => %(hours)s)

-- name: overdue
select id from exchange_comparison
where state in ('waits', 'sent') and made_at < now() - make_interval(days => %(days)s) limit 1000
