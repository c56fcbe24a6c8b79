"""What this room keeps of a report, for the deletion plan (`custody.plan`)."""

from __future__ import annotations

from abhaya.custody.plan import Part, Step

ERASURE: tuple[Part, ...] = (Step("desk_correction"),)
