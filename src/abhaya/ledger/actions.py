"""The ledger's only writers: an act becomes an entry in the caller's own transaction, or neither happens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from abhaya.errors import OfficerError
from abhaya.ledger.canonical import SALT_BYTES, commitment, encode, instant
from abhaya.ledger.events import Event
from abhaya.ledger.models import Departure
from abhaya.shared.bulk import add, insert
from abhaya.shared.identity import Actor, current_actor
from abhaya.shared.ids import uuid7, uuid7s
from abhaya.shared.reason import Reason
from abhaya.shared.sql import value

BODY_VERSION = 1
BODY_BYTES_MAX = 1_048_576  # an act names things by id and count; it never carries what it is about
ERASED_ENTRIES_MAX = 10_000  # in one statement
RECIPIENT_CHARACTERS_MAX = 200

COLUMNS = [
    "id", "at", "event", "actor_id", "actor_name", "purpose", "subject_id", "compartment", "body", "salt", "commitment",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """What was done, to what (`subject`), in whose compartment, and the facts that a reader needs.

    Facts are ids, numbers, counts and codes, never content. Who and why come from the transaction.
    """

    event: Event
    subject: UUID | None = None
    compartment: UUID | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def record(acts: Sequence[Act]) -> list[UUID]:
    """Writes one entry per act and returns their ids. The leaf follows within a second of the commit."""
    if not acts:
        return []
    actor, at = current_actor(), datetime.now(UTC)
    salts = secrets.token_bytes(SALT_BYTES * len(acts))
    ids = uuid7s(len(acts))
    frame = _Frame(actor, at)
    rows = []
    for number, (entry, act) in enumerate(zip(ids, acts, strict=True)):
        salt = salts[number * SALT_BYTES : (number + 1) * SALT_BYTES]
        body = frame.body(entry, act)
        columns = (actor.id, actor.name, actor.purpose, act.subject, act.compartment)
        rows.append((entry, at, act.event.value, *columns, body, salt, commitment(salt, body)))
    add("ledger_entry", COLUMNS, rows)
    return ids


def departed(size: int, root: bytes, how: Departure.How, recipient: str) -> None:
    """Records that the checkpoint of this size left the machine: who holds it, and how it went."""
    recipient = recipient.strip()
    if not recipient:
        raise OfficerError(_("Say who holds this checkpoint now: a court, a partner, a sealed file."))
    if len(recipient) > RECIPIENT_CHARACTERS_MAX:
        raise OfficerError(_("Name the holder in at most %(most)d letters.") % {"most": RECIPIENT_CHARACTERS_MAX})
    actor = current_actor()
    facts = {"size": size, "root": root.hex(), "how": how.value, "recipient": recipient}
    (entry,) = record([Act(Event.LEDGER_CHECKPOINT_LEFT, facts=facts)])
    columns = ["id", "size", "at", "how", "recipient", "actor_name"]
    insert("ledger_departure", columns, [(entry, size, datetime.now(UTC), how.value, recipient, actor.name)])


def note_check(seconds: float, size: int, erased: int, findings: Sequence[Reason], asked_by: str) -> None:
    """Keeps the result of a check for the page that shows it; the entry about it is the asker's own act."""
    found = msgspec.json.encode(findings).decode()
    columns = ["id", "at", "seconds", "size", "erased", "findings", "asked_by"]
    insert("ledger_check_run", columns, [(uuid7(), datetime.now(UTC), round(seconds), size, erased, found, asked_by)])


def erase(entries: Sequence[UUID], basis: str) -> int:
    """Takes away the plaintext of entries whose clock has ended; the leaves stay, and this act says what went and why.

    Returns how many were there to erase. An erasure itself is never erased, nor an entry that has no leaf yet.
    """
    if not entries or len(entries) > ERASED_ENTRIES_MAX:
        raise OfficerError(_("Between 1 and %(most)d entries are erased at a time.") % {"most": ERASED_ENTRIES_MAX})
    if not basis.strip():
        raise OfficerError(_("Say under which rule these entries are erased."))
    facts = {"entries": [str(entry) for entry in entries], "basis": basis.strip()}
    (statement,) = record([Act(Event.LEDGER_ENTRY_ERASED, facts=facts)])
    return int(value("select ledger_erase(%s)", [statement]))


class _Frame:
    """The bytes that every act of one call shares; only what differs is encoded per act."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self._head = b'{"actor":%b,"actor_name":%b,"at":"%b","compartment":' % (
            encode(actor.id),
            encode(actor.name),
            instant(at).encode(),
        )
        self._purpose = encode(actor.purpose)

    def body(self, entry: UUID, act: Act) -> bytes:
        """The same bytes as `canonical.encode` of the whole mapping would be: the names stand in sorted order."""
        body = b'%b%b,"event":"%b","facts":%b,"id":"%b","purpose":%b,"subject":%b,"v":%d}' % (
            self._head,
            _id(act.compartment),
            act.event.encode(),
            encode(act.facts),
            str(entry).encode(),
            self._purpose,
            _id(act.subject),
            BODY_VERSION,
        )
        if len(body) > BODY_BYTES_MAX:
            raise ValueError(f"the facts of {act.event} take {len(body)} bytes: name things, do not carry them")
        return body


def _id(identifier: UUID | None) -> bytes:
    return b"null" if identifier is None else b'"%b"' % str(identifier).encode()
