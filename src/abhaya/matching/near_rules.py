"""How near is a picture to an entry of a list, or to the first of a stack, and which form of it? (pure)

A *stack* is pictures of ours that look like one of them, its first. The distance is always to the first, never to whoever else
stands in it: else one picture would lead to the next, and at the end of the chain would stand one that nobody takes for the
first. A picture joins the nearest first within the radius, of equals the oldest; where there is none, it is one. So no first
stands within the radius of another, and two of one stack differ in at most twice the radius. What is in a stack *looks known*:
one lawful look may do for all of it, and it is never taken for the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from abhaya.matching.nearness import RADIUS_BUILT_FOR

CODE_BYTES = 32
TURNS = (
    "as it is", "turned 90", "turned 180", "turned 270", "rows reversed", "columns reversed", "mirrored at one diagonal",
    "mirrored at the other diagonal",
)  # fmt: skip
FORM_NAMES = tuple(f"{variant} {turn}" for variant in ("pdq", "pdq-512") for turn in TURNS)
FORMS = len(FORM_NAMES)


@dataclass(frozen=True, slots=True)
class Near:
    """The form of our picture that comes nearest, and how many of 256 bits differ."""

    distance_bits: int
    form: str


def nearest(forms: bytes, code: bytes) -> Near:
    """`forms`: the picture's codes in the order of `FORM_NAMES`, one after the other. Of equals, the first."""
    wanted = int.from_bytes(code)
    distances = [
        (int.from_bytes(forms[at * CODE_BYTES : (at + 1) * CODE_BYTES]) ^ wanted).bit_count() for at in range(FORMS)
    ]
    best = min(range(FORMS), key=distances.__getitem__)
    return Near(distances[best], FORM_NAMES[best])


def said(code: str, form: str) -> str:
    """The code of a sentence, or of the one beside it that says that the picture was turned or mirrored."""
    return code if form.partition(" ")[2] == TURNS[0] else f"{code}_turned"


@dataclass(frozen=True, slots=True)
class First:
    """The picture that a stack is named after."""

    stack_id: UUID
    file_id: UUID
    position: int
    forms: bytes


def joined(code: bytes, firsts: Iterable[First]) -> tuple[First, Near] | None:
    """The stack to which a picture with this code belongs; None: it begins one."""
    near = [
        (found.distance_bits, first.position, first, found)
        for first in firsts
        for found in (nearest(first.forms, code),)
    ]
    best = min(near, key=lambda one: one[:2], default=None)
    return None if best is None or best[0] > RADIUS_BUILT_FOR else (best[2], best[3])
