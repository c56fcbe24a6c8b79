"""How a film meets an entry of a list, in sentences (pure, and without the arrays that say so)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from abhaya.matching.nearness import FILM_SHARE_MIN_PERCENT, RADIUS_BUILT_FOR, reaches
from abhaya.shared.reason import Reason

OF_A_FILM = 4  # counts; of a picture there are three
FRAMES_TYPE = "vpdq"  # by what an entry that names a film's frames is met
_FORM = re.compile(r"film (.+), (\d+) of (\d+), (\d+) of (\d+)")


def reasons(frames: Sequence[int], list_name: str, distance_bits: int, hash_type: str) -> list[Reason]:
    """`frames`: as `models.ListMatch` keeps them; `distance_bits`: of the nearest frame; `hash_type`: of the entry."""
    near, of, *rest = frames
    if len(frames) != OF_A_FILM:
        at = str(timedelta(seconds=rest[0]))
        if hash_type == FRAMES_TYPE:
            met = Reason("listed_still", {"list": list_name, "at": at, "distance": distance_bits})
            return [met, Reason("still_frames", {"near": near, "of": of})]
        met = Reason("listed_frame", {"list": list_name, "near": near, "of": of})
        return [met, Reason("frame_nearest", {"at": at, "distance": distance_bits})]
    other_near, other_of = rest
    told = [
        Reason("listed_film", {"list": list_name, "near": near, "of": of, "bits": RADIUS_BUILT_FOR}),
        Reason("film_back", {"other_near": other_near, "other_of": other_of}),
    ]
    if not reaches(other_near, other_of):
        told.append(Reason("film_part"))
    elif not reaches(near, of):
        told.append(Reason("film_holds"))
    return [*told, Reason("film_rule", {"share": FILM_SHARE_MIN_PERCENT})]


def form_of(form: str, counts: Sequence[int]) -> str:
    """How a film of ours meets the first of its stack, as the stack keeps it."""
    return "film {}, {} of {}, {} of {}".format(form, *counts)


def of_stack(form: str, code: str = "film_here_before") -> Reason | None:
    """`form`: as a stack keeps it; None where it is a picture's."""
    told = _FORM.fullmatch(form)
    if told is None:
        return None
    _, near, of, other_near, other_of = told.groups()
    counts = {"near": near, "of": of, "other_near": other_near, "other_of": other_of, "bits": str(RADIUS_BUILT_FOR)}
    return Reason(code, {**counts})
