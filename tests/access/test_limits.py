"""Who asks too often is asked to wait, in words and for programs; people, senders and this machine itself are not."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from tests.factory import browser_of, make_officer, make_unit

from abhaya.access import limits
from abhaya.shared.throttle import Throttle


@pytest.fixture(autouse=True)
def new_counters(monkeypatch):
    for name in ("_addresses", "_officers", "_costly"):
        monkeypatch.setattr(limits, name, Throttle(clock=lambda: 0.0))  # a minute that never passes


@override_settings(PAGES_PER_ADDRESS_PER_MINUTE=3)
def test_an_address_that_asks_too_often_waits_and_its_neighbour_does_not():
    answers = [Client(REMOTE_ADDR="192.0.2.7").get("/healthz") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    assert "That was too quick. Wait" in refused.content.decode()
    assert "Content-Security-Policy" in refused.headers
    hindi = Client(REMOTE_ADDR="192.0.2.7")
    hindi.cookies["abhaya_language"] = "hi"
    assert "सेकंड रुकें" in hindi.get("/healthz").content.decode()
    assert Client(REMOTE_ADDR="192.0.2.8").get("/healthz").status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.1").get("/healthz").status_code == 200


@override_settings(PAGES_PER_ADDRESS_PER_MINUTE=1)
def test_the_reporting_door_has_its_own_limits():
    codes = {Client(REMOTE_ADDR="192.0.2.9").get("/ispws/status").status_code for _ in range(5)}
    assert codes == {401}


@override_settings(PAGES_PER_OFFICER_PER_MINUTE=5)
def test_an_officer_is_counted_wherever_they_sit_and_their_colleague_is_not():
    unit = make_unit("hub")
    alice, bob = make_officer(unit), make_officer(unit, called="Bob")
    browsers = [browser_of(alice), browser_of(alice)]
    codes = [browsers[turn % 2].get("/account").status_code for turn in range(6)]
    assert codes == [200] * 5 + [429]
    assert browser_of(bob).get("/account").status_code == 200


@override_settings(COSTLY_PER_OFFICER_PER_MINUTE=2)
def test_searches_are_narrower_than_pages():
    alice = browser_of(make_officer(make_unit("hub"), "analyst"))
    assert [alice.get("/search").status_code for _ in range(3)] == [200, 200, 429]
    assert alice.get("/queue").status_code == 200


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("unknown", "unknown"),
    ],
)
def test_who_is_counted_together(address, site):
    assert limits.site_of(address) == site
