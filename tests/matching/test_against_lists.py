"""Files are held against hash lists on arrival, and again when a list comes later; every match keeps what the list said."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.factory import Receipt, make_officer, make_report, make_sender, make_unit, name

from abhaya.custody.vault import receive_stream
from abhaya.intake.formats.record import FilePart
from abhaya.matching import actions
from abhaya.matching.actions import NewList, NewVersion, against_lists, end_list, open_list, open_version, read_version
from abhaya.matching.lists import ListRow, list_named
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value

pytestmark = pytest.mark.usefixtures("closed_road")
DAY = date(2026, 11, 1)


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


def picture() -> bytes:
    return name("gradient").encode() * 20


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def a_list(hub: UUID, *, vouched: int = 2, purpose: str = "material") -> ListRow:
    called = name("list")
    with on_the_road("test"):
        open_list(NewList(called, hub, "A partner", "", "vics-us", purpose, vouched, "its terms" if vouched else ""))
        found = list_named(called)
    assert found
    return found


def arrives(of: ListRow, *hashes: str, day: date = DAY, header: str = "md5") -> None:
    data = (f"{header},category\n" + "".join(f"{one},2\n" for one in hashes)).encode()
    draft = receive_stream([data])
    with on_the_road("test"):
        version = open_version(of, NewVersion(f"v{day.day}", day, "list.csv", draft))
    read_version(of, version, io.BytesIO(data), accept_withdrawals=True)


def match(*receipts: Receipt) -> None:
    with on_the_road("road:matching"):
        actions.match_reports([receipt.report_id for receipt in receipts])


def recheck() -> None:
    """Rounds until no re-check is open: other tests' too."""
    while True:
        with on_the_road("road:matching"):
            if not value("select count(*) from matching_recheck where done_at is null"):
                return
            actions.carry_on_rechecks()


def found(receipt: Receipt) -> list[tuple[object, ...]]:
    with on_the_road("test"):
        return fetch(
            lambda *row: row,
            "select hash_kind, hash_type, answer, found_by, list_name, list_version, list_dated, category, ended_at is not null"
            " from matching_list_match where report_id = %s order by id",
            [receipt.report_id],
        )


def test_a_file_on_a_list_is_found_on_arrival_with_what_the_list_said(hub, sender):
    here, of = picture(), a_list(hub)
    arrives(of, md5(here))
    report = make_report(sender, held=[here])
    match(report)
    assert found(report) == [("bytes", "md5", "known", "arrival", of.name, "v1", DAY, "2", False)]


@pytest.mark.parametrize(("vouched", "answer"), [(0, "looks-known"), (1, "looks-known"), (2, "known")])
def test_known_needs_two_who_verified_the_entry(hub, sender, vouched, answer):
    here, of = picture(), a_list(hub, vouched=vouched)
    arrives(of, md5(here))
    report = make_report(sender, held=[here])
    match(report)
    assert [row[2] for row in found(report)] == [answer]


def test_a_claim_alone_is_never_known(hub, sender):
    away, of = picture(), a_list(hub)
    arrives(of, md5(away))
    report = make_report(sender, files=(FilePart("/file[1]", hashes=(("MD5", md5(away)),)),))
    match(report)
    assert [row[:3] for row in found(report)] == [("claimed", "md5", "looks-known")]


def test_a_fingerprint_that_nobody_here_computes_matches_by_equality(hub, sender):
    opaque, of = "ab" * 144, a_list(hub)
    arrives(of, opaque, header="photodna")
    report = make_report(sender, files=(FilePart("/file[1]", hashes=(("PhotoDNA", opaque),)),))
    match(report)
    assert [row[:3] for row in found(report)] == [("claimed", "photodna", "looks-known")]


def test_a_list_that_comes_later_wakes_old_reports(hub, sender, monkeypatch):
    monkeypatch.setattr(against_lists, "ENTRIES_PER_ROUND", 7)
    here, away, other = picture(), picture(), picture()
    by_bytes = make_report(sender, held=[here])
    by_claim = make_report(sender, files=(FilePart("/file[1]", hashes=(("MD5", md5(away)),)),))
    untouched = make_report(sender, held=[other])
    match(by_bytes, by_claim, untouched)
    of = a_list(hub)
    arrives(of, *(md5(str(n).encode() + here) for n in range(20)), md5(here), md5(away))
    recheck()
    assert [row[:4] for row in found(by_bytes)] == [("bytes", "md5", "known", "re-check")]
    assert [row[:4] for row in found(by_claim)] == [("claimed", "md5", "looks-known", "re-check")]
    assert found(untouched) == []
    with on_the_road("test"):
        row = fetch(
            lambda *row: row,
            "select state, entries, done from matching_recheck where compartment = %s",
            [of.compartment],
        )
    assert row == [("done", 22, 22)]


def test_a_withdrawn_entry_opens_again_what_it_touched_and_a_corrected_one_is_found_anew(hub, sender):
    here, there, of = picture(), picture(), a_list(hub)
    arrives(of, md5(here), md5(there))
    first, second = make_report(sender, held=[here]), make_report(sender, held=[there])
    match(first, second)
    arrives(of, md5(there), day=DAY + timedelta(1))
    assert [(row[2], row[-1]) for row in found(first)] == [("known", True)]
    assert [(row[2], row[-1]) for row in found(second)] == [("known", False)]
    with on_the_road("test"):
        end_list(of, "its source ended it")
    assert [row[-1] for row in found(second)] == [True]
    third = make_report(sender, held=[there])
    match(third)
    assert found(third) == []


def test_a_match_says_more_when_the_bytes_come_after_the_claim(hub, sender):
    here, of = picture(), a_list(hub)
    report = make_report(sender, held=[here], files=(FilePart("/file[1]", hashes=(("SHA1", "ab" * 10 + "cd" * 10),)),))
    arrives(of, md5(here))
    with on_the_road("road:matching"):
        (file_id, compartment) = fetch(
            lambda *row: row, "select id, compartment from intake_file where report_id = %s", [report.report_id]
        )[0]
        entries = against_lists.lists.entries_with({bytes.fromhex(md5(here))}, ())
        holder = against_lists.Holder(f"md5:{md5(here)}", file_id, report.report_id, compartment)
        against_lists._write(entries, (), (holder,), "arrival")
    assert [row[:3] for row in found(report)] == [("claimed", "md5", "looks-known")]
    match(report)
    assert [row[:3] for row in found(report)] == [("bytes", "md5", "known")]


def test_matches_are_seen_by_those_who_see_the_report_and_the_list_stays_its_own(hub, sender):
    here, of = picture(), a_list(make_unit("state"))
    arrives(of, md5(here))
    report = make_report(sender, held=[here])
    match(report)
    alice, charlie = make_officer(hub, "analyst"), make_officer(make_unit("district"), "analyst")
    for person, seen in ((alice, 1), (charlie, 0)):
        with acting(person.id):
            assert value("select count(*) from matching_list_match where list_id = %s", [of.compartment]) == seen
            assert value("select count(*) from matching_list where compartment = %s", [of.compartment]) == 0
