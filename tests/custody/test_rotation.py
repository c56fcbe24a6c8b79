"""The operator's key changed while everything goes on: nothing is lost, whenever it is killed, and both keys open."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings
from tests.custody.world import ask, beside, content_of, kept, make_compartment, path_of, read, rolled_back
from tests.factory import make_officer, make_unit

from abhaya.custody import operator_key
from abhaya.custody.actions import shred
from abhaya.custody.check import check
from abhaya.custody.rotation import BATCH_WRAPS, retire, rotate, wait_for_older
from abhaya.custody.vault import SMALL_BYTES_MAX, vault
from abhaya.errors import OperatorError
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.secret import secret_path

LARGE = SMALL_BYTES_MAX + 1


def under(key_id: bytes) -> int:
    return ask("select count(*) from custody_holding where substring(wrapped_key from 1 for 4) = %s", key_id)[0][0]


@pytest.fixture(scope="module", autouse=True)
def sound(bench):
    """What other tests damaged on purpose and left so would rightly keep an old key from being retired."""
    broken = [finding.object_id for finding in check().findings if finding.what in {"key", "name"}]
    with bench.connect("abhaya_owner") as owner:
        for statement in (
            "delete from custody_holding where object_id = any (%s)",
            "delete from custody_item where object_id = any (%s)",
            "delete from custody_bytes where id = any (%s)",
            "update custody_object set kept = 'gone', name = null, known_key = null where id = any (%s)",
        ):
            owner.execute(statement, [broken])


@pytest.fixture
def rotated():
    """A rotation made, and retired again at the end so that the next may begin."""
    compartment, contents = make_compartment(), [content_of(), content_of(LARGE)]
    stored = kept(compartment, *contents)
    before, places = vault().key, [path_of(one) for one in stored]
    done = rotate()
    yield compartment, contents, stored, before, places, done
    if len(vault().key.ids) > 1:
        retire()


def test_every_wrap_is_under_the_new_key_and_every_name_stays(rotated):
    compartment, contents, stored, before, places, done = rotated
    assert vault().key.ids == [bytes.fromhex(done.key_id), before.id]
    assert under(before.id) == 0
    assert done.wraps >= 4
    assert [read(one.object_id, compartment) for one in stored] == contents
    assert [path_of(one) for one in stored] == places
    checked = check()
    assert not {finding.object_id for finding in checked.findings} & {one.object_id for one in stored}


def test_known_bytes_are_still_recognised(rotated):
    _, contents, stored, *_ = rotated
    again = kept(make_compartment(), *contents)
    assert [one.object_id for one in again] == [one.object_id for one in stored]


def test_it_is_in_the_ledger_and_says_no_key(rotated):
    done = rotated[5]
    bodies = [bytes(body).decode() for (body,) in ask(
        "select body from ledger_entry where event in ('custody:key:switched', 'custody:key:rotated')")]  # fmt: skip
    mine = [body for body in bodies if done.key_id in body]
    assert len(mine) == 2
    master = operator_key.find(settings.DATA_DIR, bytes.fromhex(done.key_id)).master
    assert not any(master.hex() in body for body in bodies)


def test_a_second_rotation_waits_until_the_old_key_is_retired(rotated):
    with pytest.raises(OperatorError, match="Destroy it first: abhaya key retire"):
        rotate()


def test_the_retired_key_is_gone_and_everything_opens(rotated):
    compartment, contents, stored, before, *_ = rotated
    assert operator_key.find(settings.DATA_DIR, before.id) is not None
    draft = secret_path(settings.DATA_DIR, f".{operator_key.SECRET_NAME}.0123abcd")
    draft.write_bytes(b"00" * 20)  # as a crash leaves it that came while a key was being made
    assert retire() == ""
    assert not draft.exists()
    assert operator_key.find(settings.DATA_DIR, before.id) is None
    assert vault().key.ids != [before.id]
    assert len(vault().key.ids) == 1
    assert [read(one.object_id, compartment) for one in stored] == contents
    with pytest.raises(OperatorError, match="no old key to destroy"):
        retire()


def test_a_key_that_a_wrap_still_needs_is_not_retired(rotated, bench):
    compartment, _, stored, before, *_ = rotated
    old = operator_key.find(settings.DATA_DIR, before.id).key
    key = vault().key.unwrap(
        bytes(ask("select wrapped_key from custody_holding where object_id = %s", stored[0].object_id)[0][0]),
        stored[0].object_id, compartment,
    )  # fmt: skip
    with bench.connect("abhaya_owner") as owner:
        owner.execute(
            "update custody_holding set wrapped_key = %s where object_id = %s",
            [old.wrap(key, stored[0].object_id, compartment), stored[0].object_id],
        )
    assert read(stored[0].object_id, compartment) == rotated[1][0]  # the old key still opens
    with pytest.raises(OperatorError, match="rotation has not ended"):
        retire()
    assert rotate().wraps == 1
    retire()


def test_a_wrap_that_no_key_opens_is_named_and_keeps_the_old_key(bench):
    compartment = make_compartment()
    (stored,) = kept(compartment, content_of())
    ((good,),) = ask("select wrapped_key from custody_holding where object_id = %s", stored.object_id)
    spoilt = bytes(good[:20]) + bytes([good[20] ^ 1]) + bytes(good[21:])
    with bench.connect("abhaya_owner") as owner:
        owner.execute("update custody_holding set wrapped_key = %s where object_id = %s", [spoilt, stored.object_id])
    done = rotate()
    assert any(str(stored.object_id) in sentence for sentence in done.damaged)
    with pytest.raises(OperatorError, match="has not ended"):
        retire()
    with on_the_road("test"):
        shred(stored.object_id, compartment)
    retire()


def test_a_set_that_is_being_taken_in_at_the_switch_is_rewrapped_too():
    """The transaction began under the old key and commits after the switch: the rotation waits for it."""
    compartment, content = make_compartment(), content_of()
    entered, go_on, found = threading.Event(), threading.Event(), []

    def slow():
        from django.db import connections

        from abhaya.custody.actions import Blob, take_in

        with on_the_road("test"):
            found.extend(take_in([Blob(compartment, "a", content)]))
            entered.set()
            go_on.wait(30)
        connections.close_all()

    taking = threading.Thread(target=slow)
    taking.start()
    assert entered.wait(30)
    before = vault().key.id
    done = []
    rotating = threading.Thread(
        target=lambda: (done.append(rotate()), __import__("django.db").db.connections.close_all())
    )
    rotating.start()
    deadline = time.monotonic() + 30
    while vault().key.id == before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert rotating.is_alive()
    go_on.set()
    taking.join(30)
    rotating.join(60)
    assert done
    assert under(before) == 0
    assert read(found[0].object_id, compartment) == content
    retire()


def test_a_transaction_that_never_ends_is_told():
    compartment = make_compartment()
    (stored,) = kept(compartment, content_of())

    def refused():
        read(stored.object_id, compartment)
        raised = []

        def run():
            try:
                rotate(seconds_max=0.5)
            except OperatorError as error:
                raised.append(error.sentence)
            finally:
                __import__("django.db").db.connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(60)
        assert "A transaction has been running" in raised[0]

    rolled_back(refused)
    rotate()  # goes on where it stood
    retire()


KILLS = 3
FILL = """
import django
django.setup()
import hashlib, sys
from uuid import UUID, uuid4
from abhaya.custody.actions import Blob, take_in
from abhaya.shared.identity import acting, on_the_road
for part in range(int(sys.argv[1])):
    with on_the_road("test"):
        take_in([Blob(uuid4(), "a", hashlib.shake_128(f"{part} {n}".encode()).digest(40)) for n in range(2000)])
"""


@pytest.mark.slow
def test_killed_at_any_instant_it_goes_on_and_nothing_is_lost(fresh_database):
    """Both before and after the switch, and in the middle of the wraps; readers use whatever keys are named then."""
    environment = {**os.environ, **fresh_database.environment, "DJANGO_SETTINGS_MODULE": "abhaya.settings"}
    subprocess.run([sys.executable, "-c", FILL, "2"], env=environment, check=True)
    chance, ended = random.Random(7), 0
    for kill in range(KILLS):
        process = fresh_database.start("key", "rotate")
        until = time.monotonic() + 0.8 + kill * 0.4 + chance.random() * 0.4
        while time.monotonic() < until and process.poll() is None:
            time.sleep(0.005)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        elif process.returncode == 0:
            ended += 1
        process.wait()
        fresh_database.processes.remove(process)
        assert_vault_holds(fresh_database, "--sample", "300")
        if ended:
            break
    if not ended:
        fresh_database.run("key", "rotate")
    assert f"Vault: {2 * BATCH_WRAPS} originals" in assert_vault_holds(fresh_database)
    fresh_database.run("key", "retire")
    assert_vault_holds(fresh_database, "--sample", "300")
    assert len(list((fresh_database.data / "secrets").glob("vault*"))) == 1


def assert_vault_holds(served, *words: str) -> str:
    """The check names nothing of the vault; no sequencer runs here, so that the ledger's part may speak of waiting."""
    told = served.run("check", *words, check=False).stdout
    assert re.search(r"^Vault: \d+ originals, \d+ bytes read again\.\nLedger: ", told, re.MULTILINE), told
    return told


@pytest.mark.parametrize("sign_in", ["an officer's page", "the road"])
def test_what_began_before_is_waited_for_over_both_sign_ins(sign_in):
    alice = make_officer(make_unit())
    begun, go_on = threading.Event(), threading.Event()

    def stay():
        with acting(alice.id) if sign_in == "an officer's page" else on_the_road("test"):
            begun.set()
            go_on.wait(30)

    with beside(stay) as outcome:
        assert begun.wait(30)
        with pytest.raises(OperatorError, match="A transaction has been running"):
            wait_for_older(datetime.now(UTC), 0.3, "this cannot end. Run it")
        go_on.set()
        outcome()
    wait_for_older(datetime.now(UTC), 5.0, "this cannot end. Run it")
