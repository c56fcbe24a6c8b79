-- name: lift
update custody_hold set lifted_at = %(now)s, lifted_by = %(officer)s, lifted_name = %(name)s, lift_reason = %(reason)s
where id = %(hold)s and lifted_at is null
returning compartment

-- name: on_compartment
-- Holds on a compartment that the reader may see.
select h.id, h.compartment, h.subject, h.subject_kind, h.authority, h.reason, h.unit_id, u.name, u.name_hi, h.placed_name,
    h.placed_at, h.review_on
from custody_hold h join access_unit u on u.id = h.unit_id
where h.compartment = %(compartment)s and h.lifted_at is null order by h.id

-- name: of_unit
-- A unit's own holds that stand, those to be reviewed first.
select h.id, h.compartment, h.subject, h.subject_kind, h.authority, h.reason, h.unit_id, u.name, u.name_hi, h.placed_name,
    h.placed_at, h.review_on
from custody_hold h join access_unit u on u.id = h.unit_id
where h.unit_id = %(unit)s and h.lifted_at is null order by h.review_on, h.id
