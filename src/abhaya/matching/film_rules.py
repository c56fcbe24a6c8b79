"""When do two films look alike? (pure)

vPDQ's rule (ThreatExchange, `vpdq/README.md`): a film is the set of its frames' PDQ hashes, a frame a second, without their order.
Frames whose quality is below 50 are left out, equal ones count once, and two frames are near within 31 bits. Two shares follow: how
many frames of the one are near some frame of the other, and the other way round. Films look alike where either share reaches 80 %,
as in `threatexchange` (`VideoVPDQSignal.compare_hash`: the larger of the two): a part of a film has all its frames in the whole,
while the whole has few of its own in the part. Alike is never *known*: one lawful look decides.

What is ours: a film cut at a broken second has all its frames beside those of the whole, and where the camera moves none is near.
So our own films keep up to three frames more in each second, and the frame of a second is near if any of the second's is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from abhaya.matching.kernels import film
from abhaya.matching.kernels.bits import codes_of
from abhaya.matching.kernels.film import Frames, Told
from abhaya.matching.near_rules import FORM_NAMES
from abhaya.matching.nearness import QUALITY_MIN, RADIUS_BUILT_FOR, reaches

FORMS = ("as it is", "mirrored")


class Shares(NamedTuple):
    """How many different frames that say something one film has and how many of them the other's meet, and the reverse."""

    near: int
    of: int
    other_near: int
    other_of: int
    nearest_bits: int = 256
    form: str = FORMS[0]

    @property
    def is_alike(self) -> bool:
        return reaches(self.near, self.of) or reaches(self.other_near, self.other_of)


def compared(own: Frames, other: Frames, radius: int = RADIUS_BUILT_FOR) -> Shares:
    """Two films' frames as they were sampled; those that say nothing and repeat what was said are left out here."""
    ours, theirs = (film.told(frames, QUALITY_MIN) for frames in (own, other))
    found = film.met(ours.codes, theirs.codes, radius)
    return Shares(*ours.counted(found.own), *theirs.counted(found.other), found.nearest_bits)


def in_either_form(own: Frames, mirrored: Frames, other: Frames, radius: int = RADIUS_BUILT_FOR) -> Shares:
    """The film as it is, or mirrored as a whole: whichever meets more of the other."""
    told = [
        compared(frames, other, radius)._replace(form=form)
        for frames, form in zip((own, mirrored), FORMS, strict=True)
        if len(frames)
    ]
    return max(told, key=shared) if told else Shares(0, 0, 0, 0)


class Still(NamedTuple):
    """How many of a film's frames that say something lie near one picture, and the nearest: by how many bits, when, and in
    which form of whichever of the two is ours.
    """

    near: int
    of: int
    nearest_bits: int
    at_second: int
    form: str


def with_picture(own: Frames, mirrored: Frames, code: bytes, radius: int = RADIUS_BUILT_FOR) -> Still:
    """A film's frames, as they are and mirrored, against one picture: the nearer form."""
    told = []
    for frames, form in zip((own, mirrored), FORMS, strict=True):
        ours = film.told(frames, QUALITY_MIN)
        found = film.met(ours.codes, codes_of(code), radius)
        nearest = np.flatnonzero(ours.code_of == found.nearest[0])
        second = int(ours.second_of[nearest[0]]) if len(nearest) else 0
        told.append(Still(*ours.counted(found.own), found.nearest_bits, second, form))
    return min(told, key=lambda still: still.nearest_bits)


def of_frames(forms: bytes, film_told: Told, radius: int = RADIUS_BUILT_FOR) -> Still:
    """One picture in all its forms (`FORM_NAMES`) against a film: how many of the film's frames lie near it, and the nearest."""
    found = film.met(film_told.codes, codes_of(forms), radius)
    code, form = found.nearest
    nearest = np.flatnonzero(film_told.code_of == code)
    second = int(film_told.second_of[nearest[0]]) if len(nearest) else 0
    return Still(*film_told.counted(found.own), found.nearest_bits, second, FORM_NAMES[form])


def shared(shares: Shares) -> tuple[bool, float]:
    """By what one meeting is stronger than another."""
    return shares.is_alike, shares.near / max(1, shares.of) + shares.other_near / max(1, shares.other_of)
