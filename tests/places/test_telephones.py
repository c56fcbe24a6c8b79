"""A telephone number says a country and never a district."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.places.test_names import INDIA, WORLD

from abhaya.places.telephones import place_of_phone


def test_an_indian_mobile_number_is_india_with_its_circle_unknown():
    found = place_of_phone("+919000000077", WORLD, INDIA)
    assert found.country == "IN"
    assert [reason.code for reason in found.reasons] == ["phone_country"]
    assert [reason.code for reason in found.against] == ["phone_ported"]


@pytest.mark.parametrize(
    ("number", "country"), [("+12025550123", "US"), ("+14165550123", "CA"), ("+442079460000", "GB")]
)
def test_countries_that_share_a_code_are_told_apart_by_the_digits_that_follow(number, country):
    assert place_of_phone(number, WORLD, INDIA).country == country


def test_a_number_whose_country_cannot_be_told_says_so():
    assert place_of_phone("+10005550123", WORLD).country == ""
    assert place_of_phone("90000 00077", WORLD).against[0].code == "phone_not_valid"
    assert place_of_phone("+800123", WORLD).country == ""


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    place_of_phone(text, WORLD, INDIA)
