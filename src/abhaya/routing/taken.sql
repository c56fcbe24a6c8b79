-- name: rows
-- What was forwarded to a unit in a period, with what it recorded last.
select r.report_id, i.number, i.external_ref, i.platform, i.incident_type, i.received_at, r.offered_at, r.due_at, r.state, r.lane,
  coalesce(t.action, ''), coalesce(t.fir_number, ''), t.fir_date, coalesce(t.reason, ''), coalesce(t.remarks, ''), t.recorded_at
from routing_referral r
join intake_report i on i.id = r.report_id
left join lateral (
  select action, fir_number, fir_date, reason, remarks, recorded_at from routing_action_taken
  where report_id = r.report_id and unit_id = r.to_unit_id order by id desc limit 1
) t on true
where r.to_unit_id = %(unit)s and r.state <> 'returned' and r.offered_at >= %(from)s and r.offered_at < %(until)s
order by r.offered_at, r.id limit %(most)s

-- name: identifiers
-- Identifiers of the reported persons and their files; a victim's are never in a workbook.
select report_id, kind, raw, port, at, role, greatest(person, 1) from selectors_sighting
where report_id = any(%(reports)s) and role in ('reported', 'associated', 'file') and not mined
  and kind in ('account', 'screen_name', 'email', 'phone', 'ip', 'url')
order by report_id, id

-- name: persons
-- Who is described in these reports, with what decides whether they are masked.
select r.id, r.received_at, coalesce((r.record::jsonb -> 'persons')::text, '[]'),
  coalesce((select a.reported_is_child from triage_assessment a where a.report_id = r.id order by a.id desc limit 1), false)
from intake_report r where r.id = any(%(reports)s)
