"""The gate: closed unless a view says otherwise, one transaction per page, errors that leave nothing behind."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from tests.factory import browser_of, make_compartment, make_officer, make_unit, name

from abhaya.access.gate import any_officer, gate_of, public, requires
from abhaya.access.permissions import Permission
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.sql import execute, value, values
from abhaya.urls import *  # noqa: F403 — the real addresses, handlers included, and some of this test beside them
from abhaya.urls import urlpatterns as real


def forgotten(request):
    return HttpResponse("a page whose author forgot the gate")


@requires(Permission.DESK_REPORT_READ)
def reading(request):
    return HttpResponse(str(value("select count(*) from access_compartment")))


@requires(Permission.ACCESS_UNIT_MANAGE, Permission.LEDGER_LEDGER_READ)
def either(request):
    return HttpResponse("one of two")


@csrf_exempt
@any_officer("a page of this test")
def writing(request):
    execute("update access_officer set language = 'hi' where id = %s", [request.officer.id])
    record([Act(Event.ACCESS_OFFICER_CHANGED, subject=request.officer.id)])
    if "known" in request.GET:
        raise OfficerError("Bob has it in hand.")
    if "broken" in request.GET:
        raise RuntimeError("secret-inside")
    if "sql" in request.GET:
        execute("select 1 / 0")
    return HttpResponse(current_actor().name)


@any_officer("a page of this test")
def streaming(request):
    def chunks():
        for _ in range(3):
            yield f"{value('select count(*) from access_compartment')}{current_actor().name};".encode()

    return StreamingHttpResponse(chunks())


@public("a page of this test")
def street(request):
    return HttpResponse(f"{request.officer and request.officer.name} {connection.in_atomic_block}")


urlpatterns = [
    *real,
    path("forgotten", forgotten),
    path("reading", reading),
    path("either", either),
    path("writing", writing),
    path("streaming", streaming),
    path("street", street),
]


@pytest.fixture(autouse=True)
def _with_the_pages_of_this_test():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def alice():
    return make_officer(make_unit())


def ledger_lines(person) -> int:
    with on_the_road("test"):
        return int(value("select count(*) from ledger_entry where actor_id = %s", [person.id]))


def language_of(person) -> str:
    with on_the_road("test"):
        return str(value("select language from access_officer where id = %s", [person.id]))


def test_a_view_without_a_gate_is_closed_to_everybody(alice):
    for person in (None, alice, make_officer(alice.unit, "administrator"), make_officer(alice.unit, "supervisor")):
        answer = browser_of(person).get("/forgotten")
        assert answer.status_code == 403
        assert "forgot the gate" not in answer.content.decode()


def test_a_page_asks_for_its_permission(alice):
    assert browser_of(alice).get("/reading").status_code == 200
    assert browser_of(alice).get("/either").status_code == 403
    for role, status in (("administrator", 200), ("auditor", 200), ("supervisor", 403)):
        assert browser_of(make_officer(alice.unit, role)).get("/either").status_code == status


def test_the_page_runs_as_the_officer_and_sees_what_is_open_to_them(alice):
    make_compartment(alice.unit)
    make_compartment(make_unit())
    assert browser_of(alice).get("/reading").content == b"1"


def test_what_a_page_did_is_kept_under_the_officers_name(alice):
    client = browser_of(alice)
    before = ledger_lines(alice)
    assert client.get("/writing").content == b"Alice"
    assert (language_of(alice), ledger_lines(alice)) == ("hi", before + 1)


@pytest.mark.parametrize(
    ("how", "status", "said"), [("known", 409, "Bob has it in hand."), ("broken", 500, ""), ("sql", 500, "")]
)
def test_a_page_that_fails_leaves_nothing_behind(alice, how, status, said):
    client = browser_of(alice)
    client.raise_request_exception = False
    before = ledger_lines(alice)
    answer = client.get("/writing", {how: "1"})
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "secret-inside" not in answer.content.decode()
    assert (language_of(alice), ledger_lines(alice)) == ("en", before)
    assert not connection.in_atomic_block
    assert client.get("/reading").status_code == 200


def test_a_long_answer_is_made_as_the_officer_too(alice):
    make_compartment(alice.unit)
    answer = browser_of(alice).get("/streaming")
    assert b"".join(answer.streaming_content) == b"1Alice;" * 3
    answer.close()
    assert not connection.in_atomic_block


def test_a_long_answer_that_is_not_fetched_to_its_end_leaves_no_transaction_open(alice):
    answer = browser_of(alice).get("/streaming")
    next(iter(answer.streaming_content))
    answer.close()
    assert not connection.in_atomic_block


def test_a_public_page_knows_who_is_signed_in_and_asks_nobody(alice):
    assert Client().get("/street").content == b"None False"
    assert browser_of(alice).get("/street").content == b"Alice True"


def test_a_fragment_leads_the_whole_page_to_sign_in():
    answer = Client().get(
        "/reading", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/queue?lane=thin"}
    )
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Fqueue%3Flane%3Dthin"
    assert Client().post("/writing").url == "/sign-in"


def test_a_forged_session_is_nobody(alice):
    for key in ("0" * 32, "", "x", name("key")):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert client.get("/reading").status_code == 302


def test_the_marks_pass_through_other_decorators():
    assert gate_of(csrf_exempt(reading)).permissions == {Permission.DESK_REPORT_READ}
    assert gate_of(forgotten) is None


def test_nobody_is_anybody_between_two_requests(alice):
    browser_of(alice).get("/reading")
    with pytest.raises(RuntimeError):
        current_actor()
    with transaction.atomic():
        assert values("select current_setting('abhaya.officer', true)") in ([None], [""])
