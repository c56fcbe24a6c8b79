"""How often somebody may call, counted in this process (pure): so many calls a minute, with a burst of as many.

Every web process counts for itself, so a server with four of them lets through at most four times the number. That is
enough for what it is for: one caller's fault must not take the service from the others, and it costs no write.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

KEYS_MAX = 10_000  # more than call at once; the oldest are forgotten


class Throttle:
    """A bucket for each key, filled at an even pace."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[Hashable, tuple[float, float]] = {}  # key -> (what is left, as of when)

    def wait_seconds(self, key: Hashable, per_minute_max: int) -> float:
        """Takes one; 0 if it was there, else the seconds until there will be one (nothing is taken then)."""
        now, pace = self._clock(), max(per_minute_max, 1) / 60
        with self._lock:
            left, since = self._left.pop(key, (float(per_minute_max), now))
            left = min(float(per_minute_max), left + (now - since) * pace)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
            while len(self._left) > KEYS_MAX:
                del self._left[next(iter(self._left))]
        return 0.0 if allowed else (1 - left) / pace

    def give_back(self, key: Hashable) -> None:
        """What was taken last is not counted after all."""
        with self._lock:
            if key in self._left:
                left, since = self._left[key]
                self._left[key] = (left + 1, since)
