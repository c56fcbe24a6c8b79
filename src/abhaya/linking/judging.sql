-- name: named_in
-- Reports open to the officer in which one of these accounts is a person's, the newest first.
select p.report_id, p.compartment from linking_person p
where p.account_id = any (%(accounts)s::uuid[]) and p.id < %(until)s order by p.id desc limit 20

-- name: protected_here
-- The accounts that the officer sees -> whether one is protected, as far as the officer sees.
select p.account_id, bool_or(p.protected <> '') from linking_person p
where p.account_id = any (%(accounts)s::uuid[]) group by p.account_id

-- name: in_force
-- Judgements on a pair that stand, as far as the officer sees.
select id, compartment, answer from linking_judgement where a = %(a)s and b = %(b)s and undone_at is null

-- name: one
select id, compartment, report_id, a, b, answer, undone_at is not null from linking_judgement where id = %(id)s

-- name: undo
update linking_judgement set undone_at = now(), undone_by = %(officer)s, undone_by_name = %(name)s, undone_why = %(why)s
where id = %(id)s and undone_at is null

-- name: is_covert
select access_is_covert(%(compartment)s)

-- name: sides
-- What is taken together with two accounts: how many accounts, whether they are one subject already, and whether a unit
-- that has a report of the one side has none of the other.
with ends as (select 'a' as side, %(a)s::uuid as account union all select 'b', %(b)s::uuid),
whole as (
  select side, account from ends
  union
  select e.side, other.account_id from ends e
  join linking_membership m on m.account_id = e.account and m.until is null
  join linking_membership other on other.subject_id = m.subject_id and other.until is null
),
units as (
  select distinct w.side, o.viewer from whole w
  join linking_person p on p.account_id = w.account and p.is_base
  join access_opening o on o.compartment = p.compartment and (o.until is null or o.until > now())
  join access_unit u on u.id = o.viewer
)
select (select count(distinct account) from whole),
  exists (select 1 from whole where side = 'a' and account = %(b)s),
  exists (select viewer from units where side = 'a' except select viewer from units where side = 'b')
    or exists (select viewer from units where side = 'b' except select viewer from units where side = 'a')
