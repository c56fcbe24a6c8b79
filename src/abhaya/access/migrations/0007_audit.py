"""Supervisors read what auditors and administrators did."""

from django.db import migrations

from abhaya.access.migrations._audit import AUDIT


class Migration(migrations.Migration):
    dependencies = [("access", "0006_sign_in_in_full")]

    operations = [*AUDIT]
