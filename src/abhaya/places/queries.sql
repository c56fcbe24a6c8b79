-- name: generation
-- What look-ups cache by: it rises with every import of what they read.
select coalesce(max(id), 0) from places_import where what = any (%(what)s)

-- name: places_of
-- Every place of a country, wider ones first.
select code, kind, name, name_hi, parent_code from places_place
where code = %(country)s or code like %(country)s || '-%%'
order by array_position(array['country', 'state', 'district', 'subdistrict', 'town'], kind), code

-- name: countries
select code, kind, name, name_hi, parent_code from places_place where kind = 'country' order by code

-- name: aliases_of
-- Other names of a country's places; names somebody chose stand before the directory's own spelling.
select place_code, name, use from places_alias
where place_code = %(country)s or place_code like %(country)s || '-%%'
order by id

-- name: aliases_of_countries
select place_code, name, use from places_alias where length(place_code) = 2 order by id

-- name: kinds
-- The kind of every place by code.
select code, kind from places_place

-- name: networks
-- Every range that units know, oldest first.
select id, host(first), host(last), country, state, district, operator, kind,
    (extract(epoch from valid_from) * 1000000)::bigint, (extract(epoch from valid_to) * 1000000)::bigint, source, as_of
from places_network order by id

-- name: imports
-- What was taken in, newest first.
select id, at, what, file_name, as_of, taken, repeated, set_aside, losses, by from places_import order by id desc limit %(most)s

-- name: covering_units
-- Which active units answer for which places: by their own place and by coverage in force.
select place_code as place, id from access_unit where is_active and place_code <> ''
union
select c.place_code, c.unit_id from places_coverage c join access_unit u on u.id = c.unit_id
where u.is_active and (c.valid_from is null or c.valid_from <= current_date)
    and (c.valid_to is null or c.valid_to > current_date)

-- name: unit_codes
select code, id from access_unit

-- name: upsert_places
-- The bundled data never replace what a unit's own import says of a place.
insert into places_place as p (code, kind, name, name_hi, parent_code, valid_from, valid_to, source)
select * from unnest(
    %(code)s::text[], %(kind)s::text[], %(name)s::text[], %(name_hi)s::text[], %(parent)s::text[],
    %(valid_from)s::date[], %(valid_to)s::date[], %(source)s::text[]
)
on conflict (code) do update set
    kind = excluded.kind, name = excluded.name, name_hi = excluded.name_hi, parent_code = excluded.parent_code,
    valid_from = excluded.valid_from, valid_to = excluded.valid_to, source = excluded.source
where (p.kind, p.name, p.name_hi, p.parent_code, p.valid_from, p.valid_to, p.source)
    is distinct from (excluded.kind, excluded.name, excluded.name_hi, excluded.parent_code, excluded.valid_from,
        excluded.valid_to, excluded.source)
    and (not %(bundled)s or p.source not like 'import:%%')

-- name: upsert_aliases
insert into places_alias as a (place_code, name, use, valid_from, valid_to, source)
select * from unnest(
    %(code)s::text[], %(name)s::text[], %(use)s::text[], %(valid_from)s::date[], %(valid_to)s::date[], %(source)s::text[]
)
on conflict (place_code, name) do update set
    use = excluded.use, valid_from = excluded.valid_from, valid_to = excluded.valid_to, source = excluded.source
where (a.use, a.valid_from, a.valid_to, a.source)
    is distinct from (excluded.use, excluded.valid_from, excluded.valid_to, excluded.source)
    and (not %(bundled)s or a.source not like 'import:%%')

-- name: insert_networks
-- Rows that say something else than the newest row about the same range and time; the rest are repeated.
insert into places_network
    (import_id, first, last, country, state, district, operator, kind, valid_from, valid_to, source, as_of)
select %(import_id)s, n.first, n.last, n.country, n.state, n.district, n.operator, n.kind, n.valid_from, n.valid_to,
    %(source)s, %(as_of)s
from unnest(
    %(first)s::inet[], %(last)s::inet[], %(country)s::text[], %(state)s::text[], %(district)s::text[],
    %(operator)s::text[], %(kind)s::text[], %(valid_from)s::timestamptz[], %(valid_to)s::timestamptz[]
) with ordinality as n (first, last, country, state, district, operator, kind, valid_from, valid_to, place)
left join lateral (
    select p.country, p.state, p.district, p.operator, p.kind from places_network p
    where p.first = n.first and p.last = n.last
        and p.valid_from is not distinct from n.valid_from and p.valid_to is not distinct from n.valid_to
    order by p.id desc limit 1
) newest on true
where (newest.country, newest.state, newest.district, newest.operator, newest.kind)
    is distinct from (n.country, n.state, n.district, n.operator, n.kind)
order by n.place

-- name: upsert_coverage
insert into places_coverage as c (import_id, unit_id, place_code, valid_from, valid_to)
select %(import_id)s, * from unnest(%(unit)s::uuid[], %(place)s::text[], %(valid_from)s::date[], %(valid_to)s::date[])
on conflict (unit_id, place_code) do update set
    import_id = excluded.import_id, valid_from = excluded.valid_from, valid_to = excluded.valid_to
where (c.valid_from, c.valid_to) is distinct from (excluded.valid_from, excluded.valid_to)

-- name: start_import
insert into places_import (what, file_name, sha256, as_of, taken, repeated, set_aside, losses, by)
values (%(what)s, %(file_name)s, %(sha256)s, %(as_of)s, 0, 0, %(set_aside)s, %(losses)s, %(by)s) returning id

-- name: finish_import
update places_import set taken = %(taken)s, repeated = %(repeated)s where id = %(id)s

-- name: counts
select count(*) filter (where kind = 'district'), count(*), (select count(*) from places_network) from places_place
