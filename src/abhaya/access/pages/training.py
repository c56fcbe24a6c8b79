"""Stepping into a ready-made officer. Its address exists only in a training world (`abhaya.urls`), and asks again."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from abhaya.access.actions import sign_in
from abhaya.access.gate import public
from abhaya.access.pages.signing_in import begin, safe_next
from abhaya.access.queries import ready_made_officers, signed_in
from abhaya.shared.identity import acting, on_the_road


@public("the officers of a training world are nobody's")
@require_POST
def step_into(request: HttpRequest, officer_id: UUID) -> HttpResponse:
    """One click and one is that officer, whose reports are all invented."""
    if not settings.TRAINING:
        raise Http404
    with on_the_road(sign_in.SERVICE, apart=True):
        ready_made = {officer.id for officer in ready_made_officers()}
    if officer_id not in ready_made:
        raise Http404
    with acting(officer_id):
        officer = signed_in(officer_id)
    if officer is None:
        raise Http404
    begin(request, officer.id, officer.name, officer.epoch, username=officer.username, by="training")
    return HttpResponseRedirect(safe_next(request.POST.get("next", "/")))
