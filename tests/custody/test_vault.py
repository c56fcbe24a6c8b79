"""The vault's folder: what is written stays, what is not whole is seen, what fails leaves nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from abhaya.custody.damage import OriginalDamaged, opened
from abhaya.custody.disk import disk_errors
from abhaya.custody.folder import FolderStore
from abhaya.custody.sealing import CHUNK_BYTES, KeyRing, OperatorKey, SealBroken, new_key
from abhaya.custody.vault import (
    SMALL_BYTES_MAX,
    Vault,
    open_vault,
)
from abhaya.errors import OperatorError, SenderError
from abhaya.shared.ids import uuid7

LARGE = SMALL_BYTES_MAX + 1


def content_of(size: int, seed: int = 0) -> bytes:
    return hashlib.shake_128(f"{seed} {size}".encode()).digest(size)


@pytest.fixture
def vault(tmp_path):
    return Vault(FolderStore(tmp_path / "vault"), KeyRing(OperatorKey(bytes(32))))


def files_under(vault: Vault) -> list[Path]:
    return [path for path in vault.store.folder.rglob("*") if path.is_file()]


def read_back(vault: Vault, draft) -> bytes:
    name = vault.key.storage_name(draft.sha256)
    return b"".join(opened(vault.read(name, draft.object_id, draft.size_bytes), draft.key, draft.object_id))


@contextmanager
def files_no_larger_than(size_bytes: int):
    """A disk that refuses to write on: the kernel answers EFBIG beyond this size, whoever we are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [LARGE, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES + 3])
def test_a_large_original_goes_to_its_place_and_comes_back(vault, size):
    content = content_of(size)
    draft = vault.receive([content])
    assert draft.path is not None
    assert (draft.sha256, draft.size_bytes) == (hashlib.sha256(content).digest(), size)
    vault.settle([draft])
    vault.confirm(draft)
    assert [path.name for path in files_under(vault)] == [
        f"{vault.key.storage_name(draft.sha256).hex()}.{draft.object_id.hex}"
    ]
    assert read_back(vault, draft) == content


@pytest.mark.parametrize("size", [0, 1, SMALL_BYTES_MAX])
def test_a_small_original_needs_no_file(vault, size):
    content = content_of(size)
    draft = vault.receive([content])
    assert (draft.path, files_under(vault)) == (None, [])
    assert b"".join(opened([draft.sealed], draft.key, draft.object_id)) == content


def test_the_three_hashes_and_the_type_are_taken_in_the_same_pass(vault):
    content = b"%PDF-1.7\n" + content_of(3 * CHUNK_BYTES)
    draft = vault.receive(iter([content[:7], content[7:]]))
    assert draft.media_type_seen == "application/pdf"
    assert draft.md5 == hashlib.md5(content).digest()
    assert draft.sha1 == hashlib.sha1(content).digest()
    assert draft.sha256 == hashlib.sha256(content).digest()


def test_nothing_readable_is_on_the_disk_and_only_the_owner_may_open_it(vault):
    draft = vault.receive([b"asks for a picture. " * 20_000])
    vault.settle([draft])
    for path in files_under(vault):
        assert b"asks for" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (vault.store.folder, *(path for path in vault.store.folder.rglob("*") if path.is_dir())):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_same_bytes_uploaded_twice_at_once_never_write_over_each_other(vault):
    content = content_of(LARGE)
    first, second = vault.receive([content]), vault.receive([content])
    vault.settle([first, second])
    assert read_back(vault, first) == read_back(vault, second) == content
    assert len(files_under(vault)) == 2


def test_settling_twice_does_nothing_the_second_time(vault):
    draft = vault.receive([content_of(LARGE)])
    vault.settle([draft])
    before = draft.path
    vault.settle([draft])
    assert draft.path == before


def test_many_at_once_come_back_in_their_order(vault):
    contents = [content_of(LARGE + n, n) for n in range(20)]
    drafts = vault.receive_all([[content] for content in contents])
    vault.settle(drafts)
    assert [read_back(vault, draft) for draft in drafts] == contents


def test_a_stream_that_breaks_off_leaves_nothing(vault):
    def broken():
        yield content_of(4 * CHUNK_BYTES)
        raise ConnectionResetError("the sender went away")

    with pytest.raises(ConnectionResetError):
        vault.receive(broken())
    assert files_under(vault) == []


def test_when_one_of_many_fails_none_stays(vault):
    def broken():
        yield content_of(4 * CHUNK_BYTES)
        raise ConnectionResetError("the sender went away")

    with pytest.raises(ConnectionResetError):
        vault.receive_all([[content_of(LARGE)], broken(), [content_of(LARGE, 1)]])
    vault_is_empty_soon(vault)


def vault_is_empty_soon(vault: Vault) -> None:
    """Discarded files are unlinked aside; waits for exactly that work, by queueing behind it."""
    from abhaya.custody.folder import _aside

    _aside().submit(lambda: None).result(timeout=10)
    assert files_under(vault) == []


@pytest.mark.parametrize("limit", [10, LARGE, 2 * CHUNK_BYTES])
def test_an_upload_above_its_limit_is_refused_and_leaves_nothing(vault, limit):
    with pytest.raises(SenderError, match=str(limit)) as caught:
        vault.receive([content_of(limit + 1)], size_bytes_max=limit)
    assert caught.value.status == 413
    assert files_under(vault) == []


def test_an_upload_of_exactly_its_limit_is_taken(vault):
    assert vault.receive([content_of(LARGE)], size_bytes_max=LARGE).size_bytes == LARGE


def test_an_endless_upload_is_stopped_at_its_limit(vault):
    def endless():
        while True:
            yield bytes(CHUNK_BYTES)

    with pytest.raises(SenderError):
        vault.receive(endless(), size_bytes_max=10 * CHUNK_BYTES)
    assert files_under(vault) == []


def test_a_full_disk_gives_the_operator_a_sentence_and_leaves_nothing(vault):
    with files_no_larger_than(2 * CHUNK_BYTES), pytest.raises(OperatorError, match="disk is full"):
        vault.receive([content_of(8 * CHUNK_BYTES)])
    assert files_under(vault) == []
    assert vault.receive([content_of(8 * CHUNK_BYTES)]).path is not None  # and once there is room, it goes on


def test_the_last_room_of_the_disk_is_left_to_the_database(tmp_path):
    vault = Vault(FolderStore(tmp_path / "vault", reserve_bytes=1 << 62), KeyRing(OperatorKey(bytes(32))))
    with pytest.raises(OperatorError, match="disk is full"):
        vault.receive([content_of(LARGE)])
    assert files_under(vault) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EIO, "cannot be written.*Input/output error"),
        (errno.EROFS, "cannot be written.*Read-only file system"),
    ],
)
def test_every_answer_of_the_disk_becomes_a_sentence_that_names_the_folder(tmp_path, number, sentence):
    with pytest.raises(OperatorError, match=sentence) as caught, disk_errors(tmp_path):
        raise OSError(number, os.strerror(number))
    assert str(tmp_path) in caught.value.sentence


def settled(vault: Vault):
    draft = vault.receive([content_of(3 * CHUNK_BYTES)])
    vault.settle([draft])
    return draft


def how(vault: Vault, draft) -> str:
    with pytest.raises(OriginalDamaged) as caught:
        read_back(vault, draft)
    assert str(draft.object_id) in caught.value.sentence
    return caught.value.how


def test_a_missing_file_is_named(vault):
    draft = settled(vault)
    draft.path.unlink()
    assert how(vault, draft) == "missing"


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES + 16, 3 * CHUNK_BYTES])
def test_a_torn_file_is_named(vault, length):
    draft = settled(vault)
    os.truncate(draft.path, length)
    assert how(vault, draft) == "torn"


@pytest.mark.parametrize("position", [0, CHUNK_BYTES + 100, -1])
def test_a_rotten_bit_is_named(vault, position):
    draft = settled(vault)
    content = bytearray(draft.path.read_bytes())
    content[position] ^= 4
    draft.path.write_bytes(content)
    assert how(vault, draft) == "changed"


def test_another_originals_file_in_its_place_is_named(vault):
    draft, other = settled(vault), vault.receive([content_of(3 * CHUNK_BYTES, 1)])
    vault.settle([other])
    draft.path.write_bytes(other.path.read_bytes())
    assert how(vault, draft) == "changed"


def test_damage_is_told_before_the_first_byte_where_the_length_shows_it(vault):
    draft = settled(vault)
    os.truncate(draft.path, 5)
    with pytest.raises(OriginalDamaged):
        vault.read(vault.key.storage_name(draft.sha256), draft.object_id, draft.size_bytes)


def test_a_lost_file_is_put_back_from_the_same_bytes_sent_again(vault):
    draft = settled(vault)
    before = draft.path.read_bytes()
    draft.path.unlink()
    again = vault.receive([content_of(3 * CHUNK_BYTES)])
    vault.reseal(again, draft.key, draft.object_id)
    assert vault.place(vault.key.storage_name(draft.sha256), draft.object_id).read_bytes() == before


def test_old_drafts_are_swept_and_young_ones_left(vault):
    old, young = vault.receive([content_of(LARGE)]), vault.receive([content_of(LARGE, 1)])
    os.utime(old.path, (0, 0))
    assert vault.old_drafts() == [old.path]
    assert vault.sweep() == 1
    assert files_under(vault) == [young.path]


def test_a_discarded_draft_is_gone(vault):
    draft = vault.receive([content_of(LARGE)])
    path = draft.path
    vault.discard(draft)
    assert not path.exists()
    vault.discard(draft)  # again: nothing to do
    vault_is_empty_soon(vault)


def test_a_removed_original_is_gone_and_removing_it_again_is_no_error(vault):
    draft = settled(vault)
    name = vault.key.storage_name(draft.sha256)
    vault.remove(name, draft.object_id)
    vault.remove(name, draft.object_id)
    assert files_under(vault) == []


def test_what_is_kept_is_listed_and_strange_files_are_passed_over(vault):
    draft = settled(vault)
    (draft.path.parent / "notes.txt").write_text("left by hand")
    assert [(kept.name, kept.object_id) for kept in vault.kept()] == [
        (vault.key.storage_name(draft.sha256), draft.object_id)
    ]


def test_a_writer_killed_in_the_middle_leaves_only_a_draft_that_the_sweep_removes(tmp_path):
    program = """
import sys
from pathlib import Path
from abhaya.custody.folder import FolderStore
from abhaya.custody.sealing import KeyRing, OperatorKey
from abhaya.custody.vault import Vault
def slow():
    for number in range(1000):
        yield bytes(256 * 1024)
        if number == 20:
            print("writing", flush=True)
            sys.stdin.read()
Vault(FolderStore(Path(sys.argv[1])), KeyRing(OperatorKey(bytes(32)))).receive(slow())
"""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "vault")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"writing\n"
        process.kill()
    vault = Vault(FolderStore(tmp_path / "vault"), KeyRing(OperatorKey(bytes(32))))
    assert len(files_under(vault)) == 1
    assert list(vault.kept()) == []
    assert vault.sweep(age_seconds=-1) == 1
    assert files_under(vault) == []


def test_memory_stays_flat_while_half_a_gigabyte_passes(tmp_path):
    program = """
import resource, sys
from pathlib import Path
from abhaya.custody.folder import FolderStore
from abhaya.custody.sealing import KeyRing, OperatorKey
from abhaya.custody.vault import Vault
vault = Vault(FolderStore(Path(sys.argv[1])), KeyRing(OperatorKey(bytes(32))))
def stream(pieces):
    for number in range(pieces):
        yield number.to_bytes(65536, "big")
def peak_kib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
vault.discard(vault.receive(stream(64)))
before = peak_kib()
draft = vault.receive(stream(8192))
print(draft.size_bytes, peak_kib() - before)
draft.path.unlink()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "vault")], capture_output=True, text=True, check=True
    )
    size_bytes, grown_kib = map(int, done.stdout.split())
    assert size_bytes == 512 * 1024 * 1024
    assert grown_kib < 8 * 1024


def test_a_vault_makes_its_key_once_and_keeps_it_secret(tmp_path):
    key_id = open_vault(tmp_path).key.id
    open_vault.cache_clear()
    assert open_vault(tmp_path).key.id == key_id
    assert stat.S_IMODE((tmp_path / "secrets" / "vault").stat().st_mode) == 0o600


def test_two_starting_at_once_agree_on_one_key(tmp_path):
    found, gate = [], threading.Barrier(8)

    def start():
        gate.wait()
        found.append(open_vault.__wrapped__(tmp_path).key.id)

    starters = [threading.Thread(target=start) for _ in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_vault_whose_key_is_gone_does_not_start_over(tmp_path):
    open_vault(tmp_path)
    open_vault.cache_clear()
    (tmp_path / "secrets" / "vault").unlink()
    with pytest.raises(OperatorError, match=r"operator key .* is missing"):
        open_vault(tmp_path)
    assert not (tmp_path / "secrets" / "vault").exists()


def test_a_vault_given_another_key_says_so(tmp_path):
    open_vault(tmp_path)
    open_vault.cache_clear()
    (tmp_path / "secrets" / "vault").write_text(new_key().hex())
    with pytest.raises(OperatorError, match="not the key"):
        open_vault(tmp_path)


def test_a_draft_does_not_show_its_key(vault):
    draft = vault.receive([b"asks age"])
    assert draft.key.hex() not in repr(draft)
    assert repr(draft.key) not in repr(draft)


def test_a_seal_error_is_told_with_the_object_it_concerns():
    object_id = uuid7()
    with pytest.raises(OriginalDamaged) as caught:
        list(opened([b"not sealed at all, by nobody"], new_key(), object_id))
    assert isinstance(caught.value.__cause__, SealBroken)
