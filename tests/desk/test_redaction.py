"""What the sender named as a masked person's is found in a text however it is spelt, and nothing else is taken out."""

from __future__ import annotations

import html
import json
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.desk.redaction import MASK, hidden_of, redact
from abhaya.desk.rules import Shown
from abhaya.intake.formats.record import Person, Place

CHILD = Shown(
    "victim", 1, 13, masked=True, may_be_child=True,
    person=Person("victim", 1, "/v", name="Ásha Kalpit", school="School of Nowhere", display_names=("mango_77",)),
    places=[Place("address", "/v/a", "victim", 1, text="4 Invented Lane", city="Nagar", postal_code="110001")],
)  # fmt: skip
HIDDEN = hidden_of([CHILD], [("phone", "+91 90000 00077"), ("email", "asha.k@example.org")])


@pytest.mark.parametrize(
    "spelt",
    [
        "Ásha Kalpit", "ÁSHA  KALPIT", "\\u00c1sha Kalpit", "&#xC1;sha Kalpit", "&#193;sha Kalpit", "%C3%81sha%20Kalpit",
        unicodedata.normalize("NFD", "Ásha Kalpit"), "Ásha\u200b Kalpit", "Ásha⟨U+200B⟩ Kalpit", "Kalpit, Ásha", "Ásha\nKalpit",
        "+919000000077", "090000-00077", "(+91) 90000 00077", "9000000077", "asha.k@example.org", "asha.k&#64;example.org",
        "ASHA.K@EXAMPLE.ORG", "mango_77", "School\tof Nowhere", "4 Invented\\nLane", "110001",
    ],
)  # fmt: skip
def test_however_it_is_spelt_it_is_left_out(spelt):
    redacted = redact(f"before <{spelt}> after", HIDDEN)
    assert redacted.text.startswith("before <")
    assert redacted.text.endswith("> after")
    assert redacted.places >= 1
    assert not any(letter.isalnum() for letter in redacted.text.removeprefix("before <").removesuffix("> after"))


def test_what_only_looks_like_it_stays():
    text = "Kalpitnagar, 1100012, 90000 0007, mango, School of Somewhere, case 9000"
    assert redact(text, HIDDEN).text == text


def test_without_anybody_masked_nothing_is_left_out():
    grown = Shown("reported", 1, None, masked=False, may_be_child=False, person=CHILD.person)
    assert redact("Ásha Kalpit", hidden_of([grown])).text == "Ásha Kalpit"


NAMES = st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd"]), min_size=6, max_size=20).filter(
    lambda name: unicodedata.normalize("NFC", name) == name and name.lower() == name.casefold()
)


@given(NAMES, st.text(max_size=40), st.text(max_size=40), st.sampled_from(["plain", "json", "xml", "url"]))
def test_no_name_is_left_in_any_spelling_and_what_stands_apart_stays(name, before, after, spelling):
    spelt = {
        "plain": name,
        "json": json.dumps(name)[1:-1],
        "xml": html.escape(name).encode("ascii", "xmlcharrefreplace").decode(),
        "url": quote(name),
    }[spelling]
    person = Shown(
        "victim", 1, 9, masked=True, may_be_child=True, person=Person("victim", 1, "/v", display_names=(name,))
    )
    left = redact(f"{before} {spelt} {after}", hidden_of([person])).text
    assert spelt not in left.replace(before, "").replace(after, "") or spelt in before + after
    assert MASK in left
