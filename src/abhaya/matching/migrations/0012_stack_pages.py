"""An officer's word against a stack can be taken back, and a stack is read page by page."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models import Q

from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import SEEN

_SEEN = SEEN.format(table="matching_parting")


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0011_likeness'),
    ]

    operations = [
        migrations.AddField('Parting', 'stack_id', models.UUIDField(null=True)),
        migrations.AddField('Parting', 'undone_at', models.DateTimeField(null=True)),
        migrations.AddField('Parting', 'undone_by', models.UUIDField(null=True)),
        migrations.AddField('Parting', 'undone_name', models.TextField(db_default='')),
        migrations.AddField('Parting', 'undone_why', models.TextField(db_default='')),
        # What was taken back once never changes again.
        RunSQL(
            [
                f"grant update (undone_at, undone_by, undone_name, undone_why, done_at) on matching_parting to {APP_ROLE}",
                f"create policy matching_parting_{APP_ROLE}_update on matching_parting for update to {APP_ROLE}"
                f" using (undone_at is null and {_SEEN}) with check ({_SEEN})",
            ],
            reverse_sql=f"drop policy matching_parting_{APP_ROLE}_update on matching_parting",
        ),
        migrations.RemoveIndex('FileHash', 'matching_file_hash_stack'),
        migrations.AddIndex('FileHash', models.Index(fields=['stack_id', 'stack_distance', 'file_id'], condition=~Q(stack_id=None), name='matching_file_hash_stack')),
        migrations.AddIndex('FileHash', models.Index(fields=['stack_id'], condition=~Q(stack_form=''), name='matching_file_hash_behind')),
    ]
