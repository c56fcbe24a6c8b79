"""What has changed of persons reaches whoever concludes from them: triage, for one, which ranks their reports anew."""

from django.db import migrations, models

from abhaya.shared.schema import row_security


class Migration(migrations.Migration):

    dependencies = [
        ("linking", "0011_takedowns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stirred",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
            ],
            options={"db_table": "linking_stirred"},
        ),
        row_security("linking_stirred", app="", road="select, insert, update (person_id), delete"),
    ]
