"""Which subject is which after its accounts were put together anew (pure).

A group of accounts keeps the id of the subject with which it has most accounts in common; ties go to the older subject,
then to the group with the least account. An id goes to one group at most, ends when none has it, and never comes back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

BORN, JOINED, SPLIT, MOVED, ENDED = "born", "joined", "split", "moved", "ended"


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of a subject. `accounts`: those that came to it or left it; `other`: where they came from or went."""

    kind: str
    subject: UUID
    other: UUID | None
    accounts: tuple[UUID, ...]


@dataclass(slots=True)
class Identities:
    """Account -> subject from now on, for those whose subject is another now, and every turn that led there."""

    now: dict[UUID, UUID | None] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    born: list[UUID] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)


def identify(before: Mapping[UUID, UUID], groups: Sequence[Sequence[UUID]], new_id: Callable[[], UUID]) -> Identities:
    """`before`: account -> subject, of all members of every subject concerned. `groups`: two accounts or more each.

    Ids of subjects ascend with their age (UUIDv7).
    """
    overlap = Counter(
        (before[account], number) for number, group in enumerate(groups) for account in group if account in before
    )
    least = [min(group) for group in groups]
    kept: dict[int, UUID] = {}
    taken: set[UUID] = set()
    for (subject, number), _ in sorted(overlap.items(), key=lambda one: (-one[1], one[0][0], least[one[0][1]])):
        if number not in kept and subject not in taken:
            kept[number] = subject
            taken.add(subject)
    found = Identities()
    found.ended = sorted(set(before.values()) - taken)
    subject_of: dict[UUID, UUID] = {}
    for number in sorted(range(len(groups)), key=lambda one: least[one]):
        if number not in kept:
            kept[number] = new_id()
            found.born.append(kept[number])
        subject_of.update(dict.fromkeys(groups[number], kept[number]))
    for account in before.keys() | subject_of.keys():
        if before.get(account) != subject_of.get(account):
            found.now[account] = subject_of.get(account)
    found.turns = _turns(before, found)
    return found


def _turns(before: Mapping[UUID, UUID], found: Identities) -> list[Turn]:
    born, ended = set(found.born), set(found.ended)
    ways: defaultdict[tuple[UUID | None, UUID | None], list[UUID]] = defaultdict(list)
    for account in sorted(found.now):
        ways[before.get(account), found.now[account]].append(account)
    turns = []
    for (source, target), accounts in ways.items():
        if source is None:
            assert target is not None  # noqa: S101 — an account that moved has a side at least
            turns.append(Turn(BORN if target in born else JOINED, target, None, tuple(accounts)))
        elif target is None:
            turns.append(Turn(ENDED if source in ended else SPLIT, source, None, tuple(accounts)))
        elif source in ended:
            turns.append(Turn(JOINED, target, source, tuple(accounts)))
        else:
            turns.append(Turn(SPLIT if target in born else MOVED, source, target, tuple(accounts)))
    told = {(turn.kind, turn.subject) for turn in turns}
    turns += [Turn(BORN, one, None, ()) for one in found.born if (BORN, one) not in told]
    turns += [Turn(ENDED, one, _heir(one, before, found), ()) for one in found.ended if (ENDED, one) not in told]
    return turns


def _heir(subject: UUID, before: Mapping[UUID, UUID], found: Identities) -> UUID | None:
    """Where most accounts of a subject that ended are now."""
    went = Counter(
        target for account, source in before.items() if source == subject and (target := found.now.get(account))
    )
    return min(went, key=lambda one: (-went[one], one)) if went else None
