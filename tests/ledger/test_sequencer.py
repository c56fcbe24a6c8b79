"""Every entry gets its leaf once, in an unbroken row, under a signature that never contradicts an earlier one."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections

from abhaya.errors import OperatorError
from abhaya.ledger import key as keys
from abhaya.ledger import sequencer
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.merkle import Frontier, leaf_hash
from abhaya.ledger.note import parse, verify
from abhaya.shared.identity import on_the_road


def ledger(owner):
    """(leaves in order, newest checkpoint's size, root and note)."""
    leaves = owner.execute("select index, entry_id, leaf_hash from ledger_leaf order by index").fetchall()
    newest = owner.execute("select size, root, note from ledger_checkpoint order by size desc limit 1").fetchone()
    owner.rollback()
    return leaves, newest


def rooted(leaves):
    frontier = Frontier()
    frontier.extend(row[2] for row in leaves)
    return frontier.root()


def test_entries_get_their_leaves_in_a_row_under_a_signed_checkpoint(owner, written):
    _, ids = written(5)
    leaves, (size, root, note) = ledger(owner)
    assert [row[0] for row in leaves] == list(range(size))
    assert {row[1] for row in leaves} >= set(ids)
    assert rooted(leaves) == root
    assert parse(note).root == root
    origin, public = owner.execute("select origin, public_key from ledger_log").fetchone()
    assert abs(verify(note, origin, public) - time.time()) < 60
    commitments = dict(owner.execute("select id, commitment from ledger_entry where id = any(%s)", [ids]).fetchall())
    assert all(leaf == leaf_hash(commitments[entry]) for _, entry, leaf in leaves if entry in commitments)


def test_nothing_waiting_is_no_checkpoint(owner, written):
    written(1)
    before = ledger(owner)[1]
    assert sequencer.sequence_once() == 0
    assert ledger(owner)[1] == before


def test_many_entries_go_in_rounds_of_a_named_size(owner, written, monkeypatch):
    written(1)
    monkeypatch.setattr(sequencer, "BATCH_ENTRIES_MAX", 40)
    written(100, sequenced=False)
    rounds = [sequencer.sequence_once() for _ in range(4)]
    assert rounds == [40, 40, 20, 0]
    leaves, (size, root, _) = ledger(owner)
    assert (len(leaves), rooted(leaves)) == (size, root)


def test_an_uncommitted_act_has_no_leaf_and_holds_nobody_up(owner, written):
    written(1)
    compartment = uuid4()
    with on_the_road("road:intake"):
        (entry,) = record([Act(Event.INTAKE_REPORT_RECEIVED, None, compartment)])
        with ThreadPoolExecutor(1) as other:
            other.submit(_in_own_thread, lambda: written(1)).result()
        assert entry not in {row[1] for row in ledger(owner)[0]}
    sequencer.sequence_all()
    assert entry in {row[1] for row in ledger(owner)[0]}


def _in_own_thread(work):
    try:
        return work()
    finally:
        connections.close_all()


def test_writers_and_sequencers_at_once_lose_and_double_nothing(owner, written):
    written(1)
    stop = threading.Event()
    made: list = []

    def write():
        for _ in range(15):
            made.extend(written(7, sequenced=False)[1])

    def sequence():
        while not stop.is_set():
            sequencer.sequence_once()

    with ThreadPoolExecutor(6) as pool:
        sequencers = [pool.submit(_in_own_thread, sequence) for _ in range(2)]
        for done in [pool.submit(_in_own_thread, write) for _ in range(4)]:
            done.result()
        stop.set()
        for done in sequencers:
            done.result()
    sequencer.sequence_all()
    leaves, (size, root, _) = ledger(owner)
    entries = [row[1] for row in leaves]
    assert len(made) == 4 * 15 * 7
    assert set(made) <= set(entries)
    assert len(entries) == len(set(entries)) == size
    assert rooted(leaves) == root


def test_a_second_sequencer_waits_for_nothing(written, ask_as):
    written(3, sequenced=False)
    other = ask_as("abhaya_sequencer")
    other.execute("select pg_advisory_xact_lock(%s)", [sequencer.LOCK])
    assert sequencer.sequence_once() == 0
    with pytest.raises(OperatorError, match="still wait"):
        sequencer.sequence_all(seconds_max=0.05)
    other.rollback()
    assert sequencer.sequence_all() >= 3


def test_a_sequencer_that_dies_halfway_leaves_nothing_half_done(owner, written, monkeypatch):
    written(1)
    before = ledger(owner)
    written(4, sequenced=False)

    def crash(*_):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("abhaya.ledger.note.Key.sign", crash)
        with pytest.raises(RuntimeError):
            sequencer.sequence_once()
    assert ledger(owner) == before
    assert sequencer.sequence_all() == 4


def test_a_crash_between_commit_and_memory_changes_nothing(owner, written, monkeypatch):
    written(1)

    def crash(*_):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(keys, "remember", crash)
        written(2, sequenced=False)
        with pytest.raises(RuntimeError):
            sequencer.sequence_once()
    written(2)
    leaves, (size, root, _) = ledger(owner)
    assert (len(leaves), rooted(leaves)) == (size, root)


# What it will not sign over


@pytest.fixture
def memory(owner, written):
    """The origin of this ledger, its memory and its key put back as they were afterwards."""
    written(1)
    (origin,) = owner.execute("select origin from ledger_log").fetchone()
    owner.rollback()
    paths = [keys._memory(origin), settings.DATA_DIR / "secrets" / keys.SECRET_NAME]
    kept = [path.read_bytes() for path in paths]
    yield origin
    for path, content in zip(paths, kept, strict=True):
        path.write_bytes(content)
    sequencer.sequence_all()


def forged_memory(origin, size, root):
    stated = parse(keys._memory(origin).read_text())
    note = keys.signing_key(origin).sign(type(stated)(origin, size or stated.size, root or stated.root), 1)
    keys.remember(origin, note)


@pytest.mark.parametrize(("size", "root"), [(10**9, None), (None, b"r" * 32)])
def test_a_database_that_was_rolled_back_or_rewritten_is_not_signed_over(memory, written, size, root):
    forged_memory(memory, size, root)
    written(1, sequenced=False)
    with pytest.raises(OperatorError, match="does not contain that checkpoint"):
        sequencer.sequence_once()


def test_a_restore_is_continued_only_on_record(memory, owner, written):
    forged_memory(memory, 10**9, None)
    sequencer.resume("disk of 12 March lost; backup of 11 March restored")
    written(1)
    said = owner.execute("select body from ledger_entry where event = 'ledger:ledger:resumed'").fetchall()
    assert any(b'"signed_size":1000000000' in body for (body,) in said)


def test_a_ledger_that_lost_nothing_has_nothing_to_resume(memory):
    with pytest.raises(OperatorError, match="goes on as it is"):
        sequencer.resume("just in case")
    with pytest.raises(OperatorError, match="Say why"):
        sequencer.resume("  ")


def test_another_key_does_not_go_on(memory, written):
    path = settings.DATA_DIR / "secrets" / keys.SECRET_NAME
    for content, sentence in (("ab" * 32, "not the one this ledger began with"), ("torn", "64 hexadecimal digits")):
        path.write_text(content)
        written(1, sequenced=False)
        with pytest.raises(OperatorError, match=sentence):
            sequencer.sequence_once()
    path.unlink()
    with pytest.raises(OperatorError, match="is not there"):
        sequencer.sequence_once()
    assert not path.exists()


def test_a_damaged_memory_is_said_to_be_damaged(memory, written):
    keys._memory(memory).write_text("torn")
    written(1, sequenced=False)
    with pytest.raises(OperatorError, match="is damaged"):
        sequencer.sequence_once()


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_frontier set roots = set_byte(roots, 0, 255 - get_byte(roots, 0))",
        "update ledger_frontier set size = size + 2",
        "update ledger_checkpoint set note = 'nothing' where size = (select size from ledger_frontier)",
        "update ledger_checkpoint set root = '\\x00' where size = (select size from ledger_frontier)",
        "delete from ledger_frontier",
    ],
)
def test_an_edge_that_was_tampered_with_is_not_signed_over(written, as_owner, monkeypatch, statement):
    written(3)
    with as_owner() as execute:
        assert execute(statement) == 1
        with connections["owner"].cursor() as cursor, pytest.raises(OperatorError, match="Nothing more is signed"):
            sequencer._stand(cursor)


def test_the_running_sequencer_gives_an_entry_its_leaf_within_a_second(owner, written):
    stop = threading.Event()
    runner = threading.Thread(target=_in_own_thread, args=[lambda: sequencer.run(stop)])
    runner.start()
    try:
        waits = []
        for _ in range(3):
            began = time.monotonic()
            _, (entry,) = written(1, sequenced=False)
            while entry not in {row[1] for row in ledger(owner)[0]}:
                assert time.monotonic() - began < 10
            waits.append(time.monotonic() - began)
    finally:
        stop.set()
        runner.join()
    assert min(waits) < 1.0  # the least of three: the machine may be busy, the pause between rounds may not be longer


def test_a_round_that_fails_is_told_and_tried_again(written, monkeypatch, caplog):
    written(1)
    stop, tries = threading.Event(), []

    def fail():
        tries.append(1)
        if len(tries) == 2:
            stop.set()
        raise OperatorError("the disk is full")

    monkeypatch.setattr(sequencer, "sequence_once", fail)
    monkeypatch.setattr(sequencer, "RETRY_SECONDS", 0.01)
    sequencer.run(stop)
    assert len(tries) == 2
    assert "could not finish a round" in caplog.text


def test_a_connection_that_was_cut_is_opened_again(written, ask_as, monkeypatch):
    written(1)
    monkeypatch.setattr(sequencer, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(sequencer, "ROUND_SECONDS", 0.05)
    stop = threading.Event()
    runner = threading.Thread(target=_in_own_thread, args=[lambda: sequencer.run(stop)])
    runner.start()
    admin = ask_as("postgres")
    cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'abhaya_sequencer' and datname = current_database()"
    try:
        deadline = time.monotonic() + 10
        while admin.execute(cut).fetchone() == (0,):
            admin.rollback()
            assert time.monotonic() < deadline
        _, (entry,) = written(1, sequenced=False)
        while True:
            found = admin.execute("select 1 from ledger_leaf where entry_id = %s", [entry]).fetchone()
            admin.rollback()
            if found:
                break
            assert time.monotonic() < deadline
    finally:
        stop.set()
        runner.join()
        connections["sequencer"].close()
