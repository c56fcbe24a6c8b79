"""The check as a job: an officer who may ask for it learns what was found, and reads nothing else by it."""

from uuid import uuid4

from abhaya.ledger import jobs, queries
from abhaya.shared.identity import on_the_road
from abhaya.shared.jobs import Asked


def test_a_check_asked_for_is_done_kept_and_recorded_as_the_askers_act(written, owner):
    written(2)
    alice = uuid4()
    jobs.run_check(Asked(alice, "Alice Pawar", "monthly check"), {})
    with on_the_road("road:test"):
        last = queries.last_check()
    assert last is not None
    assert (last.asked_by, last.findings) == ("Alice Pawar", [])
    assert last.size >= 2
    entry = owner.execute(
        "select actor_name, purpose from ledger_entry where actor_id = %s and event = 'ledger:ledger:checked'", [alice]
    ).fetchall()
    owner.rollback()
    assert entry == [("Alice Pawar", "monthly check")]


def test_what_was_found_is_kept_in_words(written, as_owner, monkeypatch):
    written(1)
    with as_owner() as execute:
        execute("update ledger_frontier set size = size - 1")
        found = jobs.check(using="owner")
    monkeypatch.setattr(jobs, "check", lambda: found)
    assert jobs.checked("operator:check").findings == found.findings
    with on_the_road("road:test"):
        last = queries.last_check()
    assert last is not None
    assert [reason.code for reason in last.findings] == ["edge-differs"]
