"""Who reads the ledger: the ledger stands below this room and cannot call its functions, so its policies are set here."""

from django.db import migrations

from abhaya.ledger.schema import reading_policies


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("ledger", "0001_initial")]

    operations = [reading_policies()]
