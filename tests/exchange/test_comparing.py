"""A comparison from its question to its result: who learns what, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from tests.cases.world import make_case, watch
from tests.exchange.world import Side, holds, linked, make_side, whole
from tests.factory import make_report, make_sender, name

from abhaya.access.actions import NeedsSecondPerson, open_to
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.exchange import actions, queries, rules
from abhaya.intake.formats.record import Fact
from abhaya.intake.formats.record import Person as Person_
from abhaya.linking.actions import personas
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, fetch, value


@pytest.fixture
def alice() -> Side:
    return make_side("Alice")


@pytest.fixture
def charlie() -> Side:
    return make_side("Charlie")


def address() -> str:
    return f"{name('held')}@example.com"


def state(side: Side, comparison) -> queries.Comparison:
    with side.acting():
        found = queries.comparison(comparison)
        assert found is not None
        return found


def test_each_learns_which_of_its_own_the_other_has_and_nobody_learns_more(alice, charlie):
    both, hers, his = address(), [address() for _ in range(3)], [address() for _ in range(2)]
    holds(alice, both, *hers)
    holds(charlie, both, *his)

    ours, theirs, carried = whole(alice, charlie)

    assert alice.met(ours) == [both]
    assert charlie.met(theirs) == [both]
    assert state(alice, ours).partner_contact == "Charlie, ext 7"
    assert state(charlie, theirs).partner_contact == "Alice, ext 7"
    assert (state(alice, ours).points, state(charlie, theirs).points) == (256, 256)
    carries_no_word_of(carried, [both, *hers, *his])
    with on_the_road("test"):
        assert value("select count(*) from exchange_comparison where id = any (%s) and state = 'done'", [[ours, theirs]]) == 2  # fmt: skip
    for side, one in ((alice, ours), (charlie, theirs)):
        with side.acting():
            assert queries.part(one, "session") is None
    with alice.acting():
        assert queries.comparison(theirs) is None
        assert queries.met(theirs) == []


def carries_no_word_of(files, emails: list[str]) -> None:
    """Neither a value nor a hash of one, in any writing; and no two lists that could be held against each other."""
    seen = b"".join(files)
    for file in files:
        told = json.loads(file)
        seen += b"".join(base64.b64decode(told.get(field, "")) for field in ("points", "sealed", "meeting"))
        assert "example.com" not in str(told)
    for email in emails:
        for text in (email.encode(), f"email\0{email}".encode(), f"email:{email}".encode()):
            assert text not in seen
            for algorithm in ("md5", "sha1", "sha256", "sha512"):
                digest = hashlib.new(algorithm, text, usedforsecurity=False).digest()
                for written in (digest, digest[:16], digest.hex().encode(), base64.b64encode(digest)):
                    assert written not in seen
    question, answer, result = (json.loads(file) for file in files)
    assert "points" not in answer
    assert "points" not in result
    assert len(base64.b64decode(question["points"])) == 256 * 32


def test_sizes_are_the_same_whatever_is_asked(alice, charlie):
    holds(alice, address())
    holds(charlie, *(address() for _ in range(4)))
    _, _, one = whole(alice, charlie)
    shared = address()
    for side in (alice, charlie):
        holds(side, shared)
    _, _, other = whole(alice, charlie)
    assert [len(file) for file in one] == [len(file) for file in other]


def test_nothing_leaves_without_a_second_person(alice, charlie):
    holds(alice, address())
    ours = alice.begin(charlie)
    with alice.acting() as officer, pytest.raises(NeedsSecondPerson):
        actions.make(ours, officer)
    with alice.acting() as officer, pytest.raises(NotThere):
        actions.take_out(ours, officer)


@pytest.fixture
def asked(alice, charlie):
    """A question of Alice's, which Charlie has in hand."""
    holds(alice, address())
    holds(charlie, address())
    ours = alice.begin(charlie)
    return ours, alice.make(ours)


def changed(content: bytes, **fields: object) -> bytes:
    return json.dumps(json.loads(content) | fields).encode()


def test_what_is_not_the_partners_file_is_refused_each_in_its_own_sentence(alice, charlie, asked):
    ours, question = asked
    mallory = make_side("Mallory")
    told = json.loads(question)
    points = base64.b64decode(told["points"])
    swapped = base64.b64encode(points[32:64] + points[:32] + points[64:]).decode()
    for content, partner, said in (
        (changed(question, points=swapped), alice, "signature does not hold"),
        (changed(question, comparison="00" * 32), alice, "signature does not hold"),
        (question[:-40], alice, "not whole"),
        (b"[]", alice, "no file of a blinded comparison"),
        (changed(question, version=2), alice, "a version that this program"),
        (changed(question, surplus=1), alice, "no file of a blinded comparison"),
        (question, mallory, "signed with another key"),
        (b" " * (4 * 1024 * 1024 + 1), alice, "larger than 4 MiB"),
    ):
        with pytest.raises(OfficerError, match=said):
            charlie.bring(partner, content)
    with pytest.raises(OfficerError, match="meant for another installation"):
        mallory.bring(alice, question)
    own = charlie.make(charlie.begin(alice))
    with pytest.raises(OfficerError, match="not an answer"):
        alice.take(ours, own)
    assert state(alice, ours).state == "sent"


def test_a_file_comes_once_and_in_its_turn(alice, charlie, asked):
    ours, question = asked
    theirs = charlie.bring(alice, question)
    with pytest.raises(OfficerError, match="brought here before"):
        charlie.bring(alice, question)
    with pytest.raises(OfficerError, match="not its turn"):
        charlie.take(theirs, question)
    answer = charlie.make(theirs)
    with pytest.raises(OfficerError, match="not a result"):
        charlie.take(theirs, question)
    second = alice.begin(charlie)
    alice.make(second)
    with pytest.raises(OfficerError, match="another comparison"):
        alice.take(second, answer)
    assert alice.take(ours, answer) == 0
    with pytest.raises(OfficerError, match="taken in once"):
        alice.take(ours, answer)
    result = alice.carried(ours)
    assert charlie.take(theirs, result) == 0
    with pytest.raises(OfficerError, match="taken in once"):
        charlie.take(theirs, result)
    with charlie.acting() as officer, pytest.raises(NotThere):
        actions.take_out(theirs, officer)


@pytest.mark.parametrize("padding", [lambda count: [b"\x09" + bytes(31)] * count, lambda count: [bytes(32)] * count])
def test_a_list_that_no_honest_side_makes_is_refused_and_compares_nothing(alice, charlie, asked, monkeypatch, padding):
    ours, question = asked
    theirs = charlie.bring(alice, question)
    monkeypatch.setattr(rules, "padding", padding)
    answer = charlie.make(theirs)
    with pytest.raises(OfficerError, match="Nothing was compared"):
        alice.take(ours, answer)


# --- what goes in ---


def of_reports(side: Side) -> list[str]:
    with side.acting() as officer:
        return sorted(one.value for one in queries.of_reports(officer.unit_id, queries.KINDS, most=100))


def of_cases(side: Side, case=None) -> list[str]:
    with side.acting() as officer:
        return sorted(one.value for one in queries.of_cases(officer.id, queries.KINDS, case=case, most=100))


def test_of_reports_go_in_strong_identifiers_of_who_was_reported_and_of_nobody_else(alice):
    email, child, found, written_to = (address() for _ in range(4))
    sender = make_sender(alice.officer.unit)
    receipt = make_report(
        sender,
        persons=(Person_("reported", 1, "/r"), Person_("victim", 1, "/v"), Person_("recipient", 1, "/t")),
        facts=(
            Fact("email", email, "/r/email", "reported", 1),
            Fact("email", child, "/v/email", "victim", 1),
            Fact("email", written_to, "/t/email", "recipient", 1),
            Fact("email", found, "/text", "reported", 1, mined=True),
            Fact("ip", "192.0.2.9", "/r/ip", "reported", 1),
            Fact("screen_name", name("nick"), "/r/nick", "reported", 1, platform="ChatLine"),
        ),
    )  # fmt: skip
    test_report = make_report(make_sender(alice.officer.unit, is_test=True))
    fifteen = make_report(sender, persons=(Person_("reported", 1, "/r", age=15),))
    with on_the_road("test"):
        reports = (receipt, test_report, fifteen)
        open_to([(alice.officer.unit, one.compartment, "work", "test") for one in reports])
    assert of_reports(alice) == []  # nobody knows yet who in them is a child
    linked(*reports)
    assert of_reports(alice) == [email]


def test_of_cases_goes_in_what_they_watch_and_nothing_of_a_covert_one_but_by_its_liaison(alice, charlie):
    open_one, covert = make_case(alice.officer), make_case(alice.officer, covert=True)
    plain, hidden = address(), address()
    watch(alice.officer, open_one, plain)
    watch(alice.officer, covert, hidden)
    assert of_cases(alice) == [plain]
    assert of_cases(alice, covert) == [hidden]
    assert of_cases(charlie) == []
    assert of_cases(charlie, open_one) == []
    with pytest.raises(NotThere):
        charlie.begin(alice, scope="case", case=open_one)
    with alice.acting():
        execute("update cases_case set liaison_id = %s where compartment = %s", [alice.second.id, covert])
    with pytest.raises(NotPermitted, match="liaison of a covert case"):
        alice.begin(charlie, scope="case", case=covert)
    assert of_cases(alice, covert) == []


def test_an_account_under_cover_never_goes_in_and_the_count_does_not_say_so(alice, charlie):
    email = address()
    for side in (alice, charlie):
        watch(side.officer, make_case(side.officer), email)
    ours = alice.begin(charlie, scope="cases")
    with on_the_road("test"):
        personas.protect("email", email, alice.second.id, alice.officer.unit, "")
    question = alice.make(ours)
    with on_the_road("test"):
        execute("update selectors_persona set ended_at = now() where value = %s", [email])
    theirs = charlie.bring(alice, question, scope="cases")
    assert alice.take(ours, charlie.make(theirs)) == 0
    assert state(alice, ours).own == 1


# --- limits, probing, ends ---


def test_with_one_partner_only_so_often_a_day_by_whomever(alice, charlie):
    for _ in range(rules.BEGUN_PER_PARTNER_DAY_MAX):
        alice.begin(charlie)
    with pytest.raises(OfficerError, match="Try tomorrow"):
        alice.begin(charlie)
    alice.begin(make_side("Dora"))


def test_asking_about_few_again_and_again_reaches_the_auditor(alice, charlie):
    holds(alice, address())
    told = []
    for _ in range(rules.TINY_IN_WINDOW_MIN):
        alice.make(alice.begin(charlie))
        with on_the_road("test"):
            told.append(value("select max(searches) from cases_probing where officer_id = %s", [alice.officer.id]))
    assert told == [None, None, rules.TINY_IN_WINDOW_MIN]


def test_what_came_of_it_can_be_deleted_and_its_files_are_never_taken_in_again(alice, charlie):
    both = address()
    for side in (alice, charlie):
        holds(side, both)
    ours, theirs, (question, answer, _result) = whole(alice, charlie)
    for side, one in ((alice, ours), (charlie, theirs)):
        with side.acting() as officer:
            actions.end(one, officer)
        ended = state(side, one)
        assert (ended.state, ended.met, ended.has_file, ended.partner_contact) == ("ended", 0, False, "")
    with pytest.raises(OfficerError, match="brought here before"):
        charlie.bring(alice, question)
    with pytest.raises(OfficerError):
        alice.take(ours, answer)


def test_what_nobody_finished_ends_with_its_secrets(alice, asked, monkeypatch):
    monkeypatch.setattr(rules, "OPEN_DAYS_MAX", 0)
    with on_the_road("road:exchange"):
        actions.end_overdue()
    assert state(alice, asked[0]).state == "ended"
    with alice.acting():
        assert queries.part(asked[0], "session") is None


def test_the_ledger_says_who_did_what_and_no_identifier(alice, charlie):
    email = address()
    for side in (alice, charlie):
        holds(side, email)
    ours, _, _ = whole(alice, charlie)
    with on_the_road("test"):
        said = fetch(lambda *row: row, "select event, convert_from(body, 'utf8') from ledger_entry where subject_id = %s order by id", [ours])  # fmt: skip
    assert [event for event, _ in said if event.startswith("exchange")] == [
        "exchange:comparison:begun", "exchange:comparison:sent", "exchange:file:exported",
        "exchange:comparison:finished", "exchange:file:exported",
    ]  # fmt: skip
    assert not any(email in body for _, body in said)
