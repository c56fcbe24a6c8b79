"""The link chart: what stands where, what may be kept, and the forms it leaves in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from abhaya.desk import chart_layout as layout
from abhaya.desk import chart_rules as rules
from abhaya.desk import chart_times as times
from abhaya.desk.chart_file import as_graph
from abhaya.desk.chart_rules import ACCOUNT, REPORT, Chart, Line, NotKept, Source, Thing
from abhaya.linking.formats import gexf, graphml

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def source(number: str = "1", at: datetime | None = AT) -> Source:
    return Source("r", number, "", "/report/email[1]", "reported", "Login", at, "second", True)


def small() -> Chart:
    things = (
        Thing("report:1", REPORT, "123"),
        Thing("account:1", ACCOUNT, "platform:7"),
        Thing("email:1", "email", "a@example.org"),
        Thing("phone:1", "phone", "", is_masked=True),
        Thing("report:2", REPORT, "124"),
    )
    lines = (
        Line("report:1", "account:1", (source(),)),
        Line("account:1", "email:1", (source(), source("2", None))),
        Line("account:1", "phone:1", (source(),)),
    )
    return Chart(things, lines)


@st.composite
def charts(draw):
    reports, accounts, values = (draw(st.integers(0, 6)) for _ in range(3))
    names = [
        f"{kind}:{n}"
        for kind, many in (("report", reports), ("account", accounts), ("email", values))
        for n in range(many)
    ]
    things = tuple(Thing(name, name.partition(":")[0], name) for name in names)
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=12)) if names else []
    days = st.integers(0, 3).map(lambda day: source(at=AT + timedelta(days=day)))
    lines = tuple(Line(a, b, (draw(days),)) for a, b in dict.fromkeys(pairs) if a != b)
    at = draw(st.integers(0, accounts))
    persons = [[f"account:{n}" for n in part] for part in (range(at), range(at, accounts))]
    return rules.tied(Chart(things, lines), [], persons, are_partial=False)


@given(charts())
def test_every_thing_has_a_place_of_its_own_and_the_same_each_time(chart):
    places = layout.places(chart)
    assert places == layout.places(chart)
    assert set(places) == {thing.id for thing in chart.things}
    assert len(set(places.values())) == len(chart.things)


def test_reports_stand_left_of_accounts_and_these_left_of_identifiers():
    places = layout.places(small())
    assert places["report:1"][0] < places["account:1"][0] < places["email:1"][0]


def test_what_a_chart_cannot_hold_is_counted_and_what_the_case_noted_stays():
    things = [Thing(f"email:{n}", "email", "x", is_watched=n == 7) for n in range(20)]
    chart = rules.limited(things, [], most=5)
    assert len(chart.things) == 5
    assert chart.left_out == 15
    assert chart.things[0].id == "email:7"


def test_an_arrangement_comes_back_as_it_was_kept():
    kept = rules.kept(b'{"at": {"report:1": [1, 2.5]}, "pinned": ["report:1"], "groups": {"two": ["a", "b"]}}')
    assert kept.at == {"report:1": (1.0, 2.5)}
    assert kept.groups == {"two": ("a", "b")}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"unknown": 1}', b'{"at": {"a": [1]}}', b'{"at": {"a": [1e9, 0]}}', b'{"groups": {" ": []}}',
        b'{"groups": {"' + b"g" * 61 + b'": []}}', b'{"at": {"a": ["x", 0]}}', b'{"title": "' + b"x" * 200_000 + b'"}',
        b"[" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_arrangement_is_refused_with_the_reason(body):
    with pytest.raises(NotKept):
        rules.kept(body)


def test_the_timeline_leaves_out_what_has_no_instant():
    assert [one.thing.id for one in times.moments(small())] == ["account:1", "email:1", "phone:1"]


@given(
    at=st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 — the zone is given beside it
    minutes=st.integers(-12 * 60, 14 * 60),
    precision=st.sampled_from(["second", "minute", "hour", "day", "month", "year"]),
    zone_known=st.booleans(),
)
def test_a_span_holds_whatever_was_meant_however_it_was_written(at, minutes, precision, zone_known):
    zone = timezone(timedelta(minutes=minutes))
    meant = at.replace(tzinfo=zone)
    cut = {"month": {"day": 1}, "year": {"month": 1, "day": 1}}.get(precision, {})
    names = ["hour", "minute", "second", "microsecond"]
    kept = {"minute": 2, "hour": 1, "second": 3}.get(precision, 0)
    written = meant.replace(**cut, **dict.fromkeys(names[kept:], 0))
    said = written if zone_known else written.replace(tzinfo=UTC)  # without its zone it is read as UTC
    found = times.span(said.astimezone(UTC), precision, zone_known=zone_known)
    assert found.earliest <= meant <= found.latest
    assert found.earliest <= found.first < found.last <= found.latest
    if zone_known:
        assert found.first <= meant < found.last


@given(charts())
def test_in_the_order_of_time_nothing_stands_on_another_and_later_is_never_further_left(chart):
    laid = layout.in_time(chart, UTC)
    assert set(laid.places) == {thing.id for thing in chart.things}
    assert len(set(laid.places.values())) == len(chart.things)
    for person in chart.together:
        across, down = zip(*(laid.places[one] for one in person), strict=True)
        for other, (x, y) in laid.places.items():
            is_inside = min(across) <= x <= max(across) and min(down) <= y <= max(down)
            assert not is_inside or other in person, "nobody else stands in the box around a person's accounts"
    begins = [begin for _x, begin in laid.columns]
    assert begins == sorted(begins, key=lambda one: (one is None, one))


def test_columns_are_as_fine_as_their_number_allows():
    def over(days: int) -> Chart:
        at = [AT + timedelta(days=n * days) for n in range(25)]
        things = [Thing("report:1", REPORT), *(Thing(f"email:{n}", "email") for n in range(25))]
        lines = [Line("report:1", f"email:{n}", (source(at=one),)) for n, one in enumerate(at)]
        return Chart(tuple(things), tuple(lines))

    assert [layout.in_time(over(days), UTC).precision for days in (0, 1, 40)] == ["day", "month", "year"]


def test_accounts_of_one_person_stand_under_each_other():
    accounts = [Thing(f"account:{n}", ACCOUNT, str(n)) for n in range(6)]
    emails = [Thing(f"email:{n}", "email", str(n)) for n in range(6)]
    lines = tuple(Line(f"account:{n}", f"email:{n}", (source(),)) for n in range(6))
    chart = rules.tied(
        Chart((*accounts, *emails), lines), [], [("account:0", "account:5", "account:9")], are_partial=False
    )
    assert chart.together == (("account:0", "account:5"),)
    (x, y), (other_x, other_y) = (layout.places(chart)[each] for each in chart.together[0])
    assert x == other_x
    assert abs(y - other_y) == layout.ROW_PIXELS


@pytest.mark.parametrize("form", [graphml, gexf])
@given(label=st.text())
def test_a_written_chart_is_xml_whatever_a_sender_wrote(form, label):
    chart = small()
    things = (Thing("report:1", REPORT, label), *chart.things[1:])
    root = etree.fromstring(form.write(as_graph(Chart(things, chart.lines), layout.places(chart))))
    assert len(root.xpath("//*[local-name()='node']")) == 5
    assert len(root.xpath("//*[local-name()='edge']")) == 3
    assert root.xpath("//*[local-name()='edge']//@value | //*[local-name()='edge']//text()")


def test_a_line_carries_its_reports_roles_places_and_instants():
    written = graphml.write(as_graph(small(), layout.places(small()))).decode()
    assert "1 2" in written
    assert "/report/email[1]" in written
    assert AT.isoformat() in written
