"""Files that came after their report say when, and what was read from later originals is found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_caller")]

    operations = [
        migrations.AddField("File", "added_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "Original",
            models.Index(
                fields=["report_id"], name="intake_original_added", condition=models.Q(("record__isnull", False))
            ),
        ),
    ]
