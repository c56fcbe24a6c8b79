"""Pages of stacks: what each officer may see of one, and an officer's word that a picture does not belong, and back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from PIL import Image
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window
from tests.browser import signed_in as looked_at
from tests.factory import Receipt, browser_of, make_officer, make_sender, make_unit
from tests.matching.test_against_lists import a_list, arrives
from tests.matching.test_near import pdq, saved, scene
from tests.matching.test_stacks import OFFICER, comes, file_of, settle, smaller, stack
from tests.promises.test_query_budget import asks_at_most

from abhaya import journey
from abhaya.access.queries import signed_in
from abhaya.custody import look_actions, looks
from abhaya.custody.lawful import Basis
from abhaya.desk import looking
from abhaya.matching.actions import pictures
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values


@pytest.fixture
def hub() -> UUID:
    journey.open_road()
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


@pytest.fixture(scope="module", autouse=True)
def _one_decoder() -> Iterator[None]:
    yield
    pictures.DECODER.close()


def test_an_officer_takes_a_picture_out_of_its_stack_with_a_reason_and_it_joins_none_again(hub, sender):
    image = scene()
    first, other = comes(sender, saved(image)), comes(sender, smaller(image))
    settle()
    alice, charlie = make_officer(hub, *OFFICER), make_officer(make_unit("hub"), *OFFICER)
    address, why = f"/files/{file_of(other)}/part", {"reason": "The children in them differ."}
    assert browser_of(charlie).post(address, why).status_code == 404
    browser = browser_of(alice)
    assert "not the same picture" in browser.get(f"/files/{file_of(other)}").content.decode()
    assert browser.post(address, {"reason": "no"}).status_code == 422
    assert browser.post(address, why).status_code == 302
    settle()
    assert stack(other)[1:] == (True, 0, "")
    assert stack(other)[0] != stack(first)[0]
    page = browser.get(f"/files/{file_of(other)}").content.decode()
    assert "Alice took it out of its stack" in page
    assert why["reason"] in page
    assert browser.post(address, why).status_code == 409
    copy = comes(sender, smaller(image))
    settle()
    assert stack(copy)[0] == stack(other)[0], "the same bytes stay together"
    assert told_of(other) == ["matching:file:parted"]


def told_of(receipt: Receipt) -> list[str]:
    """What the ledger says of officers' word on its picture."""
    with on_the_road("test"):
        return values(
            "select event from ledger_entry where event like 'matching:file:%%' and subject_id = %s order by id",
            [receipt.report_id],
        )


def test_an_officer_s_word_is_taken_back_with_a_reason_and_the_rule_puts_all_where_they_belong(hub, sender):
    image = scene()
    first, other = comes(sender, saved(image)), comes(sender, smaller(image))
    settle()
    file = file_of(other)
    alice, charlie = (browser_of(make_officer(unit, *OFFICER)) for unit in (hub, make_unit("hub")))
    bob = browser_of(make_officer(hub, *OFFICER, called="Bob"))
    back, why = f"/files/{file}/part/take-back", {"reason": "It was compared with the wrong one."}
    assert bob.post(back, why).status_code == 409, "nothing to take back"
    alice.post(f"/files/{file}/part", {"reason": "The children in them differ."})
    settle()
    later = comes(sender, smaller(image))
    behind = comes(sender, saved(image.resize((300, 225)), "JPEG", quality=55))
    settle()
    assert {stack(one)[0] for one in (other, later)} == {stack(other)[0]} != {stack(first)[0]}
    assert "Take this back" in bob.get(f"/files/{file}").content.decode()
    assert "Take this back" in bob.get(f"/stacks/{stack(first)[0]}").content.decode(), "where it was taken out"
    assert charlie.post(back, why).status_code == 404
    assert bob.post(back, {"reason": "no"}).status_code == 422
    assert bob.post(back, why).status_code == 302
    assert bob.post(back, why).status_code == 409
    settle()
    assert {stack(one)[0] for one in (other, later, behind)} == {stack(first)[0]}
    assert [stack(one)[1] for one in (first, other, later, behind)] == [True, False, False, False]
    page = bob.get(f"/files/{file}").content.decode()
    for said in ("Alice took it out of its stack", "differ.", "Bob took that back", why["reason"]):
        assert said in page, "it stays in the history"
    assert "Take this back" not in page
    assert told_of(other) == ["matching:file:parted", "matching:file:rejoined"]
    alice.post(f"/files/{file}/part", {"reason": "No, they do differ."})
    settle()
    assert stack(other)[1:] == (True, 0, "")


def test_what_was_taken_back_is_never_changed_again(hub, sender, ask_as):
    image = scene()
    _first, other = comes(sender, saved(image)), comes(sender, smaller(image))
    settle()
    alice = make_officer(hub, *OFFICER)
    browser = browser_of(alice)
    browser.post(f"/files/{file_of(other)}/part", {"reason": "The children in them differ."})
    connected = ask_as("abhaya_app")
    change = "update matching_parting set undone_at = now(), undone_why = %s where file_id = %s"
    for officer, times in ((make_officer(make_unit("hub")), [0]), (alice, [1, 0])):
        connected.execute("select set_config('abhaya.officer', %s, true)", [str(officer.id)])
        assert [connected.execute(change, ["why", file_of(other)]).rowcount for _ in times] == times
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connected.execute("update matching_parting set reason = ''")


def test_the_page_of_a_stack_says_what_stands_in_it_and_to_each_only_what_is_open_to_them(hub, sender):
    image, elsewhere = scene(), make_unit("hub")
    of = a_list(hub)
    arrives(of, pdq(saved(image)), header="pdq")
    first = comes(make_sender(elsewhere), saved(image))
    settle()
    ours = [comes(sender, smaller(image)), comes(sender, saved(image.transpose(Image.Transpose.ROTATE_90)))]
    settle()
    alice = make_officer(hub, *OFFICER)
    with acting(alice.id, name="Alice"):
        officer = signed_in(alice.id)
        opened = look_actions.open_look(
            officer,
            looking.file_page(file_of(ours[0]), officer).subject,
            look_actions.Given(Basis("for the report", "R 1", "")),
        )
        look_actions.end(officer, looks.look(opened, officer), "not-relevant", "a landscape")
    browser, charlie = browser_of(alice), browser_of(make_officer(elsewhere, *OFFICER))
    address = f"/stacks/{stack(first)[0]}"
    page = browser.get(address).content.decode()
    for said in (
        "not open to you",
        "of 256 bits differ from the first",
        "Once turned",
        "a landscape",
        of.name,
        "Alice",
    ):
        assert said in page
    assert "measured against" not in page
    assert "<img" not in page
    for one in ours:
        assert f"/reports/{one.report_id}" in page
        assert f'href="{address}"' in browser.get(f"/files/{file_of(one)}").content.decode()
        assert f'href="{address}"' in browser.get(f"/reports/{one.report_id}").content.decode()
    assert str(first.report_id) not in page
    theirs = charlie.get(address).content.decode()
    first_is_away = "the first of them came in a report that is not open to you"
    assert ("measured against" in theirs, "a landscape" in theirs, first_is_away in theirs) == (True, False, False)
    assert not [one for one in ours if str(one.report_id) in theirs]
    assert address not in charlie.get(f"/files/{file_of(first)}").content.decode(), "nothing says that others came"
    assert browser_of(make_officer(make_unit("district"), *OFFICER)).get(address).status_code == 404
    again = comes(sender, smaller(image))
    settle()
    assert f'href="{address}"' in browser.get(f"/queue/together/{again.report_id}").content.decode()
    asks_at_most(browser, address)
    with on_the_road("test"):
        told = (
            "select count(*) from ledger_entry where event = 'desk:stack:viewed' and actor_id = %s and subject_id = %s"
        )
        assert value(told, [alice.id, stack(first)[0]]) == 3


@pytest.mark.browser
@pytest.mark.parametrize(("size", "language"), [(DESK, "en"), (TELEPHONE, "hi")], ids=["desk", "telephone"])
def test_the_page_of_a_stack_at_a_desk_and_on_a_telephone(hub, sender, live, chromium, size, language):
    image = scene()
    first, other = comes(sender, saved(image)), comes(sender, smaller(image))
    settle()
    vera, address = make_officer(hub, *OFFICER, called="Vera"), f"/stacks/{stack(first)[0]}"
    browser_of(vera).post(f"/files/{file_of(other)}/part", {"reason": "The children in them differ."})
    with looked_at(chromium, live.url, vera, size=size) as page:
        page.goto(live.url + address)
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        is_as_wide_as_its_window(page)
        is_accessible(page)
        followed(page, f"main a[href='/files/{file_of(other)}/part/take-back']")
        is_accessible(page)
