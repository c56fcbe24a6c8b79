"""Names and the keys under which similar ones are found. `abhaya link rebuild` fills them for reports that are there."""

from django.db import migrations, models

from abhaya.shared.schema import row_security

# Row security applies inside: a key is there for whoever sees the name in a report.
_BORNE = "exists (select 1 from linking_name n where n.selector_id = {table}.selector_id)"


class Migration(migrations.Migration):
    dependencies = [("linking", "0006_group_words")]

    operations = [
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("pk", models.CompositePrimaryKey("selector_id", "key", blank=True, editable=False, primary_key=True, serialize=False)),
                ("selector_id", models.UUIDField()),
                ("key", models.TextField()),
            ],
            options={
                "db_table": "linking_name_key",
                "indexes": [models.Index(fields=["key"], name="linking_name_key_key")],
            },
        ),
        migrations.CreateModel(
            name="NameSeen",
            fields=[
                ("pk", models.CompositePrimaryKey("selector_id", "report_id", "role", "person", blank=True, editable=False, primary_key=True, serialize=False)),
                ("selector_id", models.UUIDField()),
                ("report_id", models.UUIDField()),
                ("role", models.TextField()),
                ("person", models.IntegerField()),
                ("compartment", models.UUIDField()),
                ("account_id", models.UUIDField()),
            ],
            options={
                "db_table": "linking_name",
                "indexes": [models.Index(fields=["compartment"], name="linking_name_compartment")],
            },
        ),
        row_security("linking_name", app="select", road="select, insert, delete"),
        row_security("linking_name_key", app="select", road="select, insert, delete", seen=_BORNE),
    ]
