"""Hash lists: which there are, how fresh, what each found, and how far a re-check is. No page here shows a picture."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.errors import NotThere
from abhaya.matching import listing
from abhaya.matching.reasons import ANSWERS, END_REASONS, PURPOSES
from abhaya.web.pager import PAGE_ROWS, BadPage, after_of, page_of

WORDS = {"answers": ANSWERS, "end_reasons": END_REASONS, "purposes": PURPOSES}


@requires(Permission.MATCHING_LIST_READ)
@require_safe
def lists(request: OfficerRequest) -> HttpResponse:
    """The lists open to the officer. While something goes on the page looks for news, and writes nothing for it."""
    rows = listing.lists()
    context = {
        "lists": rows,
        "busy": any(row.is_busy for row in rows),
        "old": sum(row.is_old for row in rows),
        "days": listing.OLD_AFTER_DAYS,
        "may_enter": request.officer.may(Permission.MATCHING_LIST_ENTER),
        **WORDS,
    }
    return render(request, "matching/lists.html", context)


@requires(Permission.MATCHING_LIST_READ)
@require_safe
def one(request: OfficerRequest, list_id: UUID) -> HttpResponse:
    """One list: its versions with what was lost of them, what its codes mean, and what it found in reports open to the officer."""
    row = next(iter(listing.lists(list_id)), None)
    if row is None:
        raise NotThere(_("There is nothing here for you."))
    after = after_of(request, parts=1)
    try:
        before = UUID(str(after[0])) if after else None
    except ValueError as problem:
        raise BadPage(_("There is nothing here for you.")) from problem
    found = listing.found(list_id, after=before, limit=PAGE_ROWS + 1)
    paged = page_of(found, lambda one: [str(one.id)], after=after)
    context = {
        "list": row,
        "versions": listing.versions(list_id),
        "changes": listing.changes(list_id),
        "categories": listing.categories(row.scheme),
        "paged": paged,
        "found": paged.rows,
        "is_ours": row.unit_id == request.officer.unit_id,
        "may_enter": request.officer.may(Permission.MATCHING_LIST_ENTER),
        "may_decide": request.officer.may(Permission.MATCHING_LIST_DECIDE),
        **WORDS,
    }
    return render(request, "matching/list.html", context)
