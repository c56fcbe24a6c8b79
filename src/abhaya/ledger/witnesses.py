"""Asks witnesses to sign the newest checkpoint (c2sp.org/tlog-witness), over the network or by a file that is carried.

A witness signs only what continues what it signed before, so once it has signed, nobody can bend what lies below: the
checkpoint has left the machine. A witness that refuses says that this database is not the one it knew; that is an entry
of its own, and stands on the ledger's page until it signs again.
"""

from __future__ import annotations

import base64
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from django.conf import settings

from abhaya.errors import OperatorError
from abhaya.ledger import queries
from abhaya.ledger.actions import Act, departed, record
from abhaya.ledger.events import Event
from abhaya.ledger.models import Departure
from abhaya.ledger.note import Checkpoint, NoteError, Witness, cosignature, parse
from abhaya.ledger.proofs import consistency
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, execute, value

ANSWER_SECONDS_MAX = 10.0
ANSWER_BYTES_MAX = 64 * 1024
SIZE_TYPE = "text/x.tlog.size"
TRIES_MAX = 3  # the first may have the old size wrong, the second be overtaken
SAID_CHARACTERS_MAX = 400

log = logging.getLogger("abhaya.ledger")
SQL = NamedSql(__file__, "witnesses.sql")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    kind: str
    text: str


class _Refused(Exception):  # noqa: N818 — reads as what it says where it is raised
    """Why a witness did not sign. `is_grave`: because this ledger is not the one it knew."""

    def __init__(self, reason: Reason, *, is_grave: bool) -> None:
        super().__init__(reason.code)
        self.reason, self.is_grave = reason, is_grave


def ask_all() -> int:
    """Asks every witness with an address, where there is something new. Returns how many signed. A duty of the road."""
    newest = queries.last_checkpoint()
    if newest is None:
        return 0
    reached = [witness for witness in settings.LEDGER_WITNESSES if witness.url]
    return sum(_ask_and_note(witness, newest) for witness in reached if is_news(witness.name, newest.size))


def is_news(outsider: str, size: int) -> bool:
    """Whether anything was recorded since they last signed, beside that they signed."""
    return bool(value(SQL["is_news"], {"name": outsider, "size": size}))


def request(witness: Witness, old: int | None = None) -> str:
    """What a witness is asked, as text: over the network or as a file. `old`: what it signed last, where we are wrong."""
    newest = queries.last_checkpoint()
    if newest is None:
        raise OperatorError("Nothing has been signed yet: the ledger is empty.")
    known = int(value(SQL["known"], {"name": witness.name}) or 0) if old is None else old
    if known > newest.size:
        raise OperatorError(f"The witness signed {known} entries; this ledger has {newest.size}: it was rolled back.")
    return _request(known, newest)


def receive(note: str) -> tuple[Witness, Checkpoint]:
    """Takes a checkpoint that a witness signed from a file. OperatorError when it is not ours, or signed by none."""
    try:
        stated = parse(note)
        for witness in settings.LEDGER_WITNESSES:
            signed = cosignature(note, witness)
            held = queries.checkpoint(stated.size)
            if signed is None:
                continue
            if held is None or held.stated != stated:
                raise OperatorError(
                    f"The witness signed a checkpoint at {stated.size} entries that this ledger does not have: this"
                    " database is not the one it came from, or was rewritten."
                )
            _keep(witness, held, *signed)
            return witness, stated
    except NoteError as error:
        raise OperatorError(f"The file is not a checkpoint signed by a witness: {error}.") from None
    raise OperatorError("No witness named in ABHAYA_WITNESSES signed this checkpoint.")


def _ask_and_note(witness: Witness, newest: queries.Signed) -> bool:
    try:
        _keep(witness, newest, *_ask(witness, newest))
    except _Refused as refused:
        note_problem(witness.name, refused.reason, is_grave=refused.is_grave)
        return False
    return True


def _ask(witness: Witness, newest: queries.Signed) -> tuple[str, int]:
    """The signature line and its time."""
    old = int(value(SQL["known"], {"name": witness.name}) or 0)
    for _ in range(TRIES_MAX):
        answer = _post(witness, _request(old, newest))
        if answer.status == 200:
            try:
                signed = cosignature(newest.note + answer.text, witness)
            except NoteError:
                signed = None
            if signed is None:
                raise _Refused(Reason("witness-unsigned", {"name": witness.name}), is_grave=False)
            return signed
        if answer.status != 409 or answer.kind != SIZE_TYPE or not answer.text.strip().isdigit():
            break
        old = int(answer.text)
        if old > newest.size:
            facts: dict[str, str | int | float] = {"name": witness.name, "signed": old, "size": newest.size}
            raise _Refused(Reason("witness-ahead", facts), is_grave=True)
    said = " ".join(answer.text.split())[:SAID_CHARACTERS_MAX]
    facts = {"name": witness.name, "status": answer.status, "said": said}
    raise _Refused(Reason("witness-refused", facts), is_grave=answer.status in {409, 422})


def _request(old: int, newest: queries.Signed) -> str:
    proof = "".join(base64.b64encode(node).decode() + "\n" for node in consistency(old, newest.stated))
    return f"old {old}\n{proof}\n{newest.note}"


def _post(witness: Witness, text: str) -> _Answer:
    asked = urllib.request.Request(  # noqa: S310 — the setting takes http and https only
        witness.url + "/add-checkpoint", data=text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=ANSWER_SECONDS_MAX) as answer:  # noqa: S310 — as above
            return _read(answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return _read(answer)
    except (OSError, ValueError) as error:
        why = str(getattr(error, "reason", error))[:SAID_CHARACTERS_MAX]
        raise _Refused(Reason("witness-away", {"name": witness.name, "why": why}), is_grave=False) from None


def _read(answer: urllib.response.addinfourl | urllib.error.HTTPError) -> _Answer:
    text = answer.read(ANSWER_BYTES_MAX).decode(errors="replace")
    return _Answer(int(answer.status or 0), str(answer.headers.get("Content-Type", "")), text)


def _keep(witness: Witness, signed: queries.Signed, line: str, seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    new = execute(SQL["keep"], {"size": signed.size, "witness": witness.name, "line": line, "at": at})
    execute(SQL["reached"], {"name": witness.name, "size": signed.size, "at": at})
    if new:
        departed(signed.size, signed.root, Departure.How.WITNESSED, witness.name)


def note_problem(outsider: str, reason: Reason, *, is_grave: bool) -> None:
    """Keeps why somebody outside did not sign; a grave reason is an entry, once until something changes."""
    told = msgspec.json.encode(reason).decode()
    is_new = execute(SQL["problem"], {"name": outsider, "problem": told, "at": datetime.now(UTC)})
    if is_new:
        log.warning("%s did not sign a checkpoint: %s %s", outsider, reason.code, reason.values)
        if is_grave:
            record([Act(Event.LEDGER_WITNESS_REFUSED, facts={"why": reason.code, **reason.values})])
