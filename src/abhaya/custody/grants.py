"""Originals that stay with a unit authorised to hold files: others see hashes, name and size, and ask.

A unit that is not authorised holds a pointer. Where an authorised unit has the same report open, that one keeps the
originals: it may let another unit open one for a time and a purpose, and both sides see the log. Where no authorised unit has
it, the originals are nowhere else, and whoever received them reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abhaya.custody.rules import Where, visible, where_read
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import APP_ROLE, current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, execute, fetch, fetch_one, value

SQL = NamedSql(__file__, "grants.sql")
PURPOSE_CHARACTERS_MIN, PURPOSE_CHARACTERS_MAX = 10, 500
HOURS_CHOICES = (4, 24, 72, 168)
LISTED_MAX = 200


@dataclass(frozen=True, slots=True)
class Keeper:
    """The unit that keeps a compartment's originals."""

    id: UUID
    name: str
    name_hi: str
    is_own_authorised: bool
    live_json: str | None

    @property
    def live(self) -> dict[UUID, datetime]:
        """The items that the acting officer's unit may open for a time, and until when."""
        return msgspec.json.decode(self.live_json, type=dict[UUID, datetime]) if self.live_json else {}

    @property
    def shown(self) -> str:
        return self.name_hi if self.name_hi and (get_language() or "en").startswith("hi") else self.name


@dataclass(frozen=True, slots=True)
class Line:
    """A request as the page shows it. `to_us`: the officer's unit is the one that decides."""

    id: UUID
    compartment: UUID
    item_id: UUID
    name: str
    media_type_seen: str
    size_bytes: int | None
    unit_name: str
    asked_name: str
    asked_at: datetime
    purpose: str
    state: str
    decided_name: str
    decided_at: datetime | None
    answer: str
    until: datetime | None
    to_us: bool

    @property
    def shown_name(self) -> str:
        return visible(self.name) or "–"

    @property
    def has_ended(self) -> bool:
        return self.until is not None and self.until <= datetime.now(UTC)


class _Own(NamedTuple):
    id: UUID
    name: str


class _One(NamedTuple):
    id: UUID
    item_id: UUID
    compartment: UUID


def keeper_of(compartment: UUID) -> Keeper | None:
    """The unit that keeps the originals, where it is another than the acting officer's unit may be; None on the road."""
    if current_actor().role != APP_ROLE:
        return None
    found = fetch_one(Keeper, SQL["keeper"], {"compartment": compartment})
    return None if found is None or found.is_own_authorised else found


def refuse_elsewhere(object_id: UUID, compartment: UUID) -> None:
    """Raises the sentence that says who keeps the original, where the acting officer may not read it here."""
    keeper = keeper_of(compartment)
    if keeper is None:
        return
    has_grant = bool(value(SQL["live_for"], {"compartment": compartment, "object": object_id}))
    if where_read(is_authorised=False, has_keeper=True, has_grant=has_grant) is Where.ELSEWHERE:
        raise OfficerError(
            _("Your unit holds no files. This original is kept at %(unit)s; ask there to open it.")
            % {"unit": keeper.shown}
        )


def ask(item_id: UUID, compartment: UUID, purpose: str) -> UUID:
    """Asks the keeping unit to let the acting officer's unit open an item's original."""
    purpose, officer = " ".join(purpose.split()), current_actor()
    if not PURPOSE_CHARACTERS_MIN <= len(purpose) <= PURPOSE_CHARACTERS_MAX:
        raise OfficerError(
            _("Say what you need it for, in %(least)d to %(most)d letters.")
            % {"least": PURPOSE_CHARACTERS_MIN, "most": PURPOSE_CHARACTERS_MAX}
        )
    keeper, own = keeper_of(compartment), fetch_one(_Own, SQL["own_unit"], {"officer": officer.id})
    if keeper is None or own is None:
        raise OfficerError(_("This original can be opened here; nobody need be asked."))
    if value(SQL["waiting_for"], {"item": item_id, "unit": own.id}):
        raise OfficerError(_("Your unit has asked for this original already; the answer is awaited."))
    grant = uuid7()
    insert(
        "custody_grant",
        ["id", "compartment", "item_id", "unit_id", "unit_name", "keeper_id", "asked_by", "asked_name", "purpose"],
        [(grant, compartment, item_id, own.id, own.name, keeper.id, officer.id, officer.name, purpose)],
    )
    facts = {"grant": str(grant), "keeper": str(keeper.id), "keeper_name": keeper.name, "unit": own.name}
    record([Act(Event.CUSTODY_GRANT_ASKED, item_id, compartment, facts)])
    return grant


def decide(grant_id: UUID, *, hours: int | None, answer: str) -> None:
    """The keeping unit's answer: for so many hours, or no (`hours` None) with the reason."""
    one, officer = fetch_one(_One, SQL["one"], {"grant": grant_id}), current_actor()
    if one is None:
        raise NotThere(_("There is no such request here."))
    answer = " ".join(answer.split())[:PURPOSE_CHARACTERS_MAX]
    if hours is None and len(answer) < PURPOSE_CHARACTERS_MIN:
        raise OfficerError(_("Say why not, so that the other unit can act on it."))
    if hours is not None and hours not in HOURS_CHOICES:
        raise OfficerError(_("Choose one of the times offered."))
    params = {
        "grant": grant_id, "state": "refused" if hours is None else "granted", "officer": officer.id,
        "name": officer.name, "answer": answer,
        "until": None if hours is None else datetime.now(UTC) + timedelta(hours=hours),
    }  # fmt: skip
    if not execute(SQL["decide"], params):
        raise OfficerError(_("This request was decided meanwhile, or another unit decides it."))
    event = Event.CUSTODY_GRANT_REFUSED if hours is None else Event.CUSTODY_GRANT_GIVEN
    facts: dict[str, object] = {"grant": str(grant_id)} | ({"hours": hours} if hours is not None else {})
    record([Act(event, one.item_id, one.compartment, facts)])


def listed() -> list[Line]:
    """Requests to and of the acting officer's unit, the open ones first."""
    return fetch(Line, SQL["listed"], {"most": LISTED_MAX})
