"""The proof that a compartment's key to an original was destroyed: a text signed with the ledger's key.

It names the original by its hash, when, by whom and on which ground, and the ledger's entry with its way up to a signed
checkpoint. `python3 verify FILE` checks signature and way without us. Whole reports that are deleted have a certificate of
their own (`certificate.py`).
"""

from __future__ import annotations

import json
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.errors import NotThere
from abhaya.ledger.note import parse
from abhaya.ledger.proofs import inclusions
from abhaya.ledger.queries import last_checkpoint
from abhaya.ledger.statement import own_key, signed
from abhaya.shared.sql import fetch

TITLE = "Abhaya shred statement, version 1"

_SHREDDED = """
select e.id, e.body, e.commitment, l.index, s.id from ledger_entry e
left join ledger_leaf l on l.entry_id = e.id
left join custody_erasure s on s.object_id = e.subject_id and s.compartment = e.compartment
where e.event = 'custody:object:shredded' and e.subject_id = %(object)s order by e.id, s.id
"""


class _Shredded(NamedTuple):
    entry: UUID
    body: bytes
    commitment: bytes
    place: int | None
    erasure: UUID | None


def statements(object_id: UUID) -> list[str]:
    """One signed statement for each compartment whose key to this original was destroyed by itself, oldest first.

    In a transaction that sees the whole ledger: the road's. Raises `NotThere` where none was.
    """
    rows = {row.entry: row for row in fetch(_Shredded, _SHREDDED, {"object": object_id})}
    if not rows:
        raise NotThere(_("No key to this original was destroyed by itself. A whole report has its own certificate."))
    key = own_key()
    return [signed(_text(object_id, row, key.name), key) for row in rows.values()]


def _text(object_id: UUID, row: _Shredded, origin: str) -> str:
    body = json.loads(bytes(row.body))
    facts = body["facts"]
    lines = [
        TITLE,
        f"ledger: {origin}",
        f"original: {object_id}",
        f"sha256: {facts['sha256']}",
        f"compartment: {body['compartment']}",
        f"destroyed: {'its key and the bytes, which nobody held any more' if facts['last'] else 'its key'}",
        f"at: {body['at']}",
        f"by: {_one_line(body['actor_name'])}",
        f"ground: {_one_line(facts.get('basis') or body['purpose']) or 'not said'}",
        f"erasure: {row.erasure or 'not in the journal'}",
        f"entry: {row.entry}",
        f"commitment: {bytes(row.commitment).hex()}",
    ]
    newest = last_checkpoint()
    if row.place is None or newest is None or newest.size <= row.place:
        return "\n".join([*lines, "place: not sequenced yet"]) + "\n"
    checkpoint = parse(newest.note)
    (way,) = inclusions([row.place], checkpoint)
    lines += [
        f"place: {row.place} of {checkpoint.size}",
        f"root: {checkpoint.root.hex()}",
        f"checkpoint code: {checkpoint.code()}",
        *[f"way: {step.hex()}" for step in way],
    ]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(str(text).split())
