"""From what an officer typed to the identifiers it can be (pure).

Search is by equality on the normalised value, so it answers the same for what is not there and what is not to be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from abhaya.selectors import kinds
from abhaya.selectors.sighting import selector_id

SCOPED_KINDS = ("account", "screen_name")  # the platform belongs to the identifier
_HEX = re.compile(r"^[0-9a-fA-F]{32}$|^[0-9a-fA-F]{40}$|^[0-9a-fA-F]{64}$")
_NUMBER = re.compile(r"^\d{10,19}$")


class Candidate(NamedTuple):
    """One identifier that the typed text can be."""

    kind: str
    value: str

    @property
    def selector(self) -> UUID:
        return selector_id(self.kind, self.value)


def candidates(text: str, platforms: Iterable[str]) -> list[Candidate]:
    """Every identifier the text can be. `platforms`: names of senders here, on which an account id is looked up too."""
    found = [Candidate(kind, value) for kind, value in kinds.readings(text)]
    if any(kind in SCOPED_KINDS for kind, _ in found) or not found:
        for name in platforms:
            for kind in SCOPED_KINDS:
                value = kinds.normalise(kind, text, platform=name).value
                found += [Candidate(kind, value)] if value else []
    return list(dict.fromkeys(found))


def digest(text: str) -> bytes | None:
    """The bytes of a hash, where the text is one."""
    return bytes.fromhex(text) if _HEX.match(text) else None


def number(text: str) -> int | None:
    """A report number, where the text can be one."""
    return int(text) if _NUMBER.match(text) else None
