"""The set-up page: the first unit and its administrator. It exists only while no officer was ever made."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from abhaya.access import session
from abhaya.access.actions import setup as actions
from abhaya.access.actions import sign_in
from abhaya.access.address import is_on_this_machine
from abhaya.access.forms import SetupCodeForm, SetupForm
from abhaya.access.gate import public
from abhaya.access.rules import UnitFacts
from abhaya.errors import OfficerError
from abhaya.shared.identity import on_the_road

PROVED = "setup_code_given"


@public("there is nobody yet who could sign in")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Open from the server's own browser; from elsewhere, to whoever can read the set-up code on the server."""
    if not sign_in.nobody_yet():
        raise Http404
    if settings.TLS or not is_on_this_machine(request):
        refusal = _asked_for_code(request)
        if refusal is not None:
            return refusal
    form = SetupForm(request.POST if request.method == "POST" and "unit_name" in request.POST else None)
    if not form.is_bound:
        return render(request, "access/setup.html", {"form": form})
    if form.is_valid():
        try:
            return _made(request, form)
        except OfficerError as refusal:
            form.add_error(None, refusal.sentence)
    return render(request, "access/setup.html", {"form": form}, status=422)


def _asked_for_code(request: HttpRequest) -> HttpResponse | None:
    """None when this browser has given the set-up code."""
    if request.session.get(PROVED):
        return None
    form = SetupCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and actions.is_setup_code(form.cleaned_data["code"]):
        request.session.cycle_key()
        request.session[PROVED] = True
        return HttpResponseRedirect(reverse("access-setup"))
    actions.is_setup_code("")  # the file is there when somebody goes to look
    shown = {"form": form, "is_wrong": form.is_bound}
    return render(request, "access/setup_code.html", shown, status=422 if form.is_bound else 200)


def _made(request: HttpRequest, form: SetupForm) -> HttpResponse:
    """The administrator is made, and goes on to set up their second factor."""
    given = form.cleaned_data
    unit = UnitFacts(
        code=given["unit_code"], name=given["unit_name"], name_hi=given["unit_name_hi"], kind=given["unit_kind"]
    )
    language = (get_language() or "en")[:2]
    with on_the_road("operator:setup"):
        officer = actions.first_administrator(
            unit, given["name"], given["username"], given["password"], language=language
        )
    actions.forget_setup_code()
    username = given["username"].strip().lower()
    session.wait(request, session.Pending(str(officer), username, given["name"].strip(), 0, "/", int(time.time())))
    return HttpResponseRedirect(reverse("access-enrol"))
