-- name: known_keys
-- Which of these keys are taken, and by which report. Also waits for a transaction that is writing the same key.
select k.key, k.report_id, k.compartment, coalesce(r.number, 0)
from intake_received_key k left join intake_report r on r.id = k.report_id
where k.key = any(%(keys)s)

-- name: originals_held
-- The originals these reports already have.
select report_id, object_id from intake_original where report_id = any(%(reports)s)

-- name: files_known
-- The files that these reports already have, held or only described.
select report_id, position, object_id, file_ref, name from intake_file
where report_id = any(%(reports)s) order by report_id, position

-- name: added
-- What was read from originals that came later, the first first.
select report_id, item_id, id, record::text from intake_original
where report_id = any(%(reports)s) and id between %(since)s and %(until)s and record is not null order by id

-- name: senders
-- Senders with their volume in the window, as far as the viewer may see.
select s.id, s.name, s.kind, s.username, s.is_test, s.is_active, s.duty_contact, u.name,
  coalesce(r.reports, 0), r.last_received_at, coalesce(r.losses, 0)
from intake_sender s join access_unit u on u.id = s.unit_id
left join lateral (
  select count(*) as reports, max(received_at) as last_received_at, sum(losses) as losses
  from intake_report where sender_id = s.id and received_at > now() - make_interval(days => %(days)s)
) r on true
order by s.name limit %(most)s

-- name: senders_one
-- One sender, as in the list.
select s.id, s.name, s.kind, s.username, s.is_test, s.is_active, s.duty_contact, u.name,
  coalesce(r.reports, 0), r.last_received_at, coalesce(r.losses, 0)
from intake_sender s join access_unit u on u.id = s.unit_id
left join lateral (
  select count(*) as reports, max(received_at) as last_received_at, sum(losses) as losses
  from intake_report where sender_id = s.id and received_at > now() - make_interval(days => %(days)s)
) r on true
where s.id = %(id)s

-- name: lacks
-- How many of a sender's reports of the window lack each thing.
select code, count(*) from intake_report, unnest(missing) as code
where sender_id = %(id)s and received_at > now() - make_interval(days => %(days)s)
group by code

-- name: reports_of
select count(*) from intake_report where sender_id = %(id)s and received_at > now() - make_interval(days => %(days)s)

-- name: report
-- One report with all that its page shows.
select r.id, r.compartment, r.number, r.sender_id, coalesce(s.name, r.sender_name), r.sender_name, r.unit_id, r.channel, r.external_ref,
  r.received_at, r.incident_type, r.incident_at, r.incident_original, r.platform, r.escalation, r.annotations,
  r.is_test, r.is_batched, r.file_count, r.missing, r.losses, r.record::text,
  array(select o.item_id from intake_original o where o.report_id = r.id order by o.id)
from intake_report r left join intake_sender s on s.id = r.sender_id
where r.id = %(id)s

-- name: report_numbered
select id from intake_report where number = %(number)s

-- name: reports_with_reference
select id from intake_report where external_ref = %(reference)s order by id limit 50

-- name: files
-- The files of a report in their order; where the bytes came after the description, those.
select distinct on (position) id, position, item_id, object_id, file_ref, name, viewed_by_sender, exif_viewed, publicly_available, relevance,
  classification, annotations, md5, sha1, sha256, size_bytes, media_type, is_held
from intake_file where report_id = %(report)s order by position, is_held desc

-- name: report_of_file
select report_id from intake_file where id = %(file)s

-- name: mappings
select shape, columns::text from intake_mapping where unit_id = %(unit)s
