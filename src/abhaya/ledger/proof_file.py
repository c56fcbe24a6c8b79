"""A proof file: single entries, each with its way up to a signed checkpoint, for whoever asks about one report.

`python3 verify FILE` checks it without us. It shows that these entries stand in the ledger; that there are no others only
the whole ledger can show. The format is described in docs/formats.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.errors import OfficerError
from abhaya.ledger import queries
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.note import verifier_line
from abhaya.ledger.proofs import inclusions
from abhaya.shared.identity import on_the_road

FORMAT = "abhaya-proof-1"
ASKED_CHARACTERS_MAX = 500


def proof_of(entries: Sequence[UUID], asked: str) -> str:
    """The file's text, of entries that the reader may see. OfficerError while one of them has no place yet.

    `asked` says in words what was asked for; it stands in the file and is not proven by it.
    """
    found = queries.sealed(entries)
    shown = sorted((one for one in found.values() if one.index is not None), key=lambda one: one.index or 0)
    if not entries or len(shown) < len(set(entries)):
        raise OfficerError(_("One of these entries has no place in the ledger yet. Try again in a second."))
    indexes = [one.index or 0 for one in shown]
    # The tree counts what others do: its hashes are read for the officer, not by them.
    with on_the_road("road:ledger", apart=True):
        signed, log = queries.vouched(indexes[-1]), queries.log()
        if signed is None or log is None:
            raise OfficerError(_("One of these entries has no place in the ledger yet. Try again in a second."))
        paths = inclusions(indexes, signed.stated)
        note = signed.note + queries.cosigned(signed.size)
    file = {
        "format": FORMAT,
        "origin": log[0],
        "key": verifier_line(*log),
        "checkpoint": note,
        "asked": asked[:ASKED_CHARACTERS_MAX],
        "entries": [
            {
                "index": one.index,
                "entry": str(one.id),
                "salt": one.salt.hex(),
                "body": one.body.decode("utf-8", "surrogateescape"),
                "path": [node.hex() for node in path],
            }
            for one, path in zip(shown, paths, strict=True)
        ],
    }
    return json.dumps(file, indent=1) + "\n"


def mark_proven(entries: Sequence[UUID], compartment: UUID, recipient: str) -> None:
    """Records that these entries left with their proofs, and for whom."""
    facts = {"entries": len(entries), "recipient": recipient}
    record([Act(Event.LEDGER_PROOF_EXPORTED, compartment, None, facts)])
