"""Is the installation well? The same checks as `abhaya check`, for who keeps it running; and one word for a load balancer."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from abhaya.access.gate import public, requires
from abhaya.access.permissions import Permission
from abhaya.shared.checks import Level, answers
from abhaya.shared.identity import on_the_road


@requires(Permission.DESK_HEALTH_READ)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """What is bad first, then what asks to be looked at, then what is well. Nothing of any report is in it."""
    language = get_language() or "en"
    at = 1 if language.startswith("hi") else 0
    with on_the_road("service:health", apart=True):
        rows = [
            (answer.result.level.value, answer.check.label[at], answer.result.said(language))
            for answer in answers(quick=True)
        ]
    worst_first = [Level.BAD.value, Level.WARN.value, Level.OK.value]
    rows.sort(key=lambda row: worst_first.index(row[0]))
    counts = {level: sum(row[0] == level for row in rows) for level in worst_first}
    return render(request, "desk/health.html", {"rows": rows, "counts": counts})


@public("a load balancer asks; it learns up or down and nothing else")
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """`up` when this process answers and the database answers it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return HttpResponse("down\n", status=503, content_type="text/plain")
    return HttpResponse("up\n", content_type="text/plain")
