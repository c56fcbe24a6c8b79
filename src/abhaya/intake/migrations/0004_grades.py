"""Grades of senders, seen by whoever reads reports, and of single reports, in the compartment where they were given."""

from typing import Any

from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models.functions import Now

import abhaya.shared.ids
from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import row_security

_READS = " or ".join(
    f"(select access_may('{one}'))" for one in ("desk:report:read", "intake:sender:read", "intake:sender:manage")
)
_MANAGES = "(select access_may('intake:sender:manage'))"
_WORKS = "access_works_on(compartment)"
_UNDONE = "undone_at, undone_by, undone_by_name, undone_why"


def _written_by(table: str, columns: str, rule: str) -> RunSQL:
    return RunSQL(
        [
            f"grant insert ({columns}), update ({_UNDONE}) on {table} to {APP_ROLE}",
            f"create policy {table}_{APP_ROLE}_insert on {table} for insert to {APP_ROLE} with check ({rule})",
            f"create policy {table}_{APP_ROLE}_update on {table} for update to {APP_ROLE} using ({rule}) with check ({rule})",
        ],
        reverse_sql=RunSQL.noop,
    )


def _said() -> list[tuple[str, Any]]:
    return [
        ("at", models.DateTimeField(db_default=Now())),
        ("undone_at", models.DateTimeField(null=True)),
        ("undone_by", models.UUIDField(null=True)),
        ("undone_by_name", models.TextField(db_default="", default="")),
        ("undone_why", models.TextField(db_default="", default="")),
    ]


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_added")]

    operations = [
        migrations.CreateModel(
            name="SenderGrade",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("sender_id", models.UUIDField()),
                ("reliability", models.TextField()),
                ("why", models.TextField()),
                ("by_officer", models.UUIDField()),
                ("by_name", models.TextField()),
                *_said(),
            ],
            options={
                "db_table": "intake_sender_grade",
                "indexes": [models.Index(fields=["sender_id", "id"], name="intake_sender_grade_sender")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reliability__in", ["A", "B", "C", "D", "E", "F"])),
                        name="intake_sender_grade_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("compartment", models.UUIDField()),
                ("report_id", models.UUIDField()),
                ("reliability", models.TextField()),
                ("credibility", models.TextField()),
                ("why", models.TextField()),
                ("by_officer", models.UUIDField()),
                ("by_name", models.TextField()),
                ("by_unit", models.UUIDField()),
                *_said(),
            ],
            options={
                "db_table": "intake_grade",
                "indexes": [
                    models.Index(fields=["compartment"], name="intake_grade_compartment"),
                    models.Index(fields=["report_id", "id"], name="intake_grade_report"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credibility__in", ["1", "2", "3", "4", "5", "6"]),
                            ("reliability__in", ["", "A", "B", "C", "D", "E", "F"]),
                        ),
                        name="intake_grade_known",
                    )
                ],
            },
        ),
        row_security("intake_sender_grade", app="select", road="select", seen=f"({_READS})"),
        _written_by("intake_sender_grade", "id, sender_id, reliability, why, by_officer, by_name", _MANAGES),
        row_security("intake_grade", app="select", road="select"),
        _written_by(
            "intake_grade", "id, compartment, report_id, reliability, credibility, why, by_officer, by_name, by_unit", _WORKS
        ),
    ]
