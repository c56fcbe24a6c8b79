"""Which database alias may do what: every alias is the same database, signed in to as another role."""

from __future__ import annotations

from typing import Any

from django.conf import settings


class OwnerMigrates:
    """Migrations run as the owner or not at all; the program's own role could not, and must not, make a table."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:  # noqa: ARG002 — Django's signature
        return db == settings.MIGRATION_DATABASE
