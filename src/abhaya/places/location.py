"""The answer to "where was this address then?". Pure, so that rules can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from abhaya.shared.reason import Reason

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Location:
    """Where an address was, as far as a table says. Codes of the gazetteer, "" where it does not say.

    `kind` is the unit's own word (mobile, fixed, wifi, hosting, vpn, …), "unknown", or one of the special ranges'
    (private, carrier, documentation, …). `source` and `as_of` name the table and its date.
    """

    address: str
    country: str = ""
    state: str = ""
    district: str = ""
    operator: str = ""
    kind: str = UNKNOWN
    source: str = ""
    as_of: date | None = None
    own: bool = False
    reasons: tuple[Reason, ...] = ()
