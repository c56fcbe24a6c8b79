-- name: one
-- One of them.
select e.id, e.kind, e.officer_id, e.officer_name, u.name, u.name_hi, e.at, e.reference, e.reason, e.compartment, e.target, e.until,
    coalesce(e.until > now(), false) and coalesce(e.justified, true), e.reviewed_by_name, e.reviewed_at, e.justified, e.review,
    e.compartment is not null and e.reviewed_at is null and access_holds(e.compartment)
        and e.officer_id <> nullif(current_setting('abhaya.officer', true), '')::uuid and access_may('access:emergency:review')
from access_emergency e join access_unit u on u.id = e.unit_id
where e.id = %s

-- name: unreviewed
-- What waits for its review, the oldest first.
select e.id, e.kind, e.officer_id, e.officer_name, u.name, u.name_hi, e.at, e.reference, e.reason, e.compartment, e.target, e.until,
    coalesce(e.until > now(), false) and coalesce(e.justified, true), e.reviewed_by_name, e.reviewed_at, e.justified, e.review,
    e.compartment is not null and e.reviewed_at is null and access_holds(e.compartment)
        and e.officer_id <> nullif(current_setting('abhaya.officer', true), '')::uuid and access_may('access:emergency:review')
from access_emergency e join access_unit u on u.id = e.unit_id
where e.compartment is not null and e.reviewed_at is null order by e.at limit %(most)s

-- name: reviewed
-- What was reviewed lately, newest first.
select e.id, e.kind, e.officer_id, e.officer_name, u.name, u.name_hi, e.at, e.reference, e.reason, e.compartment, e.target, e.until,
    coalesce(e.until > now(), false) and coalesce(e.justified, true), e.reviewed_by_name, e.reviewed_at, e.justified, e.review,
    e.compartment is not null and e.reviewed_at is null and access_holds(e.compartment)
        and e.officer_id <> nullif(current_setting('abhaya.officer', true), '')::uuid and access_may('access:emergency:review')
from access_emergency e join access_unit u on u.id = e.unit_id
where e.reviewed_at > now() - make_interval(days => %(days)s) order by e.reviewed_at desc limit %(most)s

-- name: refused
-- What was asked for and refused lately, newest first.
select e.id, e.kind, e.officer_id, e.officer_name, u.name, u.name_hi, e.at, e.reference, e.reason, e.compartment, e.target, e.until,
    coalesce(e.until > now(), false) and coalesce(e.justified, true), e.reviewed_by_name, e.reviewed_at, e.justified, e.review,
    e.compartment is not null and e.reviewed_at is null and access_holds(e.compartment)
        and e.officer_id <> nullif(current_setting('abhaya.officer', true), '')::uuid and access_may('access:emergency:review')
from access_emergency e join access_unit u on u.id = e.unit_id
where e.compartment is null and e.at > now() - make_interval(days => %(days)s) order by e.at desc limit %(most)s

-- name: of_compartment
-- What waits for its review in one compartment, the oldest first.
select e.id, e.kind, e.officer_id, e.officer_name, u.name, u.name_hi, e.at, e.reference, e.reason, e.compartment, e.target, e.until,
    coalesce(e.until > now(), false) and coalesce(e.justified, true), e.reviewed_by_name, e.reviewed_at, e.justified, e.review,
    e.compartment is not null and e.reviewed_at is null and access_holds(e.compartment)
        and e.officer_id <> nullif(current_setting('abhaya.officer', true), '')::uuid and access_may('access:emergency:review')
from access_emergency e join access_unit u on u.id = e.unit_id
where e.compartment = %(compartment)s and e.reviewed_at is null order by e.at limit %(most)s

-- name: waiting
-- How many wait for a review that this officer may write; for who oversees, how many of others wait at all.
select count(*) from access_emergency where compartment is not null and reviewed_at is null and officer_id <> %(officer)s

-- name: used_today
-- How often the acting officer did this in the last day.
select access_emergencies_today(%s)

-- name: unmask
-- Notes an unmasking in an emergency; not true where the day's number is used up or the report is not open.
select access_emergency_unmask(%s, %s, %s, %s, %s)

-- name: review
-- Writes the review, once; no row where it is not the officer's to write.
select access_emergency_review(%s, %s, %s)
