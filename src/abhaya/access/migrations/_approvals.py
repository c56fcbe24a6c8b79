"""The second person in PostgreSQL: who sees a request, who may decide it, and the only two ways it changes."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.access.migrations._row_security import policy, secured
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, definer_function, grants

ME = "nullif(current_setting('abhaya.officer', true), '')::uuid"
OWN = "nullif((select current_setting('abhaya.officer', true)), '')::uuid"
HOURS_BEFORE_IT_GOES_UP = 1  # unanswered so long, or with nobody else in the unit: the supervisors above see it too
HOURS_TO_DECIDE, HOURS_TO_USE = 24, 1

# Open to the officer otherwise than in an emergency: an opening of the unit, or as a member.
HOLDS = """
    select exists (
        select 1 from access_opening o
        where o.viewer = any ((select access_viewers())::uuid[]) and o.compartment = $1
        and (o.until is null or o.until > now()) and o.basis not like 'emergency:%'
    )
"""

# Never who asked. Unmasking: any working officer of the unit or of whom the compartment is open to. What leaves or goes
# for good: a supervisor's permission. Of a covert compartment nobody learns but who is in it. Supervisors of the units
# above come in where nobody else of the unit may decide, or nobody did within the hour.
DECIDES = f"""
    with recursive me as (
        select o.id, o.unit_id, o.roles from access_officer o join access_unit u on u.id = o.unit_id
        where o.id = {ME} and o.is_active and u.is_active
    ), above as (
        select u.parent_id as id, 1 as depth from access_unit u where u.id = $2
        union all
        select u.parent_id, above.depth + 1 from above join access_unit u on u.id = above.id where above.depth < 16
    )
    select exists (
        select 1 from me where me.id <> $4
        and access_may(case $1 when 'unmask' then 'access:approval:decide' else 'access:approval:decide-final' end)
        and (
            ($3 is not null and access_holds($3))
            or (not exists (select 1 from access_compartment c where c.id = $3 and c.covert) and (
                me.unit_id = $2
                or ('supervisor' = any (me.roles) and me.unit_id in (select above.id from above) and (
                    $5 < now() - make_interval(hours => {HOURS_BEFORE_IT_GOES_UP})
                    or not exists (
                        select 1 from access_officer f join access_role_permission p on p.role = any (f.roles)
                        where f.unit_id = $2 and f.is_active and f.id <> $4 and p.permission =
                            case $1 when 'unmask' then 'access:approval:decide' else 'access:approval:decide-final' end
                    )
                ))
            ))
        )
    )
"""

# Two who decide at once: the second finds it decided, and is given nothing.
DECIDE = f"""
    update access_approval a set
        decided_by = o.id, decided_by_name = o.name, decided_at = now(), granted = $2, decision_reason = $3,
        use_by = case when $2 then now() + make_interval(hours => {HOURS_TO_USE}) end
    from access_officer o
    where a.id = $1 and o.id = {ME} and a.decided_at is null and a.asked_at > now() - make_interval(hours => {HOURS_TO_DECIDE})
    and access_decides(a.kind, a.unit_id, a.compartment, a.asked_by, a.asked_at)
    returning a.id
"""

# One use. Who comes at the same time passes over the row that is being used, and finds no other.
SPEND = f"""
    update access_approval a set spent_at = now()
    where a.id = (
        select b.id from access_approval b
        where b.kind = $1 and b.target = $2 and b.asked_by = {ME} and b.granted and b.spent_at is null
        and b.use_by > now() order by b.decided_at limit 1 for update skip locked
    )
    returning a.id
"""

ASKED_COLUMNS = "id, kind, target, compartment, unit_id, what, page, purpose, asked_by, asked_by_name"
ASKS = (
    f"asked_by = {OWN} and unit_id = (select o.unit_id from access_officer o where o.id = asked_by)"
    f" and (compartment is null or {SEEN.format(table='access_approval')})"
)
SEES = f"asked_by = {OWN} or decided_by = {OWN} or access_decides(kind, unit_id, compartment, asked_by, asked_at)"

APPROVALS: list[RunSQL] = [
    definer_function("access_holds(uuid)", "boolean", HOLDS, roles=[APP_ROLE]),
    definer_function("access_decides(text, uuid, uuid, uuid, timestamptz)", "boolean", DECIDES, roles=[APP_ROLE]),
    definer_function("access_approval_decide(uuid, boolean, text)", "setof uuid", DECIDE, roles=[APP_ROLE], volatility="volatile"),
    definer_function("access_approval_spend(text, uuid)", "setof uuid", SPEND, roles=[APP_ROLE], volatility="volatile"),
    grants("access_approval", app=f"select, insert ({ASKED_COLUMNS})", road="select"),
    secured(
        "access_approval",
        [
            policy("access_approval", APP_ROLE, "select", using=SEES),
            policy("access_approval", APP_ROLE, "insert", check=ASKS),
            policy("access_approval", ROAD_ROLE, "select", using="true"),
        ],
    ),
]
