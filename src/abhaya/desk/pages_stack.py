"""A stack of files that look alike: what stands in it, what came of looks, and an officer's word against it. No picture is shown."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.custody import looks
from abhaya.custody.look_reasons import RESULTS, STEPS_SHOWN
from abhaya.desk.forms import ReasonForm
from abhaya.desk.looking import file_page
from abhaya.errors import NotThere
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching import answers, stacks
from abhaya.matching.actions import partings
from abhaya.matching.reasons import SENTENCES
from abhaya.web.pager import PAGE_ROWS, BadPage, after_of, page_of


@requires(Permission.DESK_REPORT_READ)
@require_safe
def stack(request: OfficerRequest, stack_id: UUID) -> HttpResponse:
    """Files that look like one of them, in reports that the reader may see: nobody learns of another's report by it."""
    counted = stacks.counted(stack_id)
    if not counted.files:
        raise NotThere(_("There is nothing here for you."))
    after = after_of(request, parts=2)
    try:
        before = (int(str(after[0])), UUID(str(after[1]))) if after else None
    except ValueError as problem:
        raise BadPage(_("There is nothing here for you.")) from problem
    rows = stacks.standing(stack_id, after=before, limit=PAGE_ROWS + 1)
    paged = page_of(rows, lambda one: [one.distance_bits, str(one.file_id)], after=after)
    language = get_language() or "en"
    context = {
        "paged": paged,
        "counted": counted,
        "is_film": any(one.media_type.startswith("video/") for one in paged.rows),
        "looks": looks.at_any(stacks.objects(stack_id)),
        "listed": [(one, one.listed.sentences(language)) for one in answers.of_stack(stack_id)],
        "partings": stacks.partings(stack=stack_id),
        "may_take_back": request.officer.may(Permission.CUSTODY_MEDIA_VIEW),
        "sentences": SENTENCES,
        "results": RESULTS,
        "steps_shown": STEPS_SHOWN,
    }
    record([Act(Event.DESK_STACK_VIEWED, stack_id, None, {"files": counted.files})])
    return render(request, "desk/stack.html", context)


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_http_methods(["GET", "POST"])
def part(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    """Takes a picture out of the stack of those that look alike, with a reason."""
    page = file_page(file_id, request.officer)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        partings.part(file_id, request.officer, form.cleaned_data["reason"])
        messages.success(request, _("It is looked at by itself from now on."))
        return redirect("desk-file", file_id=file_id)
    heading = _("This is not the same picture")
    context = {"form": form, "report": page.report, "heading": heading, "action": _("Take it out of the stack")}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_http_methods(["GET", "POST"])
def take_back(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    """Takes that back, with a reason: the file joins a stack by the rule again."""
    page = file_page(file_id, request.officer)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        partings.take_back(file_id, request.officer, form.cleaned_data["reason"])
        messages.success(request, _("Taken back. It joins what it looks like again."))
        return redirect("desk-file", file_id=file_id)
    heading = _("It may be the same picture after all")
    context = {"form": form, "report": page.report, "heading": heading, "action": _("Let it join again")}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)
