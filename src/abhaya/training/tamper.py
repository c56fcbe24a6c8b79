"""Eight ways to bend a ledger or a vault, as the owner of machine, database and keys could: to be caught at it.

Only in an invented world. Each does what a dishonest administrator would do, and returns in words what it did; what catches
it stands in docs/tampering.md, and a test runs that page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections, transaction

from abhaya.errors import OperatorError
from abhaya.ledger import canonical
from abhaya.ledger import key as keys
from abhaya.ledger.merkle import Frontier, leaf_hash
from abhaya.ledger.note import Checkpoint, Key, parse
from abhaya.shared.ids import uuid7

OWNER = "owner"
BACK_DATED = timedelta(days=300)
BYTE = 60  # of an entry's text: somewhere in who did it
UNSEAL = "alter table ledger_entry drop constraint if exists ledger_entry_committed"


def tamper(how: str) -> str:
    """Does it, in the database of this training world, and says what was done. OperatorError anywhere else."""
    if not settings.TRAINING:
        raise OperatorError("Tampering is shown in an invented world only: set ABHAYA_TRAINING=1 on one.")
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        return WAYS[how](_Hand(cursor))


class _Hand:
    """The owner's own connection: no grant, policy or trigger stands in its way."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def do(self, sql: str, *params: object) -> None:
        self._cursor.execute(sql, params)

    def one(self, sql: str, *params: object) -> Any:
        self._cursor.execute(sql, params)
        row = self._cursor.fetchone()
        if row is None:
            raise OperatorError("This world has nothing to tamper with yet: let `abhaya demo` finish first.")
        return row

    def all(self, sql: str) -> list[Any]:
        self._cursor.execute(sql)
        return list(self._cursor.fetchall())

    def target(self) -> tuple[int, UUID]:
        """An entry in the middle of what is signed, and its place."""
        index, entry = self.one(
            "select l.index, l.entry_id from ledger_leaf l join ledger_entry e on e.id = l.entry_id"
            " where l.index >= (select max(size) / 2 from ledger_checkpoint) order by l.index limit 1"
        )
        return int(index), entry

    def key(self) -> Key:
        return keys.signing_key(str(self.one("select origin from ledger_log")[0]))


def _changed(hand: _Hand) -> str:
    index, entry = hand.target()
    hand.do(UNSEAL)
    hand.do(
        "update ledger_entry set body = set_byte(body, %s, get_byte(body, %s) # 1) where id = %s", BYTE, BYTE, entry
    )
    return f"One byte of entry {index} was changed in the database."


def _removed(hand: _Hand) -> str:
    index, entry = hand.target()
    hand.do("delete from ledger_entry where id = %s", entry)
    return f"The text of entry {index} was deleted from the database."


def _inserted(hand: _Hand) -> str:
    index, _entry = hand.target()
    hand.do("update ledger_leaf set index = -index - 1 where index >= %s", index)
    hand.do("update ledger_leaf set index = -index where index < 0")
    hand.do("insert into ledger_leaf values (%s, %s, %s)", index, uuid7(), leaf_hash(b"never happened"))
    return f"A new entry was put before entry {index}, and all later ones moved up."


def _reordered(hand: _Hand) -> str:
    index, _entry = hand.target()
    for old, new in ((index, -1), (index + 1, index), (-1, index + 1)):
        hand.do("update ledger_leaf set index = %s where index = %s", new, old)
    return f"Entries {index} and {index + 1} changed places."


def _back_dated(hand: _Hand) -> str:
    entry, at = uuid7(), datetime.now(UTC) - BACK_DATED
    body = canonical.encode(
        {
            "actor": None, "actor_name": "operator:nobody", "at": at, "compartment": None,
            "event": "custody:vault:checked", "facts": {}, "id": entry, "purpose": "", "subject": None, "v": 1,
        }
    )  # fmt: skip
    salt = b"s" * canonical.SALT_BYTES
    hand.do(
        "insert into ledger_entry (id, at, event, actor_name, purpose, body, salt, commitment)"
        " values (%s, %s, 'custody:vault:checked', 'operator:nobody', '', %s, %s, %s)",
        entry, at, body, salt, canonical.commitment(salt, body),
    )  # fmt: skip
    return f"An entry was written today that says it was written on {at:%Y-%m-%d}."


def _swapped_file(hand: _Hand) -> str:
    one, other = (row[0] for row in hand.all("select id from custody_bytes order by id limit 2"))
    hand.do(
        "update custody_bytes set sealed = (select sealed from custody_bytes where id = %s) where id = %s", other, one
    )
    return f"The bytes of original {one} were exchanged for those of another."


def _forged_checkpoint(hand: _Hand) -> str:
    size, note = hand.one("select size, note from ledger_checkpoint order by size desc limit 1")
    stated = parse(note)
    forger = Key(stated.origin, Ed25519PrivateKey.generate())
    hand.do("update ledger_checkpoint set note = %s where size = %s", forger.sign(stated, _now()), size)
    return f"The checkpoint at {size} entries was signed again, with another key."


def _split_view(hand: _Hand) -> str:
    """Everything is made good again, with the real key, and this machine's memory with it."""
    index, entry = hand.target()
    hand.do(UNSEAL)
    body, salt = hand.one("select body, salt from ledger_entry where id = %s", entry)
    forged = canonical.encode(json.loads(bytes(body)) | {"actor_name": "operator:nobody"})
    sealed = canonical.commitment(bytes(salt), forged)
    hand.do(
        "update ledger_entry set actor_name = 'operator:nobody', body = %s, commitment = %s where id = %s",
        forged, sealed, entry,
    )  # fmt: skip
    hand.do("update ledger_leaf set leaf_hash = %s where entry_id = %s", leaf_hash(sealed), entry)
    key, edge, note = hand.key(), Frontier(), ""
    sizes = {row[0] for row in hand.all("select size from ledger_checkpoint")}
    for (leaf,) in hand.all("select leaf_hash from ledger_leaf order by index"):
        edge.append(bytes(leaf))
        if edge.size in sizes:
            note = key.sign(Checkpoint(key.name, edge.size, edge.root()), _now())
            hand.do("update ledger_checkpoint set root = %s, note = %s where size = %s", edge.root(), note, edge.size)
    hand.do("delete from ledger_block")
    hand.do("update ledger_frontier set roots = %s", edge.packed())
    keys.remember(key.name, note)
    return (
        f"Entry {index} now names somebody else, and every seal and signature after it was made anew with the real key."
    )


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


WAYS: dict[str, Callable[[_Hand], str]] = {
    "changed": _changed,
    "removed": _removed,
    "inserted": _inserted,
    "re-ordered": _reordered,
    "back-dated": _back_dated,
    "swapped-file": _swapped_file,
    "forged-checkpoint": _forged_checkpoint,
    "split-view": _split_view,
}
