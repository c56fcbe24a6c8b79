"""The training world has a wrong merge, by an officer's word; whoever takes it back finds it undone everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.commands.demo_country import the_country
from tests.factory import browser_of, make_officer, make_sender, name
from tests.linking.people import rebuilt

from abhaya.commands.demo_family import (
    HERS,
    HIS,
    OF_HER,
    OF_HIM,
    OF_THE_WHOLE,
    PLATFORM,
    WORKING_NAME,
    family_arrives,
    wrongly_joined,
)
from abhaya.journey import open_road
from abhaya.shared.identity import on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import fetch
from abhaya.training.demo import Credential

WHY = "The neighbour says that it is the tablet of the house; her number and her mailbox are her own."


@pytest.fixture(scope="module")
def hub(live) -> UUID:
    """The hub of the demo, with the four reports in it and what its officers did with them."""
    country = the_country()
    username, password = name("chatline"), name("password")
    make_sender(country.hub, username=username, password=password)
    open_road()
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)
    family_arrives(f"{live.url}/ispws", {PLATFORM: Credential(PLATFORM, username, password)}, until)
    drain()
    with on_the_road("test"):
        found = together()
    assert found[HERS.id] not in {found[one.id] for one in HIS}, "no rule takes her for him"
    wrongly_joined()
    return country.hub


def together() -> dict[UUID, UUID | None]:
    """What the exports of subjects and links read."""
    accounts = [one.id for one in (*HIS, HERS)]
    members = fetch(
        lambda *row: row,
        "select account_id, subject_id from linking_membership where until is null and account_id = any (%s)",
        [accounts],
    )
    return dict.fromkeys(accounts) | dict(members)


def test_it_is_found_understood_and_undone_on_the_page_and_every_trace_is_right_again(hub):
    visitor = browser_of(make_officer(hub, "analyst"))

    def read(address: str) -> str:
        return " ".join(visitor.get(address).content.decode().split())

    his, hers = f"/subjects/{HIS[0].id}", f"/subjects/{HERS.id}"
    shown = read(his)
    assert "4 accounts, held to be one person’s" in shown
    assert f"“{WORKING_NAME}”" in shown
    assert "Hub.Supervisor said so" in shown
    assert all(said in shown for said in (OF_HIM, OF_HER, OF_THE_WHOLE, HERS.screen_name))
    doubt = f"/subjects/judge?a={HIS[1].id}&amp;b={HERS.id}&amp;answer=different"
    assert doubt in shown, "who doubts her doubts the word that holds her"
    assert "What stands" in read(doubt.replace("&amp;", "&"))

    [word] = {part.split('"')[0] for part in shown.split('href="/judgements/')[1:]}
    assert visitor.post(f"/judgements/{word}", {"reason": WHY}).status_code == 302
    given = {"a": HIS[1].id, "b": HERS.id, "answer": "different", "why": WHY}
    assert visitor.post("/subjects/judge", given).status_code == 302
    assert rebuilt() == (0, 0)

    apart, her_own = read(his), read(hers)
    assert "3 accounts, held to be one person’s" in apart
    assert "1 of them does not stand here" in apart
    assert HERS.screen_name not in apart
    assert OF_HER not in apart
    assert OF_HIM in apart
    assert "An account that stands alone" in her_own
    assert OF_HER in her_own
    assert not any(said in her_own for said in (OF_HIM, OF_THE_WHOLE, WORKING_NAME))
    with on_the_road("test"):
        found = together()
    assert found[HERS.id] is None
    assert len({found[one.id] for one in HIS}) == 1
