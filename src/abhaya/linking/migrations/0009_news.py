"""Changes of subjects reach the desks of those whom they concern; what an officer has seen of them is theirs alone."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.ledger.schema import OFFICER
from abhaya.shared.identity import ROAD_ROLE
from abhaya.shared.schema import row_security

_VIEWER = "linking_news.viewer = any ((select access_viewers())::uuid[])"
# Who deletes evidence takes the report's openings away too: to whom it was open is noted before.
_LOST = """create function linking_note_lost() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp
as $body$ begin
  insert into linking_lost (account_id, viewer)
  select distinct gone.account_id, o.viewer from gone
  join access_opening o on o.compartment = gone.compartment and (o.until is null or o.until > now())
  where gone.is_base order by 1, 2
  on conflict (account_id, viewer) do update set at = now();
  return null;
end $body$"""


def _table(name: str, first: str, second: str, at: models.DateTimeField[object, object]) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("pk", models.CompositePrimaryKey(first, second, blank=True, editable=False, primary_key=True, serialize=False)),
            (first, models.UUIDField()),
            (second, models.UUIDField()),
            ("at", at),
        ],
        options={"db_table": f"linking_{name.lower()}"},
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("linking", "0008_remarks"), ("access", "0011_merges")]

    operations = [
        migrations.AddField("Change", "told_at", models.DateTimeField(null=True)),
        _table("News", "viewer", "change_id", models.DateTimeField()),
        _table("Heard", "officer_id", "change_id", models.DateTimeField(db_default=Now())),
        _table("Lost", "account_id", "viewer", models.DateTimeField(db_default=Now())),
        *(
            migrations.AddIndex(name, models.Index(fields=["at"], name=f"linking_{name.lower()}_at"))
            for name in ("News", "Heard", "Lost")
        ),
        row_security("linking_news", app="select", road="select, insert, delete", seen=_VIEWER),
        row_security("linking_heard", app="select, insert", road="select, delete", seen=f"{{table}}.officer_id = {OFFICER}"),
        row_security("linking_lost", app="", road="select, insert, update (at), delete"),
        migrations.RunSQL(
            [
                "update linking_change set told_at = at",
                f"grant update (told_at) on linking_change to {ROAD_ROLE}",
                f"create policy linking_change_{ROAD_ROLE}_update on linking_change for update to {ROAD_ROLE}"
                " using (true) with check (true)",
                _LOST,
                "create trigger linking_evidence_lost after delete on linking_evidence referencing old table as gone"
                " for each statement execute function linking_note_lost()",
            ],
            reverse_sql="drop function linking_note_lost() cascade",
        ),
        migrations.AddIndex("Change", models.Index(fields=["other_id"], name="linking_change_other")),
        migrations.AddIndex(
            "Change", models.Index(fields=["id"], condition=Q(told_at=None), name="linking_change_untold")
        ),
    ]
