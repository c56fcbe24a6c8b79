"""What a list says of itself is changed on a page, and from where it is read is chosen, paused and ended there."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from tests.browser import TELEPHONE, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import Person, browser_of, make_officer, make_unit
from tests.matching.test_against_lists import a_list
from tests.matching.test_polling import live_md5
from tests.matching.test_sharing import give, make_list, partner, rows

from abhaya import journey
from abhaya.matching.actions import by_officers, poll_next
from abhaya.matching.lists import ListRow
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, fetch

WHY = "the agreement of March, number 12"


@pytest.fixture
def hub():
    journey.open_road()
    return make_unit("hub")


@pytest.fixture
def alice(hub) -> Person:
    return make_officer(hub, "supervisor")


@pytest.fixture
def of(hub) -> ListRow:
    return a_list(hub)


@pytest.fixture
def neighbour(live, hub) -> Iterator[str]:
    """A door that an operator laid down, and the hash of the one entry that is read there."""
    theirs, hers = make_list(hub, *rows(1)), partner(live, hub, "Neighbour")
    give(theirs, hers)
    folder = Path(settings.DATA_DIR) / by_officers.EXCHANGES
    folder.mkdir(exist_ok=True)
    file = folder / "neighbour"
    file.write_text(f"{hers.username}\n{hers.password}\n{live.url}/hashsharing\n")
    (folder / "broken").write_text("no address\n")
    yield hers.password
    file.unlink()


def text(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def told(of: ListRow) -> list[str]:
    with on_the_road("test"):
        asked = "select event from ledger_entry where compartment = %s and event like %s order by id"
        return fetch(lambda event: event, asked, [of.compartment, "matching:poll:%"]) + fetch(
            lambda event: event, asked, [of.compartment, "matching:list:changed"]
        )


def test_source_terms_and_scheme_are_changed_with_a_reason_and_what_stood_there_before_is_kept(hub, alice, of):
    address = f"/lists/{of.compartment}/change"
    now = {"source": "Another partner", "licence": "for units of this state", "scheme": "vics-us"}
    browser = browser_of(alice)
    assert "A partner" in browser.get(address).content.decode(), "what it says now"
    assert browser.post(address, {**now, "reason": "short"}).status_code == 422
    assert browser.post(address, {**now, "reason": WHY}).status_code == 302
    page = text(browser.get(f"/lists/{of.compartment}"))
    for said in ("What it said before", "A partner → Another partner", "– → for units of this state", WHY, "Alice"):
        assert said in page
    refused = browser.post(address, {**now, "reason": WHY})
    assert (refused.status_code, "Nothing of it differs" in text(refused)) == (422, True)
    assert told(of) == ["matching:list:changed"]


def test_nobody_but_the_unit_that_answers_for_a_list_changes_it_or_where_it_is_read_from(hub, of):
    charlie, analyst = make_officer(make_unit("hub"), "supervisor"), make_officer(hub, "analyst")
    for address in (f"/lists/{of.compartment}/change", f"/lists/{of.compartment}/reading"):
        assert browser_of(charlie).get(address).status_code == 404
        assert browser_of(analyst).get(address).status_code == 403


def polled(of: ListRow) -> None:
    """The worker's rounds until nothing is due."""
    with on_the_road("test"):
        execute("update matching_poll set due_at = now() - interval '1 day' where compartment = %s", [of.compartment])
    for _round in range(3):
        with on_the_road("road:matching"):
            poll_next()


def test_a_list_is_read_from_a_door_that_an_operator_laid_down_paused_and_read_no_more(alice, of, neighbour):
    address = f"/lists/{of.compartment}/reading"
    browser = browser_of(alice)
    page = text(browser.get(address))
    assert ("neighbour: http" in page, "broken" in page, neighbour in page) == (True, False, False)
    for name in ("broken", "../secrets/vault", ""):
        assert browser.post(address, {"act": "read", "exchange": name}).status_code == 422
    assert browser.post(address, {"act": "read", "exchange": "neighbour"}).status_code == 302
    polled(of)
    assert len(live_md5(of)) == 1
    assert browser.post(address, {"act": "on"}).status_code == 422, "it is read already"
    assert browser.post(address, {"act": "paused"}).status_code == 302
    assert "paused" in text(browser.get(f"/lists/{of.compartment}"))
    with on_the_road("test"):
        execute("update matching_poll set tried_at = null where compartment = %s", [of.compartment])
    polled(of)
    with on_the_road("test"):
        tried = fetch(lambda at: at, "select tried_at from matching_poll where compartment = %s", [of.compartment])
    assert tried == [None], "nobody asked"
    for act in ("on", "removed"):
        assert browser.post(address, {"act": act}).status_code == 302
    page = text(browser.get(address))
    assert ("Read from nowhere" in page, neighbour in page) == (True, False)
    assert browser.post(address, {"act": "paused"}).status_code == 422
    assert browser.post(address, {"act": "read", "exchange": "neighbour"}).status_code == 302, "and again"
    assert told(of) == ["matching:poll:paused", "matching:poll:resumed", "matching:poll:removed"]


@pytest.mark.browser
def test_both_pages_on_a_telephone(alice, of, neighbour, live, chromium):
    browser_of(alice).post(f"/lists/{of.compartment}/reading", {"act": "read", "exchange": "neighbour"})
    with signed_in(chromium, live.url, alice, size=TELEPHONE) as page:
        for address in ("change", "reading", ""):
            page.goto(f"{live.url}/lists/{of.compartment}/{address}".rstrip("/"))
            is_as_wide_as_its_window(page)
            is_accessible(page)
