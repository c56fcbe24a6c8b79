"""The gazetteer in the database: bundled once, corrected by imports, and the unit's own ranges win."""

from __future__ import annotations

from datetime import UTC, date, datetime
from ipaddress import ip_address
from random import Random
from uuid import UUID

import pytest
from tests.factory import name

from abhaya.errors import OperatorError
from abhaya.places import actions, networks, prepare, queries
from abhaya.places.networks import locate
from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, value, values

JANUARY = datetime(2026, 1, 15, 12, tzinfo=UTC)
JULY = datetime(2026, 7, 15, 12, tzinfo=UTC)
HEADER = "cidr,country,state,district,operator,kind,valid_from,valid_to\n"


@pytest.fixture(autouse=True)
def _on_the_road():
    with on_the_road("operator:gazetteer"):
        yield


def make_unit(kind: str, code: str) -> UUID:
    unit = uuid7()
    insert("access_unit", ["id", "kind", "name", "code"], [(unit, kind, code, code)])
    return unit


def own_network() -> str:
    """A /64 of the documentation range that no other test has."""
    return f"2001:db8:{Random().randrange(2**16):x}:{Random().randrange(2**16):x}::"


def import_rows(*rows: str, **options) -> actions.Imported:
    return actions.import_file(
        (HEADER + "\n".join(rows) + "\n").encode(), options.pop("file", f"{name('ranges')}.csv"), **options
    )


def test_the_bundle_is_there_after_migration_and_loading_it_again_changes_nothing():
    assert value("select count(*) from places_place where kind = 'district'") >= 763
    assert actions.load_bundled_gazetteer() == 0
    assert [one.place.code for one in queries.find_place("Pune", "IN").candidates] == ["IN-27-490"]
    assert queries.find_place("Pune", "ZZ").candidates == ()


def test_the_units_own_range_wins_even_among_addresses_kept_for_examples():
    prefix = own_network()
    before = locate([f"{prefix}7"], [JULY])[0]
    assert (before.kind, before.country) == ("documentation", "")
    import_rows(f"{prefix}/64,IN,Maharashtra,Jalgaon,Example Mobile,mobile,,", as_of=date(2026, 11, 12))
    after = locate([f"{prefix}7"], [JULY])[0]
    assert (after.country, after.state, after.district) == ("IN", "IN-27", "IN-27-478")
    assert (after.kind, after.operator, after.own, after.as_of) == (
        "mobile",
        "Example Mobile",
        True,
        date(2026, 11, 12),
    )


def test_a_range_counts_only_at_its_own_time_and_the_smallest_range_counts():
    prefix = own_network()
    import_rows(
        f"{prefix}/64,IN,Maharashtra,,Wide,mobile,,",
        f"{prefix}/80,IN,Maharashtra,Pune,Narrow,fixed,2026-01-01,2026-01-31",
    )
    in_january, in_july, never_said = locate([f"{prefix}7"] * 3, [JANUARY, JULY, None])
    assert (in_january.operator, in_january.district) == ("Narrow", "IN-27-490")
    assert (in_july.operator, in_july.district) == ("Wide", "")
    assert never_said.operator == "Wide"
    assert "no_instant" in [reason.code for reason in never_said.reasons]


def test_the_newer_of_two_words_about_one_range_counts_and_the_older_can_be_said_again():
    prefix = own_network()
    first = f"{prefix}/64,IN,Maharashtra,Pune,A,fixed,,"
    second = f"{prefix}/64,IN,Maharashtra,Nashik,B,fixed,,"
    assert (import_rows(first).taken, import_rows(first).repeated) == (1, 1)
    import_rows(second)
    assert locate([f"{prefix}7"], [JULY])[0].operator == "B"
    import_rows(first)
    assert locate([f"{prefix}7"], [JULY])[0].operator == "A"


def test_bad_rows_are_set_aside_and_kept_with_the_import():
    imported = import_rows(f"{own_network()}/64,IN,,,,,,", "nonsense,IN,,,,,,", "203.0.113.0/24,IN,Atlantis,,,,,")
    assert (imported.taken, len(imported.set_aside)) == (1, 2)
    line = queries.imports()[0]
    assert (line.file_name, line.taken, line.set_aside) == (imported.file_name, 1, 2)
    assert line.losses[0]["line"] == 3
    assert "nonsense" in line.losses[0]["why"]


def test_a_file_of_no_known_kind_is_refused_and_says_which_headers_are_known():
    with pytest.raises(OperatorError, match="Networks: cidr, country"):
        actions.import_file(b"colour,size\nred,2\n", "colours.csv")


def test_the_bulk_answer_is_the_answer_one_by_one():
    random = Random(7)
    prefix = own_network()
    import_rows(
        *(
            f"{prefix}{start:x}/{length},IN,,,op{length},fixed,,"
            for start, length in ((0, 64), (0, 96), (0, 112), (0x10000, 112))
        )
    )
    asked = [str(ip_address(int(ip_address(prefix)) + random.randrange(2**34))) for _ in range(200)] + [
        "10.0.0.1",
        "x",
        "203.0.113.9",
    ]
    instants = [JULY] * len(asked)
    assert locate(asked, instants) == [locate([address], [JULY])[0] for address in asked]
    assert len({location.operator for location in locate(asked, instants)}) >= 3


def test_public_tables_answer_with_a_country_and_never_more(monkeypatch, tmp_path):
    for package, v4 in ((prepare.COUNTRY_PACKAGE, "822083584,822149119,IN\n822149120,822149375,IN\n822149300,822149310,SG\n"), (prepare.OPERATOR_PACKAGE, "822083584,822149119,64500,Example\n")):  # fmt: skip
        folder = tmp_path / package
        folder.mkdir()
        (folder / f"{package}-ipv4-num.csv").write_text(v4)
        (folder / f"{package}-ipv6-num.csv").write_text(
            "42540488161975842760550356425300246528,42540488241204005274814694018844196863,JP\n"
        )
        (folder / "README.md").write_text("contains bugs")
        (folder / "package.json").write_text('{"name": "@example/t", "version": "2.3.2026061719", "license": "CC0"}')
    prepare.prepare(tmp_path, tmp_path / "prepared", ranges_min=1)
    monkeypatch.setattr(networks, "PREPARED", tmp_path / "prepared")
    plain, disputed, unknown = locate(["49.0.0.9", "49.1.0.182", "9.9.9.9"], [JULY] * 3)
    assert (plain.country, plain.state, plain.district, plain.kind) == ("IN", "", "", "unknown")
    assert plain.operator == "AS64500 Example"
    assert [reason.code for reason in plain.reasons] == ["public_range", "public_country_only", "public_caution"]
    assert (disputed.country, disputed.reasons[0].code) == ("", "public_disputed")
    assert unknown.reasons[0].code == "no_table"
    monkeypatch.setattr(networks, "PREPARED", tmp_path / "nothing here")
    assert locate(["49.0.0.9"], [JULY])[0].reasons[0].code == "no_public_table"


def test_a_place_can_be_corrected_by_import_and_the_bundle_does_not_take_it_back():
    number = Random().randrange(10_000, 99_999)
    imported = actions.import_file(
        f"code,kind,name,name_hi,parent,aliases\nIN-27-{number},district,Navapur{number},,IN-27,Navpur{number}\n".encode(),
        "new.csv",
    )
    assert imported.taken == 1
    assert [one.place.code for one in queries.find_place(f"navpur{number}", "IN").candidates] == [f"IN-27-{number}"]
    execute("update places_place set name = 'Poona', source = 'import:unit.csv' where code = 'IN-27-490'")
    assert actions.load_bundled_gazetteer() == 0
    assert value("select name from places_place where code = 'IN-27-490'") == "Poona"
    execute(
        "update places_place set name = 'Pune', source = (select source from places_place where code = 'IN-27-491') where code = 'IN-27-490'"
    )


def test_a_newer_directory_brings_new_districts_and_keeps_our_names():
    number = Random().randrange(10_000, 99_999)
    text = f"S.No.,State Code,State Name,District Code,District Name\n1,27,MAHARASHTRA,{number},NEW LAND\n2,27,MAHARASHTRA,490,PUNE\n"
    imported = actions.import_file(text.encode(), "districts-2027.csv")
    assert (imported.taken, imported.repeated) == (1, 1)
    assert values(f"select name from places_place where code in ('IN-27-{number}', 'IN-27-490') order by 1") == [
        "New Land",
        "Pune",
    ]


def test_coverage_lets_a_unit_answer_for_several_places_and_a_place_have_several_units():
    city_code, rural_code = name("CITY"), name("RURAL")
    city, rural = make_unit("district", code=city_code), make_unit("district", code=rural_code)
    imported = actions.import_file(
        f"unit,place\n{city_code},IN-27-490\n{rural_code},IN-27-490\n{rural_code},IN-27-494\nNOBODY,IN-27-494\n".encode(),
        "units.csv",
    )
    assert (imported.taken, len(imported.set_aside)) == (3, 1)
    covering = queries.covering_units()
    assert {city, rural} <= set(covering["IN-27-490"])
    assert rural in covering["IN-27-494"]
