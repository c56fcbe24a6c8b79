"""Is everything well? Named checks, each answered by one sentence; `journey.CHECKS` is the one list of them.

`abhaya check` prints the list, the health page shows it. A check says what it found and never what is in a report; one that
fails to run is itself a finding.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import DatabaseError
from psycopg.errors import UndefinedColumn, UndefinedFunction, UndefinedTable

from abhaya.errors import AbhayaError
from abhaya.shared.reason import Reason, Sentences, sentence
from abhaya.shared.reasons import SENTENCES

TOO_EARLY = "check-too-early"  # what it looks at comes with the upgrade that is being prepared, or was taken away
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0  # seconds

log = logging.getLogger("abhaya.checks")


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"  # somebody should look at it in the coming days
    BAD = "bad"  # somebody must act now


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: a reason, whose sentence stands in the room's `SENTENCES`; its values are the facts."""

    level: Level
    reason: Reason
    sentences: Sentences = field(default_factory=lambda: SENTENCES, repr=False)

    def said(self, language: str) -> str:
        return sentence(self.reason, self.sentences, language)


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is what the command line and its JSON call it; `label` what the page calls it, in English and Hindi.

    One that reads much is not `quick`: the health page and `abhaya check --quick` leave it out.
    """

    name: str
    label: tuple[str, str]
    run: Callable[[], Result]
    quick: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A check with what it found."""

    check: Check
    result: Result


_checks: list[Check] = []
_one_at_a_time = threading.Lock()


def ok(code: str, **facts: str | float) -> Result:
    return Result(Level.OK, Reason(code, dict(facts)))


def warn(code: str, **facts: str | float) -> Result:
    return Result(Level.WARN, Reason(code, dict(facts)))


def bad(code: str, **facts: str | float) -> Result:
    return Result(Level.BAD, Reason(code, dict(facts)))


def aged(
    code: str, seconds: float, *, warn_after: float, bad_after: float = float("inf"), **facts: str | float
) -> Result:
    """A result about something so old; its sentence says the age in minutes, hours or days."""
    unit, length = next(((u, s) for u, s in (("days", DAY), ("hours", HOUR)) if seconds >= 2 * s), ("minutes", MINUTE))
    level = Level.BAD if seconds > bad_after else Level.WARN if seconds > warn_after else Level.OK
    return Result(level, Reason(f"{code}-{unit}", {"count": int(max(seconds, 0.0) // length), **facts}))


def set_checks(checks: Sequence[Check]) -> None:
    """Called once at start-up with `journey.CHECKS`."""
    _checks[:] = checks


def answers(*, quick: bool) -> Iterator[Answer]:
    """Every check in its order, or the quick ones; one at a time in a process."""
    with _one_at_a_time:
        for check in _checks:
            if check.quick or not quick:
                yield Answer(check, _run(check))


def _run(check: Check) -> Result:
    try:
        return check.run()
    except AbhayaError as error:
        return bad("check-told", told=error.sentence)
    except (DatabaseError, OSError, ValueError) as error:
        if isinstance(error.__cause__, UndefinedTable | UndefinedColumn | UndefinedFunction):
            return bad(TOO_EARLY)
        log.warning("the check %s could not be made", check.name, exc_info=True)
        return bad("check-failed", kind=type(error).__name__)
