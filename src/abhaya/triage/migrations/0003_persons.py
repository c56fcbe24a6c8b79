"""What reports tell of their persons, and what a report was ranked by: so that only what it changes is ranked anew."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import ROAD_ROLE

# What came before tells what it shows; it is ranked anew when something of its persons changes.
OLD = """update triage_queue q set tells = 8 + case when q.lane = 'imminent' then 1 else 0 end
    + case when a.reasons @> '[{"code": "text_meet"}]' then 2 else 0 end
    + case when a.reasons @> '[{"code": "file_sought"}]' or a.reasons @> '[{"code": "file_sought_later"}]' then 4 else 0 end
from triage_assessment a, access_compartment c
where a.id = q.assessment_id and c.id = q.compartment and not c.covert"""


class Migration(migrations.Migration):

    dependencies = [
        ("triage", "0002_lines"),
        ("linking", "0012_stirred"),
    ]

    operations = [
        migrations.AddField("Queued", "tells", models.SmallIntegerField(default=0)),
        migrations.AddField("Queued", "says", models.SmallIntegerField(default=0)),
        RunSQL([f"grant update (tells, says) on triage_queue to {ROAD_ROLE}", OLD], reverse_sql=RunSQL.noop),
    ]
