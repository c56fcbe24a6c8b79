"""Files that look alike stand in stacks; what an index held too often to be listed is kept for whoever keeps the house."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models import Q

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import grants

# When the first of a stack is deleted, those that stood behind it are asked anew.
ASK_ANEW = """create function matching_ask_anew() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp
as $body$ begin
  update matching_file_hash h set stack_id = null, stack_first = null, stack_form = '', stack_asked = false
  from gone where h.stack_first = gone.file_id and gone.stack_first = gone.file_id;
  return null;
end $body$"""


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0008_films'),
    ]

    operations = [
        migrations.AddField('FileHash', 'stack_id', models.UUIDField(null=True)),
        migrations.AddField('FileHash', 'stack_first', models.UUIDField(null=True)),
        migrations.AddField('FileHash', 'stack_distance', models.SmallIntegerField(null=True)),
        migrations.AddField('FileHash', 'stack_form', models.TextField(db_default='')),
        migrations.AddField('FileHash', 'stack_asked', models.BooleanField(db_default=False)),
        migrations.AddIndex('FileHash', models.Index(fields=['stack_id'], condition=~Q(stack_id=None), name='matching_file_hash_stack')),
        migrations.AddIndex('FileHash', models.Index(fields=['stack_first'], condition=~Q(stack_first=None), name='matching_file_hash_first')),
        migrations.AddIndex('FileHash', models.Index(fields=['position'], condition=~Q(position=None) & Q(stack_asked=False), name='matching_file_hash_unasked')),
        RunSQL(
            [
                f"grant update (stack_id, stack_first, stack_distance, stack_form, stack_asked) on matching_file_hash to {ROAD_ROLE}",
                f"grant select (stack_id, stack_distance, stack_form) on matching_file_hash to {APP_ROLE}",
                ASK_ANEW,
                "create trigger matching_file_hash_ask_anew after delete on matching_file_hash referencing old table as gone"
                " for each statement execute function matching_ask_anew()",
            ],
            reverse_sql="drop function matching_ask_anew() cascade",
        ),
        migrations.CreateModel(
            name='Crowd',
            fields=[
                ('index', models.TextField(primary_key=True, serialize=False)),
                ('positions', models.BigIntegerField()),
                ('seen_at', models.DateTimeField()),
            ],
            options={'db_table': 'matching_crowd'},
        ),
        grants('matching_crowd', road='select, insert, update'),
    ]
