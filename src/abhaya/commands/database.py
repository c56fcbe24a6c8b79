"""Commands on the database itself."""

from __future__ import annotations

from argparse import Namespace

from abhaya.shared.migrate import migrate as bring_up_to_date


def migrate(arguments: Namespace) -> int:
    bring_up_to_date(verbosity=0 if arguments.quiet else 1)
    return 0
