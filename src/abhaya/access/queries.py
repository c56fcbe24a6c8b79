"""Readers of officers and units."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from abhaya.access.permissions import Permission
from abhaya.shared.sql import NamedSql

SQL = NamedSql(__file__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The officer of this request, as `request.officer`."""

    id: UUID
    username: str
    name: str
    unit_id: UUID
    unit_name: str
    unit_kind: str
    roles: tuple[str, ...]
    permissions: frozenset[Permission]
    language: str

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
