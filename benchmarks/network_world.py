"""An invented network of any size as rows of its tables: communities of groups, most people in one, some in several."""

from __future__ import annotations

import random
from uuid import UUID

from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7
from abhaya.training.calling import COUNTRIES, number

COMMUNITIES = 8
SEVERAL_SHARE = 0.15  # of people who act in more than one group
_COUNTS = ("posted", "offered", "asked", "paid", "forwarded", "administered", "said")


def grow(report: UUID, compartment: UUID, groups: int, people: int, seed: int = 1) -> None:
    """All told of by one report. For the road's role, in its transaction."""
    rng = random.Random(f"network {seed}")
    ids = [uuid7() for _ in range(groups)]
    insert(
        "linking_group",
        ["id", "compartment", "report_id", "group_id", "platform", "kind", "name", "is_named", "locator"],
        [
            [uuid7(), compartment, report, one, "Platform One", "group", f"Invented group {at}", True, "line 1"]
            for at, one in enumerate(ids)
        ],
    )
    members = []
    for place in range(people):
        person, country = uuid7(), rng.choice(COUNTRIES)
        for group in _joined(rng, groups):
            counts = [rng.randrange(4), rng.randrange(2), 0, 0, 1, int(rng.random() < 0.03), rng.randrange(9)]
            members.append(
                [
                    uuid7(), compartment, report, ids[group], place, person, number(country, place % 90 + 1), country,
                    "prepaid" if rng.random() < 0.2 else "", "", "acted", *counts, "line 2",
                ]
            )  # fmt: skip
    columns = ["id", "compartment", "report_id", "group_id", "member", "person_id", "label", "country", "doubt", "standing", "conduct"]  # fmt: skip
    insert("linking_group_member", [*columns, *_COUNTS, "locator"], members)


def _joined(rng: random.Random, groups: int) -> set[int]:
    first = int(groups * rng.random() ** 1.6)
    joined = {first}
    if rng.random() < SEVERAL_SHARE:
        for _ in range(1 + int(rng.expovariate(0.8))):
            near = rng.randrange(first % COMMUNITIES, groups, COMMUNITIES) if groups > COMMUNITIES else first
            joined.add(near if rng.random() < 0.93 else rng.randrange(groups))
    return joined
