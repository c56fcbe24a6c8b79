"""Modules that few runs need, imported where they are first used: whoever starts a program on a poor machine waits for every
one that is not. A workbook's writer, a token's driver and a compiler together take as long as all of Django.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class _Late:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, word: str) -> Any:
        return getattr(import_module(self._name), word)


def late(name: str) -> Any:
    """Stands for the module of that name. Type checkers and the contracts of imports are shown the import itself, under
    `if TYPE_CHECKING`.
    """
    return _Late(name)


@contextmanager
def starting() -> Iterator[None]:
    """While a program imports itself, nothing is searched for garbage: what it makes now stays until its end, and later
    searches pass it over.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
