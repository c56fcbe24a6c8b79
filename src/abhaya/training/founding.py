"""The network of the founding documents, as raw material: 50 groups, 5,000 people, 100 countries.

What those documents counted (distinct telephone numbers by country: 36, 35, 35, 31, 30, 28, 27, 24, 22 for the nine most
frequent) stands in no file that is written for loading. It has to come out by counting: numbers are written in several
ways, people are in several groups, most are known by a platform's id alone, and some changed their number.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from abhaya.training.calling import COUNTRIES, number
from abhaya.training.emit import write_submission
from abhaya.training.group_files import write_group
from abhaya.training.groups import Event, Group, Member
from abhaya.training.names import FAMILY, GIVEN
from abhaya.training.network import Plan, draw, plan_successor
from abhaya.training.people import Account, Person, WorldReport
from abhaya.training.truth import table, write_groups

NUMBERS = {
    "PK": 36, "CA": 35, "US": 35, "BD": 31, "LK": 30, "NG": 28, "AZ": 27, "YE": 24, "MY": 22,
}  # fmt: skip
GROUPS, PEOPLE, COUNTRIES_IN_ALL = 50, 5000, 100
NUMBERS_ELSEWHERE_MAX = 18  # of any other country: clearly fewer than the ninth
ORGANISERS = 30
TAKEN_DOWN = 6  # groups with a successor among the fifty
CHANGED_NUMBER_SHARE = 0.04  # of people with a number: had another before, and the chat says so
PREPAID_SHARE, PORTED_SHARE, LINE_KNOWN_SHARE = 0.8, 0.15, 0.6
REPORTS = 40  # of members, by platforms
START, DAYS = datetime(2026, 1, 5, tzinfo=UTC), 200
_FORMS = ("chat", "chat", "json", "json", "members")  # in turn
_PLATFORM = {"chat": "WhatsApp", "json": "Telegram", "members": "ChatLine"}  # the first two are told by their form
_SIZES = {"chat": (40, 120), "json": (120, 420), "members": (150, 500)}


@dataclass(slots=True)
class FoundingNetwork:
    """`groups` with their histories, `people` with their true numbers, the `reports` about some of them."""

    people: list[Member]
    groups: list[Group]
    reports: list[WorldReport] = field(default_factory=list)
    earlier: dict[str, Member] = field(default_factory=dict)  # member id -> the same person with the number before


def founding(seed: int) -> FoundingNetwork:
    """The same network for the same seed; other people and groups, and the same count of numbers, for another."""
    rng = random.Random(f"abhaya founding network {seed}")
    network = FoundingNetwork(_people(rng), [])
    numbered = [member for member in network.people if member.number]
    unnumbered = [member for member in network.people if not member.number]
    organisers = rng.sample([member for member in numbered if not member.is_persona], ORGANISERS)
    plans = [_plan(rng, place, numbered, unnumbered, organisers) for place in range(1, GROUPS - TAKEN_DOWN + 1)]
    _place_everybody(rng, plans, numbered, unnumbered)
    for fallen in range(TAKEN_DOWN):
        old = replace(plans[fallen], until=START + timedelta(days=DAYS * rng.uniform(0.4, 0.6)), taken_down=True)
        plans[fallen] = old
        known = {member.id for member in (*old.runs, *old.members)}
        fresh = [member for member in rng.sample(numbered, 20) if member.id not in known]
        place = GROUPS - TAKEN_DOWN + 1 + fallen
        plans.append(
            plan_successor(rng, old, str(1_700_000_000 + old.place), place, fresh, START + timedelta(days=DAYS))
        )
    network.groups = [draw(rng, plan) for plan in plans]
    _change_numbers(rng, network)
    network.reports = _reports(rng, network)
    return network


def write_founding(folder: Path, seed: int) -> FoundingNetwork:
    """`groups/` and `reports/` for loading, `truth/` apart."""
    network = founding(seed)
    for name in ("groups", "reports", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for group in network.groups:
        write_group(folder / "groups", group)
    for report in network.reports:
        write_submission(folder / "reports" / report.ref, report)
    write_groups(folder / "truth", network.groups)
    table(folder / "truth" / "people.csv", ("member_id", "country", "number", "account", "is_persona"), (
        (one.id, one.country, one.number, one.account, str(one.is_persona).lower())
        for one in (*network.people, *network.earlier.values())
    ))  # fmt: skip
    return network


def _people(rng: random.Random) -> list[Member]:
    """Everybody, each of a country; as many with a number as the count says, one number each for now."""
    others = rng.sample([country for country in COUNTRIES if country not in {*NUMBERS, "IN"}], COUNTRIES_IN_ALL - 10)
    wanted = dict(NUMBERS) | {country: rng.randrange(1, NUMBERS_ELSEWHERE_MAX + 1) for country in ("IN", *others)}
    people: list[Member] = []
    for country, count in wanted.items():
        # Those who changed their number use up two of the country's.
        changed = round(count * CHANGED_NUMBER_SHARE)
        people += [_member(rng, len(people) + place, country, place + 1) for place in range(count - changed)]
    countries = tuple(wanted)
    people += [_member(rng, len(people) + place, rng.choice(countries), 0) for place in range(PEOPLE - len(people))]
    persona = next(place for place, one in enumerate(people) if one.country == "IN")
    people[persona] = replace(people[persona], is_persona=True)
    return people


def _member(rng: random.Random, place: int, country: str, index: int) -> Member:
    name = f"{rng.choice(GIVEN)[0]} {rng.choice(FAMILY)[0]} {place}"
    account = str(5_000_000_000 + place * 7919 % 10**9)
    if not index:
        return Member(f"M{place:05}", name, country, "", account)
    line = ("prepaid" if rng.random() < PREPAID_SHARE else "postpaid") if rng.random() < LINE_KNOWN_SHARE else ""
    ported = bool(line) and rng.random() < PORTED_SHARE
    return Member(f"M{place:05}", name, country, number(country, index), account, line=line, is_ported=ported)


def _plan(
    rng: random.Random, place: int, numbered: Sequence[Member], unnumbered: Sequence[Member], organisers: Sequence[Member]
) -> Plan:  # fmt: skip
    form = _FORMS[place % len(_FORMS)]
    size = rng.randrange(*_SIZES[form])
    runs = tuple(rng.sample(organisers, rng.randrange(1, 4)))
    if form == "chat":  # whoever is in it stands there by number
        pool = rng.sample(numbered, size)
    else:
        pool = rng.sample(unnumbered, size) + rng.sample(numbered, size // 10)
    ids = {member.id for member in runs}
    members = tuple(member for member in pool if member.id not in ids)
    kind = "group" if form == "chat" else rng.choice(("group", "group", "channel", "room"))
    created = START + timedelta(days=rng.uniform(0, DAYS * 0.3))
    return Plan(place, form, kind, _PLATFORM[form], runs, members, created, START + timedelta(days=DAYS))


def _place_everybody(
    rng: random.Random, plans: list[Plan], numbered: Sequence[Member], unnumbered: Sequence[Member]
) -> None:  # fmt: skip
    """Nobody stays outside; whoever has a number is in at least one group whose file says numbers."""
    for people, forms in ((numbered, {"chat", "members"}), (unnumbered, {"json", "members"})):
        open_plans = [place for place, plan in enumerate(plans) if plan.form in forms]
        inside = {member.id for place in open_plans for member in (*plans[place].runs, *plans[place].members)}
        for member in people:
            if member.id not in inside:
                place = rng.choice(open_plans)
                plans[place] = replace(plans[place], members=(*plans[place].members, member))


def _change_numbers(rng: random.Random, network: FoundingNetwork) -> None:
    """Some came with another number, and a chat says that it was changed: two numbers, one person."""
    for country, count in NUMBERS.items():
        changed = round(count * CHANGED_NUMBER_SHARE)
        in_chats = [
            (group, member)
            for group in network.groups if group.form == "chat"
            for member in group.members if member.country == country and not member.is_persona
        ]  # fmt: skip
        rng.shuffle(in_chats)
        for index in range(changed):
            group, member = next((g, m) for g, m in in_chats if m.id not in network.earlier)
            before = replace(member, number=number(country, count - index))
            network.earlier[member.id] = before
            arrived = next(place for place, event in enumerate(group.events) if _is_by(event, member))
            group.events[arrived] = _as_before(group.events[arrived], member, before)
            at = group.events[arrived].at + timedelta(minutes=1)
            group.events.append(Event(at, "number", before, (member,)))
            group.events.sort(key=lambda event: event.at)


def _is_by(event: Event, member: Member) -> bool:
    return event.actor == member or member in event.others


def _as_before(event: Event, member: Member, before: Member) -> Event:
    actor = before if event.actor == member else event.actor
    return replace(event, actor=actor, others=tuple(before if one == member else one for one in event.others))


def _reports(rng: random.Random, network: FoundingNetwork) -> list[WorldReport]:
    """What platforms sent about members: the account, sometimes the number, and the group it was seen in."""
    reports = []
    for place in range(1, REPORTS + 1):
        group = rng.choice([one for one in network.groups if one.form != "chat"])
        member = rng.choice([one for one in group.members if not one.is_persona])
        account = Account(group.platform, "chatImIncident", member.account, member.name)
        person = Person(member.id, member.name, member.name, 0, 0, rng.randrange(18, 60))
        reports.append(WorldReport(
            f"N{place:06}", "text", person, account, group.events[-1].at + timedelta(days=1), (), "",
            member.number if rng.random() < 0.5 else "", "", (), ("offers files", "asks for money"), None, None, False, None,
            group=group.id,
        ))  # fmt: skip
    return reports
