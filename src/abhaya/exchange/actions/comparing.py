"""Blinded comparisons, step by step: begun or brought, made once a second person agreed, taken in, ended.

Either side's first file needs the second person; the result only gives back what the partner sent, and follows at once.
Every secret is made for one comparison: the answerer's is gone when the answer is made, the asker's with the answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abhaya.access.actions import ApprovalKind, ask, spend
from abhaya.access.actions.approvals import noted, sound
from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn
from abhaya.cases import queries as cases
from abhaya.cases.actions import stands_out
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.exchange import queries, rules
from abhaya.exchange.actions.keys import Session, own_key, own_line, sealed, unsealed
from abhaya.exchange.formats import comparison as files
from abhaya.exchange.formats.comparison import FileError, Head, Inside, Received, Step
from abhaya.exchange.kernels import POINT_BYTES, NoPoint, fresh_secret
from abhaya.exchange.queries import Comparison, Own
from abhaya.exchange.words import REFUSALS
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.selectors.queries import kept
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import execute

ASKS, ANSWERS = "asks", "answers"
DAY_MAX = {ASKS: rules.BEGUN_PER_PARTNER_DAY_MAX, ANSWERS: rules.ANSWERED_PER_PARTNER_DAY_MAX}


@dataclass(frozen=True, slots=True)
class New:
    """What an officer says of a comparison, on either side."""

    partner: str
    partner_key: str  # as the partner gave it by another road than the file's
    contact: str
    kinds: Sequence[str]
    scope: str
    case: UUID | None
    purpose: str


@dataclass(frozen=True, slots=True)
class _Made:
    """A side's first file, and what it must remember."""

    content: bytes
    session: Session
    points: int | None  # of the other side


def begin(new: New, officer: SignedIn) -> UUID:
    """As the side that asks. Nothing leaves before a second person agreed."""
    return _begun(new, ASKS, secrets.token_bytes(files.TOKEN_BYTES), None, officer)


def bring_question(content: bytes, new: New, officer: SignedIn) -> UUID:
    """As the side that answers. Raises where the file is none, not the partner's, not for us, or was brought before."""
    received = _read(content, "question", new.partner, new.partner_key)
    if not rules.well_sized(len(received.points)):
        raise _refused("points", new.partner)
    return _begun(new, ANSWERS, received.comparison, content, officer)


def make(comparison_id: UUID, officer: SignedIn) -> None:
    """Uses the second person's word: gathers, blinds, and makes the file that is carried to the partner."""
    one = _own(comparison_id, officer)
    if one.state != "waits":
        raise OfficerError(_("This was done already."))
    approved = spend(ApprovalKind.EXPORT, one.id, officer)
    gathered = _gathered(one, officer)
    actor = current_actor()
    with on_the_road(actor.name, officer=officer.id, purpose=approved.purpose):
        hidden = kept([each.selector_id for each in gathered])
        tiny = queries.tiny_lately(officer.id, rules.TINY_VALUES_MAX, rules.TINY_WINDOW_HOURS)
        if rules.is_probing(tiny, len(gathered)):
            stands_out(officer.id, tiny + 1)
    own = [each for each in gathered if each.selector_id not in hidden]
    made = _question(one, own) if one.side == ASKS else _answer(one, own)
    written = {
        "id": one.id, "own": len(gathered), "points": made.points, "session": sealed(made.session, one.id),
        "outgoing": made.content,
    }  # fmt: skip
    if not execute(queries.SQL["sent"], written):
        raise OfficerError(_("This was done already."))
    facts = {"own": len(gathered), "points": len(made.session.places)}
    noted(officer, approved.purpose, Act(Event.EXCHANGE_COMPARISON_SENT, one.id, None, facts))


def take(comparison_id: UUID, content: bytes, officer: SignedIn) -> int:
    """The partner's file: an answer where we asked, the result where we answered. How many of ours the partner has too."""
    one = _own(comparison_id, officer)
    if one.state != "sent":
        raise OfficerError(
            _("The partner’s file was taken in already, or it is not its turn: a file is taken in once.")
        )
    received = _read(content, "answer" if one.side == ASKS else "result", one.partner, one.partner_key)
    session = unsealed(queries.part(one.id, "session") or b"", one.id)
    if received.comparison != bytes(one.token) or received.follows != files.digest(
        queries.part(one.id, "outgoing") or b""
    ):
        raise _refused("other-comparison", one.partner)
    try:
        found, outgoing, inside = _compared(one, session, received, files.digest(content))
    except FileError as error:
        raise _refused(error.code, one.partner) from error
    except NoPoint as error:
        raise _refused("points", one.partner) from error
    points = one.points if one.side == ANSWERS else len(inside.points)
    if not execute(
        queries.SQL["done"], {"id": one.id, "points": points, "outgoing": outgoing, "contact": inside.contact}
    ):
        raise OfficerError(_("This was done already."))
    insert(
        "exchange_met",
        ["comparison_id", "selector_id", "officer_id"],
        [(one.id, selector, officer.id) for selector in found],
    )
    noted(officer, one.purpose, Act(Event.EXCHANGE_COMPARISON_FINISHED, one.id, None, {"met": len(found)}))
    return len(found)


def take_out(comparison_id: UUID, officer: SignedIn) -> tuple[Comparison, bytes]:
    """The file to be carried, as it was made: the same each time."""
    one = _own(comparison_id, officer)
    content = queries.part(one.id, "outgoing")
    if content is None:
        raise NotThere(_("There is nothing here for you."))
    noted(officer, one.purpose, Act(Event.EXCHANGE_FILE_EXPORTED, one.id, None, {}))
    return one, content


def end(comparison_id: UUID, officer: SignedIn) -> None:
    """Deletes what came of it, its files and its secrets. Its token stays, so that no file of it is taken in again."""
    one = _own(comparison_id, officer)
    execute(queries.SQL["forget"], {"id": one.id})
    if not execute(queries.SQL["ended"], {"id": one.id}):
        raise OfficerError(_("This was done already."))
    noted(officer, one.purpose, Act(Event.EXCHANGE_COMPARISON_ENDED, one.id, None, {}))


def end_overdue() -> None:
    """The duty: what nobody finished ends, and its secrets with it."""
    for one in queries.overdue(rules.OPEN_DAYS_MAX):
        execute(queries.SQL["ended"], {"id": one})
        record([Act(Event.EXCHANGE_COMPARISON_ENDED, one, None, {})])


def _begun(new: New, side: str, token: bytes, question: bytes | None, officer: SignedIn) -> UUID:
    purpose, case = sound(new.purpose), _case_of(new, officer)
    try:
        files.public_key(new.partner_key)
    except FileError as error:
        raise _refused("key", new.partner) from error
    if len(new.contact.encode()) > files.CONTACT_BYTES_MAX:
        raise _refused("contact", new.partner)
    actor = current_actor()
    with on_the_road(actor.name, officer=officer.id, purpose=purpose):
        if queries.with_partner_today(new.partner_key, side) >= DAY_MAX[side]:
            raise OfficerError(
                _("With this partner there were %(count)d today already: more would let one side guess. Try tomorrow.")
                % {"count": DAY_MAX[side]}
            )
    columns = {
        "id": uuid7(), "token": token, "side": side, "officer_id": officer.id, "unit_id": officer.unit_id,
        "partner": new.partner, "partner_key": new.partner_key, "contact": new.contact, "kinds": list(new.kinds),
        "scope": new.scope, "case_id": case.id if case else None, "purpose": purpose, "question": question,
    }  # fmt: skip
    if not insert("exchange_comparison", list(columns), [list(columns.values())], conflict="on conflict do nothing"):
        raise OfficerError(_("This question was brought here before. A question is answered once: ask for a new one."))
    one = UUID(str(columns["id"]))
    what = Reason("approval-export-comparison", {"partner": new.partner})
    compartment = case.id if case and case.covert else None  # then its members alone decide
    ask(
        ApprovalKind.EXPORT,
        one,
        compartment,
        purpose,
        officer,
        what=what,
        page=reverse("exchange-comparison", args=[one]),
    )
    noted(officer, purpose, Act(Event.EXCHANGE_COMPARISON_BEGUN, one, None, {"side": side}))
    return one


def _case_of(new: New, officer: SignedIn) -> cases.CaseRow | None:
    if new.scope != "case":
        return None
    case = cases.case(new.case) if new.case else None
    if case is None:
        raise NotThere(_("There is nothing here for you."))
    if case.covert and case.liaison_id != officer.id:
        raise NotPermitted(_("Only the liaison of a covert case decides whether it speaks to anybody."))
    return case


def _gathered(one: Comparison, officer: SignedIn) -> list[Own]:
    """What goes in, as the officer sees it now. Raises where it is nothing, or too much."""
    most = rules.VALUES_MAX + 1
    if one.scope == "reports":
        found = queries.of_reports(officer.unit_id, one.kinds, most=most)
    else:
        found = queries.of_cases(officer.id, one.kinds, case=one.case_id, most=most)
    if not found:
        raise OfficerError(_("Nothing of these kinds stands there: there is nothing to compare."))
    if len(found) > rules.VALUES_MAX:
        raise OfficerError(
            _("That is more than %(count)d identifiers. Choose one case, or fewer kinds.") % {"count": rules.VALUES_MAX}
        )
    return found


def _question(one: Comparison, own: Sequence[Own]) -> _Made:
    secret, meeting = fresh_secret(), fresh_secret()
    mine = rules.blinded(bytes(one.token), [(each.kind, each.value) for each in own], secret)
    head = _head(one, "question", meeting=meeting, points=mine.points)
    session = Session(mine.places, [each.selector_id for each in own], secret=secret, meeting=meeting)
    return _Made(files.written(head, own_key()), session, None)


def _answer(one: Comparison, own: Sequence[Own]) -> _Made:
    question = files.read(queries.part(one.id, "question") or b"")
    secret, meeting = fresh_secret(), fresh_secret()
    try:
        by_both = rules.given_back(question.points, secret)
        key = files.shared_key(meeting, question.meeting, question.comparison)
    except NoPoint as error:
        raise _refused("points", one.partner) from error
    except FileError as error:
        raise _refused(error.code, one.partner) from error
    mine = rules.blinded(question.comparison, [(each.kind, each.value) for each in own], secret)
    head = _head(one, "answer", follows=question.digest, meeting=meeting)
    closed = files.sealed(Inside(by_both, mine.points, one.contact), key, head)
    session = Session(mine.places, [each.selector_id for each in own], sealing=key, by_both=b"".join(by_both))
    return _Made(files.written(closed, own_key()), session, len(question.points))


def _compared(
    one: Comparison, session: Session, received: Received, digest: str
) -> tuple[list[UUID], bytes | None, Inside]:
    """Which of ours met; the result to be carried back, where we asked; what the partner said."""
    if one.side == ANSWERS:
        inside = files.opened(received, session.sealing)
        theirs = [session.by_both[at : at + POINT_BYTES] for at in range(0, len(session.by_both), POINT_BYTES)]
        outgoing = None
    else:
        key = files.shared_key(session.meeting, received.meeting, received.comparison)
        inside = files.opened(received, key)
        theirs = rules.given_back(inside.points, session.secret)
        head = _head(one, "result", follows=digest)
        outgoing = files.written(files.sealed(Inside(theirs, [], one.contact), key, head), own_key())
    found = rules.met(session.places, inside.by_both, theirs)
    return [session.selectors[place] for place in found], outgoing, inside


def _head(
    one: Comparison, step: Step, *, follows: str = "", meeting: bytes = b"", points: Sequence[bytes] = ()
) -> Head:
    return Head(
        files.FORMAT, files.VERSION, step, bytes(one.token).hex(), own_line(), one.partner_key,
        datetime.now(UTC).isoformat(timespec="minutes"), follows,
        files.encoded_points([files.meeting_of(meeting)]) if meeting else "", files.encoded_points(list(points)),
    )  # fmt: skip


def _read(content: bytes, step: Step, partner: str, partner_key: str) -> Received:
    """The partner's file of this step, meant for us. Each refusal is its own sentence."""
    try:
        received = files.read(content)
    except FileError as error:
        raise _refused(error.code, partner) from error
    if received.from_key != partner_key:
        raise _refused("not-theirs", partner)
    if received.to_key != own_line():
        raise _refused("not-ours", partner)
    if received.step != step:
        raise _refused(f"step-{step}", partner)
    return received


def _own(comparison_id: UUID, officer: SignedIn) -> Comparison:
    """One of the officer's own. Somebody else's is nothing, like one that never was."""
    one = queries.comparison(comparison_id) if officer.may(Permission.EXCHANGE_COMPARISON_WORK) else None
    if one is None:
        raise NotThere(_("There is nothing here for you."))
    return one


def _refused(code: str, partner: str) -> OfficerError:
    return OfficerError(sentence(Reason(code, {"partner": partner}), REFUSALS, get_language() or "en"))
