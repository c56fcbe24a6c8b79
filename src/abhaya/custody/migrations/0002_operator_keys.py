import django.db.models.functions.datetime
from django.db import migrations, models

from abhaya.custody.migrations._row_security import written
from abhaya.shared.identity import ROAD_ROLE
from abhaya.shared.schema import grants

# A wrap is exchanged only for what it was when it was read, and a row that somebody else is working on is passed over:
# the rotation comes back to it, and nobody ever waits for it, or it for them, in a circle.
REWRAP = """
declare
    done integer;
begin
    with asked as (
        select * from unnest($1, $2, $3, $4) as a (object_id, compartment, was, becomes)
    ), free as (
        select h.object_id, h.compartment, a.becomes from custody_holding h
        join asked a on a.object_id = h.object_id and a.compartment = h.compartment and a.was = h.wrapped_key
        for no key update of h skip locked
    )
    update custody_holding h set wrapped_key = free.becomes from free
    where h.object_id = free.object_id and h.compartment = free.compartment;
    get diagnostics done = row_count;
    return done;
end
"""

REWRAP_KNOWN = """
declare
    done integer;
begin
    with asked as (
        select * from unnest($1, $2, $3) as a (object_id, was, becomes)
    ), free as (
        select o.id, a.becomes from custody_object o
        join asked a on a.object_id = o.id and a.was = o.known_key
        for no key update of o skip locked
    )
    update custody_object o set known_key = free.becomes from free where o.id = free.id;
    get diagnostics done = row_count;
    return done;
end
"""


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OperatorKeyNote",
            fields=[
                ("key_id", models.TextField(primary_key=True, serialize=False)),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("rotation_from", models.TextField(db_default="")),
                ("rewrapped", models.BigIntegerField(db_default=0)),
                ("rotated_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("split_at", models.DateTimeField(null=True)),
                ("split_shares", models.SmallIntegerField(db_default=0)),
                ("split_needed", models.SmallIntegerField(db_default=0)),
                ("proved_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "custody_operator_key"},
        ),
        grants(
            "custody_operator_key",
            app="select",
            road="select, insert, update (rewrapped, rotated_at, retired_at, split_at, split_shares, split_needed, proved_at)",
        ),
        written("custody_rewrap(uuid[], uuid[], bytea[], bytea[])", "integer", REWRAP, roles=[ROAD_ROLE]),
        written("custody_rewrap_known(uuid[], bytea[], bytea[])", "integer", REWRAP_KNOWN, roles=[ROAD_ROLE]),
    ]
