"""The only writer of selectors, sightings and protected personas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from abhaya.selectors.queries import SQL
from abhaya.selectors.sighting import Sighting, selector_id
from abhaya.shared.bulk import add, insert
from abhaya.shared.ids import uuid7, uuid7s
from abhaya.shared.sql import execute, later

COLUMNS = [
    "id", "compartment", "report_id", "item_id", "selector_id", "kind", "raw", "role", "person", "locator", "event", "at",
    "at_precision", "at_original", "zone_known", "port", "platform", "possible_proxy", "verified", "mined", "assumed",
    "why_not", "account_id",
]  # fmt: skip


def record_sightings(sightings: Sequence[Sighting]) -> int:
    """Writes sightings of any number of reports in the caller's transaction; returns how many.

    The dictionary learns the values that are new to it and does not say which those were.
    """
    if not sightings:
        return 0
    values = sorted({(sighting.kind, sighting.value) for sighting in sightings if sighting.value is not None})
    if values:
        later(SQL["intern"], {"kinds": [kind for kind, _ in values], "values": [value for _, value in values]})
    ids = uuid7s(len(sightings))
    add("selectors_sighting", COLUMNS, list(map(_row, ids, sightings)))
    hide(sorted({sighting.report_id for sighting in sightings}))
    return len(sightings)


def hide(report_ids: Sequence[UUID]) -> None:
    """Marks what these reports have of protected personas, and nothing else of them. On the road."""
    later(SQL["hide"], {"reports": list(report_ids)})


def ask_for_persona(kind: str, value: str, liaison: UUID, unit: UUID, purpose: str) -> UUID:
    """A persona that waits for a second person: until `keep_persona` it hides nothing. On the road."""
    persona = uuid7()
    columns = [
        "id",
        "selector_id",
        "kind",
        "value",
        "liaison_id",
        "unit_id",
        "purpose",
        "second_name",
        "review",
        "end_reason",
    ]
    insert("selectors_persona", columns, [(persona, selector_id(kind, value), kind, value, liaison, unit, purpose, "", "", "")])  # fmt: skip
    return persona


def keep_persona(persona: UUID, second_name: str) -> bool:
    """From now on it is one. What it hides, `hide` says. False where it was, or has ended."""
    return bool(execute(SQL["keep_persona"], {"persona": persona, "second": second_name}))


def review_persona(persona: UUID, note: str) -> bool:
    return bool(execute(SQL["review_persona"], {"persona": persona, "note": note}))


def end_persona(persona: UUID, reason: str) -> bool:
    """From now on it is none, nor waits to be one. False where it had ended."""
    return bool(execute(SQL["end_persona"], {"persona": persona, "reason": reason}))


def _row(row_id: UUID, sighting: Sighting) -> tuple[Any, ...]:
    selector = None if sighting.value is None else selector_id(sighting.kind, sighting.value)
    compartment, report, item, kind, _value, *rest = sighting
    return (row_id, compartment, report, item, selector, kind, *rest)
