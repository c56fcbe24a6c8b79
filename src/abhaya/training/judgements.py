"""What people decided about pairs of accounts: mostly right, sometimes wrong, so that undoing can be tried."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from abhaya.training.parameters import Parameters
from abhaya.training.people import Person

SAME_SHARE, UNSURE_SHARE = 0.6, 0.1
ALIKE_SHARE = 0.5  # of pairs of different persons: with the same name, where a person errs easily


@dataclass(frozen=True, slots=True)
class Judgement:
    """`answer` same | different | unsure, about two account selectors; `is_right` is truth. Unsure is never wrong."""

    a: str
    b: str
    answer: str
    is_right: bool
    at: datetime


def judged(rng: random.Random, p: Parameters, persons: list[Person], until: datetime) -> list[Judgement]:
    """As many as the share of accounts says."""
    several = [person for person in persons if len(person.accounts) > 1]
    by_name: dict[str, list[Person]] = {}
    for person in persons:
        by_name.setdefault(person.name, []).append(person)
    if not several or len(persons) < 2:
        return []
    found = []
    for _ in range(round(p.judgement_share * sum(len(person.accounts) for person in persons) / 2)):
        is_right = rng.random() >= p.judgement_wrong_share
        says_same = rng.random() < SAME_SHARE
        if says_same == is_right:
            a, b = rng.sample(rng.choice(several).accounts, 2)
        else:
            one, other = _two(rng, persons, by_name)
            a, b = rng.choice(one.accounts), rng.choice(other.accounts)
        answer = "unsure" if is_right and rng.random() < UNSURE_SHARE else "same" if says_same else "different"
        low, high = sorted((a.key, b.key))
        found.append(Judgement(low, high, answer, is_right, until - timedelta(days=p.days * rng.random())))
    return sorted(found, key=lambda one: one.at)


def _two(rng: random.Random, persons: list[Person], by_name: dict[str, list[Person]]) -> tuple[Person, Person]:
    """Two different persons, often namesakes."""
    while True:
        one = rng.choice(persons)
        other = rng.choice(by_name[one.name] if rng.random() < ALIKE_SHARE else persons)
        if other is not one:
            return one, other
