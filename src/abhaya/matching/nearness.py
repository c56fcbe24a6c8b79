"""How near two pictures' hashes must be, in bits of 256, and when a hash says anything at all. Numbers alone."""

from __future__ import annotations

RADIUS_BUILT_FOR = 31  # the field's threshold for PDQ (ThreatExchange, pdq/README.md); the index is cut for it
RADIUS_MAX = 47
QUALITY_MIN = 50  # of PDQ, 0 to 100: what is below is not compared (as above)
