"""The ledger's pages: who may read what, what reading leaves behind, and a checkpoint that leaves the machine."""

import json
import re
from uuid import uuid4

import pytest
from tests.factory import browser_of, make_compartment, make_officer, make_unit, name

from abhaya import journey
from abhaya.ledger import jobs, queries
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.note import parse
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared import jobs as shared_jobs
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import values


@pytest.fixture(scope="module")
def unit():
    return make_unit()


@pytest.fixture
def auditor(unit):
    return make_officer(unit, "auditor", called=name("Asha"))


@pytest.fixture
def supervisor(unit):
    return make_officer(unit, "supervisor", called=name("Sunita"))


def road_of(compartment, *sayings):
    """Entries of a compartment as the road writes them, with their leaves."""
    with on_the_road("road:intake"):
        ids = record([Act(Event.INTAKE_SENDER_ADDED, None, compartment, {"name": saying}) for saying in sayings])
    sequence_all()
    return ids


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# Need to know


def test_an_officer_reads_the_road_of_what_is_open_to_them_and_of_nothing_else(unit):
    alice, bob = make_officer(unit, called="Alice"), make_officer(unit, called="Bob")
    charlie = make_officer(make_unit(), called="Charlie")
    compartment = make_compartment(unit)
    road_of(compartment, "first", "second")
    for officer in (alice, bob):
        with acting(officer.id):
            lines = queries.lines_of(compartment)
        assert [line.sentence("en") for line in lines] == ["Sender added: first", "Sender added: second"]
        assert all(line.index is not None for line in lines)
        assert [line.actor_name for line in lines] == ["road:intake"] * 2
    with acting(charlie.id):
        assert queries.lines_of(compartment) == []
        assert values("select index from ledger_leaf") == []
        assert values("select size from ledger_checkpoint") == []


def test_ones_own_acts_are_always_ones_own_to_read(unit):
    alice, bob = make_officer(unit, called="Alice"), make_officer(unit, called="Bob")
    with acting(alice.id, name="Alice"):
        (entry,) = record([Act(Event.DESK_SEARCH_MADE)])
    with acting(alice.id):
        assert entry in values("select id from ledger_entry where id = %s", [entry])
    with acting(bob.id):
        assert values("select id from ledger_entry where id = %s", [entry]) == []


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor", "administrator"])
def test_only_the_auditor_opens_the_ledger(unit, role):
    person = make_officer(unit, role)
    assert browser_of(person).get("/ledger").status_code == 403


@pytest.mark.parametrize(("role", "status"), [("officer", 403), ("analyst", 403), ("administrator", 200)])
def test_the_check_is_for_those_who_answer_for_it(unit, role, status):
    journey.open_road()
    browser = browser_of(make_officer(unit, role))
    assert browser.get("/ledger/check").status_code == status
    assert browser.post("/ledger/check/ask").status_code == (302 if status == 200 else 403)


@pytest.mark.parametrize(
    "address",
    ["/ledger", "/ledger/check", "/ledger/checkpoints/newest", "/ledger/checkpoints/1", "/ledger/checkpoints/1/file"],
)
def test_a_stranger_is_asked_to_sign_in(address):
    response = browser_of().get(address)
    assert response.status_code == 302
    assert "/sign-in" in response["Location"]


# The entries


def test_the_auditor_reads_the_newest_entries_and_that_is_an_entry_too(auditor):
    saying = name("sender")
    road_of(uuid4(), saying)
    response = browser_of(auditor).get("/ledger")
    assert response.status_code == 200
    assert f"Sender added: {saying}" in text_of(response)
    with acting(auditor.id):
        bodies = values(
            "select body from ledger_entry where actor_id = %s and event = 'ledger:ledger:read'", [auditor.id]
        )
    assert len(bodies) == 1
    assert b'"rows":' in bytes(bodies[0])


def test_entries_are_found_by_event_name_and_day(auditor, supervisor):
    saying = name("sender")
    with acting(supervisor.id, name=supervisor.name):
        record([Act(Event.DESK_SEARCH_MADE)])
    road_of(uuid4(), saying)
    browser = browser_of(auditor)
    assert saying in text_of(browser.get("/ledger", {"event": "intake:sender:added"}))
    assert saying not in text_of(browser.get("/ledger", {"event": "desk:search:made"}))
    found = text_of(browser.get("/ledger", {"who": supervisor.name}))
    assert "Search made" in found
    assert saying not in found
    assert "No entry under this" in text_of(browser.get("/ledger", {"last": "2024-01-31"}))
    assert saying in text_of(browser.get("/ledger", {"first": "2024-01-31"}))


@pytest.mark.parametrize("query", [{"event": "x"}, {"first": "yesterday"}, {"who": "x" * 201}])
def test_a_filter_that_is_none_is_said_to_be_none(auditor, query):
    assert browser_of(auditor).get("/ledger", query).status_code == 422


def test_long_lists_go_on_by_key_and_a_forged_key_is_refused(auditor):
    sayings = [name("sender") for _ in range(60)]
    road_of(uuid4(), *sayings)
    browser = browser_of(auditor)
    first = browser.get("/ledger", {"event": "intake:sender:added"})
    following = re.search(r'rel="next" href="(\?[^"]+)"', first.content.decode())
    assert following
    second = browser.get("/ledger" + following[1].replace("&amp;", "&"))
    seen = text_of(first) + text_of(second)
    assert all(saying in seen for saying in sayings)
    assert not any(saying in text_of(first) and saying in text_of(second) for saying in sayings)
    assert browser.get("/ledger", {"after": "forged"}).status_code == 400


def test_what_others_typed_is_shown_as_text(auditor):
    road_of(uuid4(), "<script>alert(1)</script>")
    page = browser_of(auditor).get("/ledger").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_speaks_hindi(unit):
    auditor = make_officer(unit, "auditor")
    with acting(auditor.id):
        values("update access_officer set language = 'hi' where id = %s returning 1", [auditor.id])
    road_of(uuid4(), "x")
    said = text_of(browser_of(auditor).get("/ledger"))
    assert "प्रेषक जोड़ा गया: x" in said


# The check


def test_a_check_is_asked_for_done_by_a_worker_and_shown(supervisor):
    journey.open_road()
    road_of(uuid4(), "x")
    browser = browser_of(supervisor)
    asked = browser.post("/ledger/check/ask")
    assert asked.status_code == 302
    with on_the_road("road:test"):
        waiting = values(
            "select args from procrastinate_jobs where status = 'todo' and args ->> 'officer' = %s",
            [str(supervisor.id)],
        )
    (job,) = map(json.loads, waiting)
    assert job["job"] == jobs.CHECK
    shared_jobs.run(**job)
    page = text_of(browser.get("/ledger/check"))
    assert "The ledger holds" in page
    assert supervisor.name in page


def test_while_a_check_runs_the_page_looks_for_its_result(supervisor):
    journey.open_road()
    browser = browser_of(supervisor)
    page = browser.get("/ledger/check", {"since": "99999999999999"}).content.decode()
    assert "hx-trigger" not in page
    asked = browser.post("/ledger/check/ask")["Location"]
    assert 'hx-trigger="every 2s"' in browser.get(asked).content.decode()


def test_findings_are_shown_as_sentences(supervisor, monkeypatch):
    result = jobs.Result(size=9)
    result.found("entry-changed", index=4, entry="x")
    monkeypatch.setattr(jobs, "check", lambda: result)
    jobs.checked(supervisor.name)
    page = text_of(browser_of(supervisor).get("/ledger/check"))
    assert "The ledger does not hold" in page
    assert "Entry 4 was changed: its text does not match what was committed to when it was written." in page


# Checkpoints


def test_a_checkpoint_is_printed_handed_over_and_the_page_says_how_old_that_is(supervisor):
    road_of(uuid4(), "x")
    browser = browser_of(supervisor)
    newest = browser.get("/ledger/checkpoints/newest")["Location"]
    size = int(newest.rpartition("/")[2])
    page = browser.get(newest)
    note = browser.get(f"{newest}/file").content.decode()
    assert parse(note).size == size
    assert parse(note).code() in page.content.decode()
    assert 'class="qr"' in page.content.decode()
    assert browser.post(newest, {"how": "printed", "recipient": "Sessions Court, Pune"}).status_code == 302
    assert "Sessions Court, Pune" in text_of(browser.get(newest))
    sequence_all()
    state = text_of(browser.get("/ledger/check"))
    assert re.search(r"Last that left this machine: at [\d,]+ entries just now", state)
    with acting(supervisor.id):
        left = queries.last_departure()
    assert left is not None
    assert (left.size, left.recipient, left.actor_name) == (size, "Sessions Court, Pune", supervisor.name)


@pytest.mark.parametrize("given", [{}, {"how": "printed", "recipient": " "}, {"how": "sung", "recipient": "Court"}])
def test_a_departure_without_a_holder_is_refused(supervisor, given):
    road_of(uuid4(), "x")
    browser = browser_of(supervisor)
    newest = browser.get("/ledger/checkpoints/newest")["Location"]
    assert browser.post(newest, given).status_code == 422


@pytest.mark.parametrize("size", [0, 987654321, 10**40])
def test_a_checkpoint_that_is_not_there_is_not_there(supervisor, size):
    browser = browser_of(supervisor)
    assert browser.get(f"/ledger/checkpoints/{size}").status_code == 404
    assert browser.get(f"/ledger/checkpoints/{size}/file").status_code == 404
