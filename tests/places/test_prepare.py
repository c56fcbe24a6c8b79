"""Published tables become arrays; where their ranges overlap and disagree, both answers are kept as a dispute."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.places import networks, prepare

COUNTRY_V4 = "16777216,16777471,AU\n16777472,16778239,CN\n16778000,16778010,HK\n"
COUNTRY_V6 = "42540488320432167789079031612388147200,42540488320433376714898646241562853375,JP\n"
OPERATOR_V4 = '16777216,16777471,64500,"Example, Inc."\n'
OPERATOR_V6 = "42540488161975842760550356425300246528,42540488241204005274814694018844196863,64501,Example Net\n"


@pytest.fixture
def packages(tmp_path):
    for name, v4, v6 in (
        (prepare.COUNTRY_PACKAGE, COUNTRY_V4, COUNTRY_V6),
        (prepare.OPERATOR_PACKAGE, OPERATOR_V4, OPERATOR_V6),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}-ipv4-num.csv").write_text(v4)
        (folder / f"{name}-ipv6-num.csv").write_text(v6)
        (folder / "README.md").write_text("A table.")
        about = {"name": f"@example/{name}", "version": "2.3.2026061719", "license": "CC0-1.0"}
        (folder / "package.json").write_text(json.dumps(about))
    return tmp_path


def test_the_prepared_table_answers_with_its_version_and_date(packages, tmp_path):
    target = tmp_path / "prepared"
    assert not prepare.is_prepared(packages, target)
    prepare.prepare(packages, target, ranges_min=1)
    assert prepare.is_prepared(packages, target)
    tables = networks._tables_in(target)
    country, operator = tables["country"], tables["operator"]
    assert country.look_up(4, [16777215, 16777216, 16777471, 16777999, 16778005, 16778239, 16778240]) == [
        "", "AU", "AU", "CN", "CN|HK", "CN", "",
    ]  # fmt: skip
    assert country.look_up(6, [42540488320432167789079031612388147201, 5]) == ["JP", ""]
    assert operator.look_up(4, [16777217]) == ["AS64500 Example, Inc."]
    assert (country.as_of.isoformat(), country.package) == (
        "2026-06-17",
        "@example/geo-whois-asn-country 2.3.2026061719",
    )
    assert not country.caution


def test_a_broken_download_is_refused(packages, tmp_path):
    with pytest.raises(ValueError, match="the download is broken"):
        prepare.prepare(packages, tmp_path / "prepared")
    assert not (tmp_path / "prepared" / prepare.ABOUT).exists()


def test_a_publisher_who_warns_of_errors_is_quoted(packages, tmp_path):
    (packages / prepare.COUNTRY_PACKAGE / "README.md").write_text("NOTICE: the data **contains bugs**")
    prepare.prepare(packages, tmp_path / "prepared", ranges_min=1)
    assert networks._tables_in(tmp_path / "prepared")["country"].caution


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10), st.sampled_from("ABC")), max_size=12))
def test_cutting_overlaps_keeps_every_address_and_every_value(pieces):
    ranges = sorted((start, start + length, value) for start, length, value in pieces)
    cut = list(prepare.without_overlap(ranges))
    for before, after in pairwise(cut):
        assert before[1] < after[0]
    for address in range(55):
        said = {value for first, last, value in ranges if first <= address <= last}
        found = [value for first, last, value in cut if first <= address <= last]
        assert found == (["|".join(sorted(said))] if said else [])
