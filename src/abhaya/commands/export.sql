-- name: reports
-- Reports go by their outside number, which a sender was given at the door: an id of ours says when it came in.
-- Every report that counts: test reports do not.
select r.number, r.external_ref, r.sender_name, r.received_at
from intake_report r
where not r.is_test
order by r.id

-- name: priorities
-- The latest assessment of each report, in the order of work over the whole house.
select r.number, r.external_ref, a.lane, a.score, row_number() over (order by q.urgency, q.received_at, a.report_id),
  a.lane_reason::text, a.reasons::text
from (select distinct on (report_id) * from triage_assessment order by report_id, id desc) a
join intake_report r on r.id = a.report_id and not r.is_test
join triage_queue q on q.report_id = a.report_id
order by 5

-- name: matches
-- Every file of a report whose bytes, or claimed hash, were here before (that list is ours), and every one that a hash
-- list names, by the list's own number of the entry where it has one.
select m.report_id, r.number, r.external_ref, coalesce(f.name, f.file_ref), 'held here (' || m.hash_kind || ' ' || m.hash_type || ')',
  coalesce(encode(m.digest, 'hex'), m.selector_id::text), 0
from matching_match m
join intake_report r on r.id = m.report_id and not r.is_test
join intake_file f on f.id = m.file_id
union all
select m.report_id, r.number, r.external_ref, coalesce(f.name, f.file_ref), m.list_name || ' ' || m.list_version,
  coalesce(nullif(e.ref, ''), encode(m.digest, 'hex'), m.position::text), m.distance
from matching_list_match m
join intake_report r on r.id = m.report_id and not r.is_test
join intake_file f on f.id = m.file_id
left join matching_entry e on e.position = m.position
where m.ended_at is null
order by 1, 4, 5, 6

-- name: routes
-- The latest proposals of each report, ranked: whose it is, why, and what speaks against it.
select r.number, r.external_ref, p.rank, p.country, p.state, p.district, coalesce(u.code, ''), p.reasons::text, p.against::text,
  p.whose in ('victim', 'recipient') or (p.whose = 'reported' and exists (
    select 1 from triage_assessment a where a.report_id = p.report_id and a.reported_is_child))
from routing_proposal p
join intake_report r on r.id = p.report_id and not r.is_test
left join access_unit u on u.id = p.unit_id
where p.placed_at = (select max(later.placed_at) from routing_proposal later where later.report_id = p.report_id)
order by p.report_id, p.rank

-- name: bundles
-- Reports that bring the same bytes, where there are at least two of them.
select b.bundle_id, r.number from matching_bundle b
join intake_report r on r.id = b.report_id and not r.is_test
where exists (
  select 1 from matching_bundle o join intake_report other on other.id = o.report_id and not other.is_test
  where o.bundle_id = b.bundle_id and o.report_id <> b.report_id)
order by b.bundle_id, b.report_id

-- name: subjects
-- Every account of every report, and in which subject it stands; one that stands alone is named by its own id. A victim's
-- account, or that of a possible minor, is told by its id alone.
select distinct r.number, r.external_ref,
  case when shielded.account_id is null then coalesce(d.value, p.account_id::text) else p.account_id::text end,
  coalesce(m.subject_id, p.account_id), p.report_id
from linking_person p
join intake_report r on r.id = p.report_id
left join selectors_selector d on d.id = p.selector_id
left join linking_membership m on m.account_id = p.account_id and m.until is null
left join (select distinct account_id from linking_person where protected <> '') shielded on shielded.account_id = p.account_id
where p.is_base and p.persona_id is null
order by p.report_id, 3

-- name: links
-- Every link, every word of an officer between two accounts, and what the two share. `subject_id` where both stand in one.
select ma.subject_id, named.a, named.b, l.weight_millibits, coalesce(l.outcome, w.answer), w.answer,
  array(
    select shared.kind || ' ' || (
      select count(*) from (
        select distinct o.account_id from linking_evidence o where o.value_id = shared.value_id and o.is_base limit 11
      ) holder
    ) from (
      select distinct ea.kind, ea.value_id from linking_evidence ea join linking_evidence eb on eb.value_id = ea.value_id
      where ea.account_id = pair.a and eb.account_id = pair.b and ea.is_base and eb.is_base
    ) shared order by 1
  ), named.is_across
from (select a, b from linking_link union select a, b from linking_constraint) pair
left join linking_link l on l.a = pair.a and l.b = pair.b
left join linking_constraint w on w.a = pair.a and w.b = pair.b
left join linking_membership ma on ma.account_id = pair.a and ma.until is null and exists (
  select 1 from linking_membership mb where mb.account_id = pair.b and mb.until is null and mb.subject_id = ma.subject_id)
cross join lateral (
  select max(case when one.account_id = pair.a then one.said end) as a, max(case when one.account_id = pair.b then one.said end) as b,
    count(distinct one.is_shielded) > 1 as is_across
  from (
    select p.account_id, bool_or(p.protected <> '') as is_shielded,
      case when bool_or(p.protected <> '') then p.account_id::text else coalesce(max(d.value), p.account_id::text) end as said
    from linking_person p left join selectors_selector d on d.id = p.selector_id
    where p.account_id in (pair.a, pair.b) and p.is_base group by p.account_id
  ) one
) named
order by ma.subject_id nulls last, pair.a, pair.b

-- name: network
-- Telephone numbers and accounts by group and country, how often each was seen. A country is a number's; an account has that
-- of the number it came with. A protected persona stands in no export. A group without a number of its own goes by its name.
with groups as (
  select g.group_id, coalesce(min(d.value), min(g.name)) as called from linking_group g
  left join selectors_selector d on d.id = g.group_id and d.kind = 'group' and not exists (
    select 1 from selectors_sighting s where s.selector_id = d.id and s.persona_id is not null)
  group by g.group_id
), seen as (
  select group_id, country, 'phone' as kind, phone_id as id from linking_group_number where persona_id is null
  union all
  select group_id, country, 'account', account_id from linking_group_member where persona_id is null and account_id is not null
)
select g.called, s.country, s.kind, d.value, count(*)
from seen s join groups g using (group_id) join selectors_selector d on d.id = s.id
group by g.called, s.country, s.kind, d.value
order by g.called, s.country, s.kind, d.value
