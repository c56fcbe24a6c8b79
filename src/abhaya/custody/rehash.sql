-- name: open_night
select id, night, pass, first, last, share, originals, size_bytes, found::text from custody_rehash where ended_at is null

-- name: last_night
select night, pass, last, is_pass_end from custody_rehash where ended_at is not null order by night desc, id desc limit 1

-- name: begin_night
insert into custody_rehash (id, night, pass, first, last, share)
select %(id)s, %(night)s, %(pass)s, %(after)s, %(after)s,
    ceil((select count(*) from custody_object where kept <> 'gone') / %(days)s::numeric)::bigint

-- name: note_round
update custody_rehash set last = %(last)s, originals = originals + %(objects)s, size_bytes = size_bytes + %(size)s,
    found = %(found)s::jsonb where id = %(id)s

-- name: end_night
update custody_rehash set ended_at = %(now)s, is_pass_end = %(is_pass_end)s, note = %(note)s where id = %(id)s

-- name: damaged
insert into custody_damage (object_id, what, sentence) values (%(object)s, %(what)s, %(sentence)s)
on conflict (object_id) do update set what = excluded.what, sentence = excluded.sentence, seen_at = now(), whole_at = null

-- name: whole_again
-- What was damaged and was read again whole.
update custody_damage set whole_at = now() where object_id = any (%(objects)s) and whole_at is null

-- name: gone_since
-- What was damaged and has been shredded since is nobody's worry any more.
update custody_damage d set whole_at = now() where whole_at is null
and not exists (select 1 from custody_object o where o.id = d.object_id and o.kept <> 'gone')

-- name: standing
select
    (select count(*) from custody_damage where whole_at is null),
    (select max(ended_at) from custody_rehash where is_pass_end),
    (select max(ended_at) from custody_rehash),
    (select min(night) from custody_rehash),
    exists (select 1 from custody_object where kept <> 'gone')

-- name: damages
select object_id, what, sentence, found_at, seen_at, whole_at from custody_damage
where whole_at is null order by found_at desc, object_id limit %(most)s

-- name: nights
select night, pass, originals, size_bytes, found::text, is_pass_end, ended_at, note from custody_rehash
order by night desc, id desc limit %(most)s
