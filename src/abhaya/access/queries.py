"""Readers of officers, units and openings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.access.permissions import Permission, permissions_of
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

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
    must_change_password: bool = False
    epoch: int = 0
    is_ready_made: bool = False

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is held against."""

    id: UUID
    name: str
    password: str
    password_set_at: datetime
    totp_secret: str
    totp_step: int
    passkeys: int
    oidc_subject: str
    must_change_password: bool
    epoch: int
    language: str

    @property
    def has_second_factor(self) -> bool:
        return self.totp_step > 0 or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer as the officers page shows them."""

    id: UUID
    username: str
    name: str
    unit_id: UUID
    unit_name: str
    unit_name_hi: str
    unit_code: str
    roles: list[str]
    has_second_factor: bool
    must_change_password: bool
    is_ready_made: bool
    is_active: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit, with how many stand above it and how many active officers it has."""

    id: UUID
    parent_id: UUID | None
    kind: str
    name: str
    name_hi: str
    code: str
    place_code: str
    forward_rule: str
    duty_contact: str
    holds_files: str
    is_active: bool
    depth: int
    officers: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser the acting officer is signed in with."""

    id: UUID
    address: str
    agent: str
    since: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey of the acting officer's."""

    id: UUID
    name: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    made_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening of the acting officer's: why they may see a compartment, and how far."""

    viewer: UUID
    compartment: UUID
    level: str
    basis: str
    made_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a case. `is_over`: the membership has ended, by its own date or by somebody's act."""

    id: UUID
    name: str
    unit_name: str
    unit_name_hi: str
    level: str
    basis: str
    given_by: str
    made_at: datetime
    until: datetime | None
    is_over: bool


class Colleague(NamedTuple):
    """An officer one can let in."""

    id: UUID
    name: str
    username: str
    unit_name: str


def signed_in(officer_id: UUID, *, session: UUID | None = None) -> SignedIn | None:
    """The officer, if they and their unit are active. Asked inside `acting`, at every request.

    With a session: only if it is still open.
    """
    row = fetch_one(_SignedInRow, SQL["signed_in"], {"officer": officer_id, "session": session})
    if row is None:
        return None
    return SignedIn(
        id=row.id,
        username=row.username,
        name=row.name,
        unit_id=row.unit_id,
        unit_name=row.unit_name_hi if row.language == "hi" and row.unit_name_hi else row.unit_name,
        unit_kind=row.unit_kind,
        roles=tuple(row.roles),
        permissions=permissions_of(row.roles),
        language=row.language,
        must_change_password=row.must_change_password,
        epoch=row.epoch,
        is_ready_made=row.is_ready_made,
    )


@dataclass(frozen=True, slots=True)
class _SignedInRow:
    id: UUID
    username: str
    name: str
    unit_id: UUID
    unit_name: str
    unit_name_hi: str
    unit_kind: str
    roles: list[str]
    language: str
    must_change_password: bool
    epoch: int
    is_ready_made: bool


def credentials(username: str) -> Credentials | None:
    """Of an active officer of an active unit; asked before anybody is signed in."""
    return fetch_one(Credentials, SQL["credentials"], [username])


def officers(unit_id: UUID | None = None) -> list[OfficerRow]:
    """All officers, or those of one unit; active ones first, then by name."""
    return fetch(OfficerRow, SQL["officers"], {"unit": unit_id, "officer": None})


def officer_by_id(officer_id: UUID) -> OfficerRow | None:
    return fetch_one(OfficerRow, SQL["officers"], {"unit": None, "officer": officer_id})


def ready_made_officers() -> list[OfficerRow]:
    """The training world's officers, hub first. Asked on the road: nobody is signed in yet."""
    return fetch(OfficerRow, SQL["ready_made"])


def units() -> list[UnitRow]:
    """The whole tree, each unit before the ones under it, siblings by name."""
    return fetch(UnitRow, SQL["units"])


def unit_of_code(code: str) -> UUID | None:
    """The id of the unit with this code."""
    found: UUID | None = value(SQL["unit_id"], [code])
    return found


def has_officers() -> bool:
    """Whether anybody was ever made: while not, the set-up page exists. Asked on the road."""
    return bool(value(SQL["has_officers"]))


def unused_recovery_codes(officer_id: UUID) -> int:
    """How many recovery codes the acting officer has left."""
    return int(value(SQL["unused_recovery_codes"], [officer_id]))


def sessions(officer_id: UUID, *, idle_seconds: int) -> list[SessionRow]:
    """The acting officer's open sessions, the one used last first."""
    return fetch(SessionRow, SQL["sessions"], {"officer": officer_id, "idle": idle_seconds})


def passkeys(officer_id: UUID) -> list[PasskeyRow]:
    """The acting officer's passkeys, oldest first."""
    return fetch(PasskeyRow, SQL["passkeys"], [officer_id])


def my_openings(compartments: Sequence[UUID]) -> list[OpeningRow]:
    """The acting officer's own openings of these compartments, strongest first."""
    return fetch(OpeningRow, SQL["my_openings"], [list(compartments)])


def works_on(compartment: UUID) -> bool:
    """Whether the acting officer works on this compartment now."""
    return bool(value(SQL["works_on"], [compartment]))


def trace(compartment: UUID) -> UUID:
    """The compartment in which an act of this officer on a report is written down: the report's own, unless a covert case
    is the only way by which they see it. Then it is the case's, where no outsider reads it.
    """
    found: UUID = value(SQL["trace"], [compartment])
    return found


def members(compartment: UUID) -> list[MemberRow]:
    """Who is and was a member of a case of the acting officer's, with until when; present ones first."""
    return fetch(MemberRow, SQL["members"], [compartment])


def colleagues() -> list[tuple[UUID, str]]:
    """Active officers who may read content, with their unit: whom one can let in."""
    return [(row.id, f"{row.name} · {row.unit_name} ({row.username})") for row in fetch(Colleague, SQL["colleagues"])]


def may_still(officer: UUID, permission: str) -> bool:
    """Whether the officer of this transaction holds a permission now: asked again before a job of theirs runs."""
    del officer  # the transaction knows
    return bool(value("select access_may(%s)", [permission]))
