"""Files made by hand: what can be read goes in, every other row is set aside with its line and the reason."""

from __future__ import annotations

from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.places.test_names import INDIA

from abhaya.places.formats import lgd, network_table, place_table, table
from abhaya.places.formats.table import SetAside, TableError

IST = ZoneInfo("Asia/Kolkata")
HEADER = "cidr,country,state,district,operator,kind,valid_from,valid_to\n"


def read(text: str):
    return list(network_table.read(text, {"IN": INDIA}.get, IST))


def test_a_range_with_names_of_places_and_a_validity_in_indian_days():
    (row,) = read(HEADER + "203.0.113.0/24,IN,Maharashtra,Jalgaon,Example Mobile,mobile,2026-01-01,2026-03-31\n")
    assert (str(row.first), str(row.last)) == ("203.0.113.0", "203.0.113.255")
    assert (row.state, row.district, row.operator, row.kind) == ("IN-27", "IN-27-478", "Example Mobile", "mobile")
    assert row.valid_from.isoformat() == "2026-01-01T00:00:00+05:30"
    assert row.valid_to.isoformat() == "2026-04-01T00:00:00+05:30"  # the last day counts in full


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("203.0.113.5/24,IN,,,,,,", "write 203.0.113.0/24"),
        ("203.0.113.0/99,IN,,,,,,", "not a range"),
        ("0.0.0.0/0,IN,,,,,,", "wider than any operator"),
        ("203.0.113.9-203.0.113.1,IN,,,,,,", "lower to a higher"),
        ("203.0.113.9-2001:db8::1,IN,,,,,,", "one family"),
        (",IN,,,,,,", "cidr is empty"),
        ("203.0.113.0/24,XX,,,,,,", "country “XX”"),
        ("203.0.113.0/24,IN,Atlantis,,,,,", "state “Atlantis” is not known"),
        ("203.0.113.0/24,IN,,Aurangabad,,,,", "may be IN-10-189, IN-27-469"),
        ("203.0.113.0/24,IN,Bihar,Pune,,,,", "district “Pune” is not known in IN-10"),
        ("203.0.113.0/24,IN,,,,moblie,,", "kind “moblie” is not one of"),
        ("203.0.113.0/24,IN,,,,,31-03-2026,", "“31-03-2026” is neither"),
        ("203.0.113.0/24,IN,,,,,2026-04-01,2026-03-01", "before valid_from"),
        ("203.0.113.0/24,IN,,,,,,,,", "10 cells, the header 8"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason_and_the_next_goes_in(line, why):
    bad, good = read(HEADER + line + "\n2001:db8::/40,in,IN-27,,X,fixed,,\n")
    assert isinstance(bad, SetAside)
    assert bad.line == 2
    assert why in bad.why
    assert (good.country, good.state) == ("IN", "IN-27")


def test_a_single_address_and_a_run_of_addresses_are_ranges():
    one, run = read(HEADER + "203.0.113.5,IN,,,,,,\n203.0.113.1 - 203.0.113.6,IN,,,,,,\n")
    assert one.first == one.last
    assert (str(run.first), str(run.last)) == ("203.0.113.1", "203.0.113.6")


def test_a_range_may_say_what_it_is_and_not_where():
    vpn, wrong = read(HEADER + "203.0.113.0/24,,,,Namuna VPN,vpn,,\n203.0.113.0/24,,Bihar,,,vpn,,\n")
    assert (vpn.country, vpn.kind) == ("", "vpn")
    assert isinstance(wrong, SetAside)


def test_separators_marks_empty_lines_and_unknown_columns_are_taken_in_their_stride():
    text = table.decode("\n\nCIDR;Country;Colour\n\n203.0.113.0/24;IN;red\nx;IN;blue\n".encode("utf-16"))
    rows = read(text)
    assert str(rows[0].first) == "203.0.113.0"
    assert rows[1].line == 6
    assert table.ignored(text, network_table.COLUMNS) == ["colour"]


def test_a_file_in_an_old_encoding_is_refused_with_advice():
    with pytest.raises(TableError, match="CSV UTF-8"):
        table.decode("cidr,country\nहिन्दी".encode()[:-1] + b"\xff")


def test_the_directory_reads_a_newer_download_and_sets_a_broken_row_aside():
    text = "State Code,State Name,District Code,District Name\n27,MAHARASHTRA,999,NEW DISTRICT\nx,Y,1,Z\n27,M,1,\n"
    first, second, third = lgd.read(text)
    assert (first.place.code, first.place.name, first.place.parent) == ("IN-27-999", "New District", "IN-27")
    assert [isinstance(one, SetAside) for one in (second, third)] == [True, True]


def test_places_need_a_known_parent_and_a_code_that_begins_with_it():
    known = {"IN": "country", "IN-27": "state", "IN-27-490": "district"}
    text = (
        "code,kind,name,name_hi,parent,aliases,valid_from,valid_to\n"
        "IN-27-901,district,New Pune,नया पुणे,IN-27,Navin Pune|NP,2026-05-01,\n"
        "IN-27-901-1,subdistrict,Block,,IN-27-901,,,\n"
        "IN-27-490,state,Pune,,IN,,,\n"
        "IN-28-1,district,Elsewhere,,IN-28,,,\n"
        "IN-28-1,district,Elsewhere,,IN-27,,,\n"
        "pune,district,Pune,,IN-27,,,\n"
        "IN-27-902,district,,,IN-27,,,\n"
        "IN-27-903,district,X,,IN-27,,2026-05-02,2026-05-01\n"
    )
    rows = list(place_table.read_places(text, known))
    assert [one.place.code for one in rows[:2]] == ["IN-27-901", "IN-27-901-1"]
    assert rows[0].aliases == ("Navin Pune", "NP")
    assert all(isinstance(one, SetAside) for one in rows[2:])
    assert len({one.why for one in rows[2:]}) == 6


def test_coverage_names_units_and_places_that_exist():
    rows = list(
        place_table.read_coverage(
            "unit,place\nPUNE-CITY,IN-27-490\nX,IN-27-490\nPUNE-CITY,IN-9\n", {"PUNE-CITY"}, {"IN-27-490": "district"}
        )
    )
    assert [isinstance(one, SetAside) for one in rows] == [False, True, True]


@given(
    st.text(max_size=300), st.sampled_from([HEADER, "cidr;country\n", "code,kind,name,parent\n", "unit,place\n", ""])
)
def test_no_text_breaks_a_reader(text, header):
    whole = header + text
    columns = table.header_of(whole)
    list(network_table.read(whole, {"IN": INDIA}.get, IST))
    list(place_table.read_places(whole, {"IN": "country"}))
    list(place_table.read_coverage(whole, set(), {}))
    if lgd.kind_of(columns):
        list(lgd.read(whole))


@given(st.binary(max_size=300))
def test_bytes_are_text_or_refused(data):
    with suppress(TableError):
        table.header_of(table.decode(data))
