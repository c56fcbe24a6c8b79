"""Names of places are found however they are written, and never guessed between two states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.places.addresses import place_of_address, places_in_text
from abhaya.places.bundle import country_of, read_bundle
from abhaya.places.names import Gazetteer, key, title
from abhaya.places.reasons import SENTENCES
from abhaya.shared.reason import sentence

BUNDLE = read_bundle()
INDIA = country_of(
    "IN",
    [row.place for row in BUNDLE.places if row.place.code[:2] == "IN"],
    [row.alias for row in BUNDLE.aliases if row.alias.code[:2] == "IN"],
)
WORLD = Gazetteer.of(
    [row.place for row in BUNDLE.places if row.place.kind == "country"],
    [row.alias for row in BUNDLE.aliases if len(row.alias.code) == 2],
)


def codes(text: str, **hints: str) -> list[str]:
    return [one.place.code for one in INDIA.gazetteer.find(text, **hints).candidates]


def test_the_bundle_holds_the_directory_and_every_state_has_a_hindi_name():
    places = [row.place for row in BUNDLE.places]
    by_kind = {kind: [place for place in places if place.kind == kind] for kind in ("country", "state", "district")}
    assert [len(by_kind[kind]) for kind in ("country", "state", "district")] == [249, 36, 763]
    assert all(place.name_hi for place in by_kind["state"])
    known = {place.code for place in places}
    assert len(known) == len(places)
    assert {place.parent for place in places if place.parent} <= known
    assert {row.alias.code for row in BUNDLE.aliases} <= known


def test_every_place_is_found_by_its_own_name_in_its_own_parent():
    for place in INDIA.gazetteer.places.values():
        if place.kind in {"state", "district"}:
            found = INDIA.gazetteer.find(place.name, within=place.parent, kinds=(place.kind,))
            # a state of one district is answered with that district
            lines = [INDIA.gazetteer.ancestors(one.place.code) for one in found.candidates]
            assert place.code in {line.code for places in lines for line in places}, place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Pune", "IN-27-490"),
        ("PUNE DISTRICT", "IN-27-490"),
        ("पुणे", "IN-27-490"),
        ("Gurgaon", "IN-6-62"),
        ("Gurugram", "IN-6-62"),
        ("Allahabad", "IN-9-120"),
        ("Prayagraj", "IN-9-120"),
        ("Orissa", "IN-21"),
        ("Odisha", "IN-21"),
        ("MH", "IN-27"),
        ("U.P.", "IN-9"),
        ("Chandigarh", "IN-4-44"),  # a state of one district
        ("Sri Nagar", "IN-1-13"),
        ("Thiruvanathapuram", "IN-32-565"),  # a letter missing
        ("Kochi", "IN-32-555"),  # a town of Ernakulam
    ],
)
def test_a_name_that_is_one_place_is_that_place(text, code):
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aurangabad", ["IN-10-189", "IN-27-469"]),
        ("Bilaspur", ["IN-2-15", "IN-22-375"]),
        ("Hamirpur", ["IN-2-17", "IN-9-149"]),
        ("Pratapgarh", ["IN-8-629", "IN-9-174"]),
        ("Mumbai", ["IN-27-482", "IN-27-483"]),
        ("Bangalore", ["IN-29-525", "IN-29-526"]),
    ],
)
def test_a_name_of_several_places_is_answered_with_all_of_them(text, expected):
    found = INDIA.gazetteer.find(text)
    assert found.ambiguous
    assert [one.place.code for one in found.candidates] == expected


def test_raigarh_and_raigad_are_two_places_that_are_easily_taken_for_each_other():
    assert codes("Raigarh") == ["IN-22-386"]
    assert codes("Raigad") == ["IN-27-491"]
    assert [place.code for place in INDIA.gazetteer.find("Raigarh").alike] == ["IN-27-491"]
    assert [place.code for place in INDIA.gazetteer.find("Raigad").alike] == ["IN-22-386"]


def test_a_short_or_unknown_name_is_not_guessed():
    assert codes("Pune1") == []
    assert codes("Gotham") == []
    assert codes("   ") == []
    assert codes("district") == []


def test_a_name_one_letter_from_two_places_is_answered_with_both():
    assert codes("Jalgoan") == ["IN-27-478", "IN-36-689"]


@given(st.text(max_size=200))
def test_no_text_breaks_the_search_and_a_key_is_stable(text):
    INDIA.gazetteer.find(text)
    assert key(key(text)) == key(text)
    title(text or "x")


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading_of_addresses(text):
    place_of_address(INDIA, region=text[:50], city=text, postal_code=text[:10], text=text)
    places_in_text(INDIA, text)


def address(**parts: str):
    return place_of_address(INDIA, **parts)


def test_an_address_whose_parts_agree_is_a_district():
    found = address(city="Pune", region="Maharashtra", postal_code="411001")
    assert (found.state, found.district, found.agree, found.against) == ("IN-27", "IN-27-490", 3, ())


def test_the_postal_code_tells_two_towns_of_one_name_apart():
    assert address(city="Aurangabad", postal_code="431001").district == "IN-27-469"
    assert address(city="Aurangabad", postal_code="824101").district == "IN-10-189"
    alone = address(city="Aurangabad")
    assert (alone.state, alone.district, alone.possible) == ("", "", ("IN-10-189", "IN-27-469"))


def test_an_address_that_contradicts_itself_names_no_district():
    by_region = address(city="Pune", region="Bihar")
    assert (by_region.state, by_region.district) == ("IN-10", "")
    by_postal = address(city="Patna", postal_code="411001")
    assert (by_postal.state, by_postal.district) == ("", "")
    assert [reason.code for reason in by_postal.against] == ["city_not_by_postal", "postal_contradicts"]


def test_an_address_in_one_line_is_read_too():
    assert address(text="Flat 4, MG Road, Pune 411 001").district == "IN-27-490"
    assert address(text="H.No 3, Sector 62, Noida, Uttar Pradesh - 201301").district == "IN-9-144"


def test_a_postal_code_of_two_states_says_so_and_one_of_the_army_says_nothing():
    shared = address(postal_code="605001")
    assert (shared.state, [reason.code for reason in shared.reasons]) == ("", ["postal_shared"])
    army = address(postal_code="900056")
    assert (army.state, [reason.code for reason in army.against]) == ("", ["postal_says_nothing"])


def test_places_in_a_text_need_a_word_that_speaks_of_a_place():
    def named(text):
        return [[one.place.code for one in mention.found.candidates] for mention in places_in_text(INDIA, text)]

    assert named("says he lives in pune near the station") == [["IN-27-490"]]
    assert named("मैं पुणे में रहता हूँ") == [["IN-27-490"]]
    assert named("pictures from Krishna and Sagar") == []
    assert named("asks age") == []


def test_the_sentences_are_there_in_both_languages_for_every_reason_an_address_can_give():
    seen = set()
    for parts in (
        {"city": "Raigarh"},
        {"city": "Aurangabad"},
        {"city": "Gotham", "region": "Atlantis"},
        {"city": "Noida", "postal_code": "12"},
        {"city": "Tirupur", "postal_code": "605001"},
        {"city": "Bombay", "region": "MH", "postal_code": "900001"},
        {"city": "Pune", "region": "Bihar"},
        {"city": "Patna", "postal_code": "411001"},
    ):
        found = address(**parts)
        for reason in (*found.reasons, *found.against):
            seen.add(reason.code)
            for language in ("en", "hi"):
                assert "–" not in sentence(reason, SENTENCES, language)
                assert "{" not in sentence(reason, SENTENCES, language)
            assert sentence(reason, SENTENCES, "en") != sentence(reason, SENTENCES, "hi")
    assert len(seen) >= 10


def test_countries_are_found_by_code_name_and_other_names():
    assert [one.place.code for one in WORLD.find("United States").candidates] == ["US"]
    assert [one.place.code for one in WORLD.find("USA").candidates] == ["US"]
    assert [one.place.code for one in WORLD.find("भारत").candidates] == ["IN"]
    assert [one.place.code for one in WORLD.find("U.K.").candidates] == ["GB"]


def test_names_are_found_inside_a_long_text_and_the_longest_counts():
    text = "and then he wrote again that nothing had happened " * 300 + "he lives in Uttar Dinajpur near Raigarh"
    found = INDIA.gazetteer.find_inside(text, kinds=("state", "district"))
    assert [one.candidates[0].place.code for one, _, _ in found] == ["IN-19-311", "IN-22-386"]
