"""When groups were taken down, as officers enter it from a notice."""

import abhaya.shared.ids
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import row_security

WORKS = "access_works_on(compartment)"
SAID = "id, compartment, report_id, group_id, day, said_by, by_officer, by_name"
WITHDRAWN = "withdrawn_at, withdrawn_by, withdrawn_by_name, withdrawn_why"


class Migration(migrations.Migration):

    dependencies = [("linking", "0010_personas")]

    operations = [
        migrations.CreateModel(
            name="Takedown",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("compartment", models.UUIDField()),
                ("report_id", models.UUIDField()),
                ("group_id", models.UUIDField()),
                ("day", models.DateField()),
                ("said_by", models.TextField()),
                ("by_officer", models.UUIDField()),
                ("by_name", models.TextField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.UUIDField(null=True)),
                ("withdrawn_by_name", models.TextField(db_default="", default="")),
                ("withdrawn_why", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "linking_takedown",
                "indexes": [
                    models.Index(fields=["compartment"], name="linking_takedown_compartment"),
                    models.Index(fields=["group_id"], name="linking_takedown_group"),
                ],
            },
        ),
        row_security("linking_takedown", app="select", road="select"),
        RunSQL(
            [
                f"grant insert ({SAID}), update ({WITHDRAWN}) on linking_takedown to {APP_ROLE}",
                f"create policy linking_takedown_{APP_ROLE}_insert on linking_takedown for insert to {APP_ROLE}"
                f" with check ({WORKS})",
                f"create policy linking_takedown_{APP_ROLE}_update on linking_takedown for update to {APP_ROLE}"
                f" using ({WORKS}) with check ({WORKS})",
            ],
            reverse_sql=RunSQL.noop,
        ),
    ]
