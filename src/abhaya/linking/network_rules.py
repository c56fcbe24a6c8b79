"""From what a report tells of groups to rows: who each member is, what they did, and from which country their number is. (pure)

A member is known by their telephone number, else by their account, else by this report alone. That is a way to count, no
judgement: people who share a group are *related*, never the same. Only acts make an *actor*; who was only there, or was
put in by another and left at once, is said to be just that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from abhaya.selectors import account, group, phone
from abhaya.selectors.normal import storable
from abhaya.selectors.shapes import InstantShape
from abhaya.selectors.sighting import selector_id

LEFT_AT_ONCE = timedelta(minutes=10)
SUCCESSOR_SHARED_MIN = 3
SUCCESSOR_SHARE_PERCENT_MIN = 20
LABEL_CHARACTERS_MAX = 200
WORD_CHARACTERS_MAX = 60
LOCATOR_CHARACTERS_MAX = 300
NOT_KNOWN = ""  # a country that the number does not say

COUNTED = ("posted", "offered", "asked", "paid", "forwarded", "administered", "said")
"""Acts that are counted for a member, each in a column of its own."""
ACTING = frozenset(COUNTED) - {"said"} | {"created"}
CONDUCTS = ("acted", "left_at_once", "talked", "added", "present")
"""What a member did at most: acted; came and left within minutes; only talked; was put in by another; was only there."""
DOUBTS = ("", "prefix", "prepaid", "ported", "assumed")
"""What speaks against the country of a number: nothing but its prefix says it; prepaid, so that nobody may know who holds
it; ported, so that its operator is another; or the prefix itself was not written.
"""


class GroupShape(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def platform(self) -> str: ...
    @property
    def locator(self) -> str: ...
    @property
    def identifier(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


class MemberShape(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def group(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def locator(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def phones(self) -> tuple[str, ...]: ...
    @property
    def standing(self) -> str: ...
    @property
    def line(self) -> str: ...
    @property
    def ported(self) -> bool | None: ...


class ActShape(Protocol):
    @property
    def group(self) -> int: ...
    @property
    def member(self) -> int: ...
    @property
    def act(self) -> str: ...
    @property
    def locator(self) -> str: ...
    @property
    def at(self) -> InstantShape | None: ...
    @property
    def other(self) -> int: ...
    @property
    def word(self) -> str: ...


class RecordShape(Protocol):
    @property
    def groups(self) -> Sequence[GroupShape]: ...
    @property
    def members(self) -> Sequence[MemberShape]: ...
    @property
    def acts(self) -> Sequence[ActShape]: ...


@dataclass(frozen=True, slots=True)
class Told:
    """A group as one report tells of it."""

    group_id: UUID
    platform: str
    kind: str
    name: str
    is_named: bool  # the source says what tells it from others; else it is this report's alone
    locator: str


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number of a member."""

    phone_id: UUID
    country: str
    doubt: str


@dataclass(slots=True)
class Member:
    """One member of one group, and what they did in it at most."""

    number: int
    group_id: UUID
    person_id: UUID
    account_id: UUID | None
    label: str
    locator: str
    standing: str
    numbers: tuple[Number, ...]
    counts: dict[str, int] = field(default_factory=dict)
    conduct: str = "present"
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def country(self) -> str:
        return self.numbers[0].country if self.numbers else NOT_KNOWN

    @property
    def doubt(self) -> str:
        return self.numbers[0].doubt if self.numbers else ""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of one member."""

    group_id: UUID
    number: int
    person_id: UUID
    act: str
    locator: str
    at: datetime | None
    precision: str
    zone_known: bool
    other: UUID | None
    word: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a report tells of groups, as rows."""

    groups: list[Told]
    members: list[Member]
    acts: list[Act]


def read(record: RecordShape, report_id: UUID) -> Reading:
    """The rows of one report. What two people said to each other is no group."""
    groups = {one.number: _told(one, report_id) for one in record.groups if one.kind != "private"}
    platforms = {one.number: one.platform for one in record.groups}
    members = {
        one.number: _member(one, groups[one.group].group_id, platforms[one.group], report_id)
        for one in record.members
        if one.group in groups
    }
    acts = []
    by_member: dict[int, list[ActShape]] = {}
    for one in record.acts:
        if one.member in members:
            by_member.setdefault(one.member, []).append(one)
            acts.append(_act(one, members))
    for number, member in members.items():
        _sum_up(member, by_member.get(number, []))
    return Reading(list(groups.values()), list(members.values()), acts)


def _told(one: GroupShape, report_id: UUID) -> Told:
    value = group.normalise(one.identifier, platform=one.platform).value if one.identifier else None
    own = selector_id("group", value) if value else selector_id("group of a report", f"{report_id}:{one.number}")
    return Told(own, storable(one.platform, 100), one.kind, storable(one.name, LABEL_CHARACTERS_MAX), value is not None, storable(one.locator, LOCATOR_CHARACTERS_MAX))  # fmt: skip


def _member(one: MemberShape, group_id: UUID, platform: str, report_id: UUID) -> Member:
    numbers = tuple(found for written in one.phones if (found := _number(written, one)) is not None)
    named = account.normalise(one.account, platform=platform).value if one.account else None
    account_id = selector_id("account", named) if named else None
    if numbers:
        person = numbers[0].phone_id
    else:
        person = account_id or selector_id("member of a report", f"{report_id}:{one.number}")
    label, locator = storable(one.label, LABEL_CHARACTERS_MAX), storable(one.locator, LOCATOR_CHARACTERS_MAX)
    return Member(one.number, group_id, person, account_id, label, locator, one.standing, numbers)


def _number(written: str, member: MemberShape) -> Number | None:
    normal = phone.normalise(written)
    if normal.value is None:
        return None
    return Number(selector_id("phone", normal.value), phone.country(normal.value), doubt_of(member.line, member.ported, assumed=normal.assumed))  # fmt: skip


def doubt_of(line: str, ported: bool | None, *, assumed: bool) -> str:
    """The weightiest doubt about a number's country. Only a provider who says "postpaid" of a number that was not ported
    leaves none: somebody was billed for it there.
    """
    if assumed:
        return "assumed"
    if ported:
        return "ported"
    if line.lower() == "prepaid":
        return "prepaid"
    return "" if line.lower() == "postpaid" and ported is False else "prefix"


def _act(one: ActShape, members: Mapping[int, Member]) -> Act:
    member, other = members[one.member], members.get(one.other)
    at = one.at
    return Act(
        member.group_id, member.number, member.person_id, one.act, storable(one.locator, LOCATOR_CHARACTERS_MAX),
        at.at if at else None, at.precision if at else "", at.zone_known if at else True,
        other.person_id if other else None, storable(one.word, WORD_CHARACTERS_MAX),
    )  # fmt: skip


def _sum_up(member: Member, acts: Sequence[ActShape]) -> None:
    for one in acts:
        member.counts[one.act] = member.counts.get(one.act, 0) + 1
    times = [one.at.at for one in acts if one.at is not None and one.at.at is not None]
    member.first_at, member.last_at = min(times, default=None), max(times, default=None)
    member.conduct = conduct(acts)


def conduct(acts: Iterable[ActShape]) -> str:
    """One of CONDUCTS, from everything a member did in a group, in its order."""
    done: set[str] = set()
    came: datetime | None = None
    for one in acts:
        done.add(one.act)
        at = one.at.at if one.at is not None else None
        if one.act in {"joined", "added_by_another"}:
            came = at
        elif one.act == "left" and at is not None and came is not None and timedelta() <= at - came < LEFT_AT_ONCE:
            done.add("left_at_once")
    if done & ACTING:
        return "acted"
    if "left_at_once" in done:
        return "left_at_once"
    if "said" in done:
        return "talked"
    return "added" if "added_by_another" in done else "present"


def successor(shared: int, share_percent: int, after: int, *, is_later: bool) -> str:
    """How far another group looks like this one again, once this one was gone: strong | weak | "".

    One shared actor may be anybody who is in many groups. Strong: it began only then, at least three acted in both, they are
    a fifth of this group's actors, and most of them came over only then.
    """
    if not is_later or not after:
        return ""
    is_strong = shared >= SUCCESSOR_SHARED_MIN and share_percent >= SUCCESSOR_SHARE_PERCENT_MIN and 2 * after > shared
    return "strong" if is_strong else "weak"
