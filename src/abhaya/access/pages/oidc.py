"""To the unit's own sign-in service and back. The second step is ours, unless the service proves one that is believed."""

from __future__ import annotations

import time
from dataclasses import asdict

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from abhaya.access import oidc, session
from abhaya.access.actions import sign_in
from abhaya.access.gate import public
from abhaya.access.pages.signing_in import enter, safe_next
from abhaya.errors import OfficerError

QUESTION = "oidc"
QUESTION_SECONDS_MAX = 600


@public("whoever signs in is nobody yet")
@never_cache
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """To the service. There is no such address where none is set."""
    if not settings.OIDC_ISSUER:
        raise Http404
    question = oidc.new_question(safe_next(request.GET.get("next", "/")))
    try:
        address = oidc.address_of(question, _back(request))
    except OfficerError as refusal:
        return _refused(request, refusal)
    request.session[QUESTION] = asdict(question)
    return HttpResponseRedirect(address)


@public("whoever comes back from the sign-in service is nobody yet")
@never_cache
@sensitive_variables()
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """From the service: an officer who is known here goes on to the second step; nobody is made."""
    if not settings.OIDC_ISSUER:
        raise Http404
    held = request.session.pop(QUESTION, None)  # each journey ends once
    try:
        if held is None or time.time() - held["at"] > QUESTION_SECONDS_MAX:
            raise oidc.NotSignedIn(_("This sign-in was not begun in this browser. Begin again."))
        question = oidc.Question(**held)
        answer = oidc.answered(question, {key: request.GET[key] for key in request.GET}, _back(request))
        found = sign_in.vouched(answer.name, answer.subject)
    except OfficerError as refusal:
        return _refused(request, refusal)
    pending = session.Pending(str(found.id), answer.name, found.name, found.epoch, question.next, int(time.time()))
    session.wait(request, pending)
    if answer.has_second_factor:
        return enter(request, pending, "oidc", HttpResponseRedirect(pending.next))
    return HttpResponseRedirect(reverse("access-second-factor" if found.has_second_factor else "access-enrol"))


def _back(request: HttpRequest) -> str:
    return f"{'https' if settings.TLS else 'http'}://{request.get_host()}{reverse('access-oidc-back')}"


def _refused(request: HttpRequest, refusal: OfficerError) -> HttpResponse:
    return render(request, "access/oidc_refused.html", {"sentence": refusal.sentence}, status=refusal.status)
