"""Whether a report is in a colleague's hands: then its pages say so, and nothing of it."""

from __future__ import annotations

from abhaya.access.permissions import Role
from abhaya.access.queries import SignedIn
from abhaya.triage.queries import Standing


def is_anothers(standing: Standing, officer: SignedIn) -> bool:
    return standing.is_held and standing.holder_unit_id == officer.unit_id and standing.claimed_by != officer.id


def may_read_along(officer: SignedIn) -> bool:
    return Role.SUPERVISOR in officer.roles
