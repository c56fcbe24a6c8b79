"""Groups, channels and chat rooms of the invented world: who is in them, and what each member did in them, in time.

Here they are drawn; `group_files` writes them as an exported chat, an exported JSON or a provider's list of members.
Names of groups are numbers, lines are the neutral stand-ins of `names`, numbers belong to nobody (`calling`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

# What a line says is what its writer did, where it says anything at all; "said" is talk and no more.
VERB_OF_LINE = {
    "offers files": "offered", "offers a list": "offered", "asks for files": "asked", "asks for a picture": "asked",
    "asks for money": "asked", "sends a payment receipt": "paid", "says paid": "paid", "says hello": "said",
    "asks age": "asked", "sends a link": "posted", "threatens to post": "said", "says thanks": "said",
}  # fmt: skip
TALK = tuple(VERB_OF_LINE)
LEFT_AT_ONCE_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Member:
    """A person as a member of groups: by number, by the platform's id, or by both. `number` is the true one."""

    id: str  # "M00017": truth, never sent
    name: str  # as shown in the group
    country: str  # ISO; truth, where no number says it
    number: str  # "+92…" as drawn, "" where only the platform's id is known
    account: str  # the platform's own id, digits
    is_persona: bool = False  # an officer under cover, protected
    line: str = ""  # prepaid | postpaid | "" not known
    is_ported: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a group's history."""

    at: datetime  # UTC
    kind: str  # created | added | joined | left | removed | renamed | admin | number | said | media | forwarded
    actor: Member
    others: tuple[Member, ...] = ()  # whom it was done to
    text: str = ""  # what was said; a new name; the name of a file


@dataclass(slots=True)
class Group:
    id: str  # the platform's own number
    name: str  # "Group 17"
    platform: str
    kind: str  # group | channel | room
    invite: str  # https://…example.com/…
    form: str  # chat | json | members: how it reached the unit
    members: list[Member] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    taken_down: datetime | None = None
    successor_of: str = ""  # the id of the group whose members came over


def acts(group: Group) -> list[tuple[int, Member, str, datetime]]:
    """(which event, from 1; who; what; when): the truth that a reader of the raw file should find again."""
    verbs = ((place, event, _verb(event)) for place, event in enumerate(group.events, start=1))
    return [(place, event.actor, verb, event.at) for place, event, verb in verbs if verb]


def conduct(group: Group) -> dict[str, str]:
    """For every member, by id: "acted", "talked", "added" and nothing since, "left at once", or "present"."""
    did: dict[str, set[str]] = {member.id: set() for member in group.members}
    came: dict[str, datetime] = {}
    for event in group.events:
        for other in event.others:
            if event.kind == "added":
                came.setdefault(other.id, event.at)
                did[other.id].add("added")
        if event.kind == "joined":
            came.setdefault(event.actor.id, event.at)
        verb = _verb(event)
        if verb:
            did[event.actor.id].add("talked" if verb == "said" else "acted")
        stayed = event.at - came.get(event.actor.id, event.at)
        if event.kind == "left" and event.actor.id in came and stayed.total_seconds() < LEFT_AT_ONCE_MINUTES * 60:
            did[event.actor.id].add("left at once")
    order = ("acted", "left at once", "talked", "added")
    return {member: next((word for word in order if word in words), "present") for member, words in did.items()}


def _verb(event: Event) -> str:
    if event.kind == "said":
        return VERB_OF_LINE.get(event.text, "said")
    return {
        "media": "posted", "forwarded": "forwarded", "created": "administered", "added": "administered",
        "removed": "administered", "renamed": "administered", "admin": "administered",
    }.get(event.kind, "")  # fmt: skip
