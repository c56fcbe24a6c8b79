"""What a list says later wakes old reports, and what it takes back lets them sleep again: they are assessed anew."""

from __future__ import annotations

import csv
import io

import pytest
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit
from tests.matching.test_against_lists import DAY, a_list, arrives, md5, picture, recheck

from abhaya import journey
from abhaya.access.queries import signed_in
from abhaya.matching.actions import end_list
from abhaya.shared import road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import values
from abhaya.triage import actions as triage_actions
from abhaya.triage import queries as triage


@pytest.fixture
def hub():
    journey.open_road()
    return make_unit("hub")


def assessed(receipt) -> tuple[str, set[str]]:
    """The lane, and the codes of its reasons."""
    with on_the_road("test:woken"):
        found = triage.assessment(receipt.report_id)
    return found.lane, {reason.code for reason in found.reasons}


def events(receipt) -> list[str]:
    with on_the_road("test:woken"):
        return values("select event from ledger_entry where subject_id = %s order by id", [receipt.report_id])


def test_a_list_that_comes_later_has_the_report_assessed_again_and_only_that_report(hub):
    sender, here, other = make_sender(hub), picture(), picture()
    report, untouched = make_report(sender, held=[here]), make_report(sender, held=[other])
    road.drain()
    assert "file_sought_later" not in assessed(report)[1]
    of = a_list(hub)
    arrives(of, md5(here))
    recheck()
    road.drain()
    assert "file_sought_later" in assessed(report)[1]
    walked = events(report)
    assert walked.count("triage:report:assessed") == 2
    assert walked.index("matching:report:rechecked") < len(walked) - 1
    assert events(untouched).count("triage:report:assessed") == 1

    arrives(of, md5(here), md5(other), day=DAY.replace(day=2))
    recheck()
    road.drain()
    assert events(report) == walked, "an entry that a newer version repeats wakes nobody again"
    assert events(untouched).count("triage:report:assessed") == 2

    with on_the_road("test:woken"):
        end_list(of, "its source ended it")
    road.drain()
    assert "file_sought_later" not in assessed(report)[1]


def test_a_report_lowered_by_a_viral_list_comes_up_again_when_the_list_ends(hub):
    sender, clip, new = make_sender(hub), picture(), picture()
    of = a_list(hub, purpose="viral")
    arrives(of, md5(clip))
    lowered, with_more = make_report(sender, held=[clip]), make_report(sender, held=[clip, new])
    road.drain()
    assert assessed(lowered)[0] == "viral"
    assert "files_viral_list" in assessed(lowered)[1]
    assert assessed(with_more)[0] == "normal"
    assert "files_part_new" in assessed(with_more)[1]
    with on_the_road("test:woken"):
        end_list(of, "not vouched for any more")
    road.drain()
    assert assessed(lowered)[0] == "normal"
    assert "files_new" in assessed(lowered)[1]


def test_the_auditors_table_of_matches_names_list_version_and_entry(hub, bench):
    here, of = picture(), a_list(hub)
    arrives(of, md5(here))
    report = make_report(make_sender(hub), held=[here])
    road.drain()
    told = list(csv.DictReader(io.StringIO(bench.own().run("export", "matches", "--csv", "-").stdout)))
    with on_the_road("test:woken"):
        (number,) = values("select number from intake_report where id = %s", [report.report_id])
    assert [(row["list"], row["entry"], row["distance"]) for row in told if row["report_id"] == str(number)] == [
        (f"{of.name} v1", md5(here), "0")
    ]


def test_the_desk_that_decided_a_report_sees_what_was_found_in_it_later(hub):
    here = picture()
    report = make_report(make_sender(hub), held=[here])
    road.drain()
    alice, charlie = make_officer(hub, "analyst"), make_officer(make_unit("district"), "analyst")
    with acting(alice.id, name="Alice"):
        officer = signed_in(alice.id)
        triage_actions.claim(report.report_id, officer)
        triage_actions.decide(report.report_id, officer, "not-an-offence", "Nothing in it shows an offence.")
    title, line = "Found on a list that came later", f"/reports/{report.report_id}"
    assert title not in browser_of(alice).get("/desk").content.decode()
    of = a_list(make_unit("state"))
    arrives(of, md5(here))
    recheck()
    page = browser_of(alice).get("/desk").content.decode()
    for part in (title, line, of.name, "decided before"):
        assert part in page
    assert title not in browser_of(charlie).get("/desk").content.decode()
