"""A file of a case's report, held by another unit too, is a hit; what a covert case says, it says to one unit."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import Q

from abhaya.cases.migrations._row_security import HIT_SEEN
from abhaya.ledger.schema import OFFICER
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE

TOLD_TO_ALL_OR_US = "(cases_hit.told_unit is null or cases_hit.told_unit = any ((select access_viewers())::uuid[]))"
# What it said stands in its own road now, not in the report's: it is its liaison's alone, as 0002 has it for the rest.
LIAISONS = (
    "event not in ('cases:hit:found', 'cases:hit:decided', 'cases:hit:told') or not access_is_covert(compartment) or exists ("
    " select 1 from cases_case c where c.compartment = ledger_entry.compartment"
    f" and c.liaison_id = {OFFICER})"
)
SECURITY = [
    f"alter policy ledger_entry_{APP_ROLE}_liaisons on ledger_entry using ({LIAISONS})",
    f"grant select (digest) on cases_hit to {APP_ROLE}",
    f"alter policy cases_hit_{APP_ROLE}_select on cases_hit using ({HIT_SEEN} and {TOLD_TO_ALL_OR_US})",
    f"grant update (files, compared_at) on cases_attachment to {ROAD_ROLE}",
    f"create policy cases_attachment_{ROAD_ROLE}_update on cases_attachment for update to {ROAD_ROLE}"
    " using (true) with check (true)",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_own_history")]

    operations = [
        migrations.AddField(
            "attachment",
            "files",
            django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), db_default=[], size=None),
        ),
        migrations.AddField("attachment", "compared_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "attachment",
            django.contrib.postgres.indexes.GinIndex(
                condition=Q(detached_at=None), fields=["files"], name="cases_attachment_files"
            ),
        ),
        migrations.AddIndex(
            "attachment",
            models.Index(condition=Q(detached_at=None), fields=["report_id"], name="cases_attachment_report"),
        ),
        migrations.AddIndex(
            "attachment", models.Index(condition=Q(compared_at=None), fields=["id"], name="cases_attachment_new")
        ),
        migrations.AddField("hit", "digest", models.BinaryField(null=True)),
        migrations.AddField("hit", "told_unit", models.UUIDField(null=True)),
        migrations.RemoveConstraint("hit", "cases_hit_once"),
        migrations.AddConstraint(
            "hit",
            models.UniqueConstraint(
                fields=["compartment", "watched", "other", "told_unit"],
                name="cases_hit_once_a_unit",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL([*SECURITY], reverse_sql=migrations.RunSQL.noop),
    ]
