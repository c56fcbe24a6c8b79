"""How members arranged the link chart of their case."""

from __future__ import annotations

import django.db.models.functions.datetime
from django.db import migrations, models

import abhaya.shared.ids
from abhaya.cases.migrations._row_security import WORKS
from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import row_security


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_files")]

    operations = [
        migrations.CreateModel(
            name="Chart",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("compartment", models.UUIDField()),
                ("title", models.TextField()),
                ("arranged", models.JSONField()),
                ("by_id", models.UUIDField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "cases_chart",
                "indexes": [models.Index(fields=["compartment", "id"], name="cases_chart_compartment")],
            },
        ),
        row_security("cases_chart", app="select", road=""),
        migrations.RunSQL(
            [
                f"grant insert on cases_chart to {APP_ROLE}",
                f"create policy cases_chart_{APP_ROLE}_insert on cases_chart for insert to {APP_ROLE} with check ({WORKS})",
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
