"""The pages of hash lists: what is in, how fresh, what was lost, what was found, and to whom it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit, name
from tests.matching.test_against_lists import a_list, arrives, md5, picture, recheck

from abhaya import journey
from abhaya.access.actions import open_to
from abhaya.errors import OperatorError
from abhaya.matching.actions import against_lists, categories, end_list, take_in_categories
from abhaya.matching.listing import OLD_AFTER_DAYS
from abhaya.shared import road
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch, value

TODAY = datetime.now(UTC).date()


@pytest.fixture
def hub():
    journey.open_road()
    return make_unit("hub")


@pytest.fixture
def alice(hub):
    return make_officer(hub, "analyst")


def read(person, address: str, *, language: str = "en") -> str:
    answer = browser_of(person, HTTP_ACCEPT_LANGUAGE=language).get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return " ".join(unescape(answer.content.decode()).split())


def test_a_unit_sees_the_lists_that_are_open_to_it_and_no_others(hub, alice):
    mine, theirs = a_list(hub), a_list(make_unit("state"))
    for of in (mine, theirs):
        arrives(of, md5(picture()), day=TODAY)
    page = read(alice, "/lists")
    assert mine.name in page
    assert theirs.name not in page
    assert browser_of(alice).get(f"/lists/{theirs.compartment}").status_code == 404
    for role in ("administrator", "auditor"):
        assert browser_of(make_officer(hub, role)).get("/lists").status_code == 403


def test_an_old_list_is_called_old_and_an_ended_one_ended(hub, alice):
    old, fresh = a_list(hub), a_list(hub)
    arrives(old, md5(picture()), day=TODAY - timedelta(OLD_AFTER_DAYS + 1))
    arrives(fresh, md5(picture()), day=TODAY)
    page = read(alice, "/lists")
    assert f"1 older than {OLD_AFTER_DAYS} days" in page
    assert f"{OLD_AFTER_DAYS + 1} days old" in page
    with on_the_road("test:pages"):
        end_list(old, "its source ended it")
    assert "older than" not in read(alice, "/lists")
    assert "its source ended it" in read(alice, f"/lists/{old.compartment}")


def test_the_page_of_a_list_shows_its_loss_report_and_what_its_codes_mean(hub, alice):
    of = a_list(hub)
    arrives(of, md5(picture()), "not a hash", day=TODAY)
    page = read(alice, f"/lists/{of.compartment}")
    assert "1 set aside" in page
    assert "line 3" in page
    assert "is not MD5" in page
    assert "Child exploitive (non-CAM), age difficult" in page
    with on_the_road("test:pages"):
        assert value("select live from matching_list_version where compartment = %s", [of.compartment]) == 1


def test_hits_are_counted_and_listed_as_the_viewer_may_see(hub, alice):
    of, here = a_list(hub), picture()
    arrives(of, md5(here), day=TODAY)
    other = make_unit("district")
    with on_the_road("test:pages"):
        open_to([(other, of.compartment, "work", "handed on")])
    seen, unseen = make_report(make_sender(hub), held=[here]), make_report(make_sender(other), held=[here])
    road.drain()
    page, address = read(alice, "/lists"), f"/lists/{of.compartment}"
    assert "1 file · 1 report" in page
    assert f"/reports/{seen.report_id}" in read(alice, address)
    assert f"/reports/{unseen.report_id}" not in read(alice, address)
    charlie = make_officer(make_unit("district"), "analyst")
    with on_the_road("test:pages"):
        open_to([(charlie.id, of.compartment, "work", "handed on")])
    assert "0 files · 0 reports" in read(charlie, "/lists")
    assert "Nothing that you may see" in read(charlie, address)


def test_the_progress_of_a_re_check_is_shown_and_looking_for_it_writes_nothing(hub, alice, monkeypatch):
    recheck()  # what other tests left
    monkeypatch.setattr(against_lists, "ENTRIES_PER_ROUND", 2)
    here, of = picture(), a_list(hub)
    make_report(make_sender(hub), held=[here])
    road.drain()
    arrives(of, md5(here), *(md5(picture()) for _ in range(3)), day=TODAY)
    browser_of(alice).get("/lists")
    entries = "select count(*) from ledger_entry where actor_id = %s"
    with on_the_road("test:pages"):
        before = value(entries, [alice.id])
    for done, found in ((0, 0), (2, 1), (4, 1)):
        page = read(alice, "/lists")
        assert f"{done} of 4 entries" in page
        assert f"{found} old report" in page
        assert 'hx-trigger="every 5s"' in page
        with on_the_road("road:matching"):
            against_lists.carry_on_rechecks()
    page = read(alice, "/lists")
    assert "of 4 entries" not in page
    assert "every 5s" not in page
    with on_the_road("test:pages"):
        assert value(entries, [alice.id]) == before


def test_the_pages_speak_hindi(hub, alice):
    of = a_list(hub)
    arrives(of, md5(picture()), day=TODAY)
    browser = browser_of(alice)
    browser.post("/language", {"language": "hi"})
    for address, words in (("/lists", "सबसे नया संस्करण"), (f"/lists/{of.compartment}", "बाल शोषणकारी")):
        assert words in browser.get(address).content.decode()


# --- what codes mean ---


def meaning(scheme: str, code: str) -> list[tuple[object, ...]]:
    with on_the_road("test:pages"):
        return fetch(
            lambda *row: row,
            "select label, label_hi, severity, unlawful, source from matching_category where scheme = %s and code = %s",
            [scheme, code],
        )


def test_a_unit_takes_in_its_own_words_and_an_upgrade_keeps_them(owner):
    scheme = name("scheme")
    table = f"scheme,code,label,label_hi,severity,unlawful,source\n{scheme},1,One,एक,3,yes,\n{scheme},,no code,,,,\nvics-us,3,Ours,,,,\n"
    before = meaning("vics-us", "3")
    try:
        with on_the_road("operator:lists"):
            taken = take_in_categories(table.encode(), "codes.csv")
        assert (taken.taken, [one.line for one in taken.set_aside]) == (2, [3])
        assert meaning(scheme, "1") == [("One", "एक", 3, True, "own: codes.csv")]
        categories.fill(owner)
        owner.commit()
        assert meaning("vics-us", "3")[0][0] == "Ours"
    finally:
        owner.execute("update matching_category set source = '' where scheme = 'vics-us'")
        categories.fill(owner)
        owner.commit()
    assert meaning("vics-us", "3") == before


@pytest.mark.parametrize(
    "data", [b"", b"code,label\n1,x\n", b"\xff\xfe", b"scheme,code,label\n" + b"a" * (1024 * 1024)]
)
def test_what_is_no_such_table_is_refused_in_a_sentence(data):
    with on_the_road("operator:lists"), pytest.raises(OperatorError, match=r"codes\.csv: "):
        take_in_categories(data, "codes.csv")
