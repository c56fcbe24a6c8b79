"""The key to an original is read by units that may read the original, to whoever asks the database directly too."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, definer_function

ROAD = f"current_setting('role', true) = '{ROAD_ROLE}'"  # which reads every wrap anyway
# The rule of `grants.refuse_elsewhere`: an authorised unit of one's own, a grant that has not ended, or nobody authorised.
MAY_READ = f"""
    {SEEN.format(table="h")} and (
        not exists (select 1 from access_keeper(h.compartment) k where not k.is_own_authorised)
        or exists (
            select 1 from custody_grant g join custody_item i on i.id = g.item_id
            where g.compartment = h.compartment and i.object_id = h.object_id and g.state = 'granted' and g.until > now()
            and g.unit_id = any ((select access_viewers())::uuid[])
        )
    )
"""
WRAP = f"select h.wrapped_key from custody_holding h where h.object_id = $1 and h.compartment = $2 and ({ROAD} or {MAY_READ})"  # noqa: S608 — our own words
# Whether there is a key at all is shown to all who see the compartment; a pointer of another installation has none.
WRAPPED = f"""
    select h.object_id from custody_holding h
    where h.compartment = $1 and h.wrapped_key is not null and ({ROAD} or {SEEN.format(table="h")})
"""  # noqa: S608 — our own words


class Migration(migrations.Migration):
    dependencies = [("custody", "0007_moved")]

    operations = [
        definer_function("custody_wrap(uuid, uuid)", "bytea", WRAP, roles=[APP_ROLE, ROAD_ROLE]),
        definer_function("custody_wrapped(uuid)", "setof uuid", WRAPPED, roles=[APP_ROLE, ROAD_ROLE]),
        RunSQL(
            [
                f"revoke select on custody_holding from {APP_ROLE}",
                f"grant select (object_id, compartment, made_at) on custody_holding to {APP_ROLE}",
            ],
            reverse_sql=RunSQL.noop,
        ),
    ]
