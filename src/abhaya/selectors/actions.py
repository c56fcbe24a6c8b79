"""The only writer of selectors and sightings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from abhaya.selectors.queries import SQL
from abhaya.selectors.sighting import Sighting, selector_id
from abhaya.shared.bulk import add
from abhaya.shared.ids import uuid7s
from abhaya.shared.sql import later

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
    return len(sightings)


def _row(row_id: UUID, sighting: Sighting) -> tuple[Any, ...]:
    selector = None if sighting.value is None else selector_id(sighting.kind, sighting.value)
    compartment, report, item, kind, _value, *rest = sighting
    return (row_id, compartment, report, item, selector, kind, *rest)
