"""Known, looks known or new: what the page of a report says of a file, why, and to whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit
from tests.matching.test_against_lists import DAY, a_list, arrives, md5, picture, recheck

from abhaya import journey
from abhaya.access.actions import open_to
from abhaya.matching import answers, rules
from abhaya.shared import road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import values


@pytest.fixture
def hub():
    journey.open_road()
    return make_unit("hub")


def said(person, report: UUID, language: str = "en") -> list[tuple[str, str]]:
    """(answer, all sentences) of each file, in the order of the report."""
    with acting(person.id), translation.override(language):
        found = answers.of_report(report)
        files = values("select id from intake_file where report_id = %s order by position", [report])
        shown = [found.get(file, answers.Answer()) for file in files]
        return [
            (one.word(is_held=True), " ".join(sentence for entry in one.why(language) for sentence in entry))
            for one in shown
        ]


@given(st.lists(st.sampled_from([rules.KNOWN, rules.LOOKS_KNOWN])), st.booleans())
def test_there_are_three_answers_and_only_a_verified_entry_makes_a_file_known(live, before):
    word = rules.verdict(live, here_before=before)
    assert (word == rules.KNOWN) == (rules.KNOWN in live)
    assert (word == rules.NEW) == (not live and not before)


def test_each_file_gets_its_answer_with_list_version_day_and_category_in_words(hub):
    known, looks, new = picture(), picture(), picture()
    sure, unsure = a_list(hub), a_list(hub, vouched=0)
    arrives(sure, md5(known))
    arrives(unsure, md5(looks))
    report = make_report(make_sender(hub), held=[known, looks, new])
    road.drain()
    alice = make_officer(hub, "analyst")
    first, second, third = said(alice, report.report_id)
    assert first[0] == "known"
    for part in ("our own MD5", sure.name, "Version v1", "1 Nov 2026", "Category 2: Child exploitive", "own word: 2"):
        assert part in first[1]
    assert second[0] == "looks-known"
    assert "does not say how many" in second[1]
    assert third == ("new", "")
    assert "श्रेणी 2: बाल शोषणकारी" in said(alice, report.report_id, "hi")[0][1]
    page = browser_of(alice).get(f"/reports/{report.report_id}").content.decode()
    assert sure.name in page
    assert "on no list here, in no earlier report" in page
    assert "<img" not in page


def test_of_a_list_that_is_not_open_to_the_viewer_only_the_name_is_told(hub):
    here, elsewhere = picture(), make_unit("state")
    of = a_list(elsewhere)
    arrives(of, md5(here))
    report = make_report(make_sender(hub), held=[here])
    road.drain()
    alice, charlie = make_officer(hub, "analyst"), make_officer(make_unit("district"), "analyst")
    ((word, sentences),) = said(alice, report.report_id)
    assert word == "known"
    assert of.name in sentences
    assert "not open to you" in sentences
    for hidden in ("v1", "2026", "Category", "own word"):
        assert hidden not in sentences
    with on_the_road("test:answers"):
        open_to([(hub, of.compartment, "work", "handed on")])
    assert "Version v1" in said(alice, report.report_id)[0][1]
    with acting(charlie.id):
        assert answers.of_report(report.report_id) == {}


def test_a_withdrawn_entry_opens_the_file_again_and_says_why(hub):
    here, other, of = picture(), picture(), a_list(hub)
    arrives(of, md5(here), md5(other))
    report = make_report(make_sender(hub), held=[here])
    road.drain()
    arrives(of, md5(other), day=DAY + timedelta(1))
    alice = make_officer(hub, "analyst")
    ((word, sentences),) = said(alice, report.report_id)
    assert word == "new"
    assert sentences.startswith("Open again: the entry was withdrawn on ")
    assert "a newer version leaves it out" in sentences


def test_what_a_later_list_finds_says_so_and_a_viral_list_says_what_it_is(hub):
    here = picture()
    report = make_report(make_sender(hub), held=[here])
    road.drain()
    arrives(a_list(hub, purpose="viral"), md5(here))
    recheck()
    ((word, sentences),) = said(make_officer(hub, "analyst"), report.report_id)
    assert word == "known"
    assert "known to everybody" in sentences
    assert "Found on a list that came later." in sentences
