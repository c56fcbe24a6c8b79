"""The truth of a world as tables: whose every account and identifier is, who shares a roof, what people decided.

Written under `truth/`, never beside what is loaded. Instants are UTC, "" is unknown or without end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from abhaya.training.groups import Group, acts, conduct
from abhaya.training.people import WorldReport
from abhaya.training.world import World

ACCOUNTS = ("account", "platform", "identifier", "person_id")
SELECTORS = ("kind", "value", "person_id", "since", "until", "how")
HOUSEHOLDS = ("household_id", "person_id", "true_age", "tablet", "phone")
PARTIES = ("external_ref", "role", "number", "person_id", "account", "age")
JUDGEMENTS = ("a", "b", "answer", "is_right", "at")
GROUPS = ("group_id", "name", "platform", "kind", "form", "invite", "taken_down", "successor_of")
MEMBERSHIPS = ("group_id", "member_id", "account", "number", "country", "conduct", "is_persona", "line_type", "ported")
ACTS = ("group_id", "event", "member_id", "act", "at")


def write_truth(folder: Path, world: World) -> None:
    """Everything but reports and persons, which `emit` writes as it goes."""
    table(
        folder / "accounts.csv", ACCOUNTS,
        ((one.key, one.platform, one.identifier, person.id) for person in world.persons for one in person.accounts),
    )  # fmt: skip
    table(folder / "selectors.csv", SELECTORS, _selectors(world))
    table(
        folder / "households.csv", HOUSEHOLDS,
        ((home.id, one.id, one.true_age, home.tablet, home.phone) for home in world.households for one in home.members),
    )  # fmt: skip
    table(
        folder / "judgements.csv", JUDGEMENTS,
        ((one.a, one.b, one.answer, str(one.is_right).lower(), _at(one.at)) for one in world.judgements()),
    )  # fmt: skip


def _selectors(world: World) -> Iterable[tuple[object, ...]]:
    for person in world.persons:
        for email in person.emails:
            yield "email", email, person.id, "", "", "own"
    for one in world.holdings:
        value = one.value.replace(" ", "") if one.kind == "phone" else one.value
        yield one.kind, value, one.person, _at(one.since), _at(one.until), one.how


def parties_of(external_ref: str, report: WorldReport) -> Iterable[tuple[object, ...]]:
    """One row per person of a report; numbers count from 1 within a role, in the order written."""
    numbers: dict[str, int] = {}
    for party in report.parties:
        numbers[party.role] = numbers.get(party.role, 0) + 1
        account = party.account.key if party.account else ""
        yield external_ref, party.role, numbers[party.role], party.person.id, account, party.age or ""


def write_groups(folder: Path, groups: Iterable[Group]) -> None:
    """What every member of every group did; `conduct` is its sum."""
    listed = list(groups)
    table(
        folder / "groups.csv", GROUPS,
        ((one.id, one.name, one.platform, one.kind, one.form, one.invite, _at(one.taken_down), one.successor_of) for one in listed),
    )  # fmt: skip
    table(folder / "memberships.csv", MEMBERSHIPS, (row for group in listed for row in _memberships(group)))
    table(
        folder / "acts.csv", ACTS,
        ((group.id, place, member.id, act, _at(at)) for group in listed for place, member, act, at in acts(group)),
    )  # fmt: skip


def _memberships(group: Group) -> Iterable[tuple[object, ...]]:
    did = conduct(group)
    for one in group.members:
        yield (
            group.id, one.id, one.account, one.number, one.country, did[one.id], str(one.is_persona).lower(), one.line,
            str(one.is_ported).lower(),
        )  # fmt: skip


def table(path: Path, columns: Iterable[str], rows: Iterable[tuple[object, ...]]) -> None:
    """A CSV with a header."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _at(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
