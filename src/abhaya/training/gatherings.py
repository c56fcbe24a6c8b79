"""Groups in which persons of a world meet people from elsewhere, so that reports and groups speak of the same numbers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from abhaya.training.calling import COUNTRIES, number
from abhaya.training.groups import Group, Member
from abhaya.training.names import FAMILY, GIVEN
from abhaya.training.network import Plan, draw, plan_successor
from abhaya.training.people import Person
from abhaya.training.world import World

HERE_SHARE = 0.4  # of members, those whom reports of this world may name
SUCCESSOR_EVERY = 5  # groups: one in so many is another's successor
_FORMS = (("chat", "WhatsApp"), ("json", "Telegram"), ("members", "ChatLine"))


def gathered(world: World) -> list[Group]:
    """As many groups as the parameters say; the same for the same world."""
    p = world.parameters
    rng = random.Random(f"abhaya groups {world.seed}")
    here = [person for person in world.persons if not person.is_child and person.phones and person.accounts]
    people = [_of(person) for person in rng.sample(here, min(len(here), p.groups * p.members_per_group // 2))]
    people += [_elsewhere(rng, place) for place in range(1, p.groups * p.members_per_group // 2 + 2)]
    persona = _elsewhere(rng, len(people) + 1, is_persona=True)
    organisers = rng.sample(people, min(len(people), 2 + p.groups // 3))
    start = world.until - timedelta(days=p.days)
    plans: list[Plan] = []
    for place in range(1, p.groups + 1):
        if place % SUCCESSOR_EVERY == 0:
            old = _taken_down(rng, plans[-1])
            plans[-1] = old
            fresh = rng.sample(people, min(len(people), p.members_per_group // 3))
            plans.append(plan_successor(rng, old, str(1_700_000_000 + old.place), place, fresh, world.until))
            continue
        form, platform = _FORMS[place % len(_FORMS)]
        runs = tuple(rng.sample(organisers, min(2, len(organisers))))
        known = {member.id for member in runs}
        members = [one for one in rng.sample(people, min(len(people), p.members_per_group)) if one.id not in known]
        members += [persona] if place % 2 else []
        kind = "group" if form == "chat" else rng.choice(("group", "channel", "room"))
        created = start + timedelta(days=p.days * rng.uniform(0, 0.4))
        plans.append(Plan(place, form, kind, platform, runs, tuple(members), created, world.until))
    return [draw(rng, plan) for plan in plans]


def _taken_down(rng: random.Random, plan: Plan) -> Plan:
    until = plan.created + (plan.until - plan.created) * rng.uniform(0.4, 0.7)
    return replace(plan, until=until, taken_down=True)


def _of(person: Person) -> Member:
    account = person.accounts[-1]
    return Member(person.id, person.name, "IN", person.phones[-1].replace(" ", ""), account.identifier)


def _elsewhere(rng: random.Random, place: int, *, is_persona: bool = False) -> Member:
    country = rng.choice(COUNTRIES)
    name = f"{rng.choice(GIVEN)[0]} {rng.choice(FAMILY)[0]} {place}"
    line = rng.choice(("prepaid", "prepaid", "postpaid", ""))
    return Member(
        f"M{place:05}", name, country, number(country, place), str(5_000_000_000 + place), is_persona, line,
        bool(line) and rng.random() < 0.15,
    )  # fmt: skip
