"""The only writer of groups, members and acts: a part of linking's stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from abhaya.intake.formats.record import decode
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import network_rules as rules
from abhaya.linking.network_queries import SQL
from abhaya.selectors import queries as personas
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7s
from abhaya.shared.sql import execute, fetch, values

CHANNELS = ["chat", "members"]  # by which what tells of groups comes

GROUP_COLUMNS = ["id", "compartment", "report_id", "group_id", "platform", "kind", "name", "is_named", "locator"]
MEMBER_COLUMNS = [
    "id", "compartment", "report_id", "group_id", "member", "person_id", "account_id", "persona_id", "label", "country",
    "doubt", "standing", "conduct", *rules.COUNTED, "first_at", "last_at", "locator",
]  # fmt: skip
NUMBER_COLUMNS = [
    "id", "compartment", "report_id", "group_id", "member", "person_id", "persona_id", "phone_id", "country", "doubt",
    "conduct", "locator",
]  # fmt: skip
ACT_COLUMNS = [
    "id", "compartment", "report_id", "group_id", "member", "person_id", "persona_id", "act", "at", "at_precision",
    "zone_known", "other_id", "word", "locator",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A report that tells of groups and was not read for them yet."""

    report_id: UUID
    compartment: UUID
    record_json: str


def record_groups(report_ids: Sequence[UUID]) -> int:
    """What these reports, which came by `CHANNELS`, tell of groups, in sets, in the caller's transaction; a report that was
    read is not read again.
    Returns how many reports told of any.
    """
    if not report_ids:
        return 0
    waiting = fetch(_Waiting, SQL["telling"], {"reports": list(report_ids)})
    told = [(one, rules.read(decode(one.record_json), one.report_id)) for one in waiting]
    told = [(one, reading) for one, reading in told if reading.groups]
    if not told:
        return 0
    hidden = personas.kept(_ids(reading for _, reading in told))
    _write(told, hidden)
    record([_act(one, reading) for one, reading in told])
    return len(told)


def hide(report_ids: Sequence[UUID]) -> None:
    """Hits and groups of these reports: what is of protected personas is their liaisons' alone, and nothing else. On the road."""
    wanted = {"compartments": values(SQL["compartments"], {"reports": list(report_ids)})}
    for statement in ("hide_hits", "hide_members", "hide_numbers", "hide_acts"):
        execute(SQL[statement], wanted)


def _ids(readings: Any) -> set[UUID]:
    """Everything by which a member could be known as a persona."""
    members: Any = chain.from_iterable(reading.members for reading in readings)
    found: set[UUID] = set()
    for member in members:
        found |= {member.person_id, *(number.phone_id for number in member.numbers)}
        if member.account_id is not None:
            found.add(member.account_id)
    return found


def _persona_of(member: rules.Member, hidden: dict[UUID, UUID]) -> UUID | None:
    known = (member.person_id, member.account_id, *(number.phone_id for number in member.numbers))
    return next((hidden[one] for one in known if one in hidden), None)


def _write(told: Sequence[tuple[_Waiting, rules.Reading]], hidden: dict[UUID, UUID]) -> None:
    groups, members, numbers, acts = [], [], [], []
    for one, reading in told:
        head = (one.compartment, one.report_id)
        persona_of = {member.number: _persona_of(member, hidden) for member in reading.members}
        groups += [(*head, each.group_id, each.platform, each.kind, each.name, each.is_named, each.locator) for each in reading.groups]  # fmt: skip
        members += [_member_row(head, member, persona_of[member.number]) for member in reading.members]
        numbers += [
            (*head, member.group_id, member.number, member.person_id, persona_of[member.number], number.phone_id,
             number.country, number.doubt, member.conduct, member.locator)
            for member in reading.members for number in member.numbers
        ]  # fmt: skip
        acts += [
            (*head, act.group_id, act.number, act.person_id, persona_of[act.number], act.act, act.at, act.precision,
             act.zone_known, act.other, act.word, act.locator)
            for act in reading.acts
        ]  # fmt: skip
    _insert("linking_group", GROUP_COLUMNS, groups)
    _insert("linking_group_member", MEMBER_COLUMNS, members)
    _insert("linking_group_number", NUMBER_COLUMNS, numbers)
    _insert("linking_act", ACT_COLUMNS, acts)


def _insert(table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    insert(
        table, columns, [(row_id, *row) for row_id, row in zip(uuid7s(len(rows)), rows, strict=True)] if rows else []
    )


def _member_row(head: tuple[UUID, UUID], member: rules.Member, persona: UUID | None) -> tuple[object, ...]:
    counts = {**member.counts, "administered": member.counts.get("administered", 0) + member.counts.get("created", 0)}
    return (
        *head, member.group_id, member.number, member.person_id, member.account_id, persona, member.label, member.country,
        member.doubt, member.standing, member.conduct, *(counts.get(act, 0) for act in rules.COUNTED), member.first_at, member.last_at,
        member.locator,
    )  # fmt: skip


def _act(one: _Waiting, reading: rules.Reading) -> Act:
    facts = {"groups": len(reading.groups), "members": len(reading.members), "acts": len(reading.acts)}
    return Act(Event.LINKING_GROUPS_READ, one.report_id, one.compartment, facts)
