"""A reason: a code and its values, stored; its sentence, in the reader's language, is made when it is read.

Rules return reasons, never loose text, so that a decision of last year can be read out in court in either language.
Each room lists its sentences in `reasons.py`: `SENTENCES = {"code": ("English {value}", "Hindi {value}")}`.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why, with the weight it carries (points for a score, 0 where nothing is counted)."""

    code: str
    values: dict[str, str | int | float] = {}
    weight: int = 0


Sentences = Mapping[str, tuple[str, str]]


def sentence(reason: Reason, sentences: Sentences, language: str) -> str:
    """The reason in words. A code that this version does not know is shown as it is, never hidden."""
    pair = sentences.get(reason.code)
    if pair is None:
        return reason.code + (f" {reason.values}" if reason.values else "")
    return (pair[1] if language.startswith("hi") and pair[1] else pair[0]).format_map(_Blank(reason.values))


class _Blank(dict[str, str | int | float]):
    """A value missing from a stored reason shows as a dash rather than failing the page."""

    def __missing__(self, key: str) -> str:
        return "–"
