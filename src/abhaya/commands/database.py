"""Commands on the database itself."""

from __future__ import annotations

from argparse import Namespace

from django.conf import settings
from django.db import connections

from abhaya.access import role_table
from abhaya.shared.migrate import migrate as bring_up_to_date


def migrate(arguments: Namespace) -> int:
    bring_up_to_date(verbosity=0 if arguments.quiet else 1)
    owner = connections[settings.MIGRATION_DATABASE]
    role_table.fill(owner)
    owner.close()
    return 0
