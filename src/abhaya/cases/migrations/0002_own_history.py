"""What a covert case has met stands in its road for its liaison alone, to whoever asks the database too."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from abhaya.ledger.schema import OFFICER
from abhaya.shared.identity import APP_ROLE

# Restrictive: whatever else lets an officer read entries, these it lets nobody read but the liaison. The case is looked
# up only for such entries; that it is covert is asked past row security, because the auditor of open ones is no member.
LIAISONS = (
    "event not in ('cases:hit:found', 'cases:hit:decided') or not access_is_covert(compartment) or exists ("
    " select 1 from cases_case c where c.compartment = ledger_entry.compartment"
    f" and c.liaison_id = {OFFICER})"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("ledger", "0002_outside")]

    operations = [
        RunSQL(
            f"create policy ledger_entry_{APP_ROLE}_liaisons on ledger_entry as restrictive for select to {APP_ROLE}"
            f" using ({LIAISONS})",
            reverse_sql=RunSQL.noop,
        ),
    ]
