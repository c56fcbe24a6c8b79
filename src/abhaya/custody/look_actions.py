"""The only writers of looks: opened on a basis, shown step by step, ended with what came of it. Each is in the ledger.

Seconds and counts are written where their officer alone reads them; the ledger holds each act, because a court asks, and
no page adds them up.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn
from abhaya.custody import looks
from abhaya.custody.decoding import Drawn, draw
from abhaya.custody.formats import lawful_csv
from abhaya.custody.lawful import TEXT_CHARACTERS_MAX, Basis, Table, faults
from abhaya.custody.look_reasons import SENTENCES
from abhaya.custody.looks import SQL, Look, Lowered
from abhaya.custody.queries import Item, item
from abhaya.custody.reading import pieces_of
from abhaya.custody.viewing import (
    UNENDED_SECONDS_MAX,
    Choice,
    Circumstances,
    Known,
    Meter,
    Pause,
    Step,
    Verdict,
    kind_of,
    may_open_file,
    may_show,
)
from abhaya.errors import NotPermitted, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting
from abhaya.shared.ids import uuid7
from abhaya.shared.reason import sentence
from abhaya.shared.sql import execute, value, values

TOKEN_SECONDS = 30  # between the page that asks for a picture and the picture
EXPOSURE_DAYS_KEPT = 92
RESULTS = ("relevant", "not-relevant", "second-look", "unreadable")


@dataclass(frozen=True, slots=True)
class Subject:
    """A file that somebody wants to look at, and what its report says of it."""

    file_id: UUID
    item: Item | None  # None: it was described and never sent
    viewed_by_sender: bool | None
    severity: str = ""  # the sender's classification
    is_imminent: bool = False
    alike: Sequence[UUID] = ()  # objects of its stack: a look at one of them serves them all


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer gave."""

    basis: Basis = field(default_factory=Basis)
    why_again: str = ""
    why_on: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision with what it rests on."""

    circumstances: Circumstances
    verdict: Verdict
    table: Table
    meter: Meter


def decided(officer: SignedIn, subject: Subject, given: Given) -> Weighed:
    """The one decision (`viewing.may_open_file`), with everything it rests on read now."""
    rule, table = looks.rule_of(officer, subject.viewed_by_sender)
    meter = looks.meter_of(officer)
    held = subject.item
    circumstances = Circumstances(
        may_view=officer.may(Permission.CUSTODY_MEDIA_VIEW),
        kind=kind_of(held.media_type_seen if held else ""),
        is_held=held is not None and held.is_held,
        has_key=held is None or not held.kept_at,
        rule=rule,
        basis=given.basis,
        known=Known.LOOKED if held is not None and looks.earlier(held.object_id, subject.alike) else Known.NO,
        why_again=given.why_again,
        pause=meter.pause,
        is_imminent=subject.is_imminent,
        why_on=given.why_on,
    )
    return Weighed(circumstances, may_open_file(circumstances), table, meter)


def open_look(officer: SignedIn, subject: Subject, given: Given) -> UUID:
    """Opens a file for this officer, on this basis. Nothing is shown yet. Raises `NotPermitted` with all that stands
    against it, `OfficerError` where something was not given.
    """
    weighed = decided(officer, subject, given)
    circumstances, verdict, table = weighed.circumstances, weighed.verdict, weighed.table
    if verdict.refusals:
        raise NotPermitted(" ".join(sentence(reason, SENTENCES, officer.language) for reason in verdict.refusals))
    texts = (*asdict(given.basis).values(), given.why_again, given.why_on)
    if verdict.lacking or any(len(text) > TEXT_CHARACTERS_MAX for text in texts):
        raise OfficerError(_("Something is missing or too long. Fill in what the page asks for."))
    held = subject.item
    assert held is not None  # noqa: S101 — else it was refused
    rule = circumstances.rule
    opened = uuid7()
    row = {
        "id": opened, "compartment": held.compartment, "item_id": held.id, "object_id": held.object_id,
        "file_id": subject.file_id, "officer_id": officer.id, "officer_name": officer.name,
        "jurisdiction": rule.jurisdiction, "rules_version": table.version, "viewed": rule.viewed.value,
        "needs": rule.needs.value, **asdict(given.basis), "why_again": given.why_again, "severity": subject.severity,
        "is_imminent": subject.is_imminent, "passed_pause": bool(given.why_on),
    }  # fmt: skip
    insert("custody_look", list(row), [list(row.values())])
    facts = {
        "object": str(held.object_id), "look": str(opened), "jurisdiction": rule.jurisdiction, "rules": table.version,
        "viewed": rule.viewed.value, "needs": rule.needs.value, "again": circumstances.known is not Known.NO,
    }  # fmt: skip
    _told(officer, Act(Event.CUSTODY_LOOK_OPENED, held.id, held.compartment, facts), _as_purpose(given.basis))
    if circumstances.known is not Known.NO:
        again = Act(Event.CUSTODY_LOOK_REPEATED, held.id, held.compartment, {"look": str(opened)})
        _told(officer, again, given.why_again)
    if circumstances.pause in {Pause.BREAK, Pause.ENOUGH} and not subject.is_imminent:
        went_on = Act(Event.CUSTODY_PAUSE_PASSED, held.id, held.compartment, {"look": str(opened)})
        _told(officer, went_on, given.why_on)
    return opened


def ask_for(officer: SignedIn, look: Look, step: Step, choice: Choice) -> str:
    """An address for one picture, to be asked for once and soon. Raises `OfficerError` where a step is jumped over."""
    if look.ended_at is not None or not may_show(choice, look.reached, step):
        raise OfficerError(_("This step cannot be shown now. Go one step at a time."))
    settle(officer)
    if must_pause(officer, look):
        raise OfficerError(_("It is time for a pause. The file stays closed meanwhile."))
    token = secrets.token_urlsafe(24)
    execute(
        SQL["grant"],
        {"look": look.id, "officer": officer.id, "token": _kept(token), "step": step.value, "seconds": TOKEN_SECONDS},
    )
    return token


def must_pause(officer: SignedIn, look: Look) -> bool:
    """Whether a pause is due now, in the middle of a look."""
    if look.is_imminent or look.passed_pause:
        return False
    return looks.meter_of(officer).pause in {Pause.BREAK, Pause.ENOUGH}


def show(officer: SignedIn, look: Look, token: str, choice: Choice) -> Drawn:
    """The picture behind the address, which is used up. Recorded before it leaves; a file that cannot be drawn is too."""
    if not officer.may(Permission.CUSTODY_MEDIA_VIEW):
        raise NotPermitted(_("Your role never sees pictures, film or sound."))
    steps = values(SQL["spend"], {"look": look.id, "officer": officer.id, "token": _kept(token)})
    if not steps:
        raise OfficerError(_("This picture was shown once, or asked for too long ago. Ask for it again on the page."))
    step, held = Step(steps[0]), item(look.item_id)
    drawn = draw(pieces_of(held), held.media_type_seen, choice.drawing(step))
    if drawn.why_not is not None:
        execute(SQL["fail"], {"look": look.id, "why": drawn.why_not.value})
        return drawn
    if look.reached not in choice.steps or choice.steps.index(step) > choice.steps.index(Step(look.reached)):
        execute(SQL["reach"], {"look": look.id, "step": step.value})
    row = {"id": uuid7(), "officer": officer.id, "look": look.id, "severity": look.severity}
    execute(SQL["show"], row | {"is_imminent": look.is_imminent})
    facts = {"object": str(held.object_id), "how": "looked at", "step": step.value, "look": str(look.id)}
    _told(officer, Act(Event.CUSTODY_ITEM_VIEWED, held.id, held.compartment, facts), look.purpose)
    return drawn


def settle(officer: SignedIn) -> None:
    """No picture of this officer's is on the screen any more: the meter stops."""
    execute(SQL["settle"], {"officer": officer.id, "most": UNENDED_SECONDS_MAX})
    execute(SQL["forget_exposure"], {"officer": officer.id, "days": EXPOSURE_DAYS_KEPT})


def end(officer: SignedIn, look: Look, result: str, note: str) -> None:
    """What came of the look, for everybody who would else look again. `result` is one of RESULTS, or "" for none."""
    if (result and result not in RESULTS) or len(note) > TEXT_CHARACTERS_MAX:
        raise OfficerError(_("Choose one of the results on the page, and keep the note short."))
    settle(officer)
    ended = values(SQL["end"], {"look": look.id, "officer": officer.id, "result": result, "note": note})
    if not ended:
        raise OfficerError(_("This look has ended already."))
    seconds = int(value(SQL["seconds_of"], {"look": look.id}))
    facts = {"look": str(look.id), "reached": look.reached, "seconds": seconds, "result": result}
    _told(officer, Act(Event.CUSTODY_LOOK_ENDED, look.item_id, look.compartment, facts), look.purpose)


def choose(officer: SignedIn, choice: Choice, lowered: Lowered) -> None:
    """An officer's own settings. No act on anything, and nobody else's business: no ledger line."""
    execute(SQL["choose"], {"officer": officer.id, **asdict(choice), **asdict(lowered)})


def set_availability(officer: SignedIn, *, prefers_not_now: bool) -> None:
    """An officer's own word for the rota, without a reason: no ledger line."""
    given = {"officer": officer.id, "unit": officer.unit_id, "prefers_not_now": prefers_not_now}
    execute(SQL["set_availability"], given)


def set_unit_caps(officer: SignedIn, lowered: Lowered) -> None:
    """The unit's limits, for everybody in it alike."""
    execute(SQL["set_unit_caps"], {"unit": officer.unit_id, **asdict(lowered)})
    record([Act(Event.CUSTODY_VIEWING_SET, officer.unit_id, None, asdict(lowered))])


def import_rules(officer: SignedIn, content: bytes, version: str) -> Table:
    """A new version of the rules about opening files, in force at once. Raises `OfficerError` with what is wrong."""
    try:
        rules = lawful_csv.read(content)
    except ValueError as fault:
        raise OfficerError(str(fault)) from fault
    found = faults(rules)
    if found:
        raise OfficerError(" ".join(sentence(reason, SENTENCES, officer.language) for reason in found))
    table = uuid7()
    row = {
        "id": table, "version": version, "made_by_name": officer.name,
        "rules": msgspec.json.encode(rules).decode(),
    }  # fmt: skip
    insert("custody_lawful_table", list(row), [list(row.values())])
    digest = hashlib.sha256(content).hexdigest()
    facts = {"version": version, "rows": len(rules), "sha256": digest}
    record([Act(Event.CUSTODY_LAWFUL_BASIS_IMPORTED, table, None, facts)])
    return Table(version, rules)


def _as_purpose(basis: Basis) -> str:
    """What an officer gave, in the place where the ledger keeps words: they can be erased, facts name nobody."""
    return " · ".join(filter(None, (basis.purpose, basis.reference, basis.warrant)))


def _told(officer: SignedIn, act: Act, purpose: str) -> None:
    with acting(officer.id, name=officer.name, purpose=purpose):
        record([act])


def _kept(token: str) -> bytes:
    """As the database keeps it: a copy of the table opens nothing."""
    return hashlib.sha256(token.encode()).digest()
