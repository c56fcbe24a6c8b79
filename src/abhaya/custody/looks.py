"""Readers of looks: the rules in force, what came of earlier ones, and an officer's own meter and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from abhaya.access.queries import SignedIn
from abhaya.custody.lawful import DRAFT, Basis, Rule, Table, Viewed, rule_for
from abhaya.custody.viewing import UNENDED_SECONDS_MAX, Caps, Choice, Exposure, Meter, meter
from abhaya.errors import NotThere
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

SQL = NamedSql(__file__, "looks.sql")
EARLIER_SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """A look that somebody finished, for whoever would else look again."""

    id: UUID
    officer_name: str
    at: datetime
    result: str
    note: str
    reached: str
    is_alike: bool  # at another picture that looks like it, never at these bytes
    file_id: UUID  # at which file


@dataclass(frozen=True, slots=True)
class Look:
    """One look of the acting officer."""

    id: UUID
    compartment: UUID
    item_id: UUID
    object_id: UUID
    file_id: UUID
    at: datetime
    jurisdiction: str
    rules_version: str
    viewed: str
    needs: str
    purpose: str
    reference: str
    warrant: str
    why_again: str
    severity: str
    is_imminent: bool
    passed_pause: bool
    reached: str
    failed: str
    result: str
    note: str
    ended_at: datetime | None

    @property
    def why_not(self) -> str:
        """The code of the sentence that says why it could not be drawn; "" where it could, or nobody tried."""
        return f"why-not-{self.failed}" if self.failed else ""

    @property
    def basis(self) -> Basis:
        return Basis(self.purpose, self.reference, self.warrant)


@dataclass(frozen=True, slots=True)
class InForce:
    """A version of the rules, with who brought it and when; neither for the draft."""

    table: Table
    at: datetime | None = None
    made_by_name: str = ""


@dataclass(frozen=True, slots=True)
class Lowered:
    """Limits as a unit or an officer set them; None where they set none."""

    items_a_day: int | None = None
    minutes_a_day: int | None = None
    minutes_without_break: int | None = None
    break_minutes: int | None = None

    def on(self, caps: Caps) -> Caps:
        return caps.lowered(self.items_a_day, self.minutes_a_day, self.minutes_without_break, self.break_minutes)


@dataclass(frozen=True, slots=True)
class Own:
    """An officer's own settings and limits."""

    choice: Choice
    lowered: Lowered


@dataclass(frozen=True, slots=True)
class OnRota:
    """An officer who may look at media: free for it, or rather not now. Nothing more is told of them."""

    id: UUID
    name: str
    prefers_not_now: bool


def in_force() -> InForce:
    """The rules about opening files: the newest version, or the draft until somebody brought one."""
    row = fetch_one(_table, SQL["lawful_table"])
    return row if row is not None else InForce(DRAFT)


def _table(version: str, at: datetime, made_by_name: str, rules: str) -> InForce:
    return InForce(Table(version, msgspec.json.decode(rules, type=tuple[Rule, ...])), at, made_by_name)


def rule_of(officer: SignedIn, viewed: bool | None) -> tuple[Rule, Table]:
    """The rule for a file with this flag where the officer's unit stands, and the table it is from."""
    table = in_force().table
    return rule_for(table, str(value(SQL["place"], {"unit": officer.unit_id}) or ""), Viewed.of(viewed)), table


def earlier(object_id: UUID, alike: Sequence[UUID] = ()) -> list[Earlier]:
    """What came of looks at these bytes that the reader may know of, the newest first; then of looks at others that are
    `alike`, for whoever would look at these.
    """
    asked = {"object": object_id, "objects": [object_id, *alike], "most": EARLIER_SHOWN_MAX}
    return fetch(Earlier, SQL["earlier"], asked)


def at_any(objects: Sequence[UUID]) -> list[Earlier]:
    """What came of looks at any of these bytes that the reader may know of, the newest first."""
    return fetch(Earlier, SQL["earlier"], {"object": None, "objects": list(objects), "most": EARLIER_SHOWN_MAX})


def look(look_id: UUID, officer: SignedIn) -> Look:
    """The officer's own look. Raises `NotThere` for anybody else's, as for none."""
    found = fetch_one(Look, SQL["look"], {"look": look_id, "officer": officer.id})
    if found is None:
        raise NotThere(_("There is no such look of yours."))
    return found


def going(file_id: UUID, officer: SignedIn) -> UUID | None:
    """A look of theirs at this file that has not ended."""
    found: UUID | None = value(SQL["going"], {"file": file_id, "officer": officer.id})
    return found


def own(officer_id: UUID) -> Own:
    """The officer's own settings; the house's where they chose none."""
    found = fetch_one(_own, SQL["choice"], {"officer": officer_id})
    return found if found is not None else Own(Choice(), Lowered())


def _own(*row: object) -> Own:
    return Own(Choice(*row[:5]), Lowered(*row[5:]))  # type: ignore[arg-type]  # columns in the order of the fields


def unit_caps(unit_id: UUID) -> Lowered:
    return fetch_one(Lowered, SQL["unit_caps"], {"unit": unit_id}) or Lowered()


def caps_of(officer: SignedIn) -> Caps:
    """The lowest of the house's, the unit's and the officer's own."""
    return own(officer.id).lowered.on(unit_caps(officer.unit_id).on(Caps()))


def meter_of(officer: SignedIn) -> Meter:
    """The officer's own meter; it answers for nobody else (row security)."""
    looks: Sequence[Exposure] = fetch(Exposure, SQL["exposure"], {"officer": officer.id, "most": UNENDED_SECONDS_MAX})
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return meter(looks, caps_of(officer), now=now, midnight=midnight)


def rota(unit_id: UUID) -> list[OnRota]:
    return fetch(OnRota, SQL["rota"], {"unit": unit_id})
