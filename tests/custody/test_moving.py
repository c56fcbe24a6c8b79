"""The vault moved from its folder into an S3-compatible store and back, while everything goes on."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from tests.custody.s3_server import S3Process
from tests.custody.world import content_of, kept, make_compartment, path_of

from abhaya.custody import moving, place
from abhaya.custody.folder import FolderStore
from abhaya.custody.place import FOLDER, Place, read_place, write_place
from abhaya.custody.s3 import client as client_module
from abhaya.custody.s3.client import Client
from abhaya.custody.s3.signing import Keys
from abhaya.custody.s3.store import S3Store
from abhaya.custody.two_stores import TwoStores
from abhaya.custody.vault import SMALL_BYTES_MAX, store_at, vault
from abhaya.errors import OperatorError
from abhaya.shared.ids import uuid7

LARGE = SMALL_BYTES_MAX + 1
KEYS = Keys("AKIAEXAMPLE", "secret-for-a-test")
# Takes in originals whose number says their bytes; `shred N` shreds the N first again; `draft` leaves an upload behind.
PROGRAM = """
import hashlib, sys
import django
django.setup()
from uuid import UUID, uuid4
from abhaya.custody.actions import Blob, shred, take_in
from abhaya.custody.vault import receive_stream
from abhaya.shared.identity import on_the_road
content = lambda number: hashlib.shake_128(b"%d" % number).digest(40_000 + number)
first, end = int(sys.argv[1]), int(sys.argv[2])
with on_the_road("test"):
    stored = take_in([Blob(uuid, "a", content(n)) for n in range(first, end) for uuid in [UUID(int=n + 1)]])
for n, one in list(enumerate(stored, first))[: int(sys.argv[3])]:
    with on_the_road("test"):
        shred(one.object_id, UUID(int=n + 1))
if "draft" in sys.argv:
    receive_stream([content(1)])
"""


@pytest.fixture(scope="module")
def server():
    process = S3Process()
    process.start()
    yield process
    process.kill()


@contextmanager
def bucket_of(process: S3Process, name: str):
    client = Client(process.endpoint, name, KEYS)
    client.put("", b"")
    yield client
    client.close()


@pytest.fixture
def client(server, request):
    with bucket_of(server, "m" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]) as client:
        yield client


@pytest.fixture
def unit(fresh_database, client, tmp_path):
    """A unit of its own whose settings name a store; its vault is in the folder, with twelve originals."""
    (tmp_path / "keys").write_text(f"{KEYS.access}\n{KEYS.secret}\n")
    at = {
        "VAULT_STORE": f"s3://{client.bucket}/unit",
        "VAULT_ENDPOINT": client.endpoint,
        "VAULT_KEYS_FILE": tmp_path / "keys",
    }
    fill(fresh_database, 0, 12)
    fresh_database.environment.update({f"ABHAYA_{name}": str(text) for name, text in at.items()})
    return fresh_database


def fill(served, first: int, end: int, *, shredded: int = 0, draft: bool = False) -> None:
    words = [str(first), str(end), str(shredded), *(["draft"] if draft else [])]
    environment = {**os.environ, **served.environment, "DJANGO_SETTINGS_MODULE": "abhaya.settings"}
    subprocess.run([sys.executable, "-c", PROGRAM, *words], env=environment, check=True)


def whole(served, count: int) -> None:
    """Every original opens and has the hashes it was received with, wherever it is."""
    told = served.run("check", check=False).stdout
    assert re.search(rf"^Vault: {count} originals, \d+ bytes read again\.\nLedger: ", told, re.MULTILINE), told


def in_folder(served) -> int:
    return len(list((served.data / "vault" / "objects").glob("??/*")))


def in_store(client: Client) -> int:
    return len(list(client.listed("unit/objects/")))


def entries(served) -> list[tuple[str, dict]]:
    with served.connect("abhaya_owner") as owner:
        rows = owner.execute("select body from ledger_entry where body like '%\"custody:move:%' order by id").fetchall()
    said = [json.loads(row[0]) for row in rows]
    return [(one["event"], one["facts"]) for one in said]


# --- the whole way ---


def test_there_and_back_everything_is_compared_named_in_the_ledger_and_removed_where_it_was(unit, client):
    assert in_store(client) == 0  # a store that the settings merely name changes nothing
    told = unit.run("vault", "move", "--to", "store").stdout
    assert "12 originals" in told
    assert (in_folder(unit), in_store(client)) == (0, 12)
    whole(unit, 12)
    fill(unit, 12, 14)
    assert (in_folder(unit), in_store(client)) == (0, 14)
    refused = unit.run("vault", "move", "--to", "store", check=False)
    assert "already" in refused.stderr
    unit.run("vault", "move", "--to", "folder")
    assert (in_folder(unit), list(client.listed(""))) == (14, [])  # not even the mark of its keys
    whole(unit, 14)
    folder, store = f"folder {unit.data / 'vault'}", f"s3://{client.bucket}/unit at {client.endpoint}"
    said = entries(unit)
    assert [event for event, _ in said] == [f"custody:move:{verb}" for verb in ("begun", "proved", "ended")] * 2
    assert [(facts["from"], facts["to"]) for _, facts in said] == [(folder, store)] * 3 + [(store, folder)] * 3
    sealed = {path.name.rpartition(".")[2]: path for path in (unit.data / "vault/objects").glob("??/*")}
    digest = hashlib.sha256()
    for name in sorted(sealed):
        digest.update(f"{moving.UUID(name)} {hashlib.sha256(sealed[name].read_bytes()).hexdigest()}\n".encode())
    assert said[4][1] | {"sha256": digest.hexdigest(), "objects": 14, "missing": 0} == said[4][1]


@pytest.mark.slow
def test_killed_at_any_instant_everything_can_be_read_and_it_goes_on(unit, client):
    chance, number, shredded = random.Random(11), 72, 0
    fill(unit, 12, number)
    for to, left in (("store", in_folder), ("folder", lambda _: in_store(client))):
        for kill in range(2):
            process = unit.start("vault", "move", "--to", to)
            until = time.monotonic() + 1.0 + kill + chance.random() * 0.5
            while time.monotonic() < until and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.wait()
            unit.processes.remove(process)
        whole(unit, number - shredded)
        fill(unit, number, number + 3, shredded=1)  # the road goes on between
        number, shredded = number + 3, shredded + 1
        ended = unit.run("vault", "move", "--to", to, check=False)
        if "broke off" in ended.stdout:  # what the kills left in the old place, which the worker sweeps after a day
            S3Store(client, "unit").sweep(age_seconds=-5)
            ended = unit.run("vault", "move", "--to", to, check=False)
        assert ended.returncode == 0 or "already" in ended.stderr, ended.stderr + ended.stdout
        assert left(unit) == 0
    whole(unit, number - shredded)
    assert in_folder(unit) == number - shredded


def test_a_store_that_goes_down_stops_the_move_and_nothing_else(unit, tmp_path):
    process = S3Process()
    process.start()
    with bucket_of(process, "bucket") as client:
        unit.environment |= {"ABHAYA_VAULT_STORE": "s3://bucket/unit", "ABHAYA_VAULT_ENDPOINT": process.endpoint}
        fill(unit, 12, 20, draft=True)  # an upload that broke off keeps the move open
        waits = unit.start("vault", "move", "--to", "store")
        until = time.monotonic() + 60
        while in_store(client) < 20 and time.monotonic() < until:
            time.sleep(0.02)
        process.kill()
        os.kill(waits.pid, signal.SIGKILL)
        waits.wait()
        unit.processes.remove(waits)
        stopped = unit.run("vault", "move", "--to", "store", check=False)
        assert stopped.returncode == 3
        assert "does not answer" in stopped.stderr
        assert "The vault goes on with what it has" in stopped.stderr
        assert in_folder(unit) == 20
        whole_in_folder = unit.run("check", "--sample", "5", check=False).stdout
        assert "does not answer" not in whole_in_folder
        process.start()  # empty, as a store whose disk was lost: what had been proved is proved again
        client.close()
        client.put("", b"")
        for left in (unit.data / "vault/drafts").iterdir():
            left.unlink()
        unit.run("vault", "move", "--to", "store")
        assert (in_folder(unit), in_store(client)) == (0, 20)
        whole(unit, 20)
    process.kill()


def test_a_full_disk_stops_the_move_and_removes_nothing(unit, client):
    unit.run("vault", "move", "--to", "store")
    # The kernel refuses every file above 40 kB, as a full disk refuses every byte.
    cramped = subprocess.run(
        ["bash", "-c", f"ulimit -f 39; exec {sys.executable} -m abhaya.cli vault move --to folder"],
        env={**os.environ, **unit.environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert cramped.returncode == 3
    assert "disk is full" in cramped.stderr
    assert in_store(client) == 12
    whole(unit, 12)
    unit.run("vault", "move", "--to", "store")  # turned round: it stays where it was
    assert (in_folder(unit), in_store(client)) == (0, 12)
    whole(unit, 12)


def test_an_original_in_neither_place_and_a_file_that_nobody_knows_are_named_and_kept_open(unit, client):
    lost, *_ = sorted((unit.data / "vault/objects").glob("??/*"))
    lost.unlink()
    stranger = lost.with_name("ab" * 32 + "." + "cd" * 16)
    stranger.write_bytes(b"left by hand")
    stays = unit.run("vault", "move", "--to", "store", check=False)
    assert stays.returncode == 1
    assert "1 originals are in neither place" in stays.stdout
    assert in_folder(unit) == 12
    ended = unit.run("vault", "move", "--to", "store", "--without-missing", check=False)
    assert ended.returncode == 1
    assert f"{stranger} stays" in ended.stdout
    assert (stranger.read_bytes(), in_folder(unit), in_store(client)) == (b"left by hand", 1, 11)


# --- one original ---


@pytest.fixture
def stores(client, tmp_path):
    """The folder of this process, and a store; an original in the folder."""
    (stored,) = kept(make_compartment(), content_of(LARGE))
    old, new = FolderStore(settings.DATA_DIR / "vault"), S3Store(client, "unit")
    one = moving._Original(stored.object_id, vault().key.storage_name(stored.sha256), stored.size_bytes)
    return old, new, one, path_of(stored)


def test_a_store_that_keeps_other_bytes_than_it_was_given_is_found_out(stores, client, monkeypatch):
    old, new, one, _ = stores
    put = client.put
    monkeypatch.setattr(client, "put", lambda key, body: put(key, body[:-1] + bytes([body[-1] ^ 1]) if body else body))
    with pytest.raises(OperatorError, match="came back from the new store with other bytes"):
        moving._proved(old, new, one)


def test_of_two_copies_that_differ_the_one_that_was_received_stays(stores):
    old, new, one, path = stores
    good = moving._proved(old, new, one)
    body = path.read_bytes()
    path.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))  # the old one rots after it was copied
    assert moving._proved(old, new, one) == good
    path.write_bytes(body)
    new.write(one.object_id, iter([body[:-1] + bytes([body[-1] ^ 1])]))  # or the new one
    assert moving._proved(old, new, one) == good
    assert b"".join(new.read(one.name, one.object_id)) == body


def test_while_it_moves_a_store_that_is_down_stops_only_what_it_alone_has(stores, tmp_path, monkeypatch):
    monkeypatch.setattr(client_module, "FIRST_PAUSE_SECONDS", 0.001)
    old, _, one, path = stores
    nobody = Client("http://127.0.0.1:9", "bucket", KEYS)
    both = TwoStores(old=old, new=S3Store(nobody, "unit"))
    assert b"".join(both.read(one.name, one.object_id)) == path.read_bytes()
    with pytest.raises(OperatorError, match="does not answer"):
        both.size_of(one.name, uuid7())
    turned = TwoStores(old=S3Store(nobody, "unit"), new=old)
    assert b"".join(turned.read(one.name, one.object_id)) == path.read_bytes()


def test_an_upload_begun_before_the_move_settles_where_it_is_and_after_it_is_refused(stores, tmp_path):
    _, new, one, _ = stores
    old = FolderStore(tmp_path / "old")
    both, identifier = TwoStores(old=old, new=new), uuid7()
    drafts = [
        (old.write(identifier, iter([b"a"])), one.name, identifier),
        (new.write(one.object_id, iter([b"b"])), one.name, one.object_id),
    ]
    settled = both.settle(drafts)
    assert [old.owns(settled[0]), new.owns(settled[1])] == [True, True]
    with pytest.raises(OperatorError, match="moved to another store"):
        new.settle(drafts[:1])
    with pytest.raises(OperatorError, match="moved to another store"):
        old.settle(drafts[1:])


# --- where the vault is ---


@pytest.mark.parametrize(
    "said", [Place(FOLDER), Place("s3://b/p", FOLDER), Place(FOLDER, "s3://b/p q", is_emptying=True)]
)
def test_the_place_is_read_as_it_was_written(tmp_path, said):
    (tmp_path / "vault").mkdir()
    write_place(tmp_path, said)
    assert read_place(tmp_path) == said


@pytest.mark.parametrize("text", ["", "\n", "folder\nto s3://b\n", "folder\nfrom x\nmore\n"])
def test_a_damaged_place_is_refused(tmp_path, text):
    (tmp_path / "vault").mkdir()
    place._path(tmp_path).write_text(text)
    with pytest.raises(OperatorError, match="is damaged"):
        read_place(tmp_path)


def test_a_vault_in_a_store_that_the_settings_do_not_name_is_refused(tmp_path):
    with pytest.raises(OperatorError, match="The vault is in s3://b/p, and ABHAYA_VAULT_STORE names none"):
        store_at(tmp_path, "s3://b/p")
