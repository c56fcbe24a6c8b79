"""One place that says what a request for a second person is, and in which state: a view, under its reader's own rules."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from abhaya.access.migrations._approvals import HOURS_TO_DECIDE
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE

VIEW = f"""
    create view access_approval_shown with (security_invoker = true) as
    select a.id, a.kind, a.target, a.compartment, a.what::text as what, a.page, a.purpose, a.asked_by, a.asked_by_name,
        u.name as unit_name, u.name_hi as unit_name_hi, a.asked_at,
        a.asked_at + interval '{HOURS_TO_DECIDE} hours' as decide_by, a.decided_by, a.decided_by_name, a.decided_at,
        a.granted, a.decision_reason, a.use_by, a.spent_at,
        case when a.spent_at is not null then 'used' when a.granted and a.use_by > now() then 'granted'
            when a.granted then 'unused' when a.decided_at is not null then 'refused'
            when a.asked_at > now() - interval '{HOURS_TO_DECIDE} hours' then 'waiting' else 'lapsed' end as state
    from access_approval a join access_unit u on u.id = a.unit_id
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0009_members")]

    operations = [
        RunSQL([VIEW, f"grant select on access_approval_shown to {APP_ROLE}, {ROAD_ROLE}"], reverse_sql=RunSQL.noop)
    ]
