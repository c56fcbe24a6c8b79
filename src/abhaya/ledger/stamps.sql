-- name: keep
insert into ledger_stamp (size, authority, response, at) values (%(size)s, %(authority)s, %(response)s, %(at)s)
on conflict (size) do nothing

-- name: reached
insert into ledger_outsider (name, size, at) values (%(name)s, %(size)s, %(at)s)
on conflict (name) do update set size = excluded.size, at = excluded.at, problem = null, problem_at = null
