"""Other units are asked about a person. Nothing is computed when a unit asks: who holds something sees the task, by itself,
in its own unit's rows. So no clock and no count tells the asking unit who that is.
"""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Q

import abhaya.shared.ids
from abhaya.shared.identity import APP_ROLE

OFFICER = "nullif((select current_setting('abhaya.officer', true)), '')::uuid"
OWN_UNIT = f"(select me.unit_id from access_officer me where me.id = {OFFICER})"
MAY = "(select access_may('desk:rights:handle'))"
# By the unit's own opening alone: what an officer sees as a member of a case, a covert one at that, makes no task.
HOLDS = f"""exists (
    select 1 from selectors_sighting s join access_opening o on o.compartment = s.compartment
    where s.selector_id = any (desk_inquiry.selectors) and o.viewer = {OWN_UNIT} and (o.until is null or o.until > now())
)"""
RULES = migrations.RunSQL(
    [
        "alter table desk_inquiry enable row level security",
        "revoke all on desk_inquiry from public",
        f"grant select, insert on desk_inquiry to {APP_ROLE}",
        f"create policy desk_inquiry_app_select on desk_inquiry for select to {APP_ROLE}"
        f" using ({MAY} and (unit_id = {OWN_UNIT} or {HOLDS}))",
        f"create policy desk_inquiry_app_insert on desk_inquiry for insert to {APP_ROLE} with check ({MAY}"
        f" and unit_id = {OWN_UNIT} and made_by = {OFFICER}"
        " and exists (select 1 from desk_person_request r where r.id = request_id and r.selectors = desk_inquiry.selectors))",
        "alter table desk_inquiry_answer enable row level security",
        "revoke all on desk_inquiry_answer from public",
        f"grant select, insert on desk_inquiry_answer to {APP_ROLE}",
        # Who says nothing is not seen to say it.
        f"create policy desk_inquiry_answer_app_select on desk_inquiry_answer for select to {APP_ROLE}"
        f" using ({MAY} and (unit_id = {OWN_UNIT} or (outcome <> 'silent' and exists ("
        f"select 1 from desk_inquiry i where i.id = inquiry_id and i.unit_id = {OWN_UNIT}))))",
        f"create policy desk_inquiry_answer_app_insert on desk_inquiry_answer for insert to {APP_ROLE} with check ({MAY}"
        f" and unit_id = {OWN_UNIT} and made_by = {OFFICER}"
        f" and exists (select 1 from desk_inquiry i where i.id = inquiry_id and i.unit_id <> {OWN_UNIT}))",
    ],
    reverse_sql=migrations.RunSQL.noop,
)


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_persons"), ("selectors", "0001_initial"), ("access", "0008_holding_files")]

    operations = [
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("request_id", models.UUIDField(unique=True)),
                ("kind", models.TextField()),
                ("reference", models.TextField()),
                (
                    "selectors",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("due_on", models.DateField()),
                ("made_by", models.UUIDField()),
                ("made_name", models.TextField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "desk_inquiry",
                "indexes": [models.Index(fields=["due_on"], name="desk_inquiry_due")],
            },
        ),
        migrations.CreateModel(
            name="InquiryAnswer",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("inquiry", models.ForeignKey(on_delete=models.deletion.RESTRICT, to="desk.inquiry")),
                ("unit_id", models.UUIDField()),
                ("outcome", models.TextField()),
                ("ground", models.TextField(db_default="")),
                ("text", models.TextField(db_default="")),
                ("made_by", models.UUIDField()),
                ("made_name", models.TextField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "desk_inquiry_answer",
                "constraints": [
                    models.UniqueConstraint(fields=["inquiry", "unit_id"], name="desk_inquiry_answer_once"),
                    models.CheckConstraint(
                        condition=Q(outcome__in=["told", "direct", "refused", "silent"]),
                        name="desk_inquiry_answer_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(outcome="refused") | ~Q(ground=""), name="desk_inquiry_refused_on_a_ground"
                    ),
                    models.CheckConstraint(
                        condition=~Q(outcome="told") | ~Q(text=""), name="desk_inquiry_told_in_words"
                    ),
                ],
            },
        ),
        RULES,
    ]
