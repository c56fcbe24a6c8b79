"""Readers of identifiers and hits. What a page shows is restricted to what its viewer may see."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import msgspec

from abhaya.linking.reasons import SENTENCES
from abhaya.linking.rules import COMMON, NEVER_LINKED_ROLES, PERSON_ROLES, STRONG, Before, Seen
from abhaya.selectors.kinds import LINKING
from abhaya.shared.ids import made_at, since, until
from abhaya.shared.plans import for_few
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import NamedSql, as_row, fetch_each

SQL = NamedSql(__file__)
NEAR_COUNTED_MAX = 50
NAMES_COUNTED_MAX = 50
SHOWN_REPORTS_MAX = 1000  # earlier reports looked at for the viewer; beyond, "1,000+"
_NEVER = sorted(NEVER_LINKED_ROLES)


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit as the report page shows it. `seen_in`: the earlier reports that this viewer may see, newest first."""

    selector_id: UUID
    kind: str
    value: str
    role: str
    strength: str
    earlier_reports: int
    more: bool
    earlier_roles: list[str]
    reason_json: str
    seen_in: list[UUID]
    numbers: list[int]  # of the reports in `seen_in`

    @property
    def count_text(self) -> str:
        count = len(self.seen_in)
        return f"{count:,}+" if count >= SHOWN_REPORTS_MAX else f"{count:,}"

    @property
    def elsewhere(self) -> bool:
        """There are earlier reports that this viewer may not see: a reason to ask the unit above, and nothing more."""
        return self.earlier_reports > len(self.seen_in)

    def sentence(self, language: str) -> str:
        """The reason in words, with the count that this viewer may know."""
        reason = msgspec.json.decode(self.reason_json, type=Reason)
        if self.strength != COMMON and not self.seen_in:
            reason = Reason(f"{self.kind}_elsewhere")
        elif self.strength != COMMON:
            reason = Reason(reason.code, {**reason.values, "reports": self.count_text}, reason.weight)
        return sentence(reason, SENTENCES, language)


class Standing(NamedTuple):
    """An account of a reported person: with how many others it is held to be one person's, by what the viewer sees; and how
    many wait for somebody to compare them with it.
    """

    account_id: UUID
    subject_id: UUID | None
    together: int
    waiting: int


class OnPage(NamedTuple):
    """What linking has on a report's page."""

    hits: list[HitRow]
    stands: list[Standing]
    names_alike: int  # persons of other reports with a name worth comparing, counted to `NAMES_COUNTED_MAX`


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """What "seen before in 3 reports" says, over all strong hits of a report, as far as the viewer may see."""

    reports: list[UUID]
    elsewhere: bool

    @property
    def count_text(self) -> str:
        count = len(self.reports)
        return f"{count:,}+" if count >= SHOWN_REPORTS_MAX else f"{count:,}"


class Compared(NamedTuple):
    """What there is about reports before they are held against others.

    `seen`: their identifiers that may link, placeholders apart: those never had a value. `written`: (report, identifier,
    role) of hits that they have already, with their strengths. `where`: report -> its compartment, and the channel it came by.
    `before`: identifier -> its sightings, the oldest first.
    """

    seen: list[Seen]
    written: dict[tuple[UUID, UUID, str], set[str]]
    where: dict[UUID, tuple[UUID, str]]
    before: dict[UUID, list[Before]]


def compared(report_ids: Sequence[UUID], window: int) -> Compared:
    """Of these reports, in one trip; of each identifier at most `window` sightings."""
    wanted = {"reports": list(report_ids), "since": since(report_ids), "until": until()}
    wanted |= {"kinds": sorted(LINKING), "never": _NEVER, "window": window}
    few = len(report_ids)
    seen, later, written, where, sighted = fetch_each(
        (as_row, for_few(SQL["seen"], few), wanted),
        (as_row, for_few(SQL["came_later"], few), wanted),
        (as_row, SQL["written"], wanted),
        (as_row, SQL["of_reports"], wanted),
        (as_row, for_few(SQL["before"], few), wanted),
    )
    hits: defaultdict[tuple[UUID, UUID, str], set[str]] = defaultdict(set)
    for report, selector, role, strength in written:
        hits[report, selector, role].add(strength)
    before: defaultdict[UUID, list[Before]] = defaultdict(list)
    for selector, *row in sighted:
        before[selector].append(Before(*row))
    came = {(report, item): made_at(original) for report, item, original in later}
    own = [Seen._make((*told, came.get((told[0], item)))) for *told, item in seen]
    return Compared(own, hits, {report: (compartment, channel) for report, compartment, channel in where}, before)


def on_page(report_id: UUID) -> OnPage:
    """What linking has on a report's page, in one trip: hits, strong ones first, where its accounts stand, names alike."""
    wanted = {"report": report_id, "since": since([report_id]), "until": until(), "window": SHOWN_REPORTS_MAX}
    wanted |= {"never": _NEVER, "persons": sorted(PERSON_ROLES), "near": NEAR_COUNTED_MAX}
    alike = {"report": report_id, "names": NAMES_COUNTED_MAX}
    rows, [(names_alike,)] = fetch_each((as_row, SQL["on_page"], wanted), (as_row, SQL["names_alike"], alike))
    stands = json.loads(rows[0][-1] or "[]") if rows else []
    hits = [HitRow(*row[:-1]) for row in rows if row[0] is not None]
    where = [Standing(UUID(one), UUID(subject) if subject else None, *rest) for one, subject, *rest in stands]
    return OnPage(hits, where, int(names_alike))


def of_report(report_id: UUID) -> list[HitRow]:
    """Hits of a report, strong ones first, as far as the viewer may see."""
    return on_page(report_id).hits


def seen_before(hits: Sequence[HitRow]) -> SeenBefore:
    """All strong hits of a report together: each earlier report once, newest first."""
    strong = [hit for hit in hits if hit.strength == STRONG]
    reports = sorted({report for hit in strong for report in hit.seen_in}, reverse=True)
    return SeenBefore(reports, any(hit.elsewhere for hit in strong))
