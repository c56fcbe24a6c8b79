"""Who knocks at the door is asked in one statement outside any transaction: four calls a report, each with its own."""

from django.db import migrations

from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import definer_function

CALLER = """
select s.id, s.name, s.unit_id, s.is_test, s.username, s.password_hash, s.is_active, s.requests_per_minute_max, s.file_bytes_max
from intake_sender s where s.username = $1
"""
COLUMNS = (
    "id uuid, name text, unit_id uuid, is_test boolean, username text, password_hash text, is_active boolean,"
    " requests_per_minute_max integer, file_bytes_max bigint"
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [definer_function("intake_caller(text)", f"table ({COLUMNS})", CALLER, roles=[APP_ROLE])]
