"""The report page tells nothing of a masked child, and nothing at all of what a colleague has in hand."""

from __future__ import annotations

import re

from django.urls import reverse
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit, name

from abhaya.access.queries import signed_in
from abhaya.intake.formats.record import Fact, Loss, Person, Text
from abhaya.linking import queries as linking
from abhaya.shared import road
from abhaya.shared.identity import acting
from abhaya.triage import actions as triage

VICTIM = Person("victim", 1, "/report/victim[1]")


def test_a_childs_notes_and_unknown_fields_are_masked_until_asked_for():
    hub = make_unit("hub")
    report = make_report(
        make_sender(hub),
        persons=(VICTIM,),
        texts=(Text("additional information", "Her teacher calls her Mango.", "/report/victim[1]/note", "victim", 1),),
        losses=(Loss("/report/victim[1]/nickname", "nickname", "Mangolita"),),
    ).report_id
    browser, bob = browser_of(make_officer(hub, "analyst")), browser_of(make_officer(hub, "analyst", called="Bob"))
    assert "Ask to see" in browser.get(reverse("desk-report", args=[report])).content.decode()
    assert "Mango" not in browser.get(reverse("desk-report", args=[report])).content.decode()
    page = reverse("desk-identity", args=[report])
    assert browser.post(page, {"act": "show"}).status_code == 403
    assert browser.post(page, {"act": "ask", "purpose": "to protect her today"}).status_code == 302
    assert "Mango" not in browser.get(page).content.decode()
    [request] = re.findall(r"/second-person/([0-9a-f-]{36})", bob.get("/second-person").content.decode())
    bob.post(f"/second-person/{request}", {"answer": "granted", "reason": "I agree: she must be found"})
    shown = browser.post(page, {"act": "show"}).content.decode()
    assert browser.post(page, {"act": "show"}).status_code == 403
    assert "calls her Mango" in shown
    assert "Mangolita" in shown


def test_who_is_masked_is_not_shown_of_a_report_in_a_colleagues_hands():
    hub = make_unit("hub")
    report = make_report(make_sender(hub), persons=(VICTIM,)).report_id
    road.drain()
    bob, alice = make_officer(hub, "analyst", called="Bob"), make_officer(hub, "analyst")
    with acting(bob.id):
        triage.claim(report, signed_in(bob.id))
    answer = browser_of(alice).post(reverse("desk-identity", args=[report]), {"purpose": "to protect her today"})
    assert answer.status_code == 409
    assert b"Bob" in answer.content


def test_a_test_report_is_never_counted_as_seen_before():
    hub, email = make_unit("hub"), f"{name('e')}@example.com"
    facts = (Fact("email", email, "/report/email", "reported", 1),)
    make_report(make_sender(hub, is_test=True), facts=facts)
    make_report(make_sender(hub), facts=facts)
    report = make_report(make_sender(hub), facts=facts).report_id
    road.drain()
    alice = make_officer(hub, "analyst")
    with acting(alice.id):
        [hit] = linking.of_report(report)
        assert (len(hit.seen_in), hit.elsewhere) == (1, False)
