"""Every answer carries the same head; every error is a sentence in both languages with a number to quote."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from abhaya.errors import NotThere, OfficerError, OperatorError
from abhaya.urls import *  # noqa: F403 — a root URL configuration: the handlers come along
from abhaya.urls import urlpatterns as real
from abhaya.web.errors import SENTENCES

RAISED = {
    "held": (OfficerError("Alice has this report in hand until 23:01."), 409),
    "absent": (NotThere("There is nothing here for you."), 404),
    "operator": (OperatorError("The vault’s folder cannot be written."), 503),
    "missing": (Http404("secret-name"), 404),
    "denied": (PermissionDenied("secret-name"), 403),
    "bad": (SuspiciousOperation("secret-name"), 400),
    "broken": (RuntimeError("secret-name"), 500),
}


def _raises(error):
    def page(request):
        raise error

    page.open_to_all = "a page of this test"
    return page


def fine(request):
    return HttpResponse("fine")


urlpatterns = [*real, path("fine", fine), *[path(name, _raises(error)) for name, (error, _) in RAISED.items()]]
BARE = [
    "abhaya.web.middleware.PageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]  # without a session: what is tested here asks the database nothing


@pytest.fixture
def client():
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=BARE):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize("name", RAISED)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_an_error_is_a_sentence_and_tells_nothing_inner(client, name, language):
    error, status = RAISED[name]
    client.cookies["abhaya_language"] = language
    answer = client.get(f"/{name}")
    text = answer.content.decode()
    assert answer.status_code == status
    assert "secret-name" not in text
    assert "Traceback" not in text
    english, hindi = SENTENCES[status]
    assert english[1] in text
    assert hindi[0] in text
    if hasattr(error, "sentence"):
        assert error.sentence in text
    assert f'lang="{language}"' in text
    assert re.search(r"\b[0-9a-f]{12}\b", text)[0] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("address", ["/fine", "/broken", "/nowhere", "/denied"])
def test_every_answer_forbids_what_is_inline_framed_or_kept(client, address):
    head = client.get(address).headers
    policy = head["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert head["Cache-Control"] == "no-store"
    assert "camera=()" in head["Permissions-Policy"]
    assert head["X-Content-Type-Options"] == "nosniff"


def test_two_answers_have_two_numbers(client):
    assert client.get("/fine").headers["X-Request-ID"] != client.get("/fine").headers["X-Request-ID"]


def test_a_forged_form_is_refused_as_a_page(client):
    careful = Client(enforce_csrf_checks=True)
    answer = careful.post("/language", {"language": "hi"})
    assert answer.status_code == 403
    assert SENTENCES[403][1][0] in answer.content.decode()
