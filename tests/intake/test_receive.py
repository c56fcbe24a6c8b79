"""The one way in: a set of arrivals becomes reports, each once, with its originals, sightings and ledger entries."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from tests.factory import make_sender, make_unit

from abhaya.custody.queries import read_object
from abhaya.intake.actions import Arrival, Original, number_key, receive
from abhaya.intake.formats.record import Fact, FilePart, Loss, Person, Record
from abhaya.intake.queries import files, report
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import value, values


def a_record(number="100000001", **fields):
    facts = (Fact("email", "a@example.com", "/report/email", "reported", 1),)
    return Record("ncmec_json", 1, external_ref=number, persons=(Person("reported", 1, "/p"),), facts=facts, **fields)


def arrival(sender, number, body=b"{}", **fields):
    record = a_record(number, **fields)
    return Arrival(record, sender, "json", number_key(str(sender.id), number), (Original("r.json", body),))


def took(sender, *arrivals):
    del sender
    with on_the_road("road:intake"):
        return receive(list(arrivals))


@pytest.fixture
def sender():
    return make_sender(make_unit("hub"))


def rows_of(table, compartment):
    with on_the_road("road:intake"):
        return value(f"select count(*) from {table} where compartment = %s", [compartment])


def originals(report_id):
    """The objects a report was read from."""
    return values("select object_id from intake_original where report_id = %s", [report_id])


def test_a_new_report_has_its_original_its_sightings_and_its_entry(sender):
    [receipt] = took(sender, arrival(sender, "1", b'{"reportId": 1}'))
    assert receipt.verdict == "new"
    with on_the_road("road:intake"):
        [original] = originals(receipt.report_id)
        assert b"".join(read_object(original, receipt.compartment)) == b'{"reportId": 1}'
        assert report(receipt.report_id).external_ref == "1"
    assert rows_of("selectors_sighting", receipt.compartment) == 1
    assert rows_of("ledger_entry", receipt.compartment) == 1


def test_the_same_item_twice_is_one_report(sender):
    first, again = took(sender, arrival(sender, "2"), arrival(sender, "2"))
    [third] = took(sender, arrival(sender, "2"))
    assert [first.verdict, again.verdict, third.verdict] == ["new", "same", "same"]
    assert first.report_id == again.report_id == third.report_id
    assert rows_of("intake_report", first.compartment) == 1


def test_one_more_original_of_a_known_report_is_kept_with_it(sender):
    [first] = took(sender, arrival(sender, "3", b"one"))
    [more] = took(sender, arrival(sender, "3", b"two"))
    assert (more.verdict, more.report_id) == ("added", first.report_id)
    with on_the_road("road:intake"):
        assert len(originals(first.report_id)) == len(set(originals(first.report_id))) == 2


def test_two_at_once_make_one_report(sender):
    receipts, ready = [], threading.Barrier(2)

    def bring():
        ready.wait()
        receipts.extend(took(sender, arrival(sender, "4")))
        connections.close_all()

    threads = [threading.Thread(target=bring) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(receipt.verdict for receipt in receipts) == ["new", "same"]
    assert len({receipt.report_id for receipt in receipts}) == 1


def test_a_failed_transaction_leaves_nothing(sender):
    one = arrival(sender, "5")
    with pytest.raises(ZeroDivisionError), on_the_road("road:intake"):
        receive([one])
        raise ZeroDivisionError
    for table in ("intake_report", "intake_original", "custody_item", "selectors_sighting", "ledger_entry"):
        assert rows_of(table, one.compartment) == 0
    [receipt] = took(sender, arrival(sender, "5"))
    assert receipt.verdict == "new"


def test_files_keep_the_senders_three_valued_answers_and_our_own_hashes(sender):
    parts = (
        FilePart("/f[1]", name="a.png", viewed_by_sender=None),
        FilePart("/f[2]", name="b.png", viewed_by_sender=False),
    )
    record = a_record("6", files=parts)
    one = Arrival(
        record,
        sender,
        "json",
        number_key(str(sender.id), "6"),
        (Original("r", b"{}"),),
        (Original("a.png", b"arithmetic"), None),
    )
    [receipt] = took(sender, one)
    with on_the_road("road:intake"):
        held, described = files(receipt.report_id)
    assert held.is_held and held.size_bytes == 10 and held.viewed_by_sender is None
    assert not described.is_held and described.viewed_by_sender is False and described.sha256 is None


def test_what_was_not_understood_is_counted_and_kept(sender):
    loss = Loss("/report/new", "new", "text")
    [receipt] = took(sender, arrival(sender, "7", losses=(loss,)))
    with on_the_road("road:intake"):
        row = report(receipt.report_id)
    assert row.losses == 1
    assert row.record().losses == (loss,)


def test_text_that_the_database_cannot_hold_is_still_received(sender):
    [receipt] = took(sender, arrival(sender, "8", escalation="a\0b"))
    with on_the_road("road:intake"):
        assert report(receipt.report_id).escalation == "a\ufffdb"


def test_the_hub_sees_it_and_a_stranger_does_not(sender):
    from tests.factory import make_officer

    alice, charlie = make_officer(sender.unit_id), make_officer(make_unit("hub"))
    [receipt] = took(sender, arrival(sender, "9"))
    with acting(alice.id):
        assert report(receipt.report_id) is not None
    with acting(charlie.id):
        assert report(receipt.report_id) is None


def test_a_test_credentials_report_is_marked_and_waits_before_no_stage():
    sender = make_sender(make_unit("hub"), is_test=True)
    [receipt] = took(sender, arrival(sender, "10"))
    with on_the_road("road:intake"):
        assert report(receipt.report_id).is_test
        assert value("select count(*) from shared_waypoint where report_id = %s", [receipt.report_id]) == 0


def test_a_thousand_at_once_cost_few_statements(sender):
    many = [arrival(sender, f"m{index}", f"{index}".encode()) for index in range(1000)]
    with on_the_road("road:intake"):
        statements = []
        with connection.execute_wrapper(
            lambda execute, sql, params, many, context: statements.append(sql) or execute(sql, params, many, context)
        ):
            receipts = receive(many)
    assert {receipt.verdict for receipt in receipts} == {"new"}
    assert len(statements) < 60


def test_acting_officers_cannot_write_reports_past_the_road(sender):
    from django.db import ProgrammingError
    from tests.factory import make_officer

    alice = make_officer(sender.unit_id)
    with pytest.raises(ProgrammingError, match="permission denied"), acting(alice.id):
        value("insert into intake_received_key values (%s, %s, %s) returning 1", [b"x" * 32, uuid7(), uuid7()])
