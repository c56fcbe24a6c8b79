"""An original before an officer's eyes: as plain text, freed of whoever is masked; in full by a second person. Never
rendered, and each time recorded.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from abhaya.access import session
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.custody.actions import note_view
from abhaya.custody.queries import Item
from abhaya.custody.reading import openable, pieces_of
from abhaya.custody.rules import TEXT_SHOWN_BYTES_MAX, Opening, as_shown, download_name
from abhaya.desk.masking import masked_in
from abhaya.desk.redaction import redact
from abhaya.desk.unmasking import Wanted, permitted
from abhaya.errors import NotPermitted, OfficerError
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason

DOWNLOAD_POLICY = "default-src 'none'; sandbox"  # should a browser show it after all, it can do nothing
NAME_SHOWN_CHARACTERS_MAX = 80


@requires(Permission.DESK_REPORT_READ)
@require_GET
def original(request: OfficerRequest, item_id: UUID) -> HttpResponseBase:
    """The original's very bytes, where nobody in it is masked; else the way to them."""
    asked = _downloadable(item_id, request)
    if masked_in(asked.compartment).is_needed:
        return redirect("desk-original-whole", item_id=item_id)
    return _downloaded(asked, "downloaded")


@requires(Permission.DESK_REPORT_READ)
@require_GET
def text(request: OfficerRequest, item_id: UUID) -> HttpResponse:
    """A text original, letter by letter, hidden characters made visible, and without what names a masked person."""
    asked = openable(item_id)
    if asked.decided.opening is not Opening.TEXT:
        raise OfficerError(_("This original is no short text. Download it instead."))
    shown = as_shown(b"".join(pieces_of(asked)))
    masking = masked_in(asked.compartment)
    redacted = redact(shown.text, masking.hidden)
    note_view(asked, "shown as text, who is masked left out" if masking.is_needed else "shown as text")
    context = {
        "item": asked,
        "shown": shown,
        "text": redacted.text,
        "places": redacted.places,
        "is_masked": masking.is_needed,
    }
    return render(request, "custody/text.html", context)


@requires(Permission.DESK_IDENTITY_SHOW)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def whole(request: OfficerRequest, item_id: UUID) -> HttpResponseBase:
    """The bytes of an original that names a masked person: a second person's permission, or an emergency, for each time."""
    asked = _downloadable(item_id, request)
    masking = masked_in(asked.compartment)
    if not masking.is_needed:
        return redirect("custody-original", item_id=item_id)
    report = masking.reports[0]
    name = asked.shown_name[:NAME_SHOWN_CHARACTERS_MAX]
    what = Reason("approval-unmask-original", {"name": masking.text(name), "number": str(report.number)})
    answer = permitted(request, Wanted(item_id, report, what, _("Open the original in full")))
    if isinstance(answer, HttpResponseBase):
        return answer
    with acting(request.officer.id, name=request.officer.name, purpose=answer):
        return _downloaded(asked, "downloaded, with who is masked")


def _downloadable(item_id: UUID, request: OfficerRequest) -> Item:
    asked = openable(item_id)
    if asked.decided.is_document and not request.officer.may(Permission.CUSTODY_DOCUMENT_OPEN):
        raise NotPermitted(_("A document can hold pictures. Your role never sees any; ask a colleague what it says."))
    return asked


def _downloaded(asked: Item, how: str) -> HttpResponseBase:
    """As an attachment without a type that any program would open by itself."""
    size_bytes = asked.size_bytes or 0
    pieces = pieces_of(asked)
    response: HttpResponseBase
    if size_bytes <= TEXT_SHOWN_BYTES_MAX:  # read in full first, so that damage is told by a page, not by a torn file
        response = HttpResponse(b"".join(pieces), content_type="application/octet-stream")
    else:
        response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    note_view(asked, how)
    response.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=download_name(asked.name, asked.media_type_seen))
    )
    response.headers["Content-Length"] = str(size_bytes)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response
