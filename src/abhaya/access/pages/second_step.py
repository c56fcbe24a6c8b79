"""The second step of signing in: a passkey, the app's code or a recovery code; its first setting-up; and asking again."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from abhaya.access import passkeys, second_factor, session
from abhaya.access.actions import sign_in
from abhaya.access.actions.passkeys import add_first_passkey, check_passkey
from abhaya.access.forms import CodeForm, EnrolForm, NewPasskeyForm, PasskeyForm
from abhaya.access.gate import OfficerRequest, any_officer, public
from abhaya.access.pages.signing_in import enter, place_of, safe_next
from abhaya.access.queries import passkeys as own_passkeys
from abhaya.errors import OfficerError
from abhaya.shared.identity import acting

Shown = dict[str, Any]


@public("the password was right; nobody is signed in before the second factor")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """A passkey, the code of the app, or a recovery code."""
    pending = session.waiting(request)
    if pending is None:
        return HttpResponseRedirect(reverse("access-sign-in"))
    officer = UUID(pending.officer)
    by, shown, status = _proved(request, officer, pending.username, pending.name)
    if by:
        return enter(request, pending, by, HttpResponseRedirect(pending.next))
    return render(request, "access/second_factor.html", {"username": pending.username, **shown}, status=status)


@any_officer("whoever is in may prove again that it is they")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: OfficerRequest) -> HttpResponse:
    """Before what an unlocked browser must not be enough for: the second step once more."""
    wanted = safe_next(request.POST.get("next", request.GET.get("next", reverse("access-account"))))
    officer = request.officer
    by, shown, status = _proved(request, officer.id, officer.username, officer.name)
    if by:
        session.confirm(request)
        return HttpResponseRedirect(wanted)
    return render(request, "access/confirm.html", {"next": wanted, **shown}, status=status)


def _proved(request: HttpRequest, officer: UUID, username: str, name: str) -> tuple[str, Shown, int]:
    """By what the second factor was proved, if it was; else what the page shows, and its status."""
    has_answer = request.method == "POST" and "credential" in request.POST
    code = CodeForm(request.POST if request.method == "POST" and not has_answer else None)
    passkey = PasskeyForm(request.POST if has_answer else None)
    status = 200
    try:
        if has_answer:
            status = 422
            if passkey.is_valid():
                check_passkey(request, officer, name, passkey.cleaned_data["credential"])
                return "passkey", {}, 200
        elif code.is_bound:
            status = 422
            if code.is_valid():
                place = place_of(request, username)
                return sign_in.check_code(username, officer, code.cleaned_data["code"], place), {}, 200
    except OfficerError as refusal:
        (passkey if has_answer else code).add_error(None, refusal.sentence)
        status = refusal.status
    return "", {"form": code, "passkey_form": passkey, **_passkeys_of(request, officer, name)}, status


def _passkeys_of(request: HttpRequest, officer: UUID, name: str) -> Shown:
    """What the page asks the browser for, if the officer has passkeys; why it cannot, if this is not their address."""
    with acting(officer, name=name):
        known = own_passkeys(officer)
    if not known:
        return {}
    why_not = passkeys.why_not(request)
    if why_not:
        return {"why_no_passkey": why_not}
    return {"passkey_options": passkeys.sign_in_options(request, officer, known)}


@public("the password was right; the first second factor is set up before anybody is signed in")
@never_cache
@sensitive_post_parameters()
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_page(request: HttpRequest) -> HttpResponse:
    """The first setting-up of a second factor: a passkey or an app, and the recovery codes."""
    pending = session.waiting(request)
    if pending is None or _has_second_factor(pending):
        return HttpResponseRedirect(reverse("access-sign-in"))
    officer = UUID(pending.officer)
    if not pending.secret:
        pending = replace(pending, secret=second_factor.sealed(second_factor.new_secret(), officer))
        request.session["pending"] = asdict(pending)
    secret = second_factor.unsealed(pending.secret, officer)
    has_answer = request.method == "POST" and "credential" in request.POST
    app = EnrolForm(request.POST if request.method == "POST" and not has_answer else None)
    why_not = passkeys.why_not(request)
    called = session.agent_of(request)
    passkey = NewPasskeyForm(request.POST if has_answer else None, initial={"called": called})
    form = passkey if has_answer else app
    if form.is_bound and form.is_valid():
        try:
            if has_answer:
                made = passkeys.made(request, officer, passkey.cleaned_data["credential"])
                codes = add_first_passkey(officer, pending.name, passkey.cleaned_data["called"], made)
            else:
                codes = sign_in.enrol(officer, pending.name, secret, app.cleaned_data["code"], is_first=True)
        except OfficerError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            shown = render(request, "access/recovery_codes.html", {"codes": codes, "next": pending.next})
            return enter(request, pending, "enrolled", shown)
    options = "" if why_not else passkeys.registration_options(request, officer, pending.username, pending.name, [])
    return render(
        request,
        "access/enrol.html",
        {"form": app, "passkey_form": passkey, "passkey_options": options, "why_no_passkey": why_not,
         **drawn(secret, pending.username)},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def drawn(secret: str, username: str) -> dict[str, str]:
    """What the setting-up page shows of a secret."""
    svg = mark_safe(second_factor.qr_svg(secret, username))  # noqa: S308 — drawn by us: paths and numbers only
    return {"qr": svg, "secret_text": second_factor.grouped(secret)}


def _has_second_factor(pending: session.Pending) -> bool:
    """An officer who has one never comes to set up a first one, whatever their session says."""
    found = sign_in.known(pending.username)
    return found is None or found.has_second_factor
