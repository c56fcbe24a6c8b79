-- name: accepted
-- Reports of these numbers that the unit has accepted, with what was recorded last.
select i.number, r.report_id, r.compartment, coalesce(t.action, ''), coalesce(t.fir_number, ''), coalesce(t.reason, ''), coalesce(t.remarks, '')
from intake_report i
join routing_referral r on r.report_id = i.id and r.to_unit_id = %(unit)s and r.state = 'accepted'
left join lateral (
  select action, fir_number, reason, remarks from routing_action_taken
  where report_id = r.report_id and unit_id = r.to_unit_id order by id desc limit 1
) t on true
where i.number = any(%(numbers)s)
