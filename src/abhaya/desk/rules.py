"""Who is shown and who is masked, and how a report's persons are laid out (pure).

Who is masked says `triage.masking`. Age and role stay visible, because an officer decides by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from abhaya.intake.formats.record import Loss, Person, Place, Record, Text
from abhaya.triage.masking import is_masked, may_be_child
from abhaya.triage.signals import age_of

ORDER = ("victim", "recipient", "reported", "associated", "reporter")  # the child first
SHOWN_AT_ONCE_MAX = 5  # identifiers of one kind; an account may carry hundreds of sign-ins
KIND_ORDER = (
    "account",
    "screen_name",
    "phone",
    "email",
    "upi",
    "bank",
    "crypto",
    "device",
    "ip",
    "url",
    "address",
    "file_hash",
)


class HasPerson(Protocol):
    """A sighting, as far as laying out needs it."""

    @property
    def role(self) -> str: ...
    @property
    def person(self) -> int: ...
    @property
    def kind(self) -> str: ...


Seen = TypeVar("Seen", bound=HasPerson)


@dataclass(frozen=True, slots=True)
class Group(Generic[Seen]):
    """Identifiers of one kind: a few at once, the rest folded."""

    kind: str
    sightings: Sequence[Seen]

    @property
    def first(self) -> Sequence[Seen]:
        return self.sightings[:SHOWN_AT_ONCE_MAX]

    @property
    def more(self) -> Sequence[Seen]:
        return self.sightings[SHOWN_AT_ONCE_MAX:]


@dataclass(frozen=True, slots=True)
class Shown(Generic[Seen]):
    """One person of a report as the page lays them out."""

    role: str
    number: int
    age: int | None
    masked: bool
    may_be_child: bool
    person: Person | None  # None: identifiers of a person whom the sender did not describe
    sightings: Sequence[Seen] = ()
    places: Sequence[Place] = ()
    texts: Sequence[Text] = ()  # what the sender wrote about this person
    losses: Sequence[Loss] = ()  # what stands in this person's part of the original and was not understood

    @property
    def hidden(self) -> int:
        """How many identifiers and statements a mask hides."""
        person = self.person
        stated = (
            (person.name, person.date_of_birth, person.school, person.group, *person.display_names) if person else ()
        )
        lists = (self.sightings, self.places, self.texts, self.losses)
        return sum(map(len, lists)) + sum(1 for text in stated if text)

    @property
    def groups(self) -> list[Group[Seen]]:
        """Identifiers by kind, what names somebody before what is shared; a name stands in the person's own line."""
        kinds: dict[str, list[Seen]] = {}
        for sighting in self.sightings:
            if sighting.kind != "name":
                kinds.setdefault(sighting.kind, []).append(sighting)
        order = {kind: place for place, kind in enumerate(KIND_ORDER)}
        return [Group(kind, kinds[kind]) for kind in sorted(kinds, key=lambda kind: order.get(kind, len(order)))]


@dataclass(frozen=True, slots=True)
class Laid(Generic[Seen]):
    """A report's persons, and what belongs to none of them."""

    persons: list[Shown[Seen]] = field(default_factory=list)
    rest: list[Seen] = field(default_factory=list)


def lay_out(
    record: Record,
    sightings: Iterable[Seen],
    at: datetime,
    *,
    reported_is_child: bool,
    unmasked: frozenset[tuple[str, int]],
) -> Laid[Seen]:
    """Persons with their identifiers, the child first. `unmasked` names (role, number) shown with a recorded purpose."""
    described = {(person.role, person.number): person for person in record.persons}
    seen: dict[tuple[str, int], list[Seen]] = {}
    rest: list[Seen] = []
    for sighting in sightings:
        if sighting.role in ORDER:
            seen.setdefault((sighting.role, sighting.person or 1), []).append(sighting)
        else:
            rest.append(sighting)
    places: dict[tuple[str, int], list[Place]] = {}
    for place in record.places:
        places.setdefault((place.role, place.person or 1), []).append(place)
    keys = sorted(
        described.keys() | seen.keys(), key=lambda key: (ORDER.index(key[0]) if key[0] in ORDER else 9, key[1])
    )
    persons = []
    for role, number in keys:
        person = described.get((role, number))
        age = age_of(person, at) if person else None
        child = may_be_child(role, age, reported_is_child=reported_is_child)
        masked = is_masked(role, age, may_be_child=child) and (role, number) not in unmasked
        found, stated = seen.get((role, number), []), places.get((role, number), [])
        texts = [text for text in record.texts if text.role == role and (text.person or 1) == number]
        losses = [loss for loss in record.losses if person and stands_in(loss.locator, person.locator)]
        persons.append(Shown(role, number, age, masked, child, person, found, stated, texts, losses))
    return Laid(persons, rest)


def stands_in(locator: str, part: str) -> bool:
    """Whether a place of the original lies within a part of it: `/report/victim[1]/nickname` in `/report/victim[1]`."""
    return bool(part) and (locator == part or (locator.startswith(part) and locator[len(part)] in "/.[, "))
