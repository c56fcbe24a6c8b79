"""Actions taken: a unit's month, filled on the page or by the workbook it sends back, and its reports as a workbook."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from abhaya.access import purposes
from abhaya.access.actions import ApprovalKind, NeedsSecondPerson, ask, spend
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.leaving import purpose_of
from abhaya.access.limits import costly
from abhaya.access.permissions import Permission
from abhaya.errors import OfficerError, SenderError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.routing import taken
from abhaya.routing.actions.taken import record_file, record_one
from abhaya.routing.formats.action_taken import REASON_CHARACTERS_MAX, WORDS
from abhaya.routing.reasons import REFUSALS
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason

FILE_BYTES_MAX = 20 * 1024 * 1024
WORKBOOK_ALONE_REPORTS_MAX = 200  # of a unit's month; more than this is no longer one officer's daily work
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(forms.Form):
    """A filled Action Taken Report that came back."""

    report = forms.FileField(label=gettext_lazy("Filled report (XLSX or CSV)"))


class TakenForm(forms.Form):
    """One report's action, on the page."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    action = forms.ChoiceField(label=gettext_lazy("Action taken"), choices=[(str(one), one) for one in WORDS])
    fir_number = forms.CharField(label=gettext_lazy("FIR number"), required=False, max_length=100)
    fir_date = forms.CharField(label=gettext_lazy("FIR date"), required=False, max_length=10)
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=REASON_CHARACTERS_MAX)
    remarks = forms.CharField(label=gettext_lazy("Remarks"), required=False, max_length=REASON_CHARACTERS_MAX)


@requires(Permission.ROUTING_ACTION_TAKEN_WRITE)
@require_http_methods(["GET", "POST"])
def month(request: OfficerRequest) -> HttpResponse:
    """The unit's month: each report and what was done; one is recorded at a time."""
    start, until = taken.month_of(request.GET.get("month", ""))
    if request.method == "POST":
        form = TakenForm(request.POST)
        if not form.is_valid():
            raise OfficerError(_("Choose what was done."))
        values = {
            name: str(form.cleaned_data[name]) for name in ("action", "fir_number", "fir_date", "reason", "remarks")
        }
        record_one(request.officer, form.cleaned_data["number"], values)
        messages.success(request, _("Recorded."))
        return redirect(f"{request.path}?month={start:%Y-%m}")
    found = taken.rows(request.officer.unit_id, start, until)
    context = {
        "rows": found,
        "counts": list(taken.counts(found)),
        "actions": list(WORDS.items()),
        "file_form": FileForm(),
        "purpose": purposes.kept(request),
        "bases": purposes.BASES,
        "purpose_form": purposes.PurposeFields(auto_id="export-%s"),
        **_months(start, until),
    }
    return render(request, "routing/actions_taken.html", context)


@requires(Permission.ROUTING_ACTION_TAKEN_WRITE)
@require_http_methods(["POST"])
def upload(request: OfficerRequest) -> HttpResponse:
    """A filled report comes back: what could be recorded is, the other rows are named."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise OfficerError(_("Choose the filled report first."))
    file = form.cleaned_data["report"]
    if file.size > FILE_BYTES_MAX:
        raise OfficerError(_("The file is larger than 20 MiB."))
    try:
        recorded, refused = record_file(request.officer, file.read(), file.name)
    except SenderError as error:
        raise OfficerError(error.sentence) from error
    said = ngettext("%(count)d answer recorded.", "%(count)d answers recorded.", recorded) % {"count": recorded}
    messages.success(request, said)
    return render(
        request, "routing/actions_taken_read.html", {"recorded": recorded, "refused": refused, "refusals": REFUSALS}
    )


@requires(Permission.ROUTING_ACTION_TAKEN_WRITE)
@costly
@require_http_methods(["GET", "HEAD", "POST"])
def report_file(request: OfficerRequest) -> HttpResponse:
    """The month's Action Taken Report as a workbook: numbers and what was done, nobody's identifier."""
    start, until = taken.month_of(request.POST.get("month", ""))
    said = _purpose(request)
    if said is None:
        return _back(start)
    found = taken.rows(request.officer.unit_id, start, until)
    facts = {"month": f"{start:%Y-%m}", "reports": len(found)}
    _recorded(request, said, Event.ROUTING_ACTION_TAKEN_EXPORTED, facts)
    return _workbook(taken.action_taken_report(request.officer.unit_name, found), "action-taken", start)


@requires(Permission.ROUTING_ACTION_TAKEN_WRITE)
@costly
@require_http_methods(["GET", "HEAD", "POST"])
def workbook_file(request: OfficerRequest) -> HttpResponse:
    """The month's reports as the workbook that units know. The unit's own month is daily work and says what for; the
    data of many more people than one officer works on need a supervisor as second person (docs/decisions/0011).
    """
    start, until = taken.month_of(request.POST.get("month", ""))
    said = _purpose(request)
    if said is None:
        return _back(start)
    officer = request.officer
    found = taken.rows(officer.unit_id, start, until)
    facts: dict[str, object] = {"month": f"{start:%Y-%m}", "reports": len(found)}
    if len(found) > WORKBOOK_ALONE_REPORTS_MAX:
        target = uuid5(officer.unit_id, f"workbook {start:%Y-%m}")
        try:
            facts["second_person"] = spend(ApprovalKind.EXPORT, target, officer).decided_by_name
        except NeedsSecondPerson:
            what = Reason("approval-export-workbook", {"month": f"{start:%Y-%m}", "reports": len(found)})
            page = f"{reverse('routing-action-taken')}?month={start:%Y-%m}"
            ask(ApprovalKind.EXPORT, target, None, said.text, officer, what=what, page=page)
            messages.warning(
                request,
                _("This holds more than %(most)d reports: a supervisor is asked to agree, under “Second person”.")
                % {"most": WORKBOOK_ALONE_REPORTS_MAX},
            )
            return _back(start)
    _recorded(request, said, Event.ROUTING_WORKBOOK_EXPORTED, facts)
    return _workbook(taken.workbook(officer.unit_name, found), "reports", start)


def _purpose(request: OfficerRequest) -> purposes.Purpose | None:
    """What the file is for: said with this request, or within the last half hour."""
    return purpose_of(request) if request.method == "POST" else None


def _recorded(request: OfficerRequest, said: purposes.Purpose, event: Event, facts: dict[str, object]) -> None:
    with acting(request.officer.id, name=request.officer.name, purpose=said.text):
        record([Act(event, facts={"basis": said.basis, **facts})])


def _back(start: datetime) -> HttpResponse:
    return redirect(f"{reverse('routing-action-taken')}?month={start:%Y-%m}")


def _workbook(content: bytes, name: str, start: datetime) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}-{start:%Y-%m}.xlsx"'
    return answer


def _months(start: datetime, until: datetime) -> dict[str, object]:
    before = taken.month_of(f"{start.year - (start.month == 1)}-{(start.month - 2) % 12 + 1:02}")[0]
    return {"month": start, "month_before": before, "month_after": until}
