"""Deconfliction on persons: whoever has something of somebody, under whatever accounts, is told of the others, and told
no more where the accounts are parted again.

Base reports decide who stands together. What a covert case has is laid over it: it is asked, and changes nothing for others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from abhaya.cases.actions.hits import (
    REPORTS_OF_WATCH_MAX,
    STANDINGS_MAX,
    SUBJECT,
    add_sides,
    given,
    put_together,
    tell_cases,
)
from abhaya.cases.queries import SUBJECTS as SQL
from abhaya.cases.rules import ReportSide, Thing, between_reports
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.sql import as_row, execute, fetch, values


class _Held(NamedTuple):
    standing: UUID
    report: UUID
    compartment: UUID
    unit: UUID


class _Told(NamedTuple):
    id: UUID
    compartment: UUID
    watched: UUID
    report_id: UUID | None
    told_unit: UUID | None
    other: UUID


def compare_subjects() -> None:
    """The duty: persons whose accounts or reports changed since the last round, a part of them at a time."""
    changed = values(SQL["take"], {"most": STANDINGS_MAX})
    if not changed:
        return
    ids = values(SQL["ever"], {"ids": changed})
    standings = values(SQL["standings"], {"ids": ids})
    _keep_up(sorted({*ids, *standings}), standings)
    tell_cases(standings)
    _tell_reports(standings)


def _tell_reports(standings: Sequence[UUID]) -> None:
    """Units that work on reports of the same person are told of each other, each by its own reports."""
    wanted = {"standings": list(standings), "most": REPORTS_OF_WATCH_MAX}
    found = sorted(fetch(_Held, put_together("between_reports"), wanted), key=lambda one: one.standing)
    for standing, rows in groupby(found, key=lambda one: one.standing):
        sides = [ReportSide(row.compartment, row.report, row.unit) for row in rows]
        add_sides(between_reports(sides, Thing(standing, SUBJECT)))


def _keep_up(ids: Sequence[UUID], standings: Sequence[UUID]) -> None:
    """What was told of a person moves with them to another id, and is withdrawn where both sides have nobody in common."""
    told = fetch(_Told, SQL["told_before"], {"ids": list(ids)})
    if not told:
        return
    wanted = given(standings=list(standings), hits=[one.id for one in told])
    still: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for hit, standing in fetch(as_row, put_together("still"), wanted):
        still[hit].append(standing)
    kept = {_place(one, one.watched) for one in told if one.watched in still[one.id]}
    moved: dict[UUID, UUID] = {}
    gone: list[_Told] = []
    for one in told:
        if one.watched in still[one.id]:
            continue
        free = [standing for standing in still[one.id] if _place(one, standing) not in kept]
        if free:
            moved[one.id] = free[0]
            kept.add(_place(one, free[0]))
        else:
            gone.append(one)
    if gone:
        execute(SQL["withdraw"], {"ids": [one.id for one in gone]})
    if moved:
        execute(SQL["stands_elsewhere"], {"ids": list(moved), "standings": list(moved.values())})
    record([_withdrawn(one) for one in gone])


def _place(one: _Told, standing: UUID) -> tuple[UUID, UUID, UUID, UUID | None]:
    """Where there can be one row only."""
    return one.compartment, standing, one.other, one.told_unit


def _withdrawn(one: _Told) -> Act:
    """In the road of whoever was told; what a covert case had said, in the case's."""
    return Act(Event.CASES_HIT_WITHDRAWN, one.report_id or one.id, one.other if one.told_unit else one.compartment)
