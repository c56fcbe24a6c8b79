"""The ledger's pages: its entries, its check, and a checkpoint to print.

They stand here because the gate is above the ledger's own room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk.forms_ledger import HandedForm, LedgerFilter
from abhaya.desk.ledger_words import WORDS
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger import jobs, queries
from abhaya.ledger.actions import Act, departed, record
from abhaya.ledger.events import Event
from abhaya.ledger.models import Departure
from abhaya.ledger.reasons import SENTENCES
from abhaya.shared.jobs import defer
from abhaya.shared.late import late
from abhaya.web.pager import PAGE_ROWS, after_of, page_of

segno = late("segno")

LEFT_HOURS_MAX = 7 * 24  # a checkpoint a week leaves the machine, where no witness is asked by itself
RECENT_CHECK_SECONDS_MAX = 3600  # the page looks for a check asked for, for as long as the longest may take


@dataclass(frozen=True, slots=True)
class State:
    """How far the ledger is signed, and how far somebody else could prove it."""

    signed: queries.Signed | None
    left: queries.Left | None
    outsiders: Sequence[queries.Outsider] = ()

    @property
    def is_late(self) -> bool:
        """Whether entries wait for somebody outside for longer than a unit should let them."""
        if not self.unproven or self.signed is None:
            return False
        since = self.left.at if self.left else None
        return since is None or timezone.now() - since > timedelta(hours=LEFT_HOURS_MAX)

    @property
    def unproven(self) -> int:
        """Entries since the last checkpoint that somebody outside holds."""
        return (self.signed.size if self.signed else 0) - (self.left.size if self.left else 0)


@requires(Permission.LEDGER_LEDGER_READ)
@require_safe
def entries(request: OfficerRequest) -> HttpResponse:
    """The newest entries that the reader may see. Reading them is an entry itself."""
    form = LedgerFilter(request.GET)
    after = after_of(request, 1)
    asked = form.asked() if form.is_valid() else queries.Filter()
    before = UUID(str(after[0])) if after else None
    found = queries.newest(asked, before=before, most=PAGE_ROWS + 1)
    paged = page_of(found, lambda line: [str(line.id)], after=after)
    record([Act(Event.LEDGER_LEDGER_READ, facts={**form.facts(), "rows": len(paged.rows)})])
    language = get_language() or "en"
    rows = [(line, line.sentence(language, WORDS)) for line in paged.rows]
    context = {
        "form": form,
        "rows": rows,
        "paged": paged,
        "state": state(),
        "filtered": asked != queries.Filter(),
        "may_see_looks": request.officer.may(Permission.LEDGER_LOOKS_READ),
        "sentences": SENTENCES,
    }
    return render(request, "desk/ledger_entries.html", context, status=200 if form.is_valid() else 422)


@requires(Permission.LEDGER_LEDGER_CHECK)
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """What the last check found; while one that was asked for runs, the page looks for its result."""
    last = queries.last_check()
    asked_at = _instant(request.GET.get("since", ""))
    running_seconds = timezone.now().timestamp() - asked_at
    waiting = 0 <= running_seconds < RECENT_CHECK_SECONDS_MAX and (last is None or last.at.timestamp() < asked_at)
    context = {"last": last, "state": state(), "waiting": waiting, "sentences": SENTENCES}
    return render(request, "desk/ledger_check.html", context)


@requires(Permission.LEDGER_LEDGER_CHECK)
@require_POST
def ask_for_check(_request: HttpRequest) -> HttpResponse:
    """A check is minutes of reading: a worker does it."""
    defer(jobs.CHECK)
    return HttpResponseRedirect(f"{reverse('ledger-check')}?since={int(timezone.now().timestamp() * 1000)}")


@requires(Permission.LEDGER_LEDGER_CHECK, Permission.LEDGER_LEDGER_READ)
@require_safe
def newest_checkpoint(_request: HttpRequest) -> HttpResponse:
    """The one to print."""
    signed = queries.last_checkpoint()
    if signed is None:
        raise NotThere(_("Nothing has been signed yet: the ledger is empty."))
    return HttpResponseRedirect(reverse("ledger-checkpoint", args=[signed.size]))


@requires(Permission.LEDGER_LEDGER_CHECK, Permission.LEDGER_LEDGER_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """One checkpoint as a page to print; posting says who holds it now."""
    signed = _signed(size)
    form = HandedForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                departed(size, signed.root, Departure.How(form.cleaned_data["how"]), form.cleaned_data["recipient"])
            except OfficerError as refusal:
                form.add_error("recipient", refusal.sentence)
            else:
                messages.success(request, _("Recorded: from here on nobody can change these entries unseen."))
                return HttpResponseRedirect(reverse("ledger-checkpoint", args=[size]))
    context = {
        "signed": signed,
        "stated": signed.stated,
        "qr": _qr(signed.note),
        "departures": queries.departures(size),
        "form": form,
    }
    return render(request, "desk/ledger_checkpoint.html", context, status=status)


@requires(Permission.LEDGER_LEDGER_CHECK, Permission.LEDGER_LEDGER_READ)
@require_safe
def checkpoint_file(_request: HttpRequest, size: int) -> HttpResponse:
    """The signed note as a file, for `verify --checkpoint`."""
    response = HttpResponse(_signed(size).note, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="checkpoint-{size}.txt"'
    return response


def state() -> State:
    """As every page of the ledger says beside what it shows."""
    return State(queries.last_checkpoint(), queries.last_departure(), queries.outsiders())


def _signed(size: int) -> queries.Signed:
    signed = queries.checkpoint(size)
    if signed is None:
        raise NotThere(_("There is no checkpoint at this number of entries."))
    return signed


def _qr(note: str) -> SafeString:
    drawn = segno.make(note, error="m", micro=False)
    svg: str = drawn.svg_inline(
        scale=3, border=4, omitsize=True, svgclass="qr", lineclass="qr-dark", dark="#000", light="#fff"
    )
    return mark_safe(svg)  # noqa: S308 — drawn by us: paths and numbers only


def _instant(milliseconds: str) -> float:
    """POSIX seconds from our own query string; the beginning of time from anybody else's."""
    is_ours = milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 15
    return int(milliseconds) / 1000 if is_ours else 0.0
