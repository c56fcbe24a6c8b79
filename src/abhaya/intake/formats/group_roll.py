"""Groups, their members and what each did, collected line by line, then said as one record.

The readers of chats and of lists of members share it: numbering, limits, and which facts a member brings.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from abhaya.intake.formats.record import (
    ACTING,
    LOSS_TEXT_CHARACTERS_MAX,
    Fact,
    Group,
    GroupAct,
    GroupMember,
    Instant,
    Loss,
    Record,
    Text,
)

GROUPS_MAX = 1000  # of one record
MEMBERS_MAX = 100_000  # of one record
ACTS_MAX = 100_000  # of one record; a longer chat is to be split
TEXTS_MAX = 5000  # lines that may hold an identifier
LOSSES_MAX = 1000
LABEL_CHARACTERS_MAX = 300
_TOO_MANY = "too many for one report; split the file, the original keeps all"


class Roll:
    """What one source tells of groups. Numbers start at 1, as the record wants them."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.members: list[GroupMember] = []
        self.acts: list[GroupAct] = []
        self.texts: list[Text] = []
        self.facts: list[Fact] = []
        self._losses: list[Loss] = []
        self._keys: dict[tuple[int, str], int] = {}
        self._over: dict[str, int] = {}

    def group(self, **told: str) -> int:
        """A new group; 0 where there are too many."""
        if len(self.groups) >= GROUPS_MAX:
            return self._left_out("groups")
        self.groups.append(Group(len(self.groups) + 1, **told))  # type: ignore[arg-type]  # its fields of text
        return len(self.groups)

    def regroup(self, number: int, **told: object) -> None:
        """More that is known of a group."""
        self.groups[number - 1] = msgspec.structs.replace(self.groups[number - 1], **told)

    def member(self, group: int, key: str, label: str, locator: str, **told: object) -> int:
        """The member of this group that `key` names, made at first sight; 0 where there are too many."""
        if known := self._keys.get((group, key)):
            return known
        if len(self.members) >= MEMBERS_MAX or not group:
            return self._left_out("members")
        number = len(self.members) + 1
        self.members.append(GroupMember(number, group, label[:LABEL_CHARACTERS_MAX], locator, **told))  # type: ignore[arg-type]  # its own fields
        self._keys[group, key] = number
        return number

    def known(self, group: int, key: str) -> int:
        """The member that `key` names, or 0."""
        return self._keys.get((group, key), 0)

    def also(self, group: int, key: str, number: int) -> None:
        """Another name for a member that nobody else goes by."""
        self._keys.setdefault((group, key), number)

    def remember(self, number: int, **told: object) -> None:
        """More that is known of a member."""
        if number:
            self.members[number - 1] = msgspec.structs.replace(self.members[number - 1], **told)

    def act(self, group: int, member: int, act: str, locator: str, at: Instant | None, *, other: int = 0, word: str = "") -> None:  # fmt: skip
        if not group or not member:
            return
        if len(self.acts) >= ACTS_MAX:
            self._left_out("acts")
        else:
            self.acts.append(GroupAct(group, member, act, locator, at, other, word))

    def text(self, text: str, locator: str, member: int) -> None:
        """A line that may hold an identifier, kept to be searched for them."""
        if len(self.texts) >= TEXTS_MAX:
            self._left_out("lines to be searched for identifiers")
        else:
            self.texts.append(Text("chat content", text, locator, "member" if member else "mentioned", member))

    def lose(self, locator: str, what: str, text: str, why: str = "not known to this version") -> None:
        if len(self._losses) >= LOSSES_MAX:
            self._left_out("losses")
        else:
            self._losses.append(Loss(locator, what, text[:LOSS_TEXT_CHARACTERS_MAX], why))

    def _left_out(self, what: str) -> int:
        self._over[what] = self._over.get(what, 0) + 1
        return 0

    def record(self, form: str, version: int, *, more_losses: Iterable[Loss] = (), **told: object) -> Record:
        """The record. Who acted is an `actor` in its facts and texts, everybody else a `member`."""
        actors = {act.member for act in self.acts if act.act in ACTING}

        def role(member: int) -> str:
            return "actor" if member in actors else "member"

        facts = [*self.facts]
        for group in self.groups:
            if group.identifier:
                facts.append(Fact("group", group.identifier, group.locator, "incident", platform=group.platform))
            if group.invite:
                facts.append(Fact("url", group.invite, group.locator, "incident"))
        for member in self.members:
            facts += _facts_of(member, role(member.number), self.groups[member.group - 1].platform)
        texts = [msgspec.structs.replace(text, role=role(text.person)) if text.person else text for text in self.texts]
        over = [Loss("whole file", f"{count} {what}", "", _TOO_MANY) for what, count in self._over.items()]
        return Record(
            form, version, facts=tuple(facts), texts=tuple(texts), losses=(*self._losses, *more_losses, *over),
            groups=tuple(self.groups), members=tuple(self.members), acts=tuple(self.acts), **told,  # type: ignore[arg-type]  # its own fields
        )  # fmt: skip


def _facts_of(member: GroupMember, role: str, platform: str) -> list[Fact]:
    """The account first: it is whose every other fact is."""
    place = (member.locator, role, member.number)
    facts = [Fact("account", member.account, *place, platform=platform)] if member.account else []
    said = tuple((label, value) for label, value in (("line", member.line), ("ported", _yes(member.ported))) if value)
    facts += [Fact("phone", phone, *place, said=said) for phone in member.phones]
    if member.label and member.label not in member.phones and not member.is_holder:
        facts.append(Fact("screen_name", member.label, *place, platform=platform))
    return facts


def _yes(answer: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[answer]
