-- name: reports
-- The next reports, oldest first.
select id from intake_report where id > %(after)s order by id limit %(most)s

-- name: evidence
-- All evidence that subjects follow from. Instants go as they are: the arithmetic is the reader's, many at a time.
copy (
  select account_id, value_id, kind_number, first_at, last_at, flags, network
  from linking_evidence join (values {kinds}) as k (kind, kind_number) using (kind) where is_base
) to stdout (format binary)

-- name: standing
copy (
  select account_id, bool_or(protected <> '')::int::smallint from linking_person where is_base group by account_id
) to stdout (format binary)

-- name: links
copy (
  select a, b, weight_millibits, array_position(array['related', 'review', 'same'], outcome)::smallint, rule_version
  from linking_link
) to stdout (format binary)

-- name: words
select j.a, j.b, case when bool_or(j.answer = 'different') then 'different' else 'same' end
from linking_judgement j
join access_compartment c on c.id = j.compartment and not c.covert
left join intake_report r on r.id = j.report_id
where j.undone_at is null and j.answer in ('same', 'different') and r.is_test is not true
group by j.a, j.b

-- name: words_held
select a, b, answer from linking_constraint

-- name: members
copy (select id, account_id, subject_id from linking_membership where until is null) to stdout (format binary)

-- name: forget_touched
delete from linking_touched
