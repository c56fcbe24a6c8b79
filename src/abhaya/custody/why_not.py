"""Why a picture or a film is not decoded: the defined answers, the same for looking and for computing."""

from __future__ import annotations

from enum import StrEnum

from abhaya.shared.confined import Ended


class WhyNot(StrEnum):
    """Each has its sentence in `look_reasons.SENTENCES`, as `why-not-…`."""

    NO_PICTURE = "no-picture"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_LARGE = "too-large"
    TOO_COSTLY = "too-costly"
    CRASHED = "crashed"
    NO_FFMPEG = "no-ffmpeg"
    NO_HEIC = "no-heic"
    NEVER = "never"  # sound, and what is neither picture nor film


OF_ENDING = {
    Ended.TIME: WhyNot.TOO_COSTLY,
    Ended.MEMORY: WhyNot.TOO_COSTLY,
    Ended.TOO_MUCH: WhyNot.TOO_COSTLY,
    Ended.TOO_LARGE: WhyNot.TOO_LARGE,
    Ended.CRASHED: WhyNot.CRASHED,
}
