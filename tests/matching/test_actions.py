"""The stage of the road: were these bytes here before, or does a sender say so?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError
from tests.factory import From, Receipt, make_officer, make_report, make_sender, make_unit, name

from abhaya.intake.formats.record import FilePart
from abhaya.matching import actions, queries
from abhaya.matching.queries import MatchRow
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, fetch, values

pytestmark = pytest.mark.usefixtures("closed_road")


@pytest.fixture
def sender() -> From:
    return make_sender(make_unit("hub"))


def picture() -> bytes:
    """Bytes that nobody else in this run has: numbers, not a picture."""
    return name("gradient").encode() * 20


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def match(*receipts: Receipt) -> None:
    with on_the_road("road:matching"):
        actions.match_reports([receipt.report_id for receipt in receipts])


def rows(receipt: Receipt) -> list[tuple[str, str, int, bool, UUID]]:
    with on_the_road("road:matching"):
        return fetch(
            lambda *row: row,
            "select hash_kind, hash_type, earlier_reports, more, first_report_id from matching_match where report_id = %s order by id",
            [receipt.report_id],
        )


def claims(*hashes: tuple[str, str]) -> tuple[FilePart, ...]:
    return (FilePart("/file[1]", hashes=hashes),)


def seen_by(officer: UUID, receipt: Receipt) -> list[MatchRow]:
    with acting(officer):
        return queries.of_report(receipt.report_id)


def test_the_same_bytes_in_earlier_reports_are_found(sender):
    content = picture()
    first, second = make_report(sender, held=[content]), make_report(sender, held=[content])
    third = make_report(sender, held=[picture(), content])
    match(first, second, third)
    assert rows(first) == []
    assert rows(second) == [("bytes", "sha256", 1, False, first.report_id)]
    assert rows(third) == [("bytes", "sha256", 2, False, first.report_id)]


def test_a_set_of_reports_answers_like_the_same_reports_one_by_one(sender):
    content, other = picture(), picture()
    together = [make_report(sender, held=[content, other]) for _ in range(4)]
    match(*together)
    one_by_one = [make_report(sender, held=[content, other]) for _ in range(2)]
    for receipt in one_by_one:
        match(receipt)
    counts = [[row[2] for row in rows(receipt)] for receipt in (*together, *one_by_one)]
    assert counts == [[], [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]


def test_the_same_file_twice_in_one_report_is_one_report_and_never_its_own_match(sender):
    content = picture()
    first, second = make_report(sender, held=[content, content]), make_report(sender, held=[content])
    match(first, second)
    assert rows(first) == []
    assert rows(second) == [("bytes", "sha256", 1, False, first.report_id)]


def test_a_claimed_hash_of_bytes_that_we_hold_is_a_claim_and_not_the_same_bytes(sender):
    content = picture()
    held = make_report(sender, held=[content])
    for hash_type, value in (
        ("MD5", md5(content)),
        ("SHA-1", hashlib.sha1(content).hexdigest()),
        ("sha256", hashlib.sha256(content).hexdigest()),
    ):
        claimed = make_report(sender, files=claims((hash_type, value.upper())))
        match(claimed)
        [row] = rows(claimed)[:1]
        assert (row[0], row[2], row[4]) == ("claimed", 1, held.report_id)


def test_bytes_that_somebody_claimed_before_are_a_claim_too(sender):
    content = picture()
    claimed = make_report(sender, files=claims(("MD5", md5(content))))
    held = make_report(sender, held=[content])
    match(held)
    assert rows(held) == [("claimed", "md5", 1, False, claimed.report_id)]


def test_two_claims_of_the_same_hash_meet_whatever_its_kind(sender):
    code = name("code")
    first, second = (make_report(sender, files=claims(("PhotoDNA", code))) for _ in range(2))
    match(first, second)
    assert rows(second) == [("claimed", "photodna", 1, False, first.report_id)]


def test_the_same_bytes_are_not_said_again_as_a_claim(sender):
    content = picture()
    part = claims(("MD5", md5(content)))
    first, second = (make_report(sender, files=part, held=[content]) for _ in range(2))
    match(first, second)
    assert rows(second) == [("bytes", "sha256", 1, False, first.report_id)]


def test_a_wrong_claim_makes_no_bytes_known(sender):
    known = picture()
    first = make_report(sender, held=[known])
    liar = make_report(
        sender, files=claims(("MD5", md5(known)), ("SHA-256", hashlib.sha256(known).hexdigest())), held=[picture()]
    )
    match(liar)
    assert {row[0] for row in rows(liar)} == {"claimed"}
    assert {row[4] for row in rows(liar)} == {first.report_id}


def test_placeholder_hashes_meet_nobody(sender):
    part = claims(("MD5", "0" * 32), ("MD5", md5(b"")), ("MD5", "n/a"))
    first, second = (make_report(sender, files=part) for _ in range(2))
    match(first, second)
    assert rows(second) == []


def test_test_reports_and_covert_ones_are_not_counted(sender, owner: psycopg.Connection):
    content = picture()
    make_report(make_sender(make_unit("hub"), is_test=True), held=[content], files=claims(("MD5", md5(content))))
    covert = make_report(sender, held=[content], files=claims(("MD5", md5(content))))
    owner.execute("update access_compartment set covert = true where id = %s", [covert.compartment])
    owner.commit()
    late = make_report(sender, held=[content], files=claims(("MD5", md5(content))))
    claimed = make_report(sender, files=claims(("MD5", md5(content))))
    match(covert, late, claimed)
    assert rows(late) == []
    assert rows(claimed) == [("claimed", "md5", 1, False, late.report_id)]


def test_a_covert_report_itself_learns_what_was_here_before(sender, owner: psycopg.Connection):
    content = picture()
    first, covert = make_report(sender, held=[content]), make_report(sender, held=[content])
    owner.execute("update access_compartment set covert = true where id = %s", [covert.compartment])
    owner.commit()
    match(covert)
    assert rows(covert) == [("bytes", "sha256", 1, False, first.report_id)]


def test_counting_stops_at_the_window_and_says_so(sender, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions.match, "EARLIER_REPORTS_MAX", 3)
    content = picture()
    receipts = [make_report(sender, held=[content]) for _ in range(6)]
    match(*receipts)
    assert [[row[2:4] for row in rows(receipt)] for receipt in receipts] == [
        [], [(1, False)], [(2, False)], [(3, True)], [(3, True)], [(3, True)],
    ]  # fmt: skip


def test_every_report_gets_one_ledger_line_and_moves_on(sender):
    empty, full = make_report(sender), make_report(sender, held=[picture()])
    match(empty, full)
    for receipt in (empty, full):
        with on_the_road("road:matching"):
            assert values(
                "select count(*) from ledger_entry where subject_id = %s and event = 'matching:report:matched' and compartment = %s",
                [receipt.report_id, receipt.compartment],
            ) == [1]


def test_an_officer_sees_the_match_with_the_reports_that_are_open_to_their_unit_and_no_others():
    hub, other = make_unit("hub"), make_unit("hub")
    alice, bob, charlie = (
        make_officer(hub),
        make_officer(hub, called="Bob"),
        make_officer(make_unit(), called="Charlie"),
    )
    content = picture()
    hidden = make_report(make_sender(other), held=[content])
    visible = make_report(make_sender(hub), held=[content])
    mine = make_report(make_sender(hub), held=[content])
    match(hidden, visible, mine)
    for officer in (alice, bob):
        [row] = seen_by(officer.id, mine)
        assert (row.hash_kind, row.earlier_reports, row.seen_in, row.count_text, row.elsewhere) == (
            "bytes", 2, [visible.report_id], "1", True,
        )  # fmt: skip
        assert ": 1." in row.sentence("en")
    assert seen_by(charlie.id, mine) == []
    assert seen_by(alice.id, hidden) == []


def test_where_no_earlier_report_is_open_the_sentence_gives_no_number():
    hub, content = make_unit("hub"), picture()
    hidden, mine = (
        make_report(make_sender(make_unit("hub")), held=[content]),
        make_report(make_sender(hub), held=[content]),
    )
    match(hidden, mine)
    [row] = seen_by(make_officer(hub).id, mine)
    assert (row.seen_in, row.elsewhere) == ([], True)
    assert row.sentence("en").endswith("in earlier reports that are not open to you.")
    assert "खुली नहीं" in row.sentence("hi")


def test_claims_are_shown_with_the_visible_reports_only_too():
    hub, other = make_unit("hub"), make_unit("hub")
    alice = make_officer(hub)
    content = picture()
    part = claims(("MD5", md5(content)))
    make_report(make_sender(other), files=part)
    visible, held = make_report(make_sender(hub), files=part), make_report(make_sender(hub), held=[content])
    mine = make_report(make_sender(hub), files=part)
    match(mine)
    [row] = seen_by(alice.id, mine)
    assert (row.hash_kind, row.earlier_reports, row.seen_in, row.elsewhere) == (
        "claimed",
        3,
        [held.report_id, visible.report_id],
        True,
    )


@pytest.mark.parametrize("statement", ["update matching_match set earlier_reports = 9", "delete from matching_match"])
def test_nobody_changes_a_match(statement: str, ask_as: Callable[..., psycopg.Connection]):
    for transaction in (acting(make_officer(make_unit()).id), on_the_road("test")):
        with pytest.raises(DatabaseError, match="permission denied"), transaction:
            execute(statement)


def test_no_reports_are_no_work():
    with on_the_road("road:matching"):
        actions.match_reports([])
