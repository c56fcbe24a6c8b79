"""Readers of the Action Taken Report and of a unit's workbook, and their rows as they leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from abhaya.intake.formats.record import Person
from abhaya.routing.formats import action_taken as atr
from abhaya.shared.sql import NamedSql, fetch
from abhaya.shared.tables import xlsx
from abhaya.triage.masking import hides

SQL = NamedSql(__file__, "taken.sql")
ROWS_MAX = 20_000
WORKBOOK_HEADINGS = (
    "Report number", "Sender's number", "Platform", "Incident type", "Received", "Forwarded on", "Answer due", "State of work",
    "Lane", "Accounts", "E-mail addresses", "Telephones", "IP addresses with port and time (UTC)", "Links",
    "Action taken", "FIR number", "FIR date", "Reason if not registered", "Remarks",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One report forwarded to a unit in the period, and what the unit says it did."""

    report_id: UUID
    number: int
    external_ref: str
    platform: str
    incident_type: str
    received_at: datetime
    offered_at: datetime
    due_at: datetime
    state: str
    lane: str
    action: str
    fir_number: str
    fir_date: date | None
    reason: str
    remarks: str
    recorded_at: datetime | None
    identifiers: list[tuple[str, str]] | None = None

    @property
    def action_words(self) -> tuple[str, str]:
        return atr.WORDS[atr.ActionTaken(self.action)] if self.action else ("", "")


@dataclass(frozen=True, slots=True)
class Identifier:
    report_id: UUID
    kind: str
    raw: str
    port: int | None
    at: datetime | None
    role: str
    person: int


@dataclass(frozen=True, slots=True)
class Described:
    """Whom a report describes, as far as masking asks."""

    report_id: UUID
    received_at: datetime
    persons_json: str
    reported_is_child: bool

    def hides(self, one: Identifier) -> bool:
        persons = msgspec.json.decode(self.persons_json, type=list[Person])
        found = next((each for each in persons if (each.role, each.number) == (one.role, one.person)), None)
        return one.role != "file" and hides(one.role, found, self.received_at, reported_is_child=self.reported_is_child)


def month_of(text: str) -> tuple[datetime, datetime]:
    """The first instant of a month written YYYY-MM and of the next, in the unit's time zone; this month for anything else."""
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        start = datetime.strptime(text, "%Y-%m").replace(tzinfo=zone)
    except ValueError:
        start = datetime.now(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    next_month = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start, next_month


def rows(unit: UUID, start: datetime, until: datetime) -> list[Row]:
    """What was forwarded to the unit in the period, oldest first."""
    return fetch(Row, SQL["rows"], {"unit": unit, "from": start, "until": until, "most": ROWS_MAX})


def action_taken_report(unit_name: str, found: list[Row]) -> bytes:
    """The Action Taken Report as a workbook, filled as far as the unit has recorded."""
    return atr.write(unit_name, (_line(unit_name, row) for row in found))


def workbook(unit_name: str, found: list[Row]) -> bytes:
    """The unit's workbook: reports forwarded to it with the identifiers of the reported persons; no victim's, and nobody's
    who is or may be a child.
    """
    reports = [row.report_id for row in found]
    described = {one.report_id: one for one in fetch(Described, SQL["persons"], {"reports": reports})}
    named: dict[UUID, list[Identifier]] = {}
    for one in fetch(Identifier, SQL["identifiers"], {"reports": reports}):
        if not described[one.report_id].hides(one):
            named.setdefault(one.report_id, []).append(one)
    return xlsx([(unit_name, WORKBOOK_HEADINGS, (_workbook_row(row, named.get(row.report_id, [])) for row in found))])


def _workbook_row(row: Row, identifiers: list[Identifier]) -> tuple[object, ...]:
    def listed(*kinds: str) -> str:
        return "\n".join(dict.fromkeys(_written(one) for one in identifiers if one.kind in kinds))

    return (
        row.number, row.external_ref, row.platform, row.incident_type, _day(row.received_at), _day(row.offered_at),
        _day(row.due_at), row.state, row.lane, listed("account", "screen_name"), listed("email"), listed("phone"),
        listed("ip"), listed("url"), row.action_words[0], row.fir_number, _date(row.fir_date), row.reason, row.remarks,
    )  # fmt: skip


def _written(one: Identifier) -> str:
    if one.kind != "ip":
        return one.raw
    port = f" port {one.port}" if one.port else ""
    return one.raw + port + (f" at {one.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if one.at else "")


def _line(unit_name: str, row: Row) -> atr.Line:
    return atr.Line(
        row.number, row.external_ref, row.platform, row.incident_type, _day(row.offered_at), unit_name, row.state,
        row.action_words[0], row.fir_number, _date(row.fir_date), row.reason, row.remarks,
    )  # fmt: skip


def _day(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%d-%m-%Y %H:%M}"


def _date(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def counts(found: list[Row]) -> Iterator[tuple[tuple[str, str], int]]:
    """How many reports stand at each action, in the report's order; those without one last."""
    for action, words in atr.WORDS.items():
        yield words, sum(row.action == action for row in found)
    yield ("No answer yet", "अभी उत्तर नहीं"), sum(not row.action for row in found)
