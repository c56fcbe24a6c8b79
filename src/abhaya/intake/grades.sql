-- name: of_reports
-- What was said of each of these reports, as far as the viewer reads it: the newest word that stands, what its officer said
-- when entering it, and the newest that stands of its sender.
select r.id, coalesce(g.reliability, ''), coalesce(g.credibility, ''), coalesce(g.by_name, ''),
  case when r.channel = 'form' then coalesce(r.record ->> 'source_grade', '') else '' end,
  coalesce(s.reliability, ''), coalesce(s.by_name, '')
from intake_report r
left join lateral (
  select o.reliability, o.credibility, o.by_name from intake_grade o
  where o.report_id = r.id and o.undone_at is null order by o.id desc limit 1
) g on true
left join lateral (
  select o.reliability, o.by_name from intake_sender_grade o
  where o.sender_id = r.sender_id and o.undone_at is null order by o.id desc limit 1
) s on true
where r.id = any (%(reports)s)

-- name: said_of_report
-- Every word on a report that the viewer reads, the newest first.
select g.id, g.reliability, g.credibility, g.why, g.by_name, g.at, g.undone_at, g.undone_by_name, g.undone_why
from intake_grade g where g.report_id = %(id)s order by g.id desc limit %(most)s

-- name: said_of_sender
-- Every grade of a sender, the newest first.
select g.id, g.reliability, '', g.why, g.by_name, g.at, g.undone_at, g.undone_by_name, g.undone_why
from intake_sender_grade g where g.sender_id = %(id)s order by g.id desc limit %(most)s

-- name: compartment_of
select compartment from intake_report where id = %(id)s

-- name: sender_is_there
select exists (select 1 from intake_sender where id = %(id)s)

-- name: undo
-- Of a report's grades one; only whoever works where it was given can. Answers where that is.
update intake_grade set undone_at = now(), undone_by = %(officer)s, undone_by_name = %(name)s, undone_why = %(why)s
where id = %(id)s and report_id = %(of)s and undone_at is null returning compartment

-- name: undo_sender
update intake_sender_grade set undone_at = now(), undone_by = %(officer)s, undone_by_name = %(name)s, undone_why = %(why)s
where id = %(id)s and sender_id = %(of)s and undone_at is null returning sender_id
