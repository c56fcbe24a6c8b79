-- name: of_request
-- What the officer's unit asked the others for this request.
select i.id, i.unit_id, u.name, u.name_hi, i.request_id, i.kind, i.reference, i.selectors, i.due_on, i.made_name, i.made_at, ''
from desk_inquiry i join access_unit u on u.id = i.unit_id where i.request_id = %(request)s

-- name: to_unit
-- What others ask of this unit because it holds something: what waits first, the soonest due first.
select i.id, i.unit_id, u.name, u.name_hi, i.request_id, i.kind, i.reference, i.selectors, i.due_on, i.made_name, i.made_at,
    coalesce(a.outcome, '')
from desk_inquiry i join access_unit u on u.id = i.unit_id
left join desk_inquiry_answer a on a.inquiry_id = i.id and a.unit_id = %(unit)s
where i.unit_id <> %(unit)s and i.due_on > current_date - %(days)s
order by a.outcome is not null, i.due_on, i.id limit %(most)s

-- name: waiting
-- How many of them wait for this unit's answer.
select count(*) from (
    select 1 from desk_inquiry i
    where i.unit_id <> %(unit)s and i.due_on > current_date - 90
    and not exists (select 1 from desk_inquiry_answer a where a.inquiry_id = i.id and a.unit_id = %(unit)s)
    limit %(most)s
) counted

-- name: one
-- One that another unit asks of this unit.
select i.id, i.unit_id, u.name, u.name_hi, i.request_id, i.kind, i.reference, i.selectors, i.due_on, i.made_name, i.made_at,
    coalesce(a.outcome, '')
from desk_inquiry i join access_unit u on u.id = i.unit_id
left join desk_inquiry_answer a on a.inquiry_id = i.id and a.unit_id = %(unit)s
where i.id = %(inquiry)s and i.unit_id <> %(unit)s

-- name: answers
-- What was said to an inquiry, as far as the reader may know of it.
select u.name, u.name_hi, a.outcome, a.ground, a.text, a.made_name, a.made_at
from desk_inquiry_answer a join access_unit u on u.id = a.unit_id where a.inquiry_id = %(inquiry)s order by a.id
