"""The hash-sharing door: NCMEC's Hash Sharing API v2 under `/hashsharing/v2/`, for partners that lists are shared with.

Each call signs in with HTTP Basic, as at the reporting door and under its limits, does one act in one transaction, and
answers in XML whatever happens. A partner sees the lists shared with it; another's list and none are the same answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from abhaya.access import gate
from abhaya.access.address import client_address
from abhaya.access.passwords import Busy
from abhaya.errors import OperatorError, SenderError
from abhaya.intake import credentials
from abhaya.intake.credentials import Caller
from abhaya.intake.formats.http_body import Body
from abhaya.matching import sharing
from abhaya.matching.actions.sharing import Ballot, note_given, vote
from abhaya.matching.formats import hash_sharing_answers as answers
from abhaya.matching.formats.hash_sharing_answers import Member
from abhaya.matching.formats.record import instant
from abhaya.matching.votes import REASONS, kind_of, reasons_of
from abhaya.shared.identity import on_the_road
from abhaya.shared.throttle import Throttle

RETRY_SECONDS = 5
KEY_LETTERS = 32
PARAMETER_CHARACTERS_MAX = 2000
_BEGINNING = datetime.fromtimestamp(0, UTC)
_NOT_THERE = "There is nothing of that name here."

log = logging.getLogger("abhaya.door")
_throttle = Throttle()


@csrf_exempt
@gate.public("partners sign in with HTTP Basic at each call")
def status(request: HttpRequest) -> HttpResponse:
    """Who the caller is here."""

    def act(caller: Caller, _: bytes) -> bytes:
        me = Member(sharing.member_number(caller.id), caller.name)
        return answers.status(client_address(request), caller.username, me)

    return _answered(request, act)


@csrf_exempt
@gate.public("partners sign in with HTTP Basic at each call")
def members(request: HttpRequest) -> HttpResponse:
    """The caller, and the lists it may read: each stands as a member of its own."""

    def act(caller: Caller, _: bytes) -> bytes:
        lists = [Member(one.number, one.name) for one in sharing.shares(caller.id)]
        return answers.members([Member(sharing.member_number(caller.id), caller.name), *lists])

    return _answered(request, act)


@csrf_exempt
@gate.public("partners sign in with HTTP Basic at each call")
def entries(request: HttpRequest) -> HttpResponse:
    """One page of what changed between two instants."""

    def act(caller: Caller, _: bytes) -> bytes:
        lists = sharing.shares(caller.id)
        token = request.GET.get("page", "")
        if token:
            place = sharing.unsealed(token[:PARAMETER_CHARACTERS_MAX], caller.id)
        else:
            place = sharing.opened(_when(request, "from", _BEGINNING), _when(request, "to", datetime.now(UTC)))
        page = sharing.page(caller.id, lists, place)
        note_given(page.given, lists, caller.name)
        following = ""
        if page.following is not None:
            asked = {"from": answers.stamp(place.begin), "to": answers.stamp(place.until)}
            following = "/v2/entries?" + urlencode({**asked, "page": sharing.sealed(page.following, caller.id)})
        return answers.entries(page.entries, following)

    return _answered(request, act)


@csrf_exempt
@gate.public("partners sign in with HTTP Basic at each call")
def reasons(request: HttpRequest, kind: str) -> HttpResponse:
    """For which reasons one may be against an entry."""

    def act(_caller: Caller, _body: bytes) -> bytes:
        _known(kind)
        return answers.reasons(REASONS, kind)

    return _answered(request, act)


@csrf_exempt
@gate.public("partners sign in with HTTP Basic at each call")
def feedback(request: HttpRequest, member: int, entry: str, kind: str) -> HttpResponse:
    """A vote for or against one hash of an entry."""

    def act(caller: Caller, body: bytes) -> bytes:
        hash_type = _known(kind)
        of = next((one for one in sharing.shares(caller.id) if one.number == member), None)
        key = _key(entry)
        if of is None or key is None:
            raise SenderError(_NOT_THERE, status=404)
        said = answers.feedback(body)
        why = reasons_of(said.reasons)
        if why is None or (not said.affirmative and not why):
            raise SenderError("Name at least one of the reasons of /v2/feedback/{TYPE}/reasons, and no other.")
        vote(
            Ballot(
                of.compartment,
                of.name,
                key,
                caller.id,
                caller.name,
                hash_type,
                affirmative=said.affirmative,
                reasons=why,
            )
        )
        return answers.submitted()

    return _answered(request, act, method="PUT")


def _answered(request: HttpRequest, act: Callable[[Caller, bytes], bytes], *, method: str = "GET") -> HttpResponse:
    try:
        caller = _caller(request, method)
        sent = _sent(request) if method == "PUT" else b""  # before the transaction: a body may come slowly
        with on_the_road(f"partner:{caller.name}", apart=True):
            code, body = 200, act(caller, sent)
    except SenderError as error:
        code, body = error.status, answers.refusal(error.sentence)
    except (OperatorError, DatabaseError, Busy) as error:
        log.error("%s /hashsharing: %s", request.method, type(error).__name__)  # noqa: TRY400 — no content in the log
        code, body = 503, answers.refusal("The server cannot answer now; ask again later.")
    except Exception:  # the door's boundary: a client must get XML, whatever failed
        log.exception("%s /hashsharing failed", request.method)
        code, body = 500, answers.refusal("Server error; ask again, or tell us the Request-ID.")
    response = HttpResponse(body, status=code, content_type=answers.CONTENT_TYPE)
    response.headers["Request-ID"] = getattr(request, "request_id", "")
    if code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="hashsharing", charset="UTF-8"'
    if code == 405:
        response.headers["Allow"] = method
    if code in {429, 503}:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _caller(request: HttpRequest, method: str) -> Caller:
    username, password = credentials.basic(request.headers.get("Authorization", ""))
    caller = credentials.verified(credentials.caller_named(username), password, client_address(request))
    wait = _throttle.wait_seconds(caller.id, caller.requests_per_minute_max)
    if wait:
        raise SenderError(
            f"More than {caller.requests_per_minute_max} calls in a minute; try again in {wait:.1f} seconds.",
            status=429,
        )
    if request.method != method and not (request.method == "HEAD" and method == "GET"):
        raise SenderError(f"This address takes {method}.", status=405)
    return caller


def _when(request: HttpRequest, name: str, otherwise: datetime) -> datetime:
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    found = instant(text[:PARAMETER_CHARACTERS_MAX])
    if found is None:
        raise SenderError(f"'{name}' is not an instant; write it as 2026-11-22T08:00:00Z.")
    return found


def _known(kind: str) -> str:
    found = kind_of(kind)
    if found is None:
        raise SenderError(_NOT_THERE, status=404)
    return found


def _key(entry: str) -> bytes | None:
    try:
        return bytes.fromhex(entry) if len(entry) == KEY_LETTERS else None
    except ValueError:
        return None


def _sent(request: HttpRequest) -> bytes:
    """The body, whatever it calls itself. Raises SenderError (413) where it is too large."""
    written = request.headers.get("Content-Length", "")
    length = int(written) if written.isascii() and written.isdigit() else None
    if length is None and "Transfer-Encoding" not in request.headers:
        length = 0
    body = Body(request.environ["wsgi.input"], length, "")  # type: ignore[attr-defined]  # a WSGI request has it
    try:
        return body.whole(answers.FEEDBACK_BYTES_MAX)
    finally:
        body.drain()
