"""Who may read a list at the hash-sharing door, and what is said of its entries there or by us.

A vote is evidence: an entry that two vouch for may be *known*, one that anybody is against only *looks known*. What the
entry then is stands under a new position, so that what an old match rested on is not rewritten; open matches are ended and
looked for again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.errors import OperatorError, SenderError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching.actions.lists import reopen
from abhaya.matching.lists import SQL as LISTS
from abhaya.matching.lists import ListRow
from abhaya.matching.sharing import SQL, Shared, member_number
from abhaya.shared.identity import current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch_one, value

NOT_THERE = 404


class Partner(NamedTuple):
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """What somebody says of one hash of an entry. `voter`: a partner, or a unit of ours."""

    list_id: UUID
    list_name: str
    key: bytes
    voter: UUID
    voter_name: str
    hash_type: str
    affirmative: bool
    reasons: Sequence[str] = ()


class _Entry(NamedTuple):
    position: int
    first_version: UUID
    md5: bool
    sha1: bool
    sha256: bool
    pdq: bool
    opaque: list[str]

    def has(self, kind: str) -> bool:
        fixed = {"md5": self.md5, "sha1": self.sha1, "sha256": self.sha256, "pdq": self.pdq}
        return fixed.get(kind, False) or any(one.startswith(f"{kind}:") for one in self.opaque)


def share(of: ListRow, partner_name: str, until: datetime | None = None) -> None:
    """The partner may read the list from now on: all it holds, and every change. Said again, `until` is changed."""
    partner = _partner(partner_name)
    if of.ended:
        raise OperatorError(f"The list “{of.name}” was ended; it is shared with nobody.")
    if value("select covert from access_compartment where id = %s", [of.compartment]):
        raise OperatorError(f"The list “{of.name}” is covert; it is shared with nobody.")
    member_number(of.compartment)
    member_number(partner.id)
    by = current_actor().name
    execute(SQL["share"], {"id": uuid7(), "list": of.compartment, "sender": partner.id, "by": by, "until": until})
    facts = {"list": of.name, "partner": partner.name, **({"until": until.date().isoformat()} if until else {})}
    record([Act(Event.MATCHING_LIST_SHARED, of.compartment, of.compartment, facts)])


def end_share(of: ListRow, partner_name: str) -> None:
    """The partner reads nothing of the list any more; what it has, it has."""
    partner = _partner(partner_name)
    if not execute(SQL["end_share"], {"list": of.compartment, "sender": partner.id}):
        raise OperatorError(f"The list “{of.name}” is not shared with {partner.name}.")
    facts = {"list": of.name, "partner": partner.name}
    record([Act(Event.MATCHING_LIST_UNSHARED, of.compartment, of.compartment, facts)])


def note_given(given: Mapping[UUID, int], lists: Sequence[Shared], partner: str) -> None:
    """One ledger line for each list that a page was made of."""
    names = {one.compartment: one.name for one in lists}
    record(
        [
            Act(
                Event.MATCHING_LIST_HANDED_OUT, list_id, list_id,
                {"list": names[list_id], "partner": partner, "entries": count},
            )
            for list_id, count in sorted(given.items())
        ]
    )  # fmt: skip


def vote(ballot: Ballot) -> bool:
    """Keeps what is said, and whether it changed what the entry is worth. SenderError (404): there is no such hash."""
    of = {"list": ballot.list_id, "key": ballot.key}
    execute(LISTS["lock"])
    entry = fetch_one(_Entry, SQL["entry_at"], of)
    if entry is None or not entry.has(ballot.hash_type):
        raise SenderError("There is no such entry, or it has no such fingerprint.", status=NOT_THERE)
    member_number(ballot.voter)
    before = _counted(of)
    execute(
        SQL["vote"],
        {
            **of, "id": uuid7(), "voter": ballot.voter, "voter_name": ballot.voter_name, "by": current_actor().name,
            "hash_type": ballot.hash_type, "affirmative": ballot.affirmative, "reasons": list(ballot.reasons),
        },
    )  # fmt: skip
    after = _counted(of)
    said = {"vote": "for" if ballot.affirmative else "against", "hash_type": ballot.hash_type}
    facts = {"list": ballot.list_name, "voter": ballot.voter_name, **said}
    record([Act(Event.MATCHING_ENTRY_VOTED, ballot.list_id, ballot.list_id, facts)])
    if after != before:
        _renew(ballot.list_id, entry, after[0] - before[0], after[1] - before[1])
    return after != before


def _renew(list_id: UUID, entry: _Entry, vouched: int, disputed: int) -> None:
    execute(SQL["supersede"], {"position": entry.position})
    changed = {"position": entry.position, "vouched": vouched, "disputed": disputed}
    position = int(value(SQL["renewed"], changed))
    reopen(list_id)
    step = {"version": entry.first_version, "position": position}
    if value(SQL["recheck_reaches"], step) is None:
        execute(SQL["recheck"], {**step, "id": uuid7(), "list": list_id, "by": current_actor().name})


def _counted(of: Mapping[str, object]) -> tuple[int, int]:
    counts = fetch_one(lambda up, down: (int(up), int(down)), SQL["counted"], of)
    return counts or (0, 0)


def _partner(name: str) -> Partner:
    found = fetch_one(Partner, SQL["partner"], {"name": name})
    if found is None:
        raise OperatorError(
            f"There is no partner “{name}” with credentials: add one with abhaya sender add --kind partner --password-file F."
        )
    return found
