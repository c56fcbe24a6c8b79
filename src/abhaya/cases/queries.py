"""Readers of cases. Row security decides what there is; a case is looked for among the officer's own memberships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from abhaya.shared.sql import NamedSql, fetch, fetch_one, value, values

SQL = NamedSql(__file__)
SUBJECTS = NamedSql(__file__, "subjects.sql")
SHOWN_MAX = 200  # rows of one kind on a case's page
SEEN_REPORTS_MAX = 20  # of one identifier
TOLD_MAX = 50


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as its member sees it, with how far and how long they are one."""

    id: UUID
    reference: str
    title: str
    covert: bool
    state: str
    unit_id: UUID
    unit_name: str
    unit_name_hi: str
    liaison_id: UUID
    liaison_name: str
    contact: str
    made_at: datetime
    level: str
    until: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class NoteRow:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One saved arrangement of a case's link chart. `arranged` is given for the one that is shown."""

    id: UUID
    title: str
    by: str
    at: datetime
    arranged: str | None


@dataclass(frozen=True, slots=True)
class Attached:
    """A report in a case. `number` is None where the reader may not see the report any more."""

    id: UUID
    compartment: UUID
    report_id: UUID
    number: int | None
    platform: str | None
    received_at: datetime | None
    reason: str
    by: str
    at: datetime
    detached_at: datetime | None
    detach_reason: str


@dataclass(frozen=True, slots=True)
class Watched:
    id: UUID
    compartment: UUID
    selector: UUID
    kind: str
    value: str
    raw: str
    role: str
    source: str
    by: str
    at: datetime
    ended_at: datetime | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class SeenIn:
    """A report open to the reader, with an identifier that their case watches."""

    watch_id: UUID
    report_id: UUID
    number: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TalkTo:
    """“There is something: talk to NAME of UNIT”. No unit: the other side is covert and has not spoken."""

    id: UUID
    compartment: UUID
    kind: str
    value: str | None
    officer: str | None
    officer_contact: str
    unit_name: str | None
    unit_name_hi: str | None
    unit_contact: str | None
    state: str
    liaison_id: UUID | None
    found_at: datetime
    decided_at: datetime | None
    reason: str
    about: UUID | None  # the subject or account, where the reader sees it

    @property
    def contact(self) -> str:
        return self.officer_contact if self.officer else self.unit_contact or ""


@dataclass(frozen=True, slots=True)
class Told:
    """The same, on the side of a report."""

    report_id: UUID
    number: int
    kind: str
    officer: str | None
    officer_contact: str
    unit_name: str
    unit_name_hi: str
    unit_contact: str
    found_at: datetime
    about: UUID | None  # the subject or account, where it is a person

    @property
    def contact(self) -> str:
        return self.officer_contact if self.officer else self.unit_contact


@dataclass(frozen=True, slots=True)
class Met:
    """The same, on the side of one of the reader's cases."""

    case_id: UUID
    title: str
    kind: str
    officer: str | None
    officer_contact: str
    unit_name: str | None
    unit_name_hi: str | None
    unit_contact: str | None
    state: str
    found_at: datetime

    @property
    def contact(self) -> str:
        return self.officer_contact if self.officer else self.unit_contact or ""


@dataclass(frozen=True, slots=True)
class OnReport:
    """One of the reader's own cases, as far as it has to do with a report."""

    id: UUID
    reference: str
    title: str
    is_attached: bool
    is_watched: bool


@dataclass(frozen=True, slots=True)
class ProbingRow:
    officer_id: UUID
    name: str
    username: str
    unit_name: str
    unit_name_hi: str
    searches: int
    first_at: datetime
    last_at: datetime


def case(case_id: UUID) -> CaseRow | None:
    """The case, where the acting officer is a member of it now."""
    return fetch_one(CaseRow, SQL["case"], {"case": case_id})


def my_cases(*, after: Sequence[object] | None = None, most: int) -> list[CaseRow]:
    """The acting officer's cases, open ones first."""
    state, at, last = after or (None, None, None)
    return fetch(CaseRow, SQL["my_cases"], {"after_state": state, "after_at": at, "after_id": last, "most": most})


def is_working_member(case_id: UUID, officer: UUID) -> bool:
    """Whether this officer works on the case without an end."""
    return bool(value(SQL["is_working_member"], {"case": case_id, "officer": officer}))


def notes(case_id: UUID) -> list[NoteRow]:
    return fetch(NoteRow, SQL["notes"], {"case": case_id, "most": SHOWN_MAX})


def charts(case_id: UUID, chart_id: UUID | None = None) -> list[ChartRow]:
    """Newest first; with the arrangement of `chart_id`, or of the newest."""
    return fetch(ChartRow, SQL["charts"], {"case": case_id, "id": chart_id, "most": SHOWN_MAX})


def attached(case_id: UUID) -> list[Attached]:
    return fetch(Attached, SQL["attached"], {"case": case_id, "id": None, "most": SHOWN_MAX})


def attachment(case_id: UUID, attachment_id: UUID) -> Attached | None:
    """One of this case's, or none: an id of another case's finds nothing."""
    return fetch_one(Attached, SQL["attached"], {"case": case_id, "id": attachment_id, "most": 1})


def watched(case_id: UUID) -> list[Watched]:
    return fetch(Watched, SQL["watched"], {"case": case_id, "id": None, "most": SHOWN_MAX})


def watched_one(case_id: UUID, watch_id: UUID) -> Watched | None:
    return fetch_one(Watched, SQL["watched"], {"case": case_id, "id": watch_id, "most": 1})


def seen_in(case_id: UUID) -> dict[UUID, list[SeenIn]]:
    """Watch -> reports open to the reader in which it stands, the newest first."""
    found: dict[UUID, list[SeenIn]] = {}
    for row in fetch(SeenIn, SQL["seen_in"], {"case": case_id, "most": SEEN_REPORTS_MAX}):
        found.setdefault(row.watch_id, []).append(row)
    return found


def hits(case_id: UUID) -> list[TalkTo]:
    """Whom the members of a case, or its liaison alone, are told to talk to."""
    return fetch(TalkTo, SQL["hits"], {"case": case_id, "id": None, "most": SHOWN_MAX})


def hit(case_id: UUID, hit_id: UUID) -> TalkTo | None:
    return fetch_one(TalkTo, SQL["hits"], {"case": case_id, "id": hit_id, "most": 1})


def told(unit_id: UUID, report_id: UUID | None = None) -> list[Told]:
    """Whom the readers of one report, or of all that are open to them, are told to talk to."""
    return fetch(Told, SQL["told"], {"unit": unit_id, "report": report_id, "most": TOLD_MAX})


def met() -> list[Met]:
    """Whom the acting officer is told to talk to about their own cases, decisions that wait for them first."""
    return fetch(Met, SQL["met"], {"most": TOLD_MAX})


def pending_in(officer: UUID) -> set[UUID]:
    """The cases in which a decision waits for this officer as a liaison."""
    return set(values(SQL["pending_in"], {"officer": officer}))


def on_report(report_id: UUID) -> list[OnReport]:
    """The reader's own cases that hold this report or watch an identifier in it; to others, nothing, at the same cost."""
    rows = fetch(OnReport, SQL["on_report"], {"report": report_id, "most": SHOWN_MAX})
    return [row for row in rows if row.is_attached or row.is_watched]


def probing() -> list[ProbingRow]:
    return fetch(ProbingRow, SQL["probing"], {"most": SHOWN_MAX})
