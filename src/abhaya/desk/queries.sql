-- name: found
-- Reports by id, as a search shows them; row security leaves what the reader may see.
select r.id, r.number, r.received_at, r.platform, r.sender_name, r.external_ref
from intake_report r where r.id = any (%(reports)s) order by r.id desc limit %(most)s

-- name: with_hash
-- Reports that the reader may see whose files have these bytes, by the hash named in {column}.
select f.report_id from intake_file f where f.{column} = %(hash)s order by f.report_id desc limit %(most)s

-- name: platforms
-- Names that platforms go by here: an account id is looked up on each.
select s.name from intake_sender s where s.kind = 'platform' order by s.name limit %(most)s

-- name: numbers
-- Numbers of reports by id, as far as the reader may see them.
select r.id, r.number from intake_report r where r.id = any (%(reports)s)
