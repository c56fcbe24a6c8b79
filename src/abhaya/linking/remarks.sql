-- name: of_accounts
-- The newest version of each remark about one of these accounts, the newest remark first, withdrawn or not, as far as the
-- officer reads where it is kept; with the accounts it is about and all it was said of, as far as the officer sees them.
select r.id, r.first_id, r.version, r.compartment, r.report_id, i.number, r.kind, r.text, r.is_whole, r.by_officer, r.by_name, r.at,
  first.by_name, first.at, r.withdrawn_at, r.withdrawn_by_name, r.withdrawn_why,
  array(select a.account_id from linking_remark_account a where a.remark_id = r.id and a.is_about order by 1),
  array(select a.account_id from linking_remark_account a where a.remark_id = r.id order by 1),
  access_is_covert(r.compartment), i.compartment is distinct from r.compartment
from (
  select distinct a.remark_id from linking_remark_account a where a.account_id = any (%(accounts)s::uuid[]) and a.is_about
) about
join linking_remark r on r.id = about.remark_id
join linking_remark first on first.id = r.first_id
left join intake_report i on i.id = r.report_id
where not exists (select 1 from linking_remark newer where newer.first_id = r.first_id and newer.version > r.version)
order by r.first_id desc limit %(most)s

-- name: versions
-- Every version of one remark, the newest first.
select r.id, r.first_id, r.version, r.compartment, r.report_id, i.number, r.kind, r.text, r.is_whole, r.by_officer, r.by_name, r.at,
  first.by_name, first.at, r.withdrawn_at, r.withdrawn_by_name, r.withdrawn_why,
  array(select a.account_id from linking_remark_account a where a.remark_id = r.id and a.is_about order by 1),
  array(select a.account_id from linking_remark_account a where a.remark_id = r.id order by 1),
  access_is_covert(r.compartment), i.compartment is distinct from r.compartment
from linking_remark r join linking_remark first on first.id = r.first_id
left join intake_report i on i.id = r.report_id
where r.first_id = %(remark)s order by r.version desc

-- name: held
-- The newest version of a remark for whoever may change it, held until the change is done.
select r.id, r.version, r.compartment, r.report_id, r.withdrawn_at is not null from linking_remark r
where r.first_id = %(remark)s order by r.version desc limit 1 for update

-- name: is_there
select exists (select 1 from linking_remark where first_id = %(remark)s)

-- name: withdraw
update linking_remark set withdrawn_at = now(), withdrawn_by = %(officer)s, withdrawn_by_name = %(name)s, withdrawn_why = %(why)s
where id = %(id)s and withdrawn_at is null

-- name: named_in
-- Reports open to the officer in which one of these accounts is a person's: the one asked for, then the newest first.
select p.report_id, p.compartment from linking_person p
where p.account_id = any (%(accounts)s::uuid[]) and p.id < %(until)s order by (p.report_id = %(report)s::uuid) is true desc, p.id desc
limit 20

-- name: seen
-- Which of these accounts the officer sees.
select distinct p.account_id from linking_person p where p.account_id = any (%(accounts)s::uuid[])

-- name: stands_in
-- Whether one of these accounts is a person's in the report.
select exists (
  select 1 from linking_person p where p.report_id = %(report)s and p.account_id = any (%(accounts)s::uuid[])
)

-- name: stated
-- What reports state of victims and possible minors among their persons, and of those whom these accounts are, or share
-- something with: kind, as written.
with beside as (
  select unnest(%(accounts)s::uuid[]) as account_id
  union select b from linking_link where a = any (%(accounts)s::uuid[])
  union select a from linking_link where b = any (%(accounts)s::uuid[])
), protected as (
  select linking_protected(array(select account_id from beside)) as account_id
)
select distinct s.kind, s.raw from linking_person p
join selectors_sighting s on s.report_id = p.report_id and s.role = p.role and s.person = p.person
where (p.report_id = any (%(reports)s::uuid[]) and p.protected <> '') or p.account_id in (select account_id from protected)
order by 1, 2 limit %(most)s
