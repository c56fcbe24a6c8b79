"""What the page of a report says of each file: known, looks known or new, and why. It deals in words, never in pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.utils.formats import date_format

from abhaya.matching import film_reasons, near_rules, queries, rules
from abhaya.matching.queries import SQL, MatchRow
from abhaya.matching.reasons import END_REASONS, SENTENCES
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import fetch


class Listed(msgspec.Struct, frozen=True):
    """One entry of a hash list that names a file. What follows `end_reason` is there only where the list is open to the viewer."""

    list_name: str
    open: bool
    purpose: str
    answer: str
    hash_kind: str
    hash_type: str
    distance: int
    found_by: str
    ended_on: date | None
    end_reason: str
    frames: list[int] | None = None  # of a film, see `models.ListMatch`
    list_id: UUID | None = None
    version: str = ""
    dated: date | None = None
    vouched: int = 0
    category: str = ""
    label: str | None = None
    label_hi: str | None = None

    def reasons(self, language: str) -> list[Reason]:
        """Why, the most telling first."""
        told = [*self._met(), Reason(f"listed_as_{self.purpose}")]
        if self.dated:
            told.append(Reason("list_version", {"version": self.version, "day": date_format(self.dated, "j M Y")}))
            told.append(Reason("list_vouched" if self.vouched else "list_not_vouched", {"count": self.vouched}))
        if self.category:
            words = (self.label_hi if language.startswith("hi") else "") or self.label
            told.append(
                Reason("list_category" if words else "list_code", {"code": self.category, "words": words or ""})
            )
        if not self.open:
            told.append(Reason("list_closed"))
        if self.found_by == rules.RECHECK:
            told.append(Reason("found_later"))
        if self.ended_on:
            why = END_REASONS.get(self.end_reason, (self.end_reason, self.end_reason))
            told.insert(
                0,
                Reason(
                    "open_again",
                    {"day": date_format(self.ended_on, "j M Y"), "why": why[1 if language.startswith("hi") else 0]},
                ),
            )
        return told

    def _met(self) -> list[Reason]:
        """By what the entry names the file."""
        if self.frames:
            return film_reasons.reasons(self.frames, self.list_name, self.distance)
        told: dict[str, str | int | float] = {
            "type": self.hash_type.upper(),
            "list": self.list_name,
            "distance": self.distance,
        }
        return [Reason(f"listed_{self.hash_kind}", told)]

    def sentences(self, language: str) -> list[str]:
        return [sentence(reason, SENTENCES, language) for reason in self.reasons(language)]


@dataclass(slots=True)
class Answer:
    """Everything said of one file."""

    earlier: list[MatchRow] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    alike: Reason | None = None  # it looks like a picture that came before, whose bytes are others

    def word(self, *, is_held: bool) -> str:
        """One of known, looks-known, new; "" for a file of which we hold nothing and nobody says anything."""
        live = [one.answer for one in self.listed if one.ended_on is None]
        if not is_held and not live and not self.earlier:
            return ""
        return rules.verdict(live, here_before=bool(self.earlier) or self.alike is not None)

    def why(self, language: str) -> list[list[str]]:
        """Sentences, those of one entry together; what lists say first."""
        told = [one.sentences(language) for one in self.listed]
        if self.earlier:
            told.append([self.earlier[0].sentence(language)])
        if self.alike:
            told.append([sentence(self.alike, SENTENCES, language)])
        return told


_EARLIER, _LISTED = 1, 2  # parts of the statement; the third is what looks alike


def of_report(report_id: UUID) -> dict[UUID, Answer]:
    """File -> what is said of it, as far as the viewer may know; one question to the database."""
    found: defaultdict[UUID, Answer] = defaultdict(Answer)
    statement = SQL["of_report_and_lists"].replace("{of_report}", SQL["of_report"])
    for part, _place, told, *row in fetch(_row, statement, queries.page_of(report_id)):
        if part == _EARLIER:
            found[row[0]].earlier.append(MatchRow(*row))
        elif part == _LISTED:
            found[row[0]].listed.append(msgspec.json.decode(told, type=Listed))
        else:
            found[row[0]].alike = _alike(**msgspec.json.decode(told))
    return dict(found)


def _row(*row: Any) -> Sequence[Any]:
    return row


def _alike(distance: int, form: str) -> Reason:
    """`form`: as its stack keeps it, a film's or a picture's."""
    of_film = film_reasons.of_stack(form)
    if of_film:
        return of_film
    turned = form.partition(" ")[2] != near_rules.TURNS[0]
    return Reason("looks_alike_turned" if turned else "looks_alike", {"distance": distance, "form": form})
