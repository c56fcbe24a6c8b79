"""Retention: how long each kind of thing is kept in which country, and what is due. A rule is data that a unit imports.

The bundled rules are drafts (`data/retention.csv`), each with its source. What the law lets end by itself goes by the
clock; a report goes only when two people decided, from a list that shows what is due.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from abhaya.custody.erasure import by_the_clock
from abhaya.custody.plan import Clock
from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, execute, fetch, value

SQL = NamedSql(__file__, "clocks.sql")
BUNDLED = Path(__file__).with_name("data") / "retention.csv"
HEADINGS = ("kind", "country", "days", "act", "source", "note")
ACTS = ("delete", "confirm", "review")
ANYWHERE = "XX"  # ISO 3166-1: user-assigned; wherever no rule of its own stands
DAYS_MAX = 36_500
RULES_MAX = 1000
DUE_MAX = 5000  # of one rule in one round
BY_CLOCK_MAX = 500
# Kinds whose clock starts in no room's `Clock`: they are read on the page and worked by hand, or by the ledger's own duty.
OTHER_KINDS = ("ledger-searches", "deletion-proof", "officer-account", "case")

_clocks: list[Clock] = []


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the current version. `days` None: until somebody decides."""

    version: int
    kind: str
    country: str
    days: int | None
    act: str
    source: str
    note: str

    @property
    def name(self) -> str:
        """As certificates and the ledger name it."""
        return f"{self.kind}/{self.country} v{self.version}"


@dataclass(frozen=True, slots=True)
class Refused:
    line: int
    why: str


def set_clocks(clocks: Sequence[Clock]) -> None:
    """Called once at start-up by `journey`."""
    _clocks[:] = clocks


def kinds() -> tuple[str, ...]:
    """Every kind that a rule can be about."""
    return (*(clock.kind for clock in _clocks), *OTHER_KINDS)


def rules() -> list[Rule]:
    """The rules in force: those of the last import."""
    return fetch(Rule, SQL["rules"])


def rule_for(kind: str, country: str, known: Sequence[Rule]) -> Rule | None:
    """The country's own rule, else the one for anywhere."""
    found = {rule.country: rule for rule in known if rule.kind == kind}
    return found.get(country) or found.get(ANYWHERE)


def read(text: str) -> tuple[list[Rule], list[Refused]]:
    """The rules of a CSV file, and the lines that are none, with the reason."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        return _read(rows)
    except csv.Error as problem:
        raise OperatorError(f"This is no CSV file: {problem}.") from None


def _read(rows: csv.DictReader[str]) -> tuple[list[Rule], list[Refused]]:
    if not set(HEADINGS[:5]) <= set(rows.fieldnames or ()):
        raise OperatorError(f"The first line must name the columns {', '.join(HEADINGS)}.")
    read_rules: list[Rule] = []
    refused: list[Refused] = []
    for row in rows:
        why = _fault(row, read_rules)
        if why:
            refused.append(Refused(rows.line_num, why))
            continue
        days = (row["days"] or "").strip()
        read_rules.append(
            Rule(
                0, row["kind"].strip(), row["country"].strip(), int(days) if days else None, row["act"].strip(),
                row["source"].strip(), (row.get("note") or "").strip(),
            )
        )  # fmt: skip
    return read_rules, refused


def _fault(row: dict[str, Any], before: Sequence[Rule]) -> str:
    """The first thing that is wrong with a line, or nothing."""
    kind, country, days, act, source = ((row[name] or "").strip() for name in HEADINGS[:5])
    is_code = len(country) == 2 and country.isascii() and country.isupper()
    is_number = not days or (days.isascii() and days.isdigit() and len(days) < 9 and int(days) <= DAYS_MAX)
    faults = (
        (kind not in kinds(), f"the kind {kind!r} is none of {', '.join(kinds())}"),
        (not is_code, f"the country {country!r} is no code of two capital letters"),
        (not is_number, f"the days {days!r} are no whole number up to {DAYS_MAX}"),
        (act not in ACTS, f"the act {act!r} is none of {', '.join(ACTS)}"),
        (
            act == "delete" and kind.startswith("report"),
            "a report is deleted by two people, never by the clock alone: confirm or review",
        ),
        (not source, "the source is missing: a rule says which law or order it stands on"),
        (any((rule.kind, rule.country) == (kind, country) for rule in before), "an earlier line says this already"),
    )
    return next((why for is_so, why in faults if is_so), "")


def take_in(text: str, by: str) -> tuple[int, list[Refused]]:
    """A new version of the rules, whole or not at all: with one line refused nothing changes. Returns the version."""
    found, refused = read(text)
    if refused or not found:
        return 0, refused or [Refused(1, "there is no rule in it")]
    if len(found) > RULES_MAX:
        raise OperatorError(f"More than {RULES_MAX} rules in one file.")
    version = int(value(SQL["next_version"]))
    insert("custody_retention", _COLUMNS, [_row(rule, version, by) for rule in found])
    record([Act(Event.CUSTODY_RETENTION_IMPORTED, None, None, {"version": version, "rules": len(found)})])
    return version, []


def table() -> Iterator[tuple[object, ...]]:
    """The rules in force as rows of the CSV file, in the order of `HEADINGS`."""
    for rule in rules():
        yield rule.kind, rule.country, rule.days, rule.act, rule.source, rule.note


def fill(connection: BaseDatabaseWrapper) -> None:
    """The bundled drafts, where there is no rule yet. `connection` is the owner's; run after every migration."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from custody_retention)")
        if not cursor.fetchone()[0]:
            found, refused = read(BUNDLED.read_text(encoding="utf-8"))
            if refused:
                raise OperatorError(
                    f"The bundled retention rules do not hold: line {refused[0].line}: {refused[0].why}."
                )
            marks = ", ".join(["%s"] * len(_COLUMNS))
            for rule in found:
                cursor.execute(
                    f"insert into custody_retention ({', '.join(_COLUMNS)}) values ({marks})",  # noqa: S608 — our own names
                    _row(rule, 1, "bundled drafts"),
                )


_COLUMNS = ["id", "version", "kind", "country", "days", "act", "source", "note", "made_by"]


def _row(rule: Rule, version: int, by: str) -> tuple[str | int | None, ...]:
    return str(uuid7()), version, rule.kind, rule.country, rule.days, rule.act, rule.source, rule.note, by


def find_due() -> int:
    """The duty: what has run out is listed for its unit; what the rule lets end by itself is ordered to be deleted.

    A compartment that is no longer due, because something happened to it, leaves the list.
    """
    known, now, found = rules(), datetime.now(UTC), 0
    execute(SQL["no_longer"], {"now": now})
    for clock in _clocks:
        own = {rule.country for rule in known if rule.kind == clock.kind and rule.country != ANYWHERE}
        execute(SQL["forget"].replace("{since}", clock.since), {"kind": clock.kind})
        for rule in known:
            if rule.kind != clock.kind or rule.days is None:
                continue
            statement = SQL["due"].replace("{since}", clock.since)
            parameters = {
                "kind": rule.kind, "rule": rule.name, "act": rule.act, "days": rule.days, "now": now, "most": DUE_MAX,
                "own": sorted(own), "country": rule.country, "anywhere": rule.country == ANYWHERE,
            }  # fmt: skip
            found += execute(statement, parameters)
    by_the_clock(fetch(_due, SQL["by_the_clock"], {"most": BY_CLOCK_MAX}))
    return found


def _due(compartment: UUID, unit: UUID, kind: str, rule: str) -> tuple[UUID, UUID, str, str]:
    return compartment, unit, kind, rule
