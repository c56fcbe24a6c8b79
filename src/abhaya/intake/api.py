"""The ISPWS door: the seven calls of the CyberTipline Reporting API, under `/ispws/`.

Each call signs in, reads its body as a stream, does one act in one transaction, and answers when that has committed.
Whatever happens the answer is XML with a code and a sentence: clients in the field stop without them. Content types are
not believed, because clients in the field send all of them; the bytes are.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from abhaya.access import gate
from abhaya.access.address import client_address
from abhaya.access.passwords import Busy
from abhaya.custody.vault import Draft, receive_stream, vault
from abhaya.errors import OperatorError, SenderError
from abhaya.intake import credentials, drafts, rules
from abhaya.intake.credentials import Caller
from abhaya.intake.formats import ispws_answers as answers
from abhaya.intake.formats import ispws_schema, ncmec_xml, safe_xml
from abhaya.intake.formats.http_body import Body
from abhaya.intake.formats.ispws_grammar import SCHEMA_PATH
from abhaya.intake.formats.multipart import Part
from abhaya.shared.identity import on_the_road
from abhaya.shared.throttle import Throttle
from abhaya.web import errors

DOOR = "/ispws"
EARLY_LOOK_BYTES = 1024 * 1024  # from here an upload's report is looked up before its bytes are read
NUMBER_MAX = 2**63 - 1
RETRY_SECONDS = 5

log = logging.getLogger("abhaya.door")
_throttle = Throttle()


@dataclass(frozen=True, slots=True)
class Call:
    """One of the calls: which method it takes, and what it does for a caller."""

    method: str
    act: Callable[[Caller, Body, HttpRequest], bytes]


@csrf_exempt
@gate.public("machine senders sign in with HTTP Basic at each call")
def door(request: HttpRequest, name: str = "") -> HttpResponse:
    """Every address under /ispws/."""
    name = name.strip("/")
    if name in PUBLISHED and request.method in {"GET", "HEAD"}:
        return _published(name)
    try:
        status, body = _answered(request, name)
    except SenderError as error:
        status, body = error.status, answers.report_response(error.code, error.sentence)
    except (OperatorError, DatabaseError, Busy) as error:
        log.error("%s /ispws/%s: %s", request.method, name[:20], type(error).__name__)  # noqa: TRY400 — no content in the log
        status, body = (
            503,
            answers.report_response(
                answers.SERVER_ERROR, "The server cannot take this now. Nothing of this call was kept; send it again."
            ),
        )
    except Exception:  # the door's boundary: a client must get XML, whatever failed
        log.exception("%s /ispws/%s failed", request.method, name[:20])
        status, body = (
            500,
            answers.report_response(
                answers.SERVER_ERROR,
                "Server error. Nothing of this call was kept; send it again, or ask with the Request-ID.",
            ),
        )
    return _response(request, name, status, body)


@gate.public("an error's page shows nothing of anybody's")
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before any view: a host name that is not this server's, above all. XML at the door, too."""
    if not request.path.startswith(DOOR):
        return errors.bad_request(request, exception)
    told = "The request is not one for this server."
    if isinstance(exception, DisallowedHost):
        told = f"This server does not answer to the host name {request.META.get('HTTP_HOST', '')[:100]!r}; see ABHAYA_HOSTS."
    return _response(request, "", 400, answers.report_response(answers.INVALID_REQUEST, told))


def _response(request: HttpRequest, name: str, status: int, body: bytes) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=answers.CONTENT_TYPE)
    response.headers["Request-ID"] = getattr(request, "request_id", "")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="ispws", charset="UTF-8"'
    if status == 405:
        response.headers["Allow"] = CALLS[name].method if name in CALLS else "GET"
    if status in {429, 503}:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _published(name: str) -> HttpResponse:
    """What anybody may read: a validator that follows a document's schema location has no credentials."""
    file, content_type = PUBLISHED[name]
    return HttpResponse((SCHEMA_FOLDER / file).read_bytes(), content_type=content_type)


def _answered(request: HttpRequest, name: str) -> tuple[int, bytes]:
    call = CALLS.get(name)
    if name in PUBLISHED:
        raise SenderError(f"/{name} takes GET.", code=answers.INVALID_REQUEST, status=405)
    caller = _caller(request)
    if call is None:
        raise SenderError(
            f"There is no call of that name here; the calls are {', '.join(sorted(CALLS))}.",
            code=answers.RESOURCE_NOT_FOUND,
            status=404,
        )
    if request.method != call.method and not (request.method == "HEAD" and call.method == "GET"):
        raise SenderError(f"/{name} takes {call.method}.", code=answers.INVALID_REQUEST, status=405)
    body = _body(request)
    try:
        return 200, call.act(caller, body, request)
    finally:
        body.drain()


def _caller(request: HttpRequest) -> Caller:
    username, password = credentials.basic(request.headers.get("Authorization", ""))
    known = credentials.caller_named(username)
    caller = credentials.verified(known, password, client_address(request))
    wait = _throttle.wait_seconds(caller.id, caller.requests_per_minute_max)
    if wait:
        raise SenderError(
            f"More than {caller.requests_per_minute_max} calls in a minute; try again in {wait:.1f} seconds.",
            code=answers.INVALID_REQUEST,
            status=429,
        )
    return caller


def _body(request: HttpRequest) -> Body:
    """The body itself: Django's own reading of it knows no chunked ones."""
    encoding = request.headers.get("Content-Encoding", "identity")
    if encoding.lower() not in {"identity", ""}:
        raise SenderError("A compressed body is not taken; send it as it is.", code=answers.INVALID_REQUEST, status=415)
    written = request.headers.get("Content-Length", "")
    length = int(written) if written.isascii() and written.isdigit() else None
    if length is None and "Transfer-Encoding" not in request.headers:
        length = 0
    return Body(request.environ["wsgi.input"], length, request.headers.get("Content-Type", ""))  # type: ignore[attr-defined]  # a WSGI request has it


# ---- the calls ----


def _status(caller: Caller, _: Body, request: HttpRequest) -> bytes:
    told = f"Remote User : {caller.username}, Remote Ip : {client_address(request)}"
    return answers.report_response(answers.SUCCESS, told)


def _submit(caller: Caller, body: Body, request: HttpRequest) -> bytes:
    document = body.whole(safe_xml.XML_BYTES_MAX)
    root = safe_xml.parse(document, charset=_charset(request))
    ispws_schema.require(root, "report", strict=settings.ISPWS_STRICT)
    read = ncmec_xml.read_tree(root)
    findings = rules.report_findings(read, datetime.now(UTC))
    _refuse(findings)
    with on_the_road(f"sender:{caller.name}", apart=True):
        number = drafts.open_draft(caller.sender(), document)
    return answers.report_response(answers.SUCCESS, _success(rules.notices(findings, read)), report_id=number)


def _upload(caller: Caller, body: Body, _: HttpRequest) -> bytes:
    upload = _Upload()
    try:
        for part in body.parts():
            upload.take(part, caller, body)
        number, draft = upload.whole()
        with on_the_road(f"sender:{caller.name}", apart=True):
            file_id, md5 = drafts.add_file(caller.sender(), number, draft, upload.name, upload.media_type)
    except SenderError:  # refused, and rolled back for certain: the stored bytes are nobody's
        upload.discard()
        raise
    return answers.report_response(answers.SUCCESS, "Success", report_id=number, file_id=file_id, md5=md5)


class _Upload:
    """The two parts of an upload, in whichever order they come."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.draft: Draft | None = None
        self.name = self.media_type = ""

    def take(self, part: Part, caller: Caller, body: Body) -> None:
        if part.name == "id" and part.filename is None:
            self.number = _number(part.text())
            if body.length_bytes is None or body.length_bytes >= EARLY_LOOK_BYTES:
                _look_early(caller, self.number)
        elif part.name != "file" and part.filename is None:
            part.text()  # a field of somebody's own
        elif self.draft is not None:
            raise SenderError("One call takes one file; send the others in calls of their own.")
        else:
            self.name, self.media_type = part.filename or "", part.media_type
            self.draft = _received(part, caller)

    def whole(self) -> tuple[int, Draft]:
        if self.draft is None or not self.draft.size_bytes:
            raise SenderError(
                "The upload holds no file: send its bytes as the part 'file'.", code=answers.MALFORMED_FILE
            )
        if self.number is None:
            raise SenderError("The upload does not say to which report it belongs: send the field 'id'.")
        return self.number, self.draft

    def discard(self) -> None:
        if self.draft is not None:
            vault().discard(self.draft)


def _look_early(caller: Caller, number: int) -> None:
    """Refuses an upload to an ended report before its bytes are read."""
    with on_the_road(f"sender:{caller.name}", apart=True):
        drafts.locked(caller.sender(), number)


def _received(part: Part, caller: Caller) -> Draft:
    """The file on disk. Raises SenderError: above the sender's limit 413 with code 4200."""
    try:
        return receive_stream(part.pieces, size_bytes_max=caller.file_bytes_max)
    except SenderError as error:
        if error.status == 413:
            raise SenderError(
                f"The file is larger than the {caller.file_bytes_max} bytes that this sender may upload.",
                code=answers.MALFORMED_FILE,
                status=413,
            ) from error
        raise
    except OperatorError as error:
        raise SenderError(
            "The file could not be stored; nothing of it was kept. Send it again later.",
            code=answers.FILE_UPLOAD_FAILED,
            status=503,
        ) from error


def _fileinfo(caller: Caller, body: Body, request: HttpRequest) -> bytes:
    document = body.whole(safe_xml.XML_BYTES_MAX)
    root = safe_xml.parse(document, charset=_charset(request))
    ispws_schema.require(root, "fileDetails", strict=settings.ISPWS_STRICT)
    read = ncmec_xml.read_details(root)
    findings = rules.file_findings(read, datetime.now(UTC))
    _refuse(findings)
    file = read.files[0]
    number = _number(dict(file.said).get("reportId", ""))
    with on_the_road(f"sender:{caller.name}", apart=True):
        drafts.describe_file(caller.sender(), number, file.file_ref, document)
    return answers.report_response(answers.SUCCESS, _success(rules.notices(findings, read)), report_id=number)


def _finish(caller: Caller, body: Body, _: HttpRequest) -> bytes:
    number = _number(body.field("id"))
    with on_the_road(f"sender:{caller.name}", apart=True):
        file_ids = drafts.finish(caller.sender(), number)
    return answers.report_done_response(number, file_ids)


def _retract(caller: Caller, body: Body, _: HttpRequest) -> bytes:
    number = _number(body.field("id"))
    with on_the_road(f"sender:{caller.name}", apart=True):
        drafts.retract(caller.sender(), number)
    return answers.report_response(answers.SUCCESS, "Success", report_id=number)


SCHEMA_FOLDER = SCHEMA_PATH.parent
PUBLISHED = {
    "xsd": (SCHEMA_PATH.name, answers.CONTENT_TYPE),
    "openapi.json": ("ispws-openapi.json", "application/json"),
}
CALLS: dict[str, Call] = {
    "status": Call("GET", _status),
    "submit": Call("POST", _submit),
    "upload": Call("POST", _upload),
    "fileinfo": Call("POST", _fileinfo),
    "finish": Call("POST", _finish),
    "retract": Call("POST", _retract),
}


# ---- small things ----


def _number(text: str) -> int:
    """A report's number. One that cannot be a number of ours never was one."""
    if not text:
        raise SenderError("The field 'id' is missing: it is the reportId that /submit answered.")
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise SenderError("The field 'id' is not a number: it is the reportId that /submit answered.")
    number = int(text[:40])
    if not 0 < number <= NUMBER_MAX:
        raise SenderError(f"Report {text[:40]} does not exist.", code=drafts.REPORT_DOES_NOT_EXIST, status=404)
    return number


def _charset(request: HttpRequest) -> str:
    return (request.content_params or {}).get("charset", "")


def _refuse(findings: list[rules.Finding]) -> None:
    why = rules.refusal(findings)
    if why:
        raise SenderError(f"Validation failed. {why}", code=ispws_schema.INVALID)


def _success(notices: list[str]) -> str:
    return f"Success. Noted: {' '.join(notices)}" if notices else "Success"
