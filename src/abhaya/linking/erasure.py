"""What this room keeps of a report, for the deletion plan (`custody.plan`)."""

from __future__ import annotations

from abhaya.custody.plan import Part, Step

ERASURE: tuple[Part, ...] = (
    Step("linking_hit"),
    Step("linking_act"),
    Step("linking_group_number"),
    Step("linking_group_member"),
    Step("linking_group"),
)
