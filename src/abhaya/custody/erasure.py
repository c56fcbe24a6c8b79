"""Deletion: asked, decided by a second person or by the clock, carried out by a duty, proved, and never brought back.

One compartment goes in one transaction: keys, rows, the text of the ledger's entries about it. Nobody ever sees half of
it. What cannot be part of a transaction (files, the journal outside, values of dictionaries that all share, what a
transaction that was under way wrote late) is settled in further rounds that begin again after a crash. A legal hold
stops all of it.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec
from django.db import Error, OperationalError, transaction
from django.utils.translation import gettext as _

from abhaya.custody import journal
from abhaya.custody.actions import take_away
from abhaya.custody.certificate import Facts, commitment, text_of
from abhaya.custody.plan import QUIET
from abhaya.custody.vault import vault
from abhaya.errors import OfficerError, OperatorError
from abhaya.ledger import actions as ledger
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.statement import own_key, signed
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, execute, fetch, fetch_one, is_trouble, value, values

log = logging.getLogger("abhaya.custody")
SQL = NamedSql(__file__, "erasure.sql")
SERVICE = "road:custody"
BATCH_MAX = 50  # deletions of one round
SALT_BYTES = 32
LOCK_WAIT = "300ms"  # for a dictionary's lock; whoever writes to it comes first, and the next round tries again
HELD = "AB001"  # the SQLSTATE by which the database says that a legal hold stands in the way
GROUNDS = ("retention", "request", "court", "mistake", "test")
REFERENCE_CHARACTERS_MAX = 200
BY_JOURNAL = UUID(int=1)  # who decided again what the journal says was decided before
# What is said of the deletion itself stays: it is the proof.
PROOF = [
    Event.CUSTODY_DELETION_ASKED.value,
    Event.CUSTODY_DELETION_DECIDED.value,
    Event.CUSTODY_DELETION_DONE.value,
    Event.CUSTODY_DELETION_STOPPED.value,
    Event.CUSTODY_DELETION_WITHDRAWN.value,
    Event.CUSTODY_HOLD_PLACED.value,
    Event.CUSTODY_HOLD_LIFTED.value,
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A deletion that somebody asks for. `seen` is the digest of the preview they had before them."""

    compartment: UUID
    unit_id: UUID
    kind: str
    rule: str
    ground: str
    reference: str
    seen: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """A deletion that was decided and is not settled."""

    id: UUID
    compartment: UUID
    kind: str
    rule: str
    ground: str
    reference: str
    asked_name: str
    asked_at: datetime
    approved_name: str
    decided_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Gone:
    room: str
    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a journal's replay did. `held`: compartments that a legal hold keeps in the restored database."""

    lines: int
    erased: int
    held: tuple[UUID, ...]


def ask(asked: Asked) -> UUID:
    """An officer asks; nothing is deleted yet. Of two who ask for the same, the second is told."""
    actor, deletion = current_actor(), uuid7()
    if asked.ground not in GROUNDS:
        raise OfficerError(_("Choose why it is to be deleted."))
    reference = asked.reference.strip()
    if not reference or len(reference) > REFERENCE_CHARACTERS_MAX:
        raise OfficerError(_("Give the reference of the order or the rule; no names of persons."))
    columns = [
        "id", "compartment", "unit_id", "kind", "rule", "ground", "reference", "seen", "asked_by", "asked_name", "asked_at",
    ]  # fmt: skip
    row = (
        deletion, asked.compartment, asked.unit_id, asked.kind, asked.rule, asked.ground, reference, asked.seen,
        actor.id, actor.name, datetime.now(UTC),
    )  # fmt: skip
    if not insert("custody_deletion", columns, [row], conflict="on conflict do nothing"):
        raise OfficerError(_("Its deletion was asked for already."))
    facts = {"ground": asked.ground, "rule": asked.rule, "seen": asked.seen}
    record([Act(Event.CUSTODY_DELETION_ASKED, deletion, asked.compartment, facts)])
    return deletion


def decide(deletion: UUID, approver: UUID, approver_name: str) -> None:
    """A second person has said yes (`access` knows who and when): from here on it is carried out, unless it is held."""
    actor = current_actor()
    with on_the_road(SERVICE, officer=actor.id, purpose=actor.purpose):
        compartment = value(
            SQL["decide"], {"deletion": deletion, "approver": approver, "name": approver_name, "now": datetime.now(UTC)}
        )
        if compartment is None:
            raise OfficerError(_("This deletion is not waiting for a decision any more."))
        record([Act(Event.CUSTODY_DELETION_DECIDED, deletion, compartment, {"approved_by": str(approver)})])


def withdraw(deletion: UUID) -> None:
    """Whoever asked thinks better of it, before it was decided."""
    actor = current_actor()
    with on_the_road(SERVICE, officer=actor.id, purpose=actor.purpose):
        compartment = value(SQL["withdraw"], {"deletion": deletion, "officer": actor.id})
        if compartment is None:
            raise OfficerError(_("Only who asked can take it back, and only before it was decided."))
        record([Act(Event.CUSTODY_DELETION_WITHDRAWN, deletion, compartment)])


def by_the_clock(found: Sequence[tuple[UUID, UUID, str, str]]) -> int:
    """Deletions that a rule orders without a person: (compartment, unit, kind, rule). On the road. A report is never one
    of them: the database refuses to delete it unless two people decided.
    """
    now = datetime.now(UTC)
    columns = [
        "id", "compartment", "unit_id", "kind", "rule", "ground", "reference", "asked_name", "asked_at", "state", "decided_at",
    ]  # fmt: skip
    name = current_actor().name
    rows = [
        (uuid7(), compartment, unit, kind, rule, "retention", rule, name, now, "decided", now)
        for compartment, unit, kind, rule in found
    ]
    return insert("custody_deletion", columns, rows, conflict="on conflict do nothing")


def carry_on() -> int:
    """The duty: what was begun is settled first, then what was decided is carried out. Returns how many moved."""
    moved = int(_write_shredded())
    for one in fetch(ToDo, SQL["to_settle"], {"most": BATCH_MAX}):
        moved += _settle(one)
    if not moved:
        for one in fetch(ToDo, SQL["to_do"], {"most": BATCH_MAX}):
            moved += _carry_out(one)
    return moved


def carry_on_to_the_end() -> int:
    """Every deletion that can be carried out now, each round in a transaction of its own. For commands and tests."""
    total = 0
    while True:
        with on_the_road(SERVICE):
            moved = carry_on()
        if not moved:
            return total
        total += moved


def _carry_out(one: ToDo) -> bool:
    """One compartment, whole or not at all. Says whether it went; a legal hold leaves it for later, on record, and one that
    the database refuses keeps nobody else waiting.
    """
    try:
        with transaction.atomic():
            _erase(one)
    except Error as refused:
        if is_trouble(refused):
            raise
        if not _is_held(refused):
            log.exception("the deletion %s was refused", one.id)
        if execute(SQL["stopped"], {"deletion": one.id, "now": datetime.now(UTC)}):
            record([Act(Event.CUSTODY_DELETION_STOPPED, one.id, one.compartment)])
        return False
    return True


def _erase(one: ToDo) -> None:
    salt, files, commitments = secrets.token_bytes(SALT_BYTES), [], []
    if one.state == "decided":
        value(SQL["lock"], {"deletion": one.id})
    for object_id in values(SQL["held_by"], {"compartment": one.compartment}):
        gone = take_away(object_id, one.compartment)
        if gone is None:
            continue
        commitments.append(commitment(salt, gone.sha256))
        if gone.file is not None:
            files.append((gone.file.hex(), str(object_id)))
    rows = fetch(Gone, SQL["erase"], {"deletion": one.id})
    entries = _erase_entries(one)
    now, key = datetime.now(UTC), own_key()
    counted = {f"{gone.room}.{gone.table}": gone.rows for gone in rows if gone.room != QUIET}
    facts = Facts(
        deletion=one.id, compartment=one.compartment, kind=one.kind, rule=one.rule, ground=one.ground,
        reference=one.reference, asked_by=one.asked_name, asked_at=one.asked_at, approved_by=one.approved_name,
        decided_at=one.decided_at or one.asked_at, erased_at=now, rows=counted, entries=entries,
        commitments=tuple(sorted(commitments)), salt=salt,
    )  # fmt: skip
    note = signed(text_of(facts), key)
    parameters = {
        "deletion": one.id, "rows": _json({**counted, "ledger.text": entries}), "files": _json(files), "note": note,
        "salt": salt,
    }  # fmt: skip
    execute(SQL["proved"], parameters)
    said = {
        "kind": one.kind, "rule": one.rule, "originals": len(commitments), "rows": sum(counted.values()),
        "entries": entries, "certificate": hashlib.sha256(note.encode()).hexdigest(),
    }  # fmt: skip
    record([Act(Event.CUSTODY_DELETION_DONE, one.id, one.compartment, said)])
    execute(SQL["written_with"], {"compartment": one.compartment, "now": now})
    journal.write([journal.Line(one.id, one.compartment, None, now, one.rule)], key)  # before the commit, see there
    transaction.on_commit(partial(_remove, files))


def _erase_entries(one: ToDo) -> int:
    """The text of the ledger's entries about the compartment; what is said of the deletion itself stays."""
    erased = 0
    entries = values(SQL["entries_of"], {"compartment": one.compartment, "proof": PROOF})
    for start in range(0, len(entries), ledger.ERASED_ENTRIES_MAX):
        erased += ledger.erase(entries[start : start + ledger.ERASED_ENTRIES_MAX], f"{one.rule} {one.id}")
    return erased


def _settle(one: ToDo) -> bool:
    """What could not be part of the transaction. Every step can be done again; a lock that others need is not waited for."""
    home = vault()
    for name, object_id in msgspec.json.decode(
        value(SQL["files_of"], {"deletion": one.id}), type=list[tuple[str, str]]
    ):
        home.remove(bytes.fromhex(name), UUID(object_id))
    try:
        with transaction.atomic():
            execute(SQL["wait_briefly"], [LOCK_WAIT])
            fetch(Gone, SQL["erase"], {"deletion": one.id})  # what a transaction that was under way wrote late
            _erase_entries(one)
            if value(SQL["entries_waiting"], {"compartment": one.compartment, "proof": PROOF}):
                return False  # the sequencer has not given them their place yet
            fetch(Gone, SQL["sweep"], {"deletion": one.id})
            execute(SQL["settled"], {"deletion": one.id, "now": datetime.now(UTC)})
    except OperationalError as busy:
        log.info("deletion %s waits: %s", one.id, type(busy.__cause__).__name__)
        return False
    return True


def _remove(files: Sequence[tuple[str, str]]) -> None:
    for name, object_id in files:
        vault().remove(bytes.fromhex(name), UUID(object_id))


def _write_shredded() -> bool:
    """Single keys that were destroyed (`shred`), written to the journal. Says whether there were any."""
    rows = fetch(journal.Line, SQL["shredded"], {"most": 1000})
    if rows:
        journal.write(rows, own_key())
        execute(SQL["written"], {"erasures": [row.deletion for row in rows], "now": datetime.now(UTC)})
    return bool(rows)


def replay(place: Path | None = None) -> Replayed:
    """Deletes again whatever the journal says was deleted: called on a restored database before it opens.

    Repeated, it does nothing. Raises `OperatorError` where a line is changed or of another installation: then nothing was
    replayed, and the restored database must not open.
    """
    erased = 0
    held: list[UUID] = []
    with on_the_road("operator:replay"):
        public = own_key().public
    try:
        lines = list(journal.read(place or journal.path(), public))
    except journal.BadLineError as bad:
        raise OperatorError(f"The erasure journal does not hold: {bad}. Do not open what was restored.") from None
    if place is not None:
        journal.take_over(place)
    for line in lines:
        with on_the_road("operator:replay", purpose="replay of the erasure journal"):
            went = _replay_key(line) if line.object_id else _replay_compartment(line)
        if went is None:
            held.append(line.compartment)
        else:
            erased += went
    carry_on_to_the_end()
    return Replayed(len(lines), erased, tuple(held))


def _replay_key(line: journal.Line) -> bool | None:
    if line.object_id is None or not value(SQL["is_held"], {"object": line.object_id, "compartment": line.compartment}):
        return False
    try:
        with transaction.atomic():
            gone = take_away(line.object_id, line.compartment)
    except Error as refused:
        if not _is_held(refused):
            raise
        return None
    if gone is not None and gone.file is not None:
        transaction.on_commit(partial(_remove, [(gone.file.hex(), str(line.object_id))]))
    return gone is not None


def _replay_compartment(line: journal.Line) -> bool | None:
    """None where a legal hold keeps it."""
    if not any(found for (found,) in fetch(lambda *row: row, SQL["left"], {"compartment": line.compartment})):
        return False
    said = {
        "deletion": line.deletion,
        "compartment": line.compartment,
        "rule": line.rule,
        "at": line.at,
        "by": BY_JOURNAL,
    }
    for statement in ("decided_before", "others_withdrawn", "decided_again"):
        execute(SQL[statement], said)
    one = fetch_one(ToDo, SQL["one"], {"deletion": line.deletion})
    return (_carry_out(one) or None) if one is not None else False


def _is_held(refused: Error) -> bool:
    return getattr(refused.__cause__, "sqlstate", None) == HELD


def _json(thing: object) -> str:
    return msgspec.json.encode(thing).decode()
