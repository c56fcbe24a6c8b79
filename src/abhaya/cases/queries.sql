-- name: case
-- One case of the acting officer's. It is looked for among their own memberships: to whoever has none, a case that is
-- there costs what one costs that never was.
with mine as materialized (
    select o.compartment, o.level, o.until from access_opening o
    where o.viewer = nullif(current_setting('abhaya.officer', true), '')::uuid and o.compartment = %(case)s
    and (o.until is null or o.until > now())
)
select c.compartment, c.reference, c.title, c.covert, c.state, u.id, u.name, u.name_hi, f.id, f.name, c.contact, c.made_at,
    mine.level, mine.until
from mine join cases_case c on c.compartment = mine.compartment
join access_unit u on u.id = c.unit_id join access_officer f on f.id = c.liaison_id

-- name: my_cases
-- Cases of which the acting officer is a member now, open ones first, the newest first.
with mine as materialized (
    select o.compartment, o.level, o.until from access_opening o
    where o.viewer = nullif(current_setting('abhaya.officer', true), '')::uuid and (o.until is null or o.until > now())
)
select c.compartment, c.reference, c.title, c.covert, c.state, u.id, u.name, u.name_hi, f.id, f.name, c.contact, c.made_at,
    mine.level, mine.until
from mine join cases_case c on c.compartment = mine.compartment
join access_unit u on u.id = c.unit_id join access_officer f on f.id = c.liaison_id
where %(after_state)s::text is null or (c.state = 'closed', -extract(epoch from c.made_at), c.compartment) >
    (%(after_state)s = 'closed', -%(after_at)s::float8, %(after_id)s::uuid)
order by c.state = 'closed', -extract(epoch from c.made_at), c.compartment limit %(most)s

-- name: is_working_member
select exists (
    select 1 from access_opening where viewer = %(officer)s and compartment = %(case)s and level = 'work' and until is null
)

-- name: change_case
update cases_case set title = %(title)s, contact = %(contact)s, liaison_id = %(liaison)s where compartment = %(case)s

-- name: set_state
update cases_case set state = %(state)s where compartment = %(case)s and state <> %(state)s

-- name: hand_over_own_hits
-- What only the liaison of a covert case reads goes to the new one.
update cases_hit set liaison_id = %(liaison)s where compartment = %(case)s and liaison_id is not null

-- name: hand_over_told_hits
-- Whoever was told to talk to this case's liaison is told the new one, and how they are reached.
update cases_hit h set talk_officer = %(liaison)s, talk_contact = c.contact
from cases_case c where c.compartment = %(case)s and h.other = c.compartment and h.talk_officer is not null

-- name: detach
update cases_attachment set detached_by = %(officer)s, detached_at = now(), detach_reason = %(reason)s
where id = %(id)s and detached_at is null

-- name: end_watch
update cases_watch set ended_by = %(officer)s, ended_at = now(), end_reason = %(reason)s
where id = %(id)s and ended_at is null

-- name: notes
-- Notes of a case, the newest first.
select n.text, f.name, n.at from cases_note n join access_officer f on f.id = n.by_id
where n.compartment = %(case)s order by n.id desc limit %(most)s

-- name: charts
-- Arrangements of a case's link chart, the newest first; the JSON of one only where it is asked for.
select c.id, c.title, f.name, c.at, case when c.id = %(id)s or (%(id)s::uuid is null and row_number() over (order by c.id desc) = 1)
  then c.arranged::text end
from cases_chart c join access_officer f on f.id = c.by_id
where c.compartment = %(case)s order by c.id desc limit %(most)s

-- name: attached
-- Reports of a case, attached ones first. A report that is not open to the reader any more shows without its words.
select a.id, a.compartment, a.report_id, r.number, r.platform, r.received_at, a.reason, f.name, a.attached_at,
    a.detached_at, a.detach_reason
from cases_attachment a left join intake_report r on r.id = a.report_id join access_officer f on f.id = a.attached_by
where a.compartment = %(case)s and (%(id)s::uuid is null or a.id = %(id)s)
order by a.detached_at is not null, a.id desc limit %(most)s

-- name: watched
-- Identifiers noted in a case, those that count first.
select w.id, w.compartment, w.watched, w.kind, w.value, w.raw, w.role, w.source, f.name, w.added_at, w.ended_at, w.end_reason
from cases_watch w join access_officer f on f.id = w.added_by
where w.compartment = %(case)s and (%(id)s::uuid is null or w.id = %(id)s)
order by w.ended_at is not null, w.id desc limit %(most)s

-- name: seen_in
-- Reports open to the reader in which an identifier of their case stands, besides those attached: the members' overlay.
select w.id, r.id, r.number, r.received_at
from cases_watch w
cross join lateral (
    select distinct s.report_id from selectors_sighting s where s.selector_id = w.watched order by s.report_id desc limit %(most)s
) s
join intake_report r on r.id = s.report_id
where w.compartment = %(case)s and w.ended_at is null and not exists (
    select 1 from cases_attachment a where a.compartment = w.compartment and a.report_id = r.id and a.detached_at is null
)
order by r.id desc

-- name: hits
-- What a case's reader is told about others, with their own identifier, or the numbers of their reports with the file.
select h.id, h.compartment, h.kind, coalesce(w.value, mine.numbers), f.name, h.talk_contact, u.name, u.name_hi, u.duty_contact, h.state, h.liaison_id,
    h.found_at, h.decided_at, h.reason, case when h.kind = 'subject' then coalesce(subject.id, account.id) end
from cases_hit h
left join access_officer f on f.id = h.talk_officer left join access_unit u on u.id = h.talk_unit
left join lateral (
    select value from cases_watch w where w.compartment = h.compartment and w.watched = h.watched order by w.id desc limit 1
) w on true
left join lateral (
    select string_agg(r.number::text, ', ' order by r.number) as numbers from cases_attachment a
    join intake_report r on r.id = a.report_id
    where a.compartment = h.compartment and a.files @> array[h.digest] and a.detached_at is null
) mine on h.digest is not null
left join lateral (select m.subject_id as id from linking_membership m where m.subject_id = h.watched and m.until is null limit 1) subject
    on h.kind = 'subject'
left join lateral (select p.account_id as id from linking_person p where p.account_id = h.watched limit 1) account on h.kind = 'subject'
where h.compartment = %(case)s and (%(id)s::uuid is null or h.id = %(id)s)
order by h.state = 'pending' desc, h.id desc limit %(most)s

-- name: told
-- Whom the readers of reports are told to talk to; their own unit does not tell them. Of several reports of one person the
-- newest speaks, and a unit's officer for the unit.
select report_id, number, kind, officer, talk_contact, unit, unit_hi, duty_contact, found_at, about from (
    select h.id, h.report_id, r.number, h.kind, f.name as officer, h.talk_contact, u.name as unit, u.name_hi as unit_hi,
        u.duty_contact, h.found_at, case when h.kind = 'subject' then h.watched end as about, row_number() over (
            partition by h.talk_unit, case when h.kind = 'subject' then h.watched else h.id end
            order by f.id is null, h.id desc
        ) as place
    from cases_hit h join intake_report r on r.id = h.report_id
    left join access_officer f on f.id = h.talk_officer join access_unit u on u.id = h.talk_unit
    where h.report_id is not null and (%(report)s::uuid is null or h.report_id = %(report)s) and h.talk_unit <> %(unit)s
) one
where place = 1 order by id desc limit %(most)s

-- name: met
-- Whom the members of open cases, or of a covert one its liaison alone, are told to talk to: the undecided first.
select h.compartment, c.title, h.kind, f.name, h.talk_contact, u.name, u.name_hi, u.duty_contact, h.state, h.found_at
from access_opening o
join cases_case c on c.compartment = o.compartment and c.state = 'open'
join cases_hit h on h.compartment = c.compartment
left join access_officer f on f.id = h.talk_officer left join access_unit u on u.id = h.talk_unit
where o.viewer = nullif(current_setting('abhaya.officer', true), '')::uuid and (o.until is null or o.until > now())
order by h.state = 'pending' desc, h.id desc limit %(most)s

-- name: pending
-- How many decisions wait for the acting officer as a liaison.
select count(*) from cases_hit where liaison_id = %(officer)s and state = 'pending'

-- name: pending_in
-- In which cases decisions wait for the acting officer as a liaison.
select distinct compartment from cases_hit where liaison_id = %(officer)s and state = 'pending'

-- name: on_report
-- The acting officer's own cases that hold a report, or watch an identifier in it.
with mine as materialized (
    select c.compartment, c.title, c.reference from access_opening o join cases_case c on c.compartment = o.compartment
    where o.viewer = nullif(current_setting('abhaya.officer', true), '')::uuid and (o.until is null or o.until > now())
)
select mine.compartment, mine.reference, mine.title, exists (
        select 1 from cases_attachment a
        where a.compartment = mine.compartment and a.report_id = %(report)s and a.detached_at is null
    ), exists (
        select 1 from cases_watch w join selectors_sighting s on s.selector_id = w.watched and s.report_id = %(report)s
        where w.compartment = mine.compartment and w.ended_at is null
    )
from mine order by mine.title limit %(most)s

-- name: probing
-- Who asked for what others protect, and how often.
select f.id, f.name, f.username, u.name, u.name_hi, p.searches, p.first_at, p.last_at
from cases_probing p join access_officer f on f.id = p.officer_id join access_unit u on u.id = f.unit_id
order by p.last_at desc limit %(most)s

-- name: touches
-- Takes what was asked since the last look, and keeps what an open case watches of which the officer is no member, or what
-- stands in a covert report, unless the officer sees a report with it: then the question was their work.
with asked as (
    delete from cases_asked returning officer_id, selectors, at
), one as (
    select a.officer_id, s.selector, max(a.at) as at from asked a cross join unnest(a.selectors) as s (selector) group by 1, 2
), forgotten as (
    delete from cases_touch where at < now() - make_interval(hours => %(window)s) returning 1
)
insert into cases_touch as t (officer_id, watched, at)
select one.officer_id, one.selector, one.at from one join access_officer me on me.id = one.officer_id
where (exists (
    select 1 from cases_watch w join cases_case c on c.compartment = w.compartment and c.state = 'open'
    where w.watched = one.selector and w.ended_at is null
) or exists (
    select 1 from selectors_sighting s join access_compartment c on c.id = s.compartment and c.covert
    where s.selector_id = one.selector
)) and not exists (
    select 1 from cases_watch w
    join access_opening o on o.compartment = w.compartment and o.viewer = me.id and (o.until is null or o.until > now())
    where w.watched = one.selector and w.ended_at is null
) and not exists (
    select 1 from selectors_sighting s
    join access_opening o on o.compartment = s.compartment and o.viewer in (me.id, me.unit_id)
        and (o.until is null or o.until > now())
    where s.selector_id = one.selector
)
on conflict (officer_id, watched) do update set at = excluded.at

-- name: often
-- Officers who touched too much within the window.
select officer_id, count(*) from cases_touch where at > now() - make_interval(hours => %(window)s)
group by officer_id having count(*) >= %(least)s

-- name: tell_auditor
-- One line for an officer and a day; it grows. Touches nothing where nothing was added.
with grown as (
    update cases_probing set searches = %(searches)s, last_at = now()
    where officer_id = %(officer)s and last_at > now() - make_interval(hours => %(window)s) and searches < %(searches)s
    returning 1
), made as (
    insert into cases_probing (id, officer_id, searches, first_at, last_at)
    select gen_random_uuid(), %(officer)s, %(searches)s, now(), now()
    where not exists (
        select 1 from cases_probing where officer_id = %(officer)s and last_at > now() - make_interval(hours => %(window)s)
    ) returning 1
)
select 1 from grown union all select 1 from made

-- name: any_watch
select exists (select 1 from cases_watch where ended_at is null)

-- name: any_file
select exists (select 1 from cases_attachment where detached_at is null)

-- name: report_pairs
-- What open cases have and reports hold, where another unit works on the report. The source is one of the four below, or of a person
-- (subjects.sql): nobody is told of a unit for a person whom they were told to talk to already for an identifier or file.
select distinct s.compartment, s.watched, s.kind, s.value, s.digest, c.covert, c.unit_id, c.liaison_id, c.contact, r.id,
    r.compartment, holder.unit, coalesce(h.state, '')
from ({source}) s
join cases_case c on c.compartment = s.compartment and c.state = 'open'
join intake_report r on r.id = s.report_id and not r.is_test
cross join lateral ({holder}) holder
left join cases_hit h on h.compartment = s.compartment and h.other = holder.unit and (h.watched = s.watched or h.digest = s.digest)
where holder.unit <> c.unit_id and (%(unit)s::uuid is null or holder.unit = %(unit)s) and not exists (
    select 1 from cases_attachment a where a.compartment = s.compartment and a.report_id = r.id and a.detached_at is null
) and (s.kind <> 'subject' or h.id is not null or not exists (
    select 1 from cases_hit t where t.compartment = s.compartment and t.other = holder.unit and t.kind <> 'subject'
))

-- name: holder
-- The unit that works on a report `r`: of several the one nearest to the place.
select u.id as unit from access_opening o join access_unit u on u.id = o.viewer and u.is_active
where o.compartment = r.compartment and o.level = 'work' and (o.until is null or o.until > now())
order by array_position(array['station', 'district', 'state', 'hub'], u.kind), o.made_at desc limit 1

-- name: from_reports
-- These reports' sightings that an open case watches.
select w.compartment, w.watched, w.kind, w.value, null::bytea as digest, n.report_id
from selectors_sighting n join cases_watch w on w.watched = n.selector_id and w.ended_at is null and w.kind = any (%(kinds)s)
where n.report_id = any (%(reports)s) and n.id between %(since)s and %(until)s and n.persona_id is null
and not n.mined and not n.assumed and n.role <> all (%(never)s)

-- name: from_watches
-- The newest sightings of these watched identifiers.
select w.compartment, w.watched, w.kind, w.value, null::bytea as digest, n.report_id
from cases_watch w cross join lateral (
    select n.report_id, n.mined, n.assumed, n.role from selectors_sighting n
    where n.selector_id = w.watched and n.id < %(until)s and n.persona_id is null order by n.id desc limit %(most)s
) n
where (w.id = any (%(watches)s) or (w.compartment = %(case)s and w.watched = %(watched)s))
and w.ended_at is null and w.kind = any (%(kinds)s) and not n.mined and not n.assumed and n.role <> all (%(never)s)

-- name: files_from_reports
-- These reports' files whose very bytes a report of a case holds, unless so many reports hold them that it says nothing.
select a.compartment, null::uuid as watched, 'file_hash' as kind, '' as value, f.sha256 as digest, f.report_id
from intake_file f join cases_attachment a on a.files @> array[f.sha256] and a.detached_at is null
where f.report_id = any (%(reports)s) and f.id between %(since)s and %(until)s and f.sha256 is not null and (
    select count(*) from (select 1 from intake_file n where n.sha256 = f.sha256 limit %(common)s + 1) n
) <= %(common)s

-- name: files_from_attachments
-- Reports that hold the very bytes of a file of these attached ones, unless there are too many.
select a.compartment, null::uuid as watched, 'file_hash' as kind, '' as value, d.digest, n.report_id
from cases_attachment a cross join unnest(a.files) as d (digest)
join intake_file n on n.sha256 = d.digest and n.id < %(until)s
where (a.id = any (%(attachments)s) or (a.compartment = %(case)s and d.digest = %(digest)s)) and a.detached_at is null and (
    select count(*) from (select 1 from intake_file n where n.sha256 = d.digest limit %(common)s + 1) n
) <= %(common)s

-- name: case_pairs
-- What open cases of two units have in common. The source is one of the two below, or of a person (subjects.sql).
select distinct s.compartment, s.watched, s.kind, s.value, s.digest, c.covert, c.liaison_id, c.contact, c.unit_id,
    s.other, d.covert, d.liaison_id, d.contact, d.unit_id
from ({source}) s
join cases_case c on c.compartment = s.compartment and c.state = 'open'
join cases_case d on d.compartment = s.other and d.state = 'open' and d.unit_id <> c.unit_id
where s.kind <> 'subject' or not exists (
    select 1 from cases_hit t where t.compartment = s.compartment and t.other = s.other and t.kind <> 'subject'
)

-- name: watched_twice
-- Identifiers of these watches that another case watches too.
select w.compartment, w.watched, w.kind, w.value, null::bytea as digest, o.compartment as other
from cases_watch w join cases_watch o on o.watched = w.watched and o.compartment <> w.compartment and o.ended_at is null
where w.id = any (%(watches)s) and w.ended_at is null and w.kind = any (%(kinds)s)

-- name: held_twice
-- Files of these attached reports that a report of another case holds too; two cases may have the same report.
select a.compartment, null::uuid as watched, 'file_hash' as kind, '' as value, d.digest, o.compartment as other
from cases_attachment a cross join unnest(a.files) as d (digest)
join cases_attachment o on o.files @> array[d.digest] and o.compartment <> a.compartment and o.detached_at is null
where a.id = any (%(attachments)s) and a.detached_at is null and (
    select count(*) from (select 1 from intake_file n where n.sha256 = d.digest limit %(common)s + 1) n
) <= %(common)s

-- name: new_attachments
-- Attached reports whose files were not yet compared, taken by one worker, with the files they hold now. An empty file
-- is everybody's.
update cases_attachment a set compared_at = now(), files = coalesce((
    select array_agg(distinct f.sha256) from intake_file f
    where f.report_id = a.report_id and f.sha256 is not null and f.size_bytes > 0
), array[]::bytea[])
where a.compared_at is null and a.detached_at is null
returning a.id

-- name: read_again
-- Reports of cases that walk the road again may hold other files now.
update cases_attachment set compared_at = null
where report_id = any (%(reports)s) and detached_at is null and compared_at is not null

-- name: compare_again
-- What a case has was compared while it was open; taken up again, it has missed what came since.
with watches as (
    update cases_watch set compared_at = null where compartment = %(case)s and ended_at is null
)
update cases_attachment set compared_at = null where compartment = %(case)s and detached_at is null

-- name: of_which_cases
-- The cases of these watches and attached reports.
select compartment from cases_watch where id = any (%(watches)s) union select compartment from cases_attachment where id = any (%(attachments)s)

-- name: new_watches
-- Watches that were not yet compared, taken by one worker.
update cases_watch set compared_at = now() where compared_at is null
returning id, added_by, watched

-- name: add_hits
-- New hits; a side that was told is not told again.
insert into cases_hit (
    id, compartment, watched, kind, digest, report_id, liaison_id, told_unit, talk_officer, talk_contact, talk_unit, state, other
)
select * from unnest(
    %(id)s::uuid[], %(compartment)s::uuid[], %(watched)s::uuid[], %(kind)s::text[], %(digest)s::bytea[], %(report_id)s::uuid[],
    %(liaison_id)s::uuid[], %(told_unit)s::uuid[], %(talk_officer)s::uuid[], %(talk_contact)s::text[], %(talk_unit)s::uuid[],
    %(state)s::text[], %(other)s::uuid[]
)
on conflict (compartment, watched, other, told_unit) do nothing
returning id, compartment, report_id, told_unit, other

-- name: decide
-- The liaison's word, once spoken, stays spoken.
update cases_hit set state = %(state)s, decided_at = now(), reason = %(reason)s
where id = %(id)s and state in ('pending', 'silent') and state <> %(state)s
returning compartment, watched, kind, digest, other

-- name: speak_to_twin
-- The other covert side learns whom to talk to, and still decides for itself.
update cases_hit set talk_officer = %(talk_officer)s, talk_contact = %(talk_contact)s, talk_unit = %(talk_unit)s
where compartment = %(compartment)s and watched = %(watched)s and other = %(other)s

-- name: speaker
-- Who speaks for a case, and whether the other side of a hit is a case.
select c.liaison_id, c.contact, c.unit_id, exists (select 1 from cases_case o where o.compartment = %(other)s),
    coalesce((select o.covert from cases_case o where o.compartment = %(other)s), false)
from cases_case c where c.compartment = %(case)s
