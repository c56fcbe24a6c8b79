"""An account under cover is declared, and shown again, by two people: a supervisor is the second."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0011_merges")]

    operations = [
        migrations.RemoveConstraint("approval", "access_approval_kind_known"),
        migrations.AddConstraint(
            "approval",
            models.CheckConstraint(
                condition=models.Q(kind__in=["export", "merge", "persona", "purge", "unmask"]),
                name="access_approval_kind_known",
            ),
        ),
    ]
