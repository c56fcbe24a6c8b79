"""Units, officers, senders and reports for tests: each test makes its own, so that none depends on being alone.

A room's owner adds `make_…` here when the room lands. Names are invented, codes are random, and every function returns
what was made.
"""

from __future__ import annotations

from uuid import uuid4


def name(kind: str) -> str:
    """A name nobody else in this run has: `name("unit")` → `unit-3f9a1c0b7d`."""
    return f"{kind}-{uuid4().hex[:10]}"
