"""An officer's own account: password, passkeys, telephone, recovery codes, where they are signed in, language."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access import second_factor, session
from abhaya.access.actions import attempts, change_language, change_password, sign_in
from abhaya.access.actions.passkeys import add_passkey, remove_passkey, remove_telephone
from abhaya.access.actions.sessions import (
    IDLE_SECONDS_MAX,
    SESSIONS_AT_ONCE_MAX,
    end_other_sessions,
    end_session,
)
from abhaya.access.forms import EnrolForm, NewPasskeyForm, PasswordForm
from abhaya.access.gate import AnyRequest, OfficerRequest, any_officer, public
from abhaya.access.pages.second_step import drawn
from abhaya.access.pages.signing_in import place_of, safe_next
from abhaya.access.passkeys import made, registration_options, why_not
from abhaya.access.queries import passkeys, sessions, unused_recovery_codes
from abhaya.access.words import ROLES
from abhaya.errors import NotThere, OfficerError

LANGUAGE_COOKIE_DAYS = 400
FACTOR_MINUTES = 5  # a second step is changed by who has just proved one


@any_officer("everybody sees their own account")
@require_safe
def account(request: OfficerRequest) -> HttpResponse:
    officer = request.officer
    known = sign_in.known(officer.username)
    shown = {
        "codes_left": unused_recovery_codes(officer.id),
        "roles": [ROLES[role] for role in officer.roles],
        "passkeys": passkeys(officer.id),
        "has_app": known is not None and known.totp_step > 0,
        "why_no_passkey": why_not(request),
        "session_count": len(sessions(officer.id, idle_seconds=IDLE_SECONDS_MAX)),
    }
    return render(request, "access/account.html", {"officer": officer, **shown})


@any_officer("everybody changes their own password", before_password_change=True)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: OfficerRequest) -> HttpResponse:
    """A new password; asked of whoever came in with a temporary one before anything else."""
    officer = request.officer
    form = PasswordForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                key, _charge = attempts.charged_password(officer.username, place_of(request, officer.username))
                epoch = change_password(officer.id, form.cleaned_data["old"], form.cleaned_data["password"])
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                attempts.succeeded(key)
                session.keep(request, epoch)
                end_other_sessions(officer.id, session.id_of(request))
                messages.success(
                    request, _("Your password is changed. Other browsers you were signed in with are signed out.")
                )
                return HttpResponseRedirect(
                    safe_next("/" if officer.must_change_password else reverse("access-account"))
                )
    return render(request, "access/password.html", {"form": form, "officer": officer}, status=status)


@any_officer("everybody sets up their own telephone")
@never_cache
@sensitive_post_parameters()
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@session.confirmed_within(minutes=FACTOR_MINUTES)
def telephone(request: OfficerRequest) -> HttpResponse:
    """An authenticator app in the place of the present one, if any, confirmed by its first code."""
    officer = request.officer
    sealed = request.session.get("new_secret", "")
    if not sealed:
        sealed = request.session["new_secret"] = second_factor.sealed(second_factor.new_secret(), officer.id)
    secret = second_factor.unsealed(sealed, officer.id)
    form = EnrolForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                codes = sign_in.enrol(officer.id, officer.name, secret, form.cleaned_data["code"], is_first=False)
            except sign_in.WrongCode as refusal:
                form.add_error(None, refusal.sentence)
            else:
                request.session.pop("new_secret", None)
                return _codes_answer(request, codes)
    return render(request, "access/telephone.html", {"form": form, **drawn(secret, officer.username)}, status=status)


@any_officer("everybody removes their own telephone")
@require_POST
@session.confirmed_within(minutes=FACTOR_MINUTES)
def telephone_remove(request: OfficerRequest) -> HttpResponse:
    """The app is no second step any more: the telephone is lost, and there is a passkey."""
    remove_telephone(request.officer.id)
    messages.success(request, _("The app is no second step of yours any more."))
    return HttpResponseRedirect(reverse("access-account"))


@any_officer("everybody keeps their own recovery codes")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@session.confirmed_within(minutes=FACTOR_MINUTES)
def recovery(request: OfficerRequest) -> HttpResponse:
    """Ten new recovery codes."""
    if request.method == "POST":
        return _codes_answer(request, sign_in.new_recovery_codes(request.officer.id))
    return render(request, "access/recovery.html")


@any_officer("everybody keeps their own passkeys")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@session.confirmed_within(minutes=FACTOR_MINUTES)
def passkey_add(request: OfficerRequest) -> HttpResponse:
    """One more passkey, made by this browser."""
    officer = request.officer
    refused = why_not(request)
    if refused:
        raise OfficerError(refused)
    form = NewPasskeyForm(
        request.POST if request.method == "POST" else None, initial={"called": session.agent_of(request)}
    )
    if form.is_bound and form.is_valid():
        try:
            add_passkey(
                officer.id, form.cleaned_data["called"], made(request, officer.id, form.cleaned_data["credential"])
            )
        except OfficerError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The passkey is added."))
            return HttpResponseRedirect(reverse("access-account"))
    options = registration_options(request, officer.id, officer.username, officer.name, passkeys(officer.id))
    shown = {"passkey_form": form, "passkey_options": options}
    return render(request, "access/passkey_add.html", shown, status=422 if form.is_bound else 200)


@any_officer("everybody removes their own passkeys")
@require_POST
@session.confirmed_within(minutes=FACTOR_MINUTES)
def passkey_remove(request: OfficerRequest) -> HttpResponse:
    remove_passkey(request.officer.id, _id_in(request, "passkey"))
    messages.success(request, _("The passkey is removed."))
    return HttpResponseRedirect(reverse("access-account"))


@any_officer("everybody sees where they are signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def open_sessions(request: OfficerRequest) -> HttpResponse:
    """Where the officer is signed in: when, from where; one or all others are ended here."""
    mine, officer = session.id_of(request), request.officer
    if request.method == "POST":
        if "others" in request.POST:
            end_other_sessions(officer.id, mine)
            messages.success(request, _("You are signed out everywhere else."))
        elif end_session(officer.id, _id_in(request, "session"), why="by the officer"):
            messages.success(request, _("That browser is signed out."))
        return HttpResponseRedirect(reverse("access-sessions"))
    listed = sessions(officer.id, idle_seconds=IDLE_SECONDS_MAX)
    return render(request, "access/sessions.html", {"sessions": listed, "mine": mine, "most": SESSIONS_AT_ONCE_MAX})


def _id_in(request: HttpRequest, field: str) -> UUID:
    try:
        return UUID(request.POST.get(field, ""))
    except ValueError as error:
        raise NotThere(_("There is nothing here for you.")) from error


def _codes_answer(request: HttpRequest, codes: Any) -> HttpResponse:
    return render(request, "access/recovery_codes.html", {"codes": codes, "next": reverse("access-account")})


@public("the language of a page is chosen before anybody is signed in")
@require_POST
def language(request: AnyRequest) -> HttpResponse:
    """Keeps the reader's language: in a cookie, and on the officer's row when one is signed in."""
    chosen = request.POST.get("language", "")
    answer = HttpResponseRedirect(safe_next(request.POST.get("next", "/")))
    if chosen not in dict(settings.LANGUAGES):
        return answer
    officer = request.officer
    if officer is not None:
        change_language(officer.id, chosen)
    else:
        request.session["language_chosen"] = True
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=LANGUAGE_COOKIE_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
