"""The desk has no table; it has the one function that knows by which numbers people call a report.

What does not exist, what is covert and what two reports share all end in the same place after the same look-up: a
request without a compartment, counted and kept. The answer is the same `null`.
"""

from django.db import migrations

from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import definer_function

# $1 id of the request, $2 the number as typed, $3 the reason.
OPEN = """
    with named as (
        select r.id, r.compartment, 0 as rank from intake_report r
        where r.number = case when $2 ~ '^[0-9]{1,18}$' then $2::bigint end
        union
        select r.id, r.compartment, 1 from intake_report r where r.external_ref = $2 and $2 <> ''
    ), openable as (
        select n.id, n.compartment, n.rank, count(*) over (partition by n.rank) as alike
        from named n join access_compartment c on c.id = n.compartment and not c.covert
    ), chosen as (
        select o.id, o.compartment from openable o where o.alike = 1 order by o.rank limit 1
    ), noted as (
        select access_emergency_note($1, 'open', $2, $3, c.compartment, c.id) as done, c.id as report
        from (values (1)) as always left join chosen c on true
    )
    select n.report from noted n where n.done
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0005_emergencies"), ("intake", "0002_caller")]

    operations = [
        definer_function("desk_open_in_emergency(uuid, text, text)", "setof uuid", OPEN, roles=[APP_ROLE], volatility="volatile")
    ]
