"""A bundle is one line of a queue: which reports fold into which line, and where that line stands."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models import Q
from django.db.models.functions import Coalesce

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.reason import Reason
from abhaya.triage.rules import fold_of

ROWS = 10_000
AT_WORK = Q(state__in=["waiting", "claimed"])
OLD = """select q.report_id, b.bundle_id, b.apart <> '[]', q.lane, a.reasons::text
from triage_queue q
join matching_bundle b on b.report_id = q.report_id
join access_compartment c on c.id = q.compartment and not c.covert
join triage_assessment a on a.id = q.assessment_id
where q.report_id > %s order by q.report_id limit %s"""
WRITE = """update triage_queue q set bundle_id = told.bundle, fold_id = told.fold
from unnest(%s::uuid[], %s::uuid[], %s::uuid[]) as told (report, bundle, fold) where q.report_id = told.report"""
STAND = """update triage_queue q set stands_with = told.first from (
    select report_id, first_value(report_id) over (partition by holder_unit_id, fold_id order by report_id) as first
    from triage_queue where fold_id is not null
) told where q.report_id = told.report_id"""


def fold_old(apps: Any, schema_editor: Any) -> None:
    """What came before is folded like what comes."""
    with schema_editor.connection.cursor() as cursor:
        for rows in _pages(cursor):
            folds = [None if apart else fold_of(bundle, lane, _reasons(why)) for _, bundle, apart, lane, why in rows]
            cursor.execute(WRITE, [[row[0] for row in rows], [row[1] for row in rows], folds])
        cursor.execute(STAND)


def _pages(cursor: Any) -> Iterator[list[Any]]:
    after = UUID(int=0)
    while True:
        cursor.execute(OLD, [after, ROWS])
        rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield rows


def _reasons(text: str) -> tuple[Reason, ...]:
    return msgspec.json.decode(text, type=tuple[Reason, ...])


def index(name: str, fields: list[str], condition: Q) -> migrations.AddIndex:
    return migrations.AddIndex('Queued', models.Index(fields=["holder_unit_id", *fields], name=f"triage_queue_{name}", condition=condition))


class Migration(migrations.Migration):

    dependencies = [
        ('triage', '0001_initial'),
        ('matching', '0007_bundles_of_old'),
    ]

    operations = [
        migrations.AddField('Queued', 'bundle_id', models.UUIDField(null=True)),
        migrations.AddField('Queued', 'fold_id', models.UUIDField(null=True)),
        migrations.AddField('Queued', 'stands_with', models.UUIDField(null=True)),
        migrations.AddField('Queued', 'fold', models.GeneratedField(expression=Coalesce('fold_id', 'report_id'), output_field=models.UUIDField(), db_persist=True)),
        migrations.AddField('Queued', 'line', models.GeneratedField(expression=Coalesce('stands_with', 'report_id'), output_field=models.UUIDField(), db_persist=True)),
        RunSQL(
            [
                "alter table triage_queue alter fold set not null, alter line set not null",  # of the two that make each, one is
                f"grant update (bundle_id, fold_id, stands_with) on triage_queue to {ROAD_ROLE}",
                f"grant update (stands_with) on triage_queue to {APP_ROLE}",
            ],
            reverse_sql=RunSQL.noop,
        ),
        migrations.RunPython(fold_old, migrations.RunPython.noop),
        *(migrations.RemoveIndex('Queued', f"triage_queue_{name}") for name in ("order", "unseen", "sender")),
        index("lines", ["urgency", "line", "fold", "report_id"], AT_WORK),
        index("lines_oldest", ["line", "fold", "report_id"], AT_WORK),
        index("lines_unseen", ["urgency", "line", "fold", "report_id"], AT_WORK & Q(first_opened_at=None)),
        index("lines_sender", ["sender_id", "urgency", "line", "fold", "report_id"], AT_WORK),
        index("bundles", ["bundle_id", "fold", "urgency", "line", "report_id"], AT_WORK & ~Q(bundle_id=None)),
    ]
