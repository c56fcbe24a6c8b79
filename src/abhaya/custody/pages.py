"""An original before an officer's eyes: downloaded, or shown as plain text. Never rendered, and each time recorded.

Pictures, film and sound, and whatever may hold them, are not opened here at all.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.custody.actions import note_view
from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.queries import Item, item, read_object
from abhaya.custody.rules import TEXT_SHOWN_BYTES_MAX, Opening, as_shown, download_name
from abhaya.errors import NotPermitted, NotThere, OfficerError, OperatorError

DOWNLOAD_POLICY = "default-src 'none'; sandbox"  # should a browser show it after all, it can do nothing
log = logging.getLogger("abhaya.custody")


@requires(Permission.DESK_REPORT_READ)
@require_GET
def original(request: OfficerRequest, item_id: UUID) -> HttpResponseBase:
    """The original's very bytes, as an attachment without a type that any program would open by itself."""
    asked = _open(item_id)
    if asked.decided.is_document and not request.officer.may(Permission.CUSTODY_DOCUMENT_OPEN):
        raise NotPermitted(_("A document can hold pictures. Your role never sees any; ask a colleague what it says."))
    size_bytes = asked.size_bytes or 0
    pieces = _pieces(asked)
    response: HttpResponseBase
    if (
        size_bytes <= TEXT_SHOWN_BYTES_MAX
    ):  # read in full first, so that damage is told by a page and not by a torn file
        response = HttpResponse(b"".join(pieces), content_type="application/octet-stream")
    else:
        response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    note_view(asked, "downloaded")
    response.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=download_name(asked.name, asked.media_type_seen))
    )
    response.headers["Content-Length"] = str(size_bytes)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response


@requires(Permission.DESK_REPORT_READ)
@require_GET
def text(request: OfficerRequest, item_id: UUID) -> HttpResponse:
    """A text original, letter by letter as it was written, hidden characters made visible."""
    asked = _open(item_id)
    if asked.decided.opening is not Opening.TEXT:
        raise OfficerError(_("This original is no short text. Download it instead."))
    shown = as_shown(b"".join(_pieces(asked)))
    note_view(asked, "shown as text")
    return render(request, "custody/text.html", {"item": asked, "shown": shown})


def _open(item_id: UUID) -> Item:
    """The item, if it may be opened at all. Raises the sentence that says why not."""
    asked = item(item_id)
    decided = asked.decided
    if decided.why_not == "erased":
        raise NotThere(_("The bytes of this item were deleted; only the record of it remains."))
    if decided.opening is Opening.CLOSED:
        raise NotPermitted(
            _("Pictures, film and sound are opened only with a lawful basis. This version does not offer that.")
            if decided.why_not == "media"
            else _(
                "This file may hold pictures, film or sound. Those are opened only with a lawful basis, which this"
                " version does not offer."
            )
        )
    return asked


def _pieces(asked: Item) -> Iterator[bytes]:
    """The bytes. What is missing or torn is told now, what does not open when its turn comes."""
    with _told(asked):
        pieces = read_object(asked.object_id, asked.compartment)
    return _passed_on(asked, pieces)


def _passed_on(asked: Item, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with _told(asked):
        yield from pieces


@contextmanager
def _told(asked: Item) -> Iterator[None]:
    """Damage is told to the operator in the log, with where and how, and to the officer as whom to ask."""
    try:
        yield
    except OriginalDamaged as damaged:
        log.error("item %s: %s", asked.id, damaged.sentence)  # noqa: TRY400 — the sentence says it; a trace says no more
        raise OperatorError(
            _("This original can no longer be read as it was received. Tell your administrator: original %(number)s.")
            % {"number": asked.object_id}
        ) from damaged
