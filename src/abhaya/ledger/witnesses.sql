-- name: known
-- The size of the newest checkpoint that somebody outside signed.
select size from ledger_outsider where name = %(name)s

-- name: is_news
-- Whether entries stand above what they signed, beside those that say who signed.
select exists (
    select 1 from ledger_leaf l left join ledger_entry e on e.id = l.entry_id
    where l.index >= coalesce((select o.size from ledger_outsider o where o.name = %(name)s), 0)
    and l.index < %(size)s
    and coalesce(e.event, '') not in ('ledger:checkpoint:left', 'ledger:checkpoint:stamped', 'ledger:witness:refused')
)

-- name: keep
insert into ledger_cosignature (id, size, witness, line, at)
values (gen_random_uuid(), %(size)s, %(witness)s, %(line)s, %(at)s)
on conflict (size, witness) do nothing

-- name: reached
-- They signed: whatever was the matter is over.
insert into ledger_outsider (name, size, at) values (%(name)s, %(size)s, %(at)s)
on conflict (name) do update set size = greatest(ledger_outsider.size, excluded.size), at = excluded.at,
    problem = null, problem_at = null

-- name: problem
-- They did not sign: touched only where it is for another kind of reason than before, so that it is told once.
insert into ledger_outsider (name, size, problem, problem_at) values (%(name)s, 0, %(problem)s::jsonb, %(at)s)
on conflict (name) do update set problem = excluded.problem, problem_at = excluded.problem_at
where ledger_outsider.problem->>'code' is distinct from excluded.problem->>'code'
