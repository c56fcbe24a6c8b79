"""An officer's own account: password, telephone, recovery codes, language."""

from __future__ import annotations

from typing import Any

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
from abhaya.access.actions import change_language, change_password, sign_in
from abhaya.access.forms import NewTelephoneForm, PasswordForm, RecoveryForm
from abhaya.access.gate import AnyRequest, OfficerRequest, any_officer, public
from abhaya.access.pages.signing_in import drawn, place_of, safe_next
from abhaya.access.queries import unused_recovery_codes
from abhaya.access.words import ROLES
from abhaya.errors import OfficerError

LANGUAGE_COOKIE_DAYS = 400


@any_officer("everybody sees their own account")
@require_safe
def account(request: OfficerRequest) -> HttpResponse:
    officer = request.officer
    shown = {"codes_left": unused_recovery_codes(officer.id), "roles": [ROLES[role] for role in officer.roles]}
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
                epoch = change_password(officer.id, form.cleaned_data["old"], form.cleaned_data["password"])
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                session.keep(request, epoch)
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
def telephone(request: OfficerRequest) -> HttpResponse:
    """A new authenticator app in the place of the present one, confirmed by a code of each."""
    officer = request.officer
    sealed = request.session.get("new_secret", "")
    if not sealed:
        sealed = request.session["new_secret"] = second_factor.sealed(second_factor.new_secret(), officer.id)
    secret = second_factor.unsealed(sealed, officer.id)
    form = NewTelephoneForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            codes, status = _swapped(request, form, secret)
            if codes:
                return _codes_answer(request, codes)
    return render(request, "access/telephone.html", {"form": form, **drawn(secret, officer.username)}, status=status)


def _swapped(request: OfficerRequest, form: NewTelephoneForm, secret: str) -> tuple[list[str], int]:
    """The recovery codes of the new telephone; none, with the error on the form, when a code was not right."""
    officer = request.officer
    try:
        sign_in.confirm_code_of(secret, form.cleaned_data["code"])
        sign_in.check_code(officer.username, officer.id, form.cleaned_data["present"], place_of(request, officer.username))
        codes = sign_in.enrol(officer.id, officer.name, secret, form.cleaned_data["code"], is_first=False)
    except (sign_in.WrongCode, sign_in.Locked) as refusal:
        form.add_error(None, refusal.sentence)
        return [], refusal.status
    request.session.pop("new_secret", None)
    return list(codes), 200


@any_officer("everybody keeps their own recovery codes")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: OfficerRequest) -> HttpResponse:
    """Ten new recovery codes, for a code of the app."""
    officer = request.officer
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                sign_in.check_code(
                    officer.username, officer.id, form.cleaned_data["code"], place_of(request, officer.username)
                )
            except (sign_in.WrongCode, sign_in.Locked) as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return _codes_answer(request, sign_in.new_recovery_codes(officer.id))
    return render(request, "access/recovery.html", {"form": form}, status=status)


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
