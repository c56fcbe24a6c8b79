"""Times as written, as a record keeps them."""

from __future__ import annotations

from abhaya.intake.formats.record import Instant
from abhaya.selectors.instants import parse


def read_instant(text: str, *, day_first: bool | None = None) -> Instant:
    """`day_first` decides between 03-04 and 04-03 where a source is known to write one way; None decides nothing."""
    return Instant(*parse(text, day_first=day_first))
