"""The check as a job: it reads for minutes, and whoever may ask for it may not read what it reads."""

from __future__ import annotations

from collections.abc import Mapping

from abhaya.ledger.actions import Act, note_check, record
from abhaya.ledger.check import Result, check
from abhaya.ledger.events import Event
from abhaya.shared.identity import on_the_road
from abhaya.shared.jobs import Asked

CHECK = "ledger.check"


def run_check(asked: Asked, _ids: Mapping[str, str]) -> None:
    """Checks the ledger as a service of the road, which sees all of it; the officer learns what was found."""
    result = checked(asked.name)
    with asked.transaction():
        record([_act(result)])


def check_at_the_command_line() -> Result:
    """The same for the operator."""
    result = checked("operator:check")
    with on_the_road("operator:check"):
        record([_act(result)])
    return result


def checked(asked_by: str) -> Result:
    """One check, its result kept for the page."""
    with on_the_road("road:ledger"):
        result = check()
        note_check(result.seconds, result.size, result.erased, result.findings, asked_by)
    return result


def _act(result: Result) -> Act:
    facts = {"size": result.size, "findings": len(result.findings) + result.unsaid}
    return Act(Event.LEDGER_LEDGER_CHECKED, facts=facts)
