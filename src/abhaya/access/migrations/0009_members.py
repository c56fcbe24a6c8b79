"""A case's members for a time, and reports that its members see through it."""

from django.db import migrations, models

from abhaya.access.migrations._members import FUNCTIONS, POLICIES


class Migration(migrations.Migration):
    dependencies = [("access", "0008_holding_files")]

    operations = [
        migrations.AddField(model_name="opening", name="given_by", field=models.UUIDField(null=True)),
        *FUNCTIONS,
        *POLICIES,
    ]
