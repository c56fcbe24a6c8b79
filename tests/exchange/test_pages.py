"""Both sides of a comparison on their pages: two units of one installation, whose files carry the same key."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.exchange.world import PURPOSE, Side, agree, holds, make_side
from tests.factory import browser_of, name

from abhaya.ledger.sequencer import sequence_all


def said(browser, side: Side, address: str, **more: object) -> str:
    """Asks or answers on the page; the address of what was begun."""
    fields = {
        "partner": "the other state", "partner_key": key(browser), "scope": "reports", "kinds": ["email", "phone"],
        "contact": f"{side.officer.name}, ext 7", "purpose": PURPOSE,
    }  # fmt: skip
    answer = browser.post(address, fields | more)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def key(browser) -> str:
    page = browser.get("/comparisons").content.decode()
    return re.search(r'<p class="mono value">([^<]+)</p>', page)[1]


def agreed(side: Side, address: str) -> None:
    agree(address.rsplit("/", 1)[1], side.second)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("comparison.json", content, "application/json")


def test_two_units_compare_by_three_files_and_each_reads_what_met():
    alice, charlie = make_side("Alice"), make_side("Charlie")
    both, hers = (f"{name('held')}@example.com" for _ in range(2))
    holds(alice, both, hers)
    holds(charlie, both)
    sequence_all()
    asks, answers = browser_of(alice.officer), browser_of(charlie.officer)

    ours = said(asks, alice, "/comparisons/new")
    assert asks.post(ours, {"act": "make"}).status_code == 422  # nobody agreed
    assert asks.get(f"{ours}/file").status_code == 404
    agreed(alice, ours)
    assert asks.post(ours, {"act": "make"}).status_code == 302
    question = asks.get(f"{ours}/file")
    assert re.search(r'attachment; filename="comparison-\w{8}-question\.json"', question.headers["Content-Disposition"])

    theirs = said(answers, charlie, "/comparisons/answer", upload=upload(question.content))
    agreed(charlie, theirs)
    assert answers.post(theirs, {"act": "make"}).status_code == 302
    answer = answers.get(f"{theirs}/file").content
    wrong = asks.post(ours, {"act": "take", "upload": upload(answer.replace(b"sealed", b"closed"))})
    assert wrong.status_code == 422
    assert "This is no file of a blinded comparison" in wrong.content.decode()
    assert asks.post(ours, {"act": "take", "upload": upload(answer)}).status_code == 302
    assert answers.post(theirs, {"act": "take", "upload": upload(asks.get(f"{ours}/file").content)}).status_code == 302

    for browser, address, talks_to in ((asks, ours, "Charlie, ext 7"), (answers, theirs, "Alice, ext 7")):
        page = browser.get(address).content.decode()
        assert both in page
        assert hers not in page
        assert f"Talk to <b>{talks_to}</b>" in page
        assert "/reports/" in page
    assert answers.get(ours).status_code == 404
    assert asks.post(ours, {"act": "end"}).status_code == 302
    assert both not in asks.get(ours).content.decode()


def test_a_key_that_is_none_is_refused_beside_the_form():
    alice = make_side("Alice")
    fields = {"partner": "x", "partner_key": "no key", "scope": "reports", "kinds": ["email"], "contact": "y", "purpose": PURPOSE}  # fmt: skip
    answer = browser_of(alice.officer).post("/comparisons/new", fields)
    assert answer.status_code == 422
    assert "This is not a partner’s key" in answer.content.decode()
