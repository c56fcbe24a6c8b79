"""What people decided about pairs of accounts: mostly right, sometimes wrong, so that undoing can be tried."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from abhaya.training.parameters import Parameters
from abhaya.training.people import Account, Person

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


def judged(
    rng: random.Random, p: Parameters, shown: Sequence[tuple[Person, list[Account]]], until: datetime
) -> list[Judgement]:
    """As many as the share of accounts says. `shown`: persons with those of their accounts that reports have named."""
    several = [accounts for _, accounts in shown if len(accounts) > 1]
    namesakes: dict[str, list[list[Account]]] = {}
    for person, accounts in shown:
        namesakes.setdefault(person.name, []).append(accounts)
    if not several or len(shown) < 2:
        return []
    found = []
    for _ in range(round(p.judgement_share * sum(len(accounts) for _, accounts in shown) / 2)):
        is_right = rng.random() >= p.judgement_wrong_share
        says_same = rng.random() < SAME_SHARE
        if says_same == is_right:
            a, b = rng.sample(rng.choice(several), 2)
        else:
            a, b = _of_two(rng, shown, namesakes)
        answer = "unsure" if is_right and rng.random() < UNSURE_SHARE else "same" if says_same else "different"
        low, high = sorted((a.key, b.key))
        at = (until - timedelta(days=p.days * rng.random())).replace(microsecond=0)
        found.append(Judgement(low, high, answer, is_right, at))
    return sorted(found, key=lambda one: one.at)


def _of_two(
    rng: random.Random, shown: Sequence[tuple[Person, list[Account]]], namesakes: dict[str, list[list[Account]]]
) -> tuple[Account, Account]:
    """Accounts of two different persons, often namesakes."""
    while True:
        person, accounts = rng.choice(shown)
        others = rng.choice(namesakes[person.name]) if rng.random() < ALIKE_SHARE else rng.choice(shown)[1]
        if others is not accounts:
            return rng.choice(accounts), rng.choice(others)
