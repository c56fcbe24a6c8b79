"""An original tells nobody alone who is masked: its text leaves them out, its bytes wait for a second person."""

from __future__ import annotations

import json

import pytest
from tests.desk.world import Desk, a_threat
from tests.factory import browser_of, name

from abhaya.intake.actions import Arrival, Original, number_key, receive
from abhaya.intake.formats.record import Fact, Person, Record, Text
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value, values


@pytest.fixture
def desk() -> Desk:
    return Desk()


def received(desk: Desk, tag: str, *, role: str = "victim") -> tuple[str, bytes]:
    """A report whose original names the child in its own part and in a chat; the item's address, and its bytes."""
    child, mail = f"Mina{tag}", f"mina.{tag}@example.org"
    told = {
        "victim": {"name": child, "email": mail},
        "chat": f"i am {child}, write to {mail.upper()}",
        "other": f"keep{tag}",
    }
    content = json.dumps(told).encode()
    record = Record(
        "ncmec_json", 1, external_ref=name("number"), persons=(Person(role, 1, "/v", name=child),),
        facts=(Fact("email", mail, "/v/email", role, 1), Fact("email", f"keep{tag}@example.com", "/p", "reported", 1)),
        texts=(Text("content", f"i am {child}", "/c", "incident"),),
    )  # fmt: skip
    original = Original("report.json", content, media_type="application/json")
    with on_the_road("test:report"):
        [receipt] = receive([Arrival(record, desk.sender, "json", number_key("test", tag), (original,), ())])
        item = value("select item_id from intake_original where report_id = %s", [receipt.report_id])
    desk.road()
    return f"/items/{item}", content


def test_the_text_leaves_out_who_is_masked_and_says_what_it_cannot_promise(desk):
    tag = name("t").replace("-", "")
    item, _ = received(desk, tag)
    page = browser_of(desk.alice).get(f"{item}/text").content.decode()
    for hidden in (f"Mina{tag}", f"mina.{tag}", f"MINA.{tag.upper()}"):
        assert hidden not in page
    assert f"keep{tag}" in page
    assert "4 places that name masked persons" in page
    assert "in other words may still stand here" in page


def test_the_whole_waits_for_a_second_person_and_is_handed_out_once(desk):
    tag = name("t").replace("-", "")
    item, content = received(desk, tag)
    alice = browser_of(desk.alice)
    assert alice.get(f"{item}/original").url == f"{item}/whole"
    assert f"Mina{tag}" not in alice.get(f"{item}/whole").content.decode()
    assert alice.post(f"{item}/whole", {"act": "show"}).status_code == 403
    whole = desk.unmasked(desk.alice, desk.bob, f"{item}/whole", "for the evidence file of the court")
    assert whole.encode() == content
    assert alice.post(f"{item}/whole", {"act": "show"}).status_code == 403
    with on_the_road("test"):
        told = values(
            "select body from ledger_entry where event = 'custody:item:viewed' and subject_id = %s",
            [item.split("/")[2]],
        )
    assert b"with who is masked" in bytes(told[-1])


def test_in_an_emergency_it_is_handed_out_at_once_and_waits_for_its_review(desk):
    item, content = received(desk, name("t").replace("-", ""))
    done = {"act": "emergency", "reason": "The child is here and cannot say her name", "understood": "on"}
    assert browser_of(desk.alice).post(f"{item}/whole", done).content == content
    assert "Masked identity shown" in browser_of(desk.bob).get("/emergencies").content.decode()


def test_where_nobody_is_masked_it_is_downloaded_as_ever(desk):
    item, content = received(desk, name("t").replace("-", ""), role="reported")
    alice = browser_of(desk.alice)
    assert alice.get(f"{item}/original").content == content
    assert alice.get(f"{item}/whole").url == f"{item}/original"


def test_to_charlie_all_of_it_is_not_there(desk):
    item, _ = received(desk, name("t").replace("-", ""))
    for way in ("text", "original", "whole"):
        assert browser_of(desk.charlie).get(f"{item}/{way}").status_code == 404


def test_the_childs_name_in_a_chat_or_a_files_name_is_left_out_of_the_report_page(desk):
    tag = name("t").replace("-", "")
    told = a_threat(tag)
    told["texts"] = (
        Text("content", f"she is Hidden {tag}, reach her at +91 90000-00077, says the other", "/c", "incident"),
    )
    report = desk.report(**told)
    page = browser_of(desk.alice).get(f"/reports/{report}").content.decode()
    assert "says the other" in page
    assert f"Hidden {tag}" not in page
    assert "00077" not in page
    assert "identifier of a masked person stands in a text" in page
