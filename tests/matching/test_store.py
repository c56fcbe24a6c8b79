"""The index on disk: what was added is found at once and by all, what was deleted is gone, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.errors import OperatorError
from abhaya.matching import delta, index, manifest, store
from abhaya.matching.index import Digests, Index
from abhaya.matching.segments import DamagedIndex

RNG = np.random.default_rng(42)
HASHES = RNG.integers(0, 1 << 64, size=(40, 4), dtype=np.uint64)


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def pairs(opened: Index) -> set[tuple[int, int]]:
    """Which of HASHES has which id, as a search tells it."""
    answer = opened.search(HASHES, 0)
    assert len(set(zip(answer.queries.tolist(), answer.ids.tolist(), strict=True))) == len(answer.ids)
    return set(zip(answer.queries.tolist(), answer.ids.tolist(), strict=True))


def random_hashes(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1 << 64, size=(count, 4), dtype=np.uint64)


STEPS = st.one_of(
    st.tuples(st.just("add"), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 60)), min_size=1, max_size=8)),
    st.tuples(st.just("delete"), st.lists(st.integers(0, 60), min_size=1, max_size=5)),
    st.tuples(st.sampled_from(["merge", "merge whole", "open again"]), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=14))
def test_whatever_is_done_in_whatever_order_the_index_holds_what_a_set_would(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("index")
    opened, follower = Index.create(folder, "pdq"), Index.open(folder)
    truth: set[tuple[int, int]] = set()
    for what, given_now in steps:
        if what == "add":
            opened.add(HASHES[[one for one, _ in given_now]], ids(*(one for _, one in given_now)))
            truth |= set(given_now)
        elif what == "delete":
            opened.delete(ids(*given_now))
            truth = {(one, number) for one, number in truth if number not in given_now}
        elif what == "open again":
            opened = Index.open(folder, check=True)
        else:
            opened.merge(whole=what == "merge whole")
        assert pairs(opened) == pairs(follower) == truth


def test_near_hashes_are_found_in_segments_and_logs_alike_nearest_first(tmp_path):
    crowd = random_hashes(30_000)
    opened = Index.create(tmp_path, "pdq", crowd, np.arange(30_000) + 100, generation=30_100)
    assert opened.sizes()["log_rows"] == 0
    near, nearer = crowd[5].copy(), crowd[5].copy()
    near[0] ^= np.uint64(0b111)
    nearer[3] ^= np.uint64(1)
    opened.add(np.stack([near, nearer]), ids(1, 2), 30_102)
    answer = opened.search(crowd[5:6])
    assert list(zip(answer.ids.tolist(), answer.distances.tolist(), strict=True)) == [(105, 0), (2, 1), (1, 3)]
    assert opened.generation == 30_102
    assert opened.merge()
    assert opened.search(crowd[5:6]).ids.tolist() == [105, 2, 1]
    assert opened.generation == 30_102
    assert opened.search(crowd[5:6], 1).ids.tolist() == [105, 2]


def test_a_merge_takes_in_small_segments_and_leaves_large_ones(tmp_path):
    opened = Index.create(tmp_path, "pdq", random_hashes(20_000), np.arange(20_000))
    large = manifest.read(tmp_path).segments[0].file.name
    for turn in range(5):
        opened.add(random_hashes(10, turn), np.arange(10) + 20_000 + 10 * turn)
        assert opened.merge()
    assert manifest.read(tmp_path).segments[0].file.name == large
    assert opened.sizes()["segments"] == 2
    assert not opened.merge()
    assert opened.merge(whole=True)
    assert opened.sizes()["segments"] == 1
    assert opened.sizes()["ids"] == 20_050


def test_what_is_deleted_leaves_no_trace_on_the_disk_after_a_whole_merge(tmp_path):
    opened = Index.create(tmp_path, "pdq", HASHES, np.arange(40) + 7_000_000)
    kept = index.hamming.reordered(HASHES[3:4])
    assert any(kept[:, 1].tobytes() in path.read_bytes() for path in tmp_path.iterdir())
    opened.delete(ids(7_000_003))
    assert 7_000_003 not in opened.search(HASHES).ids
    opened.merge(whole=True)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert kept[:, 1].tobytes() not in content
        assert (7_000_003).to_bytes(8, "little") not in content


def test_equal_hashes_are_one_key_with_many_ids(tmp_path):
    opened = Index.create(tmp_path, "pdq", np.repeat(HASHES[:3], 5, axis=0), np.arange(15))
    assert opened.sizes()["keys"] == 3
    assert opened.search(HASHES[1:2]).ids.tolist() == [5, 6, 7, 8, 9]
    opened.delete(ids(7))
    assert opened.search(HASHES[1:2]).ids.tolist() == [5, 6, 8, 9]
    opened.add(HASHES[1:2], ids(8))  # again, as after a crash of who follows the database
    assert opened.search(HASHES[1:2]).ids.tolist() == [5, 6, 8, 9]


def test_a_flood_is_counted_and_not_listed_whole(tmp_path):
    many = store.IDS_OF_ONE_KEY_MAX + 5
    opened = Index.create(tmp_path, "pdq", np.repeat(HASHES[:1], many, axis=0), np.arange(many))
    answer = opened.search(HASHES[:2])
    assert len(answer.ids) == store.IDS_OF_ONE_KEY_MAX
    assert answer.floods == (index.Flood(query=0, distance=0, ids=many),)


def test_nothing_in_it_answers_nothing(tmp_path):
    opened = Index.create(tmp_path, "pdq")
    assert opened.search(HASHES).ids.tolist() == []
    assert opened.search(HASHES[:0]).ids.tolist() == []
    assert not opened.merge(whole=True)
    opened.add(HASHES[:1], ids(1))
    opened.delete(ids(1))
    assert opened.merge(whole=True)
    assert opened.sizes()["keys"] == 0


def test_a_log_that_is_full_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr(delta, "ROWS_MAX", 64)
    monkeypatch.setattr(delta, "SIZE_BYTES", delta.PAGE_BYTES + delta.COLUMNS * 64 * 8)
    monkeypatch.setattr(store, "ADDED_AT_ONCE_MAX", 16)
    opened = Index.create(tmp_path, "pdq")
    crowd = random_hashes(200)
    opened.add(crowd, np.arange(200), 200)
    assert len(manifest.read(tmp_path).logs) > 2
    opened.delete(ids(3), 201)
    opened.add(crowd[3:4], ids(3), 202)
    opened.delete(ids(199), 203)
    assert opened.search(crowd, 0).ids.tolist() == list(range(199))
    assert opened.merge()
    assert Index.open(tmp_path, check=True).search(crowd, 0).ids.tolist() == list(range(199))
    assert opened.generation == 203


# — many processes

FOLLOWER = """
import sys
from pathlib import Path
import numpy as np
from abhaya.matching.index import Index
opened = Index.open(Path(sys.argv[1]))
for line in sys.stdin:
    code = np.frombuffer(bytes.fromhex(line), np.uint64).reshape(1, 4)
    print(opened.search(code, 0).ids.tolist(), flush=True)
"""


def test_another_process_sees_adds_deletes_and_merges_at_once_and_shares_the_mapping(tmp_path):
    crowd = random_hashes(20_000)
    opened = Index.create(tmp_path, "pdq", crowd, np.arange(20_000))
    with subprocess.Popen(
        [sys.executable, "-c", FOLLOWER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:

        def asked(code: np.ndarray) -> list[int]:
            other.stdin.write(code.tobytes().hex() + "\n")
            other.stdin.flush()
            return json.loads(other.stdout.readline())

        assert asked(crowd[9]) == [9]
        maps = Path(f"/proc/{other.pid}/maps").read_text()
        assert "r--s" in next(line for line in maps.splitlines() if "/segment-" in line)
        for turn in range(5):
            opened.add(HASHES[turn : turn + 1], ids(50_000 + turn))
            assert asked(HASHES[turn]) == [50_000 + turn]
            opened.delete(ids(turn))
            assert asked(crowd[turn]) == []
            assert opened.merge(whole=turn % 2 == 0)
            assert asked(HASHES[turn]) == [50_000 + turn]
            assert asked(crowd[turn]) == []
            assert asked(crowd[9]) == [9]


def test_threads_that_search_add_and_merge_at_the_same_time_never_see_less_than_was_added(tmp_path):
    opened = Index.create(tmp_path, "pdq", random_hashes(500), np.arange(500))
    crowd = random_hashes(300, seed=9)

    def writes() -> None:
        for one in range(300):
            opened.add(crowd[one : one + 1], ids(1000 + one))
            assert opened.search(crowd[one : one + 1], 0).ids.tolist() == [1000 + one]

    def merges() -> None:
        for turn in range(12):
            opened.merge(whole=turn % 3 == 0)

    def reads() -> int:
        own, seen = Index.open(tmp_path), 0
        while seen < 300:
            now = len(own.search(crowd, 0).ids)
            assert now >= seen
            seen = now
        return seen

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for work in (writes, merges, reads, reads)]:
            done.result(timeout=120)
    assert opened.search(crowd, 0).ids.tolist() == list(range(1000, 1300))


# — crashes and damage

# Does the same acts in one child after another; the n-th kills itself, as `kill -9` would, before the n-th line of ours.
KILLED = """
import json, os, shutil, signal, sys, tempfile
from pathlib import Path
import numpy as np
from abhaya.matching import delta, index, manifest, segments, store
from abhaya.shared import durable
delta.ROWS_MAX, OURS = 64, {one.__file__ for one in (delta, index, manifest, segments, store, durable)}
delta.SIZE_BYTES = delta.PAGE_BYTES + delta.COLUMNS * 64 * 8
hashes = np.random.default_rng(3).integers(0, 1 << 64, size=(30, 4), dtype=np.uint64)
numbers = np.arange(30)
ACTS = [
    lambda it: it.add(hashes[20:22], numbers[20:22], 22), lambda it: it.delete(numbers[3:5], 24), lambda it: it.merge(),
    lambda it: it.add(hashes[3:4], numbers[3:4], 25), lambda it: it.delete(numbers[20:21], 26), lambda it: it.merge(whole=True),
    lambda it: it.add(hashes[22:30], numbers[22:30], 30),
]
GENERATIONS = [20, 22, 24, 24, 25, 26, 26, 30]
def held(it):
    answer = it.search(hashes, 0)
    assert (answer.queries == answer.ids).all()
    return answer.ids.tolist()
def fresh():
    folder = Path(tempfile.mkdtemp(dir=sys.argv[1]))
    return folder, index.Index.create(folder, "pdq", hashes[:20], numbers[:20], 20)
folder, opened = fresh()
STATES = [held(opened)]
for act in ACTS:
    act(opened)
    STATES.append(held(opened))
step, stride = 0, int(sys.argv[2])
while True:
    folder, opened = fresh()
    done, told = os.pipe()
    child = os.fork()
    if child == 0:
        left = step
        def before_each_line(frame, event, _):
            global left
            if frame.f_code.co_filename not in OURS: return None
            if event == "line":
                if left == 0: os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
            return before_each_line
        for act in ACTS:
            sys.settrace(before_each_line)
            act(opened)
            sys.settrace(None)
            os.write(told, b".")
        os._exit(0)
    os.close(told)
    was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    with os.fdopen(done, "rb") as finished: count = len(finished.read())
    found = index.Index.open(folder, check=True)
    allowed = [STATES[count], STATES[min(count + 1, len(ACTS))]]
    assert held(found) in allowed, (step, count, held(found))
    assert GENERATIONS[count] <= found.generation <= GENERATIONS[min(count + 1, len(ACTS))], (step, count, found.generation)
    before = held(found)
    found.add(hashes[19:20], numbers[19:20])  # goes on from there
    found.merge(whole=True)
    assert held(found) == sorted({*before, 19})
    assert {one.name for one in folder.iterdir()} == manifest.read(folder).names() | {"add.lock", "merge.lock"}
    shutil.rmtree(folder)
    if not was_killed: break
    step += stride
print(step)
"""


def test_killed_before_any_line_what_was_done_is_there_and_the_index_goes_on(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path, "5"], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 500  # lines of ours that the acts go through


def turn_bit(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0x10]))


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("which", ["segment", "manifest", "tombstones"])
def test_one_turned_bit_is_found_and_its_file_named(tmp_path, which, place):
    opened = Index.create(tmp_path, "pdq", random_hashes(20_000), np.arange(20_000))
    opened.delete(np.arange(5))
    opened.add(HASHES, np.arange(40))
    opened.merge()
    path = next(tmp_path.glob(f"{which}*"))
    turn_bit(path, int(place * (path.stat().st_size - 1)))
    with pytest.raises(DamagedIndex, match=f"{path.name}.*built again from the database"):
        Index.open(tmp_path, check=True)
    again = Index.create(tmp_path, "pdq", HASHES, np.arange(40), generation=40)
    assert pairs(again) == {(one, one) for one in range(40)}
    assert path.name == manifest.NAME or not path.exists()


@pytest.mark.parametrize("which", ["segment", "manifest", "log"])
def test_a_file_cut_off_or_gone_is_refused_at_once_and_named(tmp_path, which):
    opened = Index.create(tmp_path, "pdq", HASHES, np.arange(40))
    path = next(tmp_path.glob(f"{which}*"))
    os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(DamagedIndex, match=path.name):
        Index.open(tmp_path)
    path.unlink()
    with pytest.raises(DamagedIndex, match=path.name):
        Index.open(tmp_path)
    assert pairs(Index.create(tmp_path, "pdq", HASHES[:1], ids(1))) == {(0, 1)}
    assert pairs(opened) == {(0, 1)}  # who had the old one open follows


def test_torn_rows_end_the_log_and_its_generation_falls_back_to_what_is_whole(tmp_path):
    opened = Index.create(tmp_path, "pdq", HASHES[:5], np.arange(5), generation=5)
    for one in range(5, 15):
        opened.add(HASHES[one : one + 1], ids(one), one + 1)
    log = next(tmp_path.glob("log*"))
    turn_bit(log, delta.PAGE_BYTES + 7 * 8 + 3)  # the eighth row's first word
    with pytest.raises(DamagedIndex, match=rf"row 7 of {log.name}"):
        Index.open(tmp_path, check=True)
    found = Index.open(tmp_path)
    assert pairs(found) == {(one, one) for one in range(12)}
    assert found.generation == 12
    found.add(HASHES[12:15], np.arange(12, 15), 15)  # what the database gives again
    assert pairs(Index.open(tmp_path, check=True)) == {(one, one) for one in range(15)}


def test_an_index_of_another_kind_or_version_is_refused_in_a_sentence(tmp_path):
    Digests.create(tmp_path, "md5")
    with pytest.raises(OperatorError, match="is an index of md5, which is not asked for here"):
        Index.open(tmp_path)
    later = manifest.read(tmp_path)
    manifest.write(tmp_path, manifest.msgspec.structs.replace(later, format=2))
    with pytest.raises(DamagedIndex, match="has format 2, this version knows 1"):
        Digests.open(tmp_path)
    with pytest.raises(DamagedIndex, match=r"has no manifest\.json"):
        Digests.open(tmp_path / "elsewhere")


def test_its_files_are_for_its_owner_alone(tmp_path):
    Index.create(tmp_path / "index", "pdq", HASHES, np.arange(40))
    assert {path.stat().st_mode & 0o77 for path in [tmp_path / "index", *(tmp_path / "index").iterdir()]} == {0}


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from abhaya.errors import OperatorError
from abhaya.matching.index import Index
folder = Path(sys.argv[1])
opened = Index.create(folder, "pdq", np.arange(4000, dtype=np.uint64).reshape(1000, 4), np.arange(1000), 1000)
opened.add(np.ones((1, 4), np.uint64), np.array([5000]), 5001)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # the disk's own refusal, from the kernel: files may not grow
for write in (lambda: opened.merge(whole=True), lambda: opened.add(np.ones((1, 4), np.uint64), np.array([5001]), 5002)):
    try:
        write()
    except OperatorError as error:
        print(error.sentence)
    print(opened.search(np.ones((1, 4), np.uint64), 0).ids.tolist(), opened.generation)
"""


def test_a_full_disk_is_a_sentence_for_the_operator_and_changes_nothing(tmp_path):
    done = subprocess.run([sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=True)
    told = f"The index of hashes cannot be written: {tmp_path}: File too large. It is as it was before."
    assert done.stdout.splitlines() == [told, "[5000] 5001"] * 2
    assert Index.open(tmp_path, check=True).merge(whole=True)
