"""What is shown beside a number or a member stands in its own row, so that no page joins thousands of rows for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("linking", "0005_protected")]

    operations = [
        migrations.AddField("GroupMember", "doubt", models.TextField(default="")),
        migrations.AddField("GroupNumber", "conduct", models.TextField(default="")),
    ]
