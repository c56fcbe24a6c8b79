"""Signing in and out: the password; the second step is in `second_step`."""

from __future__ import annotations

import time
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from abhaya.access import session
from abhaya.access.actions import attempts, change_language, sign_in
from abhaya.access.actions.sessions import end_session
from abhaya.access.address import client_address
from abhaya.access.forms import SignInForm
from abhaya.access.gate import AnyRequest, OfficerRequest, any_officer, public
from abhaya.access.passwords import Busy
from abhaya.access.queries import ready_made_officers
from abhaya.access.words import ROLE_NAMES
from abhaya.errors import OfficerError
from abhaya.shared.identity import acting, on_the_road
from abhaya.web.rooms import rail

HOME = "/"
NEXT_LETTERS_MAX = 2000
TOLD_FAILURES_MIN = 5  # fewer wrong passwords are somebody who mistyped a name
NOT_JUST_CONFIRMED = {"oidc", "training"}  # no second factor of ours was proved at this moment


def safe_next(wanted: str) -> str:
    """The page to go to after signing in: one of ours, or the first."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and len(wanted) <= NEXT_LETTERS_MAX else HOME


@any_officer("every officer has a first page; which one follows from their permissions")
def home(request: OfficerRequest) -> HttpResponse:
    """`/`: on to the first room of the officer's rail."""
    groups = rail(request.officer, "", with_counts=False)
    first = groups[0][1][0].href if groups else reverse("access-account")
    return HttpResponseRedirect(first)


@public("whoever signs in is nobody yet")
@never_cache
@sensitive_post_parameters()
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: AnyRequest) -> HttpResponse:
    """User name and password; in a training world the ready-made officers beside them."""
    wanted = safe_next(request.POST.get("next", request.GET.get("next", HOME)))
    if request.method != "POST":
        if sign_in.nobody_yet():
            return HttpResponseRedirect(reverse("access-setup"))
        if request.officer is not None:
            return HttpResponseRedirect(wanted)
        return _sign_in_answer(request, SignInForm(), wanted)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_answer(request, form, wanted, status=422)
    username = form.cleaned_data["username"].strip().lower()
    place = place_of(request, username)
    try:
        found = sign_in.check_password(username, form.cleaned_data["password"], place)
    except (sign_in.WrongPassword, sign_in.Locked, Busy) as refusal:
        return _refused(request, form, wanted, place, refusal)
    session.wait(
        request,
        session.Pending(str(found.id), username, found.name, found.epoch, wanted, int(time.time())),
    )
    return HttpResponseRedirect(reverse("access-second-factor" if found.has_second_factor else "access-enrol"))


def _refused(
    request: HttpRequest, form: Form, wanted: str, place: attempts.Place, refusal: OfficerError
) -> HttpResponse:
    if isinstance(refusal, Busy) and not place.is_known:  # a flood: the cheapest answer there is
        head = {"Retry-After": "5", "Content-Type": "text/plain; charset=utf-8"}
        return HttpResponse(refusal.sentence, status=refusal.status, headers=head)
    form.add_error(None, refusal.sentence)
    answer = _sign_in_answer(request, form, wanted, status=refusal.status)
    if isinstance(refusal, sign_in.Locked):
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _sign_in_answer(request: HttpRequest, form: Form, wanted: str, *, status: int = 200) -> HttpResponse:
    ready_made = []
    if settings.TRAINING:
        with on_the_road(sign_in.SERVICE, apart=True):
            ready_made = ready_made_officers()
    roles = {officer.id: ", ".join(str(ROLE_NAMES[role]) for role in officer.roles) for officer in ready_made}
    shown = [(officer, roles[officer.id]) for officer in ready_made]
    service = urlsplit(settings.OIDC_ISSUER).hostname or ""
    context = {"form": form, "next": wanted, "ready_made": shown, "service": service}
    return render(request, "access/sign_in.html", context, status=status)


def place_of(request: HttpRequest, username: str) -> attempts.Place:
    """Where this attempt at an account comes from."""
    return attempts.place_of(username, client_address(request), session.device_of(request, username))


def enter(request: HttpRequest, pending: session.Pending, by: str, answer: HttpResponse) -> HttpResponse:
    """Signed in: a new session key, the ledger line, the browser remembered, and the answer that was waiting."""
    officer = UUID(pending.officer)
    found = sign_in.known(pending.username)
    if found is None or found.id != officer or found.epoch != pending.epoch:
        session.end(request)
        return HttpResponseRedirect(reverse("access-sign-in"))
    begin(request, officer, found.name, found.epoch, username=pending.username, by=by)
    session.mark_device(request, answer, pending.username)
    return answer


def begin(request: HttpRequest, officer: UUID, name: str, epoch: int, *, username: str, by: str) -> None:
    """The session is the officer's from here on, and reads in the language chosen at the door, if one was."""
    chose_language = bool(request.session.get("language_chosen"))
    session.start(request, officer, name, epoch, confirmed=by not in NOT_JUST_CONFIRMED)
    sign_in.note_sign_in(officer, name, username=username, address=client_address(request), by=by)
    tried = attempts.strange_failures(username)
    if tried >= TOLD_FAILURES_MIN:
        messages.warning(request, ngettext(
            "%(tried)d wrong password was tried for your account today, from places you have not used. Nobody came in with"
            " it. If your password may be known, change it.",
            "%(tried)d wrong passwords were tried for your account today, from places you have not used. Nobody came in with"
            " them. If your password may be known, change it.",
            tried,
        ) % {"tried": tried})  # fmt: skip
    if chose_language:
        with acting(officer, name=name):
            change_language(officer, (get_language() or "en")[:2])


@any_officer("whoever is in may leave", before_password_change=True)
@require_POST
def sign_out(request: OfficerRequest) -> HttpResponse:
    sign_in.note_sign_out(request.officer.id)
    end_session(request.officer.id, session.id_of(request))
    session.end(request)
    # Whoever sits down next finds nothing of this officer in the browser's cache or storage.
    headers = {"Clear-Site-Data": '"cache", "storage"'}
    return HttpResponseRedirect(reverse("access-sign-in"), headers=headers)
