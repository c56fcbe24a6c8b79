"""What the page of a report says of each file: known, looks known or new, and why. It deals in words, never in pictures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import msgspec
from django.utils.formats import date_format

from abhaya.matching import film_reasons, near_rules, queries, rules, stacks
from abhaya.matching.queries import SQL, MatchRow
from abhaya.matching.reasons import END_REASONS, SENTENCES
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import as_row, fetch

ENTRIES_SHOWN_MAX = 20  # of hash lists, beside a stack


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
            return film_reasons.reasons(self.frames, self.list_name, self.distance, self.hash_type)
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
    stack: UUID | None = None  # where it stands beside other bytes that the viewer may know of

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


class _Stands(msgspec.Struct, frozen=True):
    """Where a file stands, as far as the viewer may know."""

    stack: UUID
    distance: int
    form: str


@dataclass(frozen=True, slots=True)
class InStack:
    """An entry of a hash list that names a file of a stack, and the file."""

    listed: Listed
    file_id: UUID
    number: int  # of the file in its report
    report_id: UUID
    report_number: int


_EARLIER, _LISTED = 1, 2  # parts of the statement; the third is what looks alike


def of_report(report_id: UUID) -> dict[UUID, Answer]:
    """File -> what is said of it, as far as the viewer may know; one question to the database."""
    found: defaultdict[UUID, Answer] = defaultdict(Answer)
    statement = _filled("of_report_and_lists")
    for part, _place, told, *row in fetch(as_row, statement, queries.page_of(report_id)):
        if part == _EARLIER:
            found[row[0]].earlier.append(MatchRow(*row))
        elif part == _LISTED:
            found[row[0]].listed.append(msgspec.json.decode(told, type=Listed))
        else:
            stands = msgspec.json.decode(told, type=_Stands)
            found[row[0]].stack = stands.stack
            found[row[0]].alike = _alike(stands.distance, stands.form) if stands.form else None
    return dict(found)


def of_stack(stack_id: UUID) -> list[InStack]:
    """What hash lists say of the files of a stack, in reports that the viewer may see."""
    asked = {"stack": stack_id, "most": stacks.ALIKE_MAX, "shown": ENTRIES_SHOWN_MAX}
    return [
        InStack(msgspec.json.decode(told, type=Listed), *row)
        for told, *row in fetch(as_row, _filled("listed_in_stack"), asked)
    ]


def _filled(name: str) -> str:
    """A statement with the parts that it shares with others."""
    parts = {"of_report": SQL["of_report"], "listed": SQL["listed"], "not_alone": stacks.SQL["not_alone"]}
    statement = SQL[name]
    for part, text in parts.items():
        statement = statement.replace(f"{{{part}}}", text)
    return statement


def _alike(distance: int, form: str) -> Reason:
    """`form`: as its stack keeps it, a film's or a picture's."""
    picture = Reason(near_rules.said("looks_alike", form), {"distance": distance, "form": form})
    return film_reasons.of_stack(form) or picture
