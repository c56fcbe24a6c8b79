"""How near is a picture to an entry of a list, and which form of it? (pure)"""

from __future__ import annotations

from dataclasses import dataclass

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
