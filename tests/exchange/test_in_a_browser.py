"""The pages of blinded comparisons in a real browser: wide and narrow, both languages."""

from __future__ import annotations

import pytest
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.exchange.world import Side, agree, holds, make_side, whole
from tests.factory import name

from abhaya.ledger.sequencer import sequence_all

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def scene() -> tuple[Side, list[str]]:
    """Alice with one agreed to, one carried, one finished with what met."""
    alice, charlie = make_side("Alice"), make_side("Charlie")
    both = [f"{name('held')}@example.com" for _ in range(3)]
    for side in (alice, charlie):
        holds(side, *both)
    sequence_all()
    finished, _, _ = whole(alice, charlie)
    agreed, sent = (alice.begin(charlie, partner=f"State {place}") for place in "AB")
    agree(agreed, alice.second)
    alice.make(sent)
    steps = [f"/comparisons/{one}" for one in (finished, agreed, sent)]
    return alice, ["/comparisons", "/comparisons/answer", *steps]


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_fits_reads_and_is_named(scene, live, chromium, size, language):
    alice, addresses = scene
    with signed_in(chromium, live.url, alice.officer, size=size) as page:
        page.goto(f"{live.url}/desk")
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        for address in addresses:
            answer = page.goto(live.url + address)
            assert answer is not None
            assert answer.ok, address
            assert page.locator("html").get_attribute("lang") == language
            is_as_wide_as_its_window(page)
            is_accessible(page)
