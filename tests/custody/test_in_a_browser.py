"""The pages of originals kept elsewhere, in a real browser: at a desk, on a telephone, in English and Hindi."""

from __future__ import annotations

import pytest
from tests.browser import DESK, TELEPHONE, is_accessible, is_as_wide_as_its_window, signed_in
from tests.custody.test_grants import PURPOSE, World
from tests.custody.world import kept

from abhaya.custody import grants
from abhaya.shared.identity import acting
from abhaya.shared.sql import execute


@pytest.mark.browser
def test_pointer_requests_and_answers_fit_a_desk_and_a_telephone(live, chromium):
    world = World()
    world.answered(world.analyst, world.asked(), None, "The court has a certified copy already.")
    world.answered(world.analyst, world.asked(), 24, "Until the hearing is over.")
    waiting, pointer = kept(world.compartment, b"asks for money, again", b"asks for money, and again")
    with acting(world.alice.id, name="Alice"):
        grants.ask(waiting.item_id, world.compartment, PURPOSE)
    with acting(world.alice.id, name="Alice"):
        execute("update access_officer set language = 'hi' where id = %s", [world.alice.id])
    for person, address, text in (
        (world.alice, f"/items/{pointer.item_id}/ask", pointer.sha256.hex()),
        (world.alice, "/originals", "The court has a certified copy already."),
        (world.analyst, "/originals", PURPOSE),
        (world.charlie, "/originals", ""),
    ):
        for size in (DESK, TELEPHONE):
            with signed_in(chromium, live.url, person, size=size) as page:
                page.goto(live.url + address)
                assert text in page.content()
                is_as_wide_as_its_window(page)
                is_accessible(page)
