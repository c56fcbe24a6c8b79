"""A hit of an identifier that came after its report is compared with all that came before it, then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("linking", "0001_initial")]

    operations = [migrations.AddField("Hit", "added_at", models.DateTimeField(null=True))]
