"""Reports that bring the same files fold into one line with a count; who has more stands apart, with the reasons."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factory import Receipt, make_officer, make_report, make_sender, make_unit, name
from tests.matching.test_against_lists import match, picture

from abhaya.intake.formats.record import Fact, FilePart
from abhaya.matching import bundle_rules, bundles
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, value

pytestmark = pytest.mark.usefixtures("closed_road")
digests = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=5)


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


def bundle(receipt: Receipt, viewer: UUID) -> bundles.Bundle | None:
    with acting(viewer):
        return bundles.of_reports([receipt.report_id]).get(receipt.report_id)


def test_a_flood_of_one_clip_is_one_line_and_those_who_have_more_stand_apart(hub, sender):
    clip, more = picture(), picture()
    alice = make_officer(hub, "analyst").id
    outraged = [make_report(sender, held=[clip]) for _ in range(5)]
    child = Fact("email", f"{name('c')}@example.com", "/report/victim/email", "victim", 1)
    tells = make_report(sender, held=[clip], facts=(child,))
    describes = make_report(sender, held=[clip], files=(FilePart("/file[1]"), FilePart("/file[2]")))
    has_more = make_report(sender, held=[clip, more])
    match(*outraged, tells, describes, has_more)
    for one in outraged:
        found = bundle(one, alice)
        assert found
        assert (found.reports, found.standing_apart, found.apart) == (7, 2, ())
    assert [one.code for one in bundle(tells, alice).apart] == ["tells_of_child"]
    assert bundle(describes, alice).why_apart("en") == [
        "This report describes more files than it brought; not held: 1."
    ]
    assert "बच्चे" in bundle(tells, alice).why_apart("hi")[0]
    assert bundle(has_more, alice) is None  # other files: it never was one of them
    with acting(alice):
        apart = bundles.standing_apart([one.report_id for one in (*outraged, tells, describes)])
    assert set(apart) == {tells.report_id, describes.report_id}


def test_a_viewer_counts_only_what_they_may_see(hub, sender):
    clip = picture()
    other = make_unit("hub")
    ours = [make_report(sender, held=[clip]) for _ in range(2)]
    theirs = make_report(make_sender(other), held=[clip])
    match(*ours, theirs)
    alice, charlie = make_officer(hub, "analyst").id, make_officer(other, "analyst").id
    assert bundle(ours[0], alice).reports == 2
    assert bundle(ours[0], charlie) is None
    assert bundle(theirs, charlie) is None  # alone, as far as Charlie may know


def test_another_walk_puts_a_report_where_its_files_say_it_belongs(hub, sender):
    clip = picture()
    alice = make_officer(hub, "analyst").id
    first, second = make_report(sender, held=[clip]), make_report(sender, held=[clip])
    match(first, second)
    assert bundle(first, alice).reports == 2
    with on_the_road("test"):
        execute(
            "update matching_bundle set bundle_id = gen_random_uuid() where report_id = %s", [first.report_id]
        )  # as if it had brought other files then
    assert bundle(first, alice) is None
    match(first)
    assert bundle(first, alice).reports == 2
    with on_the_road("test"):
        assert value("select count(*) from matching_bundle where report_id = %s", [first.report_id]) == 1


def test_the_auditors_table_names_every_report_of_every_bundle(hub, sender, bench):
    clip = picture()
    several, alone = [make_report(sender, held=[clip]) for _ in range(3)], make_report(sender, held=[picture()])
    match(*several, alone)
    told = csv.DictReader(io.StringIO(bench.own().run("export", "bundles", "--csv", "-").stdout))
    assert told.fieldnames == ["bundle_id", "report_id"]
    of_bundle = defaultdict(set)
    for row in told:
        of_bundle[row["bundle_id"]].add(row["report_id"])
    with on_the_road("test"):
        number = {
            one: str(value("select number from intake_report where id = %s", [one.report_id]))
            for one in (*several, alone)
        }
    assert {number[one] for one in several} in of_bundle.values()
    assert not any(number[alone] in members for members in of_bundle.values())


@given(digests, st.randoms(use_true_random=False))
def test_the_bundle_follows_from_the_set_of_bytes_alone(held, random):
    turned = [*held, random.choice(held)]
    random.shuffle(turned)
    assert bundle_rules.bundled(turned, {}) == bundle_rules.bundled(held, {})
    assert bundle_rules.bundled([*held, b"\0" * 31 + b"\1"], {"victim": 1}) != bundle_rules.bundled(held, {})


def test_without_bytes_there_is_no_bundle():
    assert bundle_rules.bundled([], {}) is None
    assert bundle_rules.bundled([None], {"victim": 1}) is None
