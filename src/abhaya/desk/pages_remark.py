"""Remarks on a person as far as known: writing one about chosen accounts, its versions, correcting it, taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.cases import queries as cases
from abhaya.desk import remarks as shown_remarks
from abhaya.desk.forms import ReasonForm
from abhaya.desk.forms_subject import RemarkForm
from abhaya.desk.subject_view import WORDS, called, of_a_subject, status_of, uuid_of, viewed
from abhaya.errors import NotThere, OfficerError
from abhaya.linking import queries_remarks as remarks
from abhaya.linking import queries_subjects as subjects
from abhaya.linking import subject_shown as shown
from abhaya.linking.actions.remarks import Written, correct, withdraw, write
from abhaya.linking.queries_remarks import RemarkRow
from abhaya.linking.queries_subjects import SubjectView
from abhaya.linking.subject_shown import Account

REPORTS_NAMED_MAX = 3


@requires(Permission.LINKING_REMARK_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_subject
def new(request: OfficerRequest, _subject_id: UUID, view: SubjectView, known: dict[UUID, Account]) -> HttpResponse:
    """A remark about accounts of a person: by default the account from which the officer came."""
    here = view.account_id
    mine = [known[one] for one in sorted(view.accounts, key=lambda one: one != here)]
    report_id = uuid_of(request.GET.get("report", ""))
    near = report_id if report_id and any(seat.report_id == report_id for seat in known[here].seats) else None
    kept = cases.on_report(near or known[here].seats[0].report_id)
    form = RemarkForm(
        request.POST or None,
        accounts=_choices(mine),
        cases=[
            (str(one.id), _("only members of the case “%(title)s”") % {"title": one.title})
            for one in kept
            if one.is_attached
        ],
        initial={"about": [str(here)]},
    )
    refused: OfficerError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            written = _written(given, frozenset(view.accounts))
            write(written, request.officer, report_id=report_id, case=uuid_of(given.get("kept", "")))
        except OfficerError as refusal:
            refused = refusal
        else:
            messages.success(request, _("Written down, with your name."))
            return redirect("desk-subject", subject_id=given["about"][0])
    viewed(mine, here)
    context = {
        "about": known[here],
        "accounts": len(mine),
        "form": form,
        "refused": refused.sentence if refused else "",
        **WORDS,
    }
    return render(request, "desk/remark_new.html", context, status=status_of(form.errors, refused))


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def remark(request: OfficerRequest, remark_id: UUID) -> HttpResponse:
    """A remark with its versions; a new version of it, or taking it back."""
    rows = remarks.versions(remark_id)
    if not rows:
        raise NotThere(_("There is nothing here for you."))
    newest = rows[0]
    view = subjects.as_seen(newest.about[0], besides=newest.then) if newest.about else None
    known = shown.accounts(view) if view else {}
    together = set(view.accounts) if view else set()
    mine = [known[one] for one in dict.fromkeys([*newest.about, *sorted(together)]) if one in known]
    versions = shown_remarks.shown(rows, [*together, *newest.about], known)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = RemarkForm(
        request.POST if act == "correct" else None, accounts=_choices(mine), initial=_initial(newest, versions[0].text)
    )
    reason = ReasonForm(request.POST if act == "withdraw" else None, auto_id="withdraw-%s")
    refused: OfficerError | None = None
    try:
        if done := _changed(request, newest, form, reason, frozenset(together)):
            return done
    except OfficerError as refusal:
        refused = refusal
    viewed(mine, remark_id, kept_in=[newest.compartment] if newest.is_in_case else [])
    context = {
        "one": newest,
        "versions": versions,
        "about": next((known[one] for one in newest.about if one in known), None),
        "form": form,
        "reason": reason,
        "may_write": request.officer.may(Permission.LINKING_REMARK_WRITE) and newest.stands and mine,
        "refused": refused.sentence if refused else "",
        **WORDS,
    }
    return render(request, "desk/remark.html", context, status=status_of({**form.errors, **reason.errors}, refused))


def _changed(
    request: OfficerRequest, newest: RemarkRow, form: RemarkForm, reason: ReasonForm, together: frozenset[UUID]
) -> HttpResponse | None:
    """What was asked for is done, and where it then stands; None where nothing was, or it cannot be read."""
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        seen = request.POST.get("version", "")
        instead_of = int(seen) if seen.isdecimal() else 0
        correct(newest.first_id, _written(given, together), request.officer, instead_of=instead_of)
        messages.success(request, _("Corrected. What it said before can still be read."))
        return redirect("desk-subject", subject_id=given["about"][0])
    if reason.is_bound and reason.is_valid():
        withdraw(newest.first_id, reason.cleaned_data["reason"], request.officer)
        messages.success(request, _("Taken back. It stays on record, with your reason."))
        return redirect("desk-remark", remark_id=newest.first_id)
    return None


def _written(given: Mapping[str, object], together: frozenset[UUID]) -> Written:
    about = frozenset(UUID(str(one)) for one in given["about"])  # type: ignore[attr-defined]  # a multiple choice is a list
    return Written(str(given["text"]), about, together if given.get("is_whole") else None, str(given["kind"]))


def _initial(newest: RemarkRow, text: str) -> dict[str, object]:
    """What the form begins with; `text` as the page shows it, masked where it has to be."""
    about = [str(one) for one in newest.about]
    return {"text": text, "kind": newest.kind, "about": about, "is_whole": newest.is_whole}


def _choices(accounts: Iterable[Account]) -> list[tuple[str, str]]:
    """Each account by what it is called, with its newest reports."""
    return [(str(one.id), f"{called(one)} · {_reports(one)}") for one in accounts]


def _reports(account: Account) -> str:
    numbers = list(dict.fromkeys(str(seat.number) for seat in account.seats))
    more = "" if len(numbers) <= REPORTS_NAMED_MAX else ", …"
    return _("report") + " " + ", ".join(numbers[:REPORTS_NAMED_MAX]) + more
