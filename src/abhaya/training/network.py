"""Draws groups out of people: who runs them, who was put in, who came by the link, who speaks, who only stands there.

Posting is with a small and lasting minority, the same few run several groups, and a group that is taken down has a
successor with many of its members, as published studies of forums and groups tell.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from abhaya.training.groups import LEFT_AT_ONCE_MINUTES, TALK, Event, Group, Member

ADDED_SHARE, ADDED_AT_ONCE_MAX = 0.3, 6  # of members: put in by whoever runs the group; the others came by the link
LEFT_AT_ONCE_SHARE, LEFT_SHARE, REMOVED_SHARE = 0.06, 0.1, 0.02
ACTIVE_SHARE = 0.25  # of members ever say or post anything
MESSAGES_PER_ACTIVE = 4
MEDIA_SHARE, FORWARDED_SHARE = 0.2, 0.1  # of messages
STAYED_ON_SHARE = 0.6  # of a group's members, in its successor
RENAMED_SHARE = 0.2
INVITE = "https://chat.example.com/join/"


@dataclass(frozen=True, slots=True)
class Plan:
    """One group to be drawn. `runs` are its creator first and further administrators."""

    place: int  # its number among the groups: "Group 17"
    form: str  # chat | json | members
    kind: str  # group | channel | room
    platform: str
    runs: tuple[Member, ...]
    members: tuple[Member, ...]  # without those who run it
    created: datetime
    until: datetime  # when the file was made, or the group taken down
    taken_down: bool = False
    successor_of: str = ""


def draw(rng: random.Random, plan: Plan) -> Group:
    """The group's whole history, in the order in which it happened."""
    creator, *helpers = plan.runs
    name = f"Group {plan.place}"
    group = Group(
        str(1_700_000_000 + plan.place), name, plan.platform, plan.kind, f"{INVITE}{rng.getrandbits(48):012x}", plan.form,
        [*plan.runs, *plan.members], taken_down=plan.until if plan.taken_down else None, successor_of=plan.successor_of,
    )  # fmt: skip
    group.events.append(Event(plan.created, "created", creator, (), name))
    stays = {creator.id: (plan.created, plan.until)}
    group.events += _arrivals(rng, plan, stays)
    for helper in helpers:
        joined, left = stays[helper.id]
        group.events.append(Event(_between(rng, joined, left), "admin", creator, (helper,)))
    group.events += _departures(rng, plan, stays)
    group.events += _talk(rng, plan, stays)
    if rng.random() < RENAMED_SHARE:
        group.events.append(Event(_between(rng, plan.created, plan.until), "renamed", creator, (), f"{name} b"))
    group.events.sort(key=lambda event: event.at)
    return group


def plan_successor(
    rng: random.Random, old: Plan, old_id: str, place: int, fresh: Sequence[Member], until: datetime
) -> Plan:
    """The group that comes up days after another was taken down: the same people run it, many came over."""
    came_over = [member for member in old.members if rng.random() < STAYED_ON_SHARE]
    known = {member.id for member in (*old.runs, *came_over)}
    members = (*came_over, *(member for member in fresh if member.id not in known))
    created = old.until + timedelta(days=rng.uniform(1, 6))
    return Plan(place, old.form, old.kind, old.platform, old.runs, members, created, until, successor_of=old_id)


def _arrivals(rng: random.Random, plan: Plan, stays: dict[str, tuple[datetime, datetime]]) -> list[Event]:
    events = []
    creator, *helpers = plan.runs
    waiting = [*helpers, *plan.members]
    rng.shuffle(waiting)
    while waiting:
        at = _between(rng, plan.created, plan.created + (plan.until - plan.created) * 0.8)
        if rng.random() < ADDED_SHARE / ((1 + ADDED_AT_ONCE_MAX) / 2):
            several = tuple(waiting.pop() for _ in range(min(len(waiting), rng.randrange(1, ADDED_AT_ONCE_MAX + 1))))
            events.append(Event(at, "added", creator, several))
        else:
            several = (waiting.pop(),)
            events.append(Event(at, "joined", several[0]))
        stays |= {member.id: (at, plan.until) for member in several}
    return events


def _departures(rng: random.Random, plan: Plan, stays: dict[str, tuple[datetime, datetime]]) -> list[Event]:
    events = []
    for member in plan.members:
        joined, until = stays[member.id]
        chance = rng.random()
        if chance < LEFT_AT_ONCE_SHARE:
            left = joined + timedelta(minutes=rng.randrange(1, LEFT_AT_ONCE_MINUTES))
            events.append(Event(left, "left", member))
        elif chance < LEFT_AT_ONCE_SHARE + LEFT_SHARE:
            left = _between(rng, joined + (until - joined) * 0.2, until)
            events.append(Event(left, "left", member))
        elif chance < LEFT_AT_ONCE_SHARE + LEFT_SHARE + REMOVED_SHARE and not member.is_persona:
            left = _between(rng, joined + (until - joined) * 0.2, until)
            events.append(Event(left, "removed", plan.runs[0], (member,)))
        else:
            continue
        stays[member.id] = (joined, left)
    return events


def _talk(rng: random.Random, plan: Plan, stays: dict[str, tuple[datetime, datetime]]) -> list[Event]:
    """Some speak, a few of them most of the time. In a channel only those who run it do; a persona only greets."""
    everybody = [*plan.runs, *plan.members]
    if plan.kind == "channel":
        speakers = list(plan.runs)
    else:
        wanted = max(1, round(ACTIVE_SHARE * len(plan.members)))
        speakers = [*plan.runs, *rng.sample(plan.members, min(wanted, len(plan.members)))]
    events = []
    for rank, member in enumerate(speakers, start=1):
        joined, left = stays[member.id]
        if left - joined < timedelta(hours=1):
            continue
        if member.is_persona:
            events.append(Event(_between(rng, joined, left), "said", member, (), "says hello"))
            continue
        much = 1 + int(MESSAGES_PER_ACTIVE * len(speakers) / (rank * 4))
        moments = [_between(rng, joined, left) for _ in range(much)]
        events += [_message(rng, member, everybody, at, says_forwarded=plan.form == "json") for at in moments]
    return events


def _message(
    rng: random.Random, member: Member, everybody: Sequence[Member], at: datetime, *, says_forwarded: bool
) -> Event:
    """A telephone's exported chat does not tell a forwarded line from any other: there it is said, and no more."""
    chance = rng.random()
    if chance < MEDIA_SHARE:
        return Event(at, "media", member, (), f"{rng.randrange(10**6)}.png")
    if says_forwarded and chance < MEDIA_SHARE + FORWARDED_SHARE:
        return Event(at, "forwarded", member, (rng.choice(everybody),), rng.choice(TALK))
    return Event(at, "said", member, (), rng.choice(TALK))


def _between(rng: random.Random, first: datetime, last: datetime) -> datetime:
    return (first + (last - first) * rng.random()).replace(microsecond=0)
