"""Reports that came before bundles get theirs, and each keeps how many of its files are widely shared."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import ROAD_ROLE

# As `bundle_rules.bundled`: of a file that was only described, and whose bytes came later, the bytes count.
OLD = """insert into matching_bundle (report_id, compartment, bundle_id, apart)
select file.report_id, r.compartment, file.bundle_id, told.apart
from (
  select f.report_id,
    encode(substring(sha256(convert_to('abhaya bundle' || chr(10), 'UTF8') || string_agg(distinct f.sha256, ''::bytea order by f.sha256)) from 1 for 16), 'hex')::uuid
      as bundle_id,
    count(distinct f.position) - count(distinct f.position) filter (where f.sha256 is not null) as not_held
  from intake_file f group by f.report_id having count(f.sha256) > 0
) file
join intake_report r on r.id = file.report_id
cross join lateral (
  select coalesce(jsonb_agg(jsonb_build_object('code', why.code, 'values', jsonb_build_object('count', why.count)) order by why.place), '[]') as apart
  from (
    select known.place, known.code, count(*) as count from selectors_sighting s
    join (values (1, 'victim', 'tells_of_child'), (2, 'recipient', 'tells_of_recipient'), (3, 'associated', 'tells_of_another'))
      as known (place, role, code) on known.role = s.role
    where s.report_id = file.report_id group by known.place, known.code
    union all
    select 4, 'file_not_held', file.not_held where file.not_held > 0
  ) why
) told
on conflict (report_id) do nothing"""


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0006_sharing'),
        ('intake', '0003_added'),
        ('selectors', '0001_initial'),
    ]

    operations = [
        migrations.AddField('Bundled', 'widely_files', models.IntegerField(db_default=0)),
        migrations.AddField('Bundled', 'widely_first', models.IntegerField(db_default=0)),
        RunSQL(f"grant update (widely_files, widely_first) on matching_bundle to {ROAD_ROLE}", reverse_sql=RunSQL.noop),
        RunSQL(OLD, reverse_sql=RunSQL.noop),
    ]
