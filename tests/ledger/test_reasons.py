"""Every event and every finding has its sentence in both languages."""

import re
from pathlib import Path

import pytest

from abhaya.ledger import check, health, reasons, stamps, witnesses, wording
from abhaya.ledger.events import Event

WORDS = {"channel": {"form": ("an officer’s form", "अधिकारी का फ़ॉर्म")}}
DEVANAGARI = re.compile(r"[\u0900-\u097f]")


def test_every_event_has_a_sentence_in_both_languages():
    assert set(wording.EVENTS) == set(Event)
    for english, hindi in wording.EVENTS.values():
        assert not DEVANAGARI.search(english)
        assert DEVANAGARI.search(hindi)


def test_both_languages_tell_the_same_facts():
    for english, hindi in [*wording.EVENTS.values(), *reasons.SENTENCES.values()]:
        assert sorted(re.findall(r"\{(\w+)\}", english)) == sorted(re.findall(r"\{(\w+)\}", hindi))


def test_every_finding_has_a_sentence():
    source = "".join(Path(module.__file__).read_text() for module in (check, health, stamps, witnesses))
    codes = set(re.findall(r'(?:found|Reason)\(\s*"([a-z-]+)"', source))
    assert codes == set(reasons.SENTENCES)


def test_the_closed_list_is_alphabetical_and_keeps_its_grammar():
    names = [event.value for event in Event]
    assert names == sorted(names)
    assert all(re.fullmatch(r"[a-z]+:[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*", name) for name in names)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"sender": "Example Platform", "number": "77", "channel": "form"},
         "Report received, number 77, sent by Example Platform, through an officer’s form"),
        ({"channel": "newer"}, "Report received, through newer"),
        ({"sender": "", "number": None, "channel": {"a": 1}}, "Report received"),
        ({"sender": "{number} [x]"}, "Report received, sent by {number} [x]"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_the_entry_holds_and_no_more(facts, sentence):
    assert wording.event_sentence("intake:report:received", facts, "en", WORDS) == sentence


def test_an_event_of_a_newer_version_shows_as_it_is():
    assert wording.event_sentence("series:picture:compared", {}, "hi") == "series:picture:compared"
