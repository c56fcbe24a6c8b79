-- name: locked
-- One sender's draft, held against everyone else until the transaction ends.
select number, report_id, compartment, state, item_id, object_id, opened_at, touched_at
from intake_draft where number = %(number)s and sender_id = %(sender)s
for update

-- name: file_of_draft
select 1 from intake_draft_file where file_ref = %(file_ref)s and draft_id = %(number)s

-- name: files
-- The files of a draft in the order of upload.
select file_ref, name, item_id, object_id, md5, sha1, sha256, size_bytes, media_type, details_item_id, details_object_id
from intake_draft_file where draft_id = %(number)s order by uploaded_at, file_ref

-- name: describe
update intake_draft_file set details_item_id = %(item)s, details_object_id = %(object)s where file_ref = %(file_ref)s

-- name: touch
update intake_draft set touched_at = %(now)s where number = %(number)s

-- name: end
update intake_draft set state = %(state)s, ended_at = %(now)s where number = %(number)s and state = 'open'

-- name: expire
-- Unfinished drafts past both clocks. Locked ones are in somebody's hands and wait for the next round.
update intake_draft d set state = 'expired', ended_at = %(now)s
from (
  select number from intake_draft
  where state = 'open' and touched_at < %(touched)s and opened_at < %(opened)s
  order by touched_at limit %(most)s for update skip locked
) late, intake_sender s
where d.number = late.number and s.id = d.sender_id
returning d.number, d.report_id, d.compartment, s.name
