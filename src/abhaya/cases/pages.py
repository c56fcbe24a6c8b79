"""Cases: my own, a new one, one with everything in it. To whoever is no member a case is not there, whatever is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access.actions import WORK, admit, end_membership
from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.permissions import Permission
from abhaya.access.queries import MemberRow, colleagues, members
from abhaya.cases import actions, queries
from abhaya.cases.forms import (
    AttachForm,
    CaseForm,
    ChangeForm,
    MemberForm,
    NoteForm,
    ReasonForm,
    SpeakForm,
    WatchForm,
)
from abhaya.cases.words import LEDGER, STATES, THINGS
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger import queries as ledger
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES
from abhaya.web.pager import PAGE_ROWS, after_of, page_of
from abhaya.web.rooms import counted_by

WORDS = {"kind_names": KIND_NAMES, "things": THINGS, "role_names": ROLE_NAMES, "states": STATES}
LOOKS = frozenset({Event.CASES_CASE_VIEWED.value, Event.DESK_REPORT_VIEWED.value, Event.CUSTODY_ITEM_VIEWED.value})
Found = TypeVar("Found")


@requires(Permission.CASES_CASE_WORK)
@require_safe
def mine(request: OfficerRequest) -> HttpResponse:
    """The officer's own cases, and nobody else's."""
    after = after_of(request, 3)
    rows = queries.my_cases(after=after, most=PAGE_ROWS + 1)
    paged = page_of(rows, lambda row: [row.state, row.made_at.timestamp(), str(row.id)], after=after)
    waiting = queries.pending_in(request.officer.id)
    return render(request, "cases/mine.html", {"rows": paged.rows, "paged": paged, "waiting": waiting, **WORDS})


@requires(Permission.CASES_CASE_WORK)
@with_road("who sees a case is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest) -> HttpResponse:
    form = CaseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        case_id = actions.open_case(request.officer, **form.cleaned_data)
        messages.success(request, _("The case is open. You are its first member and its liaison."))
        return redirect("cases-case", case_id=case_id)
    return render(request, "cases/new.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.CASES_CASE_WORK)
@require_safe
def talk(request: OfficerRequest) -> HttpResponse:
    """The officer's cases, and reports open to the unit, about which somebody of another unit is to be talked to."""
    rows = {"rows": queries.told(request.officer.unit_id), "met": queries.met()}
    return render(request, "cases/talk.html", {**rows, **WORDS})


@requires(Permission.CASES_PROBING_READ)
@require_safe
def probing(request: OfficerRequest) -> HttpResponse:
    """For the auditor: whose searches touched others' protected work too often. Who and how often, not what."""
    return render(request, "cases/probing.html", {"rows": queries.probing()})


@requires(Permission.CASES_CASE_WORK)
@require_safe
def case(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """One case, everything in it on one page. Showing it is an act in its own road."""
    row = _mine(case_id)
    language = get_language() or "en"
    hits = queries.hits(case_id)
    lines = [(line, line.sentence(language, LEDGER)) for line in reversed(ledger.lines_of(case_id))]
    context = {
        "case": row,
        "works": row.level == WORK,
        "members": members(case_id),
        "attached": queries.attached(case_id),
        "watched": queries.watched(case_id),
        "seen_in": queries.seen_in(case_id),
        "hits": hits,
        "notes": queries.notes(case_id),
        "history": [pair for pair in lines if pair[0].event not in LOOKS],
        "looks": [pair for pair in lines if pair[0].event in LOOKS],
        "note_form": NoteForm(auto_id="note-%s"),
        **WORDS,
    }
    record([Act(Event.CASES_CASE_VIEWED, case_id, case_id)])
    return render(request, "cases/case.html", context)


@requires(Permission.CASES_CASE_WORK)
@with_road("who was told of the old liaison hears of the new one")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    row = _mine(case_id)
    staying = [(one.id, one.name) for one in members(case_id) if _stays(one)]
    initial = {"title": row.title, "contact": row.contact, "liaison": str(row.liaison_id)}
    form = ChangeForm(request.POST if request.method == "POST" else None, members=staying, initial=initial)

    def act() -> None:
        given = form.cleaned_data
        liaison = UUID(given["liaison"])
        actions.change_case(case_id, title=given["title"], contact=given["contact"], liaison=liaison)

    return _asked(request, row, form, act, heading=_("Change the case"), action=_("Save"))


@requires(Permission.CASES_CASE_WORK)
@with_road("what came while it was closed is the road's to compare")
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """Closes an open case, takes up a closed one."""
    row = _mine(case_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    do = actions.close_case if row.is_open else actions.reopen_case
    heading = _("Close the case") if row.is_open else _("Take the case up again")
    return _asked(request, row, form, lambda: do(case_id, form.cleaned_data["reason"]), heading=heading, action=heading)


@requires(Permission.CASES_CASE_WORK)
@with_road("who sees a case is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """Lets an officer in, or changes a member's level and end."""
    row = _mine(case_id)
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        colleagues=colleagues(),
        initial={"officer": request.GET.get("officer", ""), "level": WORK},
    )

    def act() -> None:
        given = form.cleaned_data
        officer = UUID(given["officer"])
        if officer == row.liaison_id and (given["level"] != WORK or form.end() is not None):
            raise OfficerError(_("This officer is the liaison. Name another liaison first."))
        admit(case_id, officer, level=given["level"], basis=given["basis"], until=form.end())

    return _asked(request, row, form, act, heading=_("A member for a time"), action=_("Let in"))


@requires(Permission.CASES_CASE_WORK)
@with_road("who sees a case is written by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def end_member(request: OfficerRequest, case_id: UUID, member_id: UUID) -> HttpResponse:
    row = _mine(case_id)
    found = _there(next((one for one in members(case_id) if one.id == member_id), None))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        if member_id == row.liaison_id:
            raise OfficerError(_("This officer is the liaison. Name another liaison first."))
        end_membership(case_id, member_id, form.cleaned_data["reason"])

    heading = _("End the membership of %(name)s") % {"name": found.name}
    return _asked(request, row, form, act, heading=heading, action=_("End it now"))


@requires(Permission.CASES_CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    row = _mine(case_id)
    form = NoteForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.add_note(case_id, request.officer.id, form.cleaned_data["text"])

    return _asked(request, row, form, act, heading=_("Write a note"), action=_("Write"))


@requires(Permission.CASES_CASE_WORK)
@with_road("an attached report opens to the case's members")
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    row = _mine(case_id)
    given = request.POST if request.method == "POST" else None
    form = AttachForm(given, initial={"number": request.GET.get("number", "")})
    return _asked(
        request, row, form,
        lambda: actions.attach(case_id, request.officer.id, form.cleaned_data["number"], form.cleaned_data["reason"]),
        heading=_("Attach a report"), action=_("Attach"),
    )  # fmt: skip


@requires(Permission.CASES_CASE_WORK)
@with_road("a detached report closes to the case's members")
@require_http_methods(["GET", "HEAD", "POST"])
def detach(request: OfficerRequest, case_id: UUID, attachment_id: UUID) -> HttpResponse:
    row = _mine(case_id)
    found = _there(queries.attachment(case_id, attachment_id))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.detach(found, request.officer.id, form.cleaned_data["reason"])

    return _asked(request, row, form, act, heading=_("Detach the report"), action=_("Detach"))


@requires(Permission.CASES_CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    row = _mine(case_id)
    form = WatchForm(request.POST if request.method == "POST" else None)
    return _asked(
        request, row, form, lambda: actions.watch(case_id, request.officer.id, **form.cleaned_data),
        heading=_("Note an identifier"), action=_("Note it"),
    )  # fmt: skip


@requires(Permission.CASES_CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def end_watch(request: OfficerRequest, case_id: UUID, watch_id: UUID) -> HttpResponse:
    row = _mine(case_id)
    found = _there(queries.watched_one(case_id, watch_id))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.end_watch(found, request.officer.id, form.cleaned_data["reason"])

    return _asked(request, row, form, act, heading=_("Strike the identifier out"), action=_("Strike out"))


@requires(Permission.CASES_CASE_WORK)
@with_road("the other side is told")
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: OfficerRequest, case_id: UUID, hit_id: UUID) -> HttpResponse:
    """The liaison of a covert case speaks or keeps silent."""
    row = _mine(case_id)
    found = _there(queries.hit(case_id, hit_id))
    form = SpeakForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        given = form.cleaned_data
        actions.decide_hit(found, request.officer.id, given["decision"], given["reason"])

    return _asked(request, row, form, act, heading=_("Speak, or keep silent?"), action=_("Decide"), hit=found)


def _mine(case_id: UUID) -> queries.CaseRow:
    """The case, before anything else is looked at: to a stranger no form is ever wrong, there is just nothing."""
    return _there(queries.case(case_id))


def _there(found: Found | None) -> Found:
    """What was looked for; or, in the same words whatever it was, that nothing is here."""
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found


def _stays(one: MemberRow) -> bool:
    return not one.is_over and one.level == WORK and one.until is None


def _asked(
    request: OfficerRequest,
    row: queries.CaseRow,
    form: forms.Form,
    act: Callable[[], None],
    *,
    heading: str,
    action: str,
    hit: queries.TalkTo | None = None,
) -> HttpResponse:
    """One question about a case with its form; what is refused stays on the page with the sentence that says why."""
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():  # what was half done when it was refused is undone
                act()
        except NotThere:
            raise
        except OfficerError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return HttpResponseRedirect(reverse("cases-case", args=[row.id]))
    context = {"case": row, "form": form, "heading": heading, "action": action, "hit": hit, **WORDS}
    return render(request, "cases/ask.html", context, status=422 if form.errors else 200)


counted_by("cases-mine", queries.SQL["pending"])
