"""Numba where it is there and wanted: kernels compiled once, kept beside the program or not at all, never a failure.

`ABHAYA_WITHOUT_NUMBA=1` forces the numpy forms, whose answers are the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, cast

numba: Any
try:
    numba = import_module("numba")
except ImportError:  # a machine for which there is no wheel: slower, the same answers
    numba = None

IS_COMPILED = numba is not None and os.environ.get("ABHAYA_WITHOUT_NUMBA", "") in {"", "0"}


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As `numba.njit(**options)`, released from the interpreter's lock.

    The machine code is kept in the folder of the program or of its user; where neither can be written (a read-only
    installation, a process without a home) it is made anew in each process, which takes seconds, and nobody is told.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if not IS_COMPILED:
            return function
        try:
            made = numba.njit(cache=True, nogil=True, **options)(function)
        except RuntimeError:  # numba: "no locator available", nowhere to keep it
            made = numba.njit(nogil=True, **options)(function)
        else:
            made._cache.save_overload = _if_it_can(made._cache.save_overload)  # noqa: SLF001 — numba offers no other way
        return cast("Callable[..., Any]", made)

    return decorate


def _if_it_can(save: Callable[..., None]) -> Callable[..., None]:
    """Keeps what was compiled, unless the disk is full or no file may be written: it works all the same."""

    def quietly(*arguments: Any) -> None:
        with suppress(OSError):
            save(*arguments)

    return quietly
