from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import ROAD_ROLE


class Migration(migrations.Migration):
    """How many entries of a list are live, counted once when a version is in; and where the words of a code come from."""

    dependencies = [("matching", "0004_bundles")]

    operations = [
        migrations.AddField("Category", "source", models.TextField(db_default="")),
        migrations.AddField("ListVersion", "live", models.BigIntegerField(null=True)),
        RunSQL(f"grant update (live) on matching_list_version to {ROAD_ROLE}", reverse_sql=RunSQL.noop),
    ]
