"""How far long work is: one line on standard error, rewritten in place, and only for a person at a terminal."""

from __future__ import annotations

import sys
import time
from typing import Self

EVERY_SECONDS = 0.2


class Progress:
    """`with Progress("loading", total) as progress: progress.step()`; without a total it counts."""

    def __init__(self, doing: str, total: int | None = None) -> None:
        self._doing, self._total, self._done = doing, total, 0
        self._shown_at = 0.0
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def step(self, count: int = 1) -> None:
        self._done += count
        if self._is_shown and time.monotonic() - self._shown_at > EVERY_SECONDS:
            self._show()

    def _show(self) -> None:
        self._shown_at = time.monotonic()
        of = f" of {self._total:,}" if self._total is not None else ""
        sys.stderr.write(f"\r\033[K{self._doing}: {self._done:,}{of}")
        sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            self._show()
            sys.stderr.write("\n")
