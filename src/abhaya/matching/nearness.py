"""How near two pictures' hashes must be, in bits of 256, when a hash says anything at all, and when films are alike. Numbers alone."""

from __future__ import annotations

RADIUS_BUILT_FOR = 31  # the field's threshold for PDQ (ThreatExchange, pdq/README.md); the index is cut for it
RADIUS_MAX = 47
QUALITY_MIN = 50  # of PDQ, 0 to 100: what is below is not compared (as above)
FILM_SHARE_MIN_PERCENT = (
    80  # of either film's frames near the other's (ThreatExchange, vpdq/README.md and `video_vpdq.py`)
)


def reaches(near: int, of: int) -> bool:
    """Whether so many of a film's frames are enough."""
    return of > 0 and near * 100 >= of * FILM_SHARE_MIN_PERCENT
