"""History lines say codes in words and places by their names, in both languages, and no number of ours."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from abhaya.desk.ledger_words import WORDS
from abhaya.ledger.events import Event
from abhaya.ledger.wording import event_sentence

LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (Event.ACCESS_OPENING_MADE, {"basis": f"referral {uuid4()}"}),
        (Event.ACCESS_OPENING_MADE, {"basis": "received"}),
        (Event.ROUTING_REPORT_PLACED, {"place": "IN-27"}),
        (Event.CUSTODY_LOOK_OPENED, {"viewed": "null", "jurisdiction": ""}),
        (Event.CUSTODY_LOOK_ENDED, {"reached": "blurred", "result": "second-look"}),
        (Event.CUSTODY_DELETION_ASKED, {"ground": "court"}),
        (Event.CUSTODY_HOLD_PLACED, {"review_on": "2026-12-22"}),
        (Event.CASES_HIT_DECIDED, {"decision": "silent"}),
        (Event.CASES_WATCH_ADDED, {"kind": "phone"}),
        (Event.DESK_PERSON_REQUESTED, {"kind": "erasure"}),
        (Event.DESK_PERSON_DECIDED, {"outcome": "partly"}),
        (Event.DESK_INQUIRY_MADE, {"kind": "access"}),
        (Event.TRIAGE_REPORT_DECIDED, {"decision": "duplicate"}),
    ],
)
def test_a_line_has_no_word_of_the_other_language_and_no_code(event, facts):
    hindi, english = (event_sentence(event, facts, language, WORDS) for language in ("hi", "en"))
    assert not LATIN.search(hindi), hindi
    for value in facts.values():
        if not value[:1].isdigit() and value not in {"silent", "referral"}:
            assert f": {value}" not in english


def test_what_nobody_has_words_for_stands_as_it_is():
    assert "IN-99" in event_sentence(Event.ROUTING_REPORT_PLACED, {"place": "IN-99"}, "hi", WORDS)
    assert "order 7" in event_sentence(Event.CASES_CASE_CLOSED, {"reason": "order 7"}, "hi", WORDS)
