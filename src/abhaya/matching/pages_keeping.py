"""Hash lists brought in, opened to units, shared with partners, voted on, ended, taken out. No page here shows a picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abhaya.access.actions import ApprovalKind, NeedsSecondPerson, ask, spend
from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.limits import costly
from abhaya.access.permissions import Permission
from abhaya.access.queries import units
from abhaya.errors import NotThere, OfficerError
from abhaya.matching import listing
from abhaya.matching.actions import NewList, by_officers, write_list
from abhaya.matching.actions.by_officers import Brought
from abhaya.matching.actions.changes import Said
from abhaya.matching.forms import (
    ChangeForm,
    EndForm,
    NewListForm,
    OpenForm,
    OutForm,
    ReadForm,
    ShareForm,
    VersionForm,
    VoteForm,
)
from abhaya.matching.listing import ListShown
from abhaya.matching.lists import list_named
from abhaya.matching.reasons import LOST
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason

FILE_ENTRIES_MAX = 200_000  # taken out on a page; a larger list is the operator's: abhaya lists export
IN_MEMORY_BYTES_MAX = 8 * 1024 * 1024
SUFFIXES = {"csv": "csv", "icse": "csv", "nsrl": "csv", "hash-sharing": "xml", "signals": "txt"}  # the others: json


@requires(Permission.MATCHING_LIST_ENTER)
@with_road("a list and its versions are written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest) -> HttpResponse:
    """A list that is not here yet; the officer's unit answers for it."""
    is_sent = request.method == "POST"
    form = NewListForm(request.POST if is_sent else None, request.FILES if is_sent else None, schemes=listing.schemes())
    if is_sent and form.is_valid():
        said = form.cleaned_data
        kept = NewList(
            said["name"], request.officer.unit_id, said["source"], said["licence"], said["scheme"], said["purpose"],
            said["vouched"], said["vouched_basis"],
        )  # fmt: skip
        made: list[UUID] = []
        if _done(form, lambda: made.append(by_officers.take_in_new(kept, _brought(form)))):
            messages.success(request, _("The file is kept; it is being read."))
            return redirect("matching-list", list_id=made[0])
    return _asked(request, form, None, _("Take in a hash list"), _("Take it in"), is_upload=True)


@requires(Permission.MATCHING_LIST_ENTER)
@with_road("a list and its versions are written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: OfficerRequest, list_id: UUID) -> HttpResponse:
    """A newer version of a list, or changes to it."""
    row = _own(request, list_id)
    is_sent = request.method == "POST"
    form = VersionForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid() and _done(form, lambda: by_officers.take_in_version(row.name, _brought(form))):
        messages.success(request, _("The file is kept; it is being read."))
        return redirect("matching-list", list_id=list_id)
    return _asked(request, form, row, _("Take in a newer version"), _("Take it in"), is_upload=True)


@requires(Permission.MATCHING_LIST_DECIDE)
@with_road("what a list says of itself is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, list_id: UUID) -> HttpResponse:
    """Who keeps the list, on which terms, and whose codes stand in it: changed, with a reason."""
    row = _own(request, list_id)
    schemes = sorted({*listing.schemes(), row.scheme} - {""})
    held = {"source": row.source, "licence": row.licence, "scheme": row.scheme}
    form = ChangeForm(request.POST if request.method == "POST" else None, schemes=schemes, initial=held)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        words = Said(said["source"], said["licence"], said["scheme"])
        if _done(form, lambda: by_officers.change(row.name, words, said["reason"])):
            messages.success(request, _("Changed. What stood there before is kept."))
            return redirect("matching-list", list_id=list_id)
    note = _("Matches that were found keep what the list said then; categories are read by the new codes.")
    return _asked(request, form, row, _("Change what it says of itself"), _("Change it"), note=note)


@requires(Permission.MATCHING_LIST_DECIDE)
@costly
@with_road("where a list is read from is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: OfficerRequest, list_id: UUID) -> HttpResponse:
    """From which exchange the list is read: chosen, paused, ended. How that is reached, an operator laid down."""
    row = _own(request, list_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    doors = {name: door.address for name, door in by_officers.exchanges().items()}
    form = ReadForm(request.POST if act == "read" else None, exchanges=doors)
    refused, is_done = "", False
    if act == "read":
        is_done = form.is_valid() and _done(
            form, lambda: by_officers.read_from(row.name, form.cleaned_data["exchange"])
        )
    elif act in {"paused", "on", "removed"}:
        refused = by_officers.refused(lambda: by_officers.change_reading(row.name, act))
        is_done = not refused
    elif act:
        raise NotThere(_("There is nothing here for you."))
    if is_done:
        messages.success(request, _("Done."))
        return redirect("matching-list-reading", list_id=list_id)
    context = {"list": row, "form": form, "has_exchanges": bool(doors), "refused": refused}
    return render(request, "matching/reading.html", context, status=422 if refused or form.errors else 200)


@requires(Permission.MATCHING_LIST_DECIDE)
@with_road("what an ended list had found is opened again by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OfficerRequest, list_id: UUID) -> HttpResponse:
    """Ends a list: what it found is open again."""
    row = _own(request, list_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    opened: list[int] = []
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _done(form, lambda: opened.append(by_officers.end(row.name, reason))):
            said = ngettext(
                "The list is ended. %(count)d match that rested on it is open again.",
                "The list is ended. %(count)d matches that rested on it are open again.",
                opened[0],
            )
            messages.success(request, said % {"count": opened[0]})
            return redirect("matching-list", list_id=list_id)
    note = _(
        "Nothing of it finds anything any more. It cannot be taken up again; its source can bring it under another name."
    )
    return _asked(request, form, row, _("End this list"), _("End it"), note=note, is_grave=True)


@requires(Permission.MATCHING_LIST_ENTER)
@with_road("what an entry is worth is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: OfficerRequest, list_id: UUID) -> HttpResponse:
    """The unit's word on an entry. Two for it may make it known, one against it makes it only look known."""
    row = _row(list_id)
    initial = {"hash": request.GET.get("hash", "")[:200]}
    form = VoteForm(request.POST if request.method == "POST" else None, initial=initial)
    counts: list[int] = []
    if form.is_bound and form.is_valid():
        key = f"{form.kind}:{form.cleaned_data['hash'].partition(':')[2].strip()}"
        if _done(form, lambda: counts.append(by_officers.vote(row, request.officer, key, against=form.against))):
            said = ngettext("Noted for %(count)d entry.", "Noted for %(count)d entries.", counts[0])
            messages.success(request, said % {"count": counts[0]})
            return redirect("matching-list", list_id=list_id)
    note = _(
        "It counts once for your unit; said again, the newer stands. Two for it make an entry one that may be known;"
        " one against it makes it only look known. What rested on it is looked at again."
    )
    return _asked(request, form, row, _("Vote on an entry"), _("Vote"), note=note)


@requires(Permission.MATCHING_LIST_DECIDE)
@with_road("whom a list is shared with is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def given(request: OfficerRequest, list_id: UUID) -> HttpResponse:
    """To which units the list is open and with which partners it is shared; both are begun and ended here."""
    row = _own(request, list_id)
    held = by_officers.given(list_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    opening = OpenForm(request.POST if act == "open" else None, units=_units(held, row), auto_id="open-%s")
    sharing = ShareForm(request.POST if act == "share" else None, partners=held.partners, auto_id="share-%s")
    refused = ""
    if act:
        refused, is_done = _given(request, row, act, opening, sharing)
        if is_done:
            return redirect("matching-list-given", list_id=list_id)
    context = {"list": row, "held": held, "opening": opening, "sharing": sharing, "refused": refused}
    is_wrong = bool(refused or opening.errors or sharing.errors)
    return render(request, "matching/given.html", context, status=422 if is_wrong else 200)


@requires(Permission.MATCHING_LIST_DECIDE)
@costly
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: OfficerRequest, list_id: UUID) -> HttpResponseBase:
    """The list as a file: asked first, handed out once a second person has said yes."""
    row = _own(request, list_id)
    form = OutForm(request.POST if request.method == "POST" else None, initial={"form": request.GET.get("form", "")})
    if form.is_bound and form.is_valid():
        if (row.live or 0) > FILE_ENTRIES_MAX:
            form.add_error(None, _("The list is too large for a page. An operator writes it with: abhaya lists export"))
        else:
            return _handed_out(request, row, form.cleaned_data["form"], form.cleaned_data["purpose"])
    note = _(
        "It leaves the house: a second person agrees first, and the ledger keeps who, what for, and the file’s SHA-256."
    )
    return _asked(request, form, row, _("Take the list out as a file"), _("Ask, or take it"), note=note)


def _handed_out(request: OfficerRequest, row: ListShown, form: str, purpose: str) -> HttpResponseBase:
    officer, target = request.officer, uuid5(row.id, f"file {form}")
    try:
        spent = spend(ApprovalKind.EXPORT, target, officer)
    except NeedsSecondPerson:
        what = Reason("approval-export-list", {"list": row.name, "form": form, "entries": row.live or 0})
        page = f"{reverse('matching-list-file', args=[row.id])}?form={form}"
        ask(ApprovalKind.EXPORT, target, row.id, purpose, officer, what=what, page=page)
        messages.success(request, _("A second person is asked. When they have said yes, take the file here."))
        return redirect("matching-list", list_id=row.id)
    of = list_named(row.name)
    if of is None:
        raise NotThere(_("There is nothing here for you."))
    out = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES_MAX)  # noqa: SIM115 — the answer closes it when it was sent
    with acting(officer.id, name=officer.name, purpose=spent.purpose):
        told = write_list(of, form, out.write)
    place = 1 if (get_language() or "en").startswith("hi") else 0
    for code, count in sorted(told.lost.items()):
        messages.warning(request, f"{count:,} {LOST[code][place]}")
    out.seek(0)
    name = f"list-{row.id}.{SUFFIXES.get(form, 'json')}"
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/octet-stream")


def _given(
    request: OfficerRequest, row: ListShown, act: str, opening: OpenForm, sharing: ShareForm
) -> tuple[str, bool]:
    """One act on the page of openings: what refuses it, and whether it was done."""
    if act == "open":
        return "", opening.is_valid() and _done(
            opening,
            lambda: by_officers.open_to_unit(row, UUID(opening.cleaned_data["unit"]), opening.cleaned_data["basis"]),
        )
    if act == "share":
        return "", sharing.is_valid() and _done(
            sharing, lambda: by_officers.share(row.name, sharing.cleaned_data["partner"], sharing.end())
        )
    if act == "close":
        return "", _closed(row, request.POST.get("unit", ""))
    if act == "unshare":
        refused = by_officers.refused(lambda: by_officers.end_share(row.name, request.POST.get("partner", "")))
        return refused, not refused
    raise NotThere(_("There is nothing here for you."))


def _closed(row: ListShown, unit: str) -> bool:
    try:
        by_officers.close_to_unit(row, UUID(unit))
    except ValueError as problem:
        raise NotThere(_("There is nothing here for you.")) from problem
    return True


def _units(held: by_officers.Given, row: ListShown) -> list[tuple[UUID, str]]:
    """Active units to which the list is not open, by name as the tree has them."""
    has = {one.viewer for one in held.openings} | {row.unit_id}
    is_hindi = (get_language() or "en").startswith("hi")
    return [
        (unit.id, (unit.name_hi if is_hindi else "") or unit.name)
        for unit in units()
        if unit.is_active and unit.id not in has
    ]


def _brought(form: forms.Form) -> Brought:
    said: dict[str, Any] = form.cleaned_data
    return Brought(said["version"], said["dated"], said["upload"], said.get("accept_withdrawals", False))


def _row(list_id: UUID) -> ListShown:
    row = next(iter(listing.lists(list_id)), None)
    if row is None:
        raise NotThere(_("There is nothing here for you."))
    if row.ended_at is not None:
        raise OfficerError(_("The list was ended; nothing more is done with it."))
    return row


def _own(request: OfficerRequest, list_id: UUID) -> ListShown:
    row = _row(list_id)
    by_officers.refuse_others(row, request.officer)
    return row


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Does it, or says in the form what refuses it; what was half done then is undone."""
    with transaction.atomic():
        refused = by_officers.refused(act)
        transaction.set_rollback(bool(refused))
    if refused:
        form.add_error(None, refused)
    return not refused


def _asked(
    request: OfficerRequest,
    form: forms.Form,
    row: ListShown | None,
    heading: str,
    action: str,
    *,
    note: str = "",
    is_upload: bool = False,
    is_grave: bool = False,
) -> HttpResponse:
    """One question about a list, with its form."""
    context = {
        "form": form, "list": row, "heading": heading, "action": action, "note": note, "is_upload": is_upload,
        "is_grave": is_grave,
    }  # fmt: skip
    return render(request, "matching/ask.html", context, status=422 if form.errors else 200)
