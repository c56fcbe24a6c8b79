from django.db import migrations, models
from django.db.models import Q
from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import definer_function

# Which unit keeps the originals of a compartment, for whoever sees into it: of the units it is open to, the first that is
# authorised to hold files. And whether the acting officer's own unit is. A hub is authorised unless somebody said no,
# another unit is not unless somebody said yes.
KEEPER = """
    with authorised as (
        select u.id, u.name, u.name_hi, o.made_at from access_opening o join access_unit u on u.id = o.viewer
        where o.compartment = $1 and (o.until is null or o.until > now()) and u.is_active
        and (u.holds_files = 'yes' or (u.holds_files = '' and u.kind = 'hub'))
        and exists (
            select 1 from access_opening mine where mine.compartment = $1
            and mine.viewer = any ((select access_viewers())::uuid[]) and (mine.until is null or mine.until > now())
        )
    )
    select a.id, a.name, a.name_hi, coalesce((
        select u.holds_files = 'yes' or (u.holds_files = '' and u.kind = 'hub')
        from access_officer me join access_unit u on u.id = me.unit_id
        where me.id = nullif(current_setting('abhaya.officer', true), '')::uuid and me.is_active and u.is_active
    ), false)
    from authorised a order by a.made_at, a.id limit 1
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_audit")]

    operations = [
        migrations.AddField(model_name="unit", name="holds_files", field=models.TextField(db_default="")),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=Q(holds_files__in=["", "yes", "no"]), name="access_unit_holds_files_known"
            ),
        ),
        RunSQL(
            [
                f"grant select (holds_files), insert (holds_files), update (holds_files) on access_unit to {role}"
                for role in (APP_ROLE, ROAD_ROLE)
            ],
            reverse_sql=RunSQL.noop,
        ),
        definer_function(
            "access_keeper(uuid)", "table (id uuid, name text, name_hi text, is_own_authorised boolean)", KEEPER,
            roles=[APP_ROLE],
        ),
    ]
