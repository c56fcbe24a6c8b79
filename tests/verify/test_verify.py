"""What the court's verifier says of a good ledger, and of every way to bend one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from verify import notes

from abhaya.ledger import canonical, note

ROOT = Path(__file__).resolve().parents[2]


def test_a_good_ledger_holds(world, verified):
    code, said = verified(world)
    assert code == 0
    assert "12 leaves stand in order" in said
    assert "3 checkpoints are signed and add up, the newest at 12 entries" in said
    assert "RESULT The ledger holds, from entry 0 to entry 11." in said


def test_it_says_what_it_could_not_check(world, verified):
    world.put("departures", [{"size": 4, "at": "2026-11-21T04:34:00.000000Z", "how": "printed", "recipient": "Court"}])
    _, said = verified(world)
    assert "NOT CHECKED  whether the key is the right one" in said
    assert "NOT CHECKED  whether the holder of the signing key rewrote everything" in said
    assert "A checkpoint at 4 entries was printed" in said


def test_it_runs_alone_as_a_folder(world):
    # -I: no environment, no current folder, so that nothing of ours can be imported by accident.
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "verify"), str(world.folder)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "RESULT The ledger holds" in done.stdout


def test_it_imports_nothing_of_ours():
    for path in (ROOT / "verify").glob("*.py"):
        assert "abhaya." not in path.read_text().replace('"abhaya.', ""), path
        assert "import abhaya" not in path.read_text()


def test_an_empty_ledger_is_said_to_be_empty(world, verified):
    world.about(size=0)
    assert verified(world) == (0, "The ledger is empty: nothing to check.\n")


# Checkpoints that somebody else holds


def held(world, tmp_path, size):
    path = tmp_path / f"held-{size}"
    path.write_text(world.signed(size))
    return path


def test_an_older_checkpoint_a_code_and_a_key_from_outside_are_confirmed(world, verified, tmp_path):
    key = tmp_path / "key"
    key.write_text(world.key.verifier())
    code = world.checkpoint(9).code().replace("-", " ").lower().replace("0", "o")
    exit_code, said = verified(world, "--checkpoint", held(world, tmp_path, 4), "--code", f"9:{code}", "--key", key)
    assert exit_code == 0
    assert "held-4 is the beginning of this ledger" in said
    assert "The printed code for 9 entries is the beginning" in said
    assert "NOT CHECKED" not in said


@pytest.mark.parametrize("where", [0, 3])
def test_history_rewritten_by_the_holder_of_the_key_is_found_by_whoever_holds_a_checkpoint(
    world, verified, tmp_path, where
):
    before, code = held(world, tmp_path, 4), world.checkpoint(4).code()
    world.bodies[where]["facts"]["sender"] = "somebody else"
    world.write()
    assert verified(world)[0] == 0  # consistent in itself, and signed: only the outside can know
    for arguments in (["--checkpoint", before], ["--code", f"4:{code}"]):
        exit_code, said = verified(world, *arguments)
        assert exit_code == 1
        assert "FAILS  History was rewritten: the first 4 entries are not those" in said


def test_a_ledger_rolled_back_is_found_by_whoever_holds_a_later_checkpoint(world, verified, tmp_path):
    before, code = held(world, tmp_path, 12), world.checkpoint(12).code()
    del world.bodies[9:], world.salts[9:]
    world.sizes = [4, 9]
    world.write()
    assert verified(world)[0] == 0
    for arguments in (["--checkpoint", before], ["--code", f"12:{code}"]):
        exit_code, said = verified(world, *arguments)
        assert exit_code == 1
        assert "rolled back" in said


def test_a_forged_checkpoint_from_outside_convinces_nobody(world, verified, tmp_path):
    path = tmp_path / "forged"
    path.write_text(note.Key(world.key.name, Ed25519PrivateKey.generate()).sign(world.checkpoint(4), 1))
    exit_code, said = verified(world, "--checkpoint", path)
    assert exit_code == 1
    assert "is not this ledger's" in said


def test_a_ledger_signed_by_another_key_than_the_one_held_fails(world, verified, tmp_path):
    other = tmp_path / "key"
    other.write_text(note.Key(world.key.name, Ed25519PrivateKey.generate()).verifier())
    exit_code, said = verified(world, "--key", other)
    assert exit_code == 1
    assert "signed by another key" in said


def test_an_entry_that_swears_to_another_root_shows_a_rewrite(world, verified):
    world.entry("ledger:checkpoint:left", size=4, root="00" * 32, how="printed", recipient="Court")
    world.sizes.append(13)
    world.write()
    world.put("departures", [{"size": 4, "at": "2026-11-21T04:34:00.000000Z", "how": "printed", "recipient": "Court"}])
    exit_code, said = verified(world)
    assert exit_code == 1
    assert "entry 12 records that a checkpoint at 4 entries left" in said


# Tampering with the export's files, as whoever passes it on could


def test_a_changed_text_is_named(world, verified):
    rows = world.rows("entries")
    rows[5]["body"] = rows[5]["body"].replace('"number":5', '"number":6')
    world.put("entries", rows)
    code, said = verified(world)
    assert code == 1
    assert "FAILS  Entry 5 was changed: its text is not the one that was committed to." in said
    assert "RESULT The ledger does not hold: 1 faults." in said


def test_a_changed_text_with_a_new_commitment_is_named(world, verified):
    rows = world.rows("entries")
    rows[5]["body"] = rows[5]["body"].replace('"number":5', '"number":6')
    rows[5]["commitment"] = canonical.commitment(bytes.fromhex(rows[5]["salt"]), rows[5]["body"].encode()).hex()
    world.put("entries", rows)
    code, said = verified(world)
    assert code == 1
    assert "Entry 5 was changed: it is not the one its leaf stands for." in said


def test_a_changed_text_with_a_new_leaf_breaks_the_next_checkpoint(world, verified):
    leaves = world.rows("leaves")
    world.bodies[5]["facts"]["number"] = 6
    changed = world.leaves()
    entries = world.rows("entries")
    text = canonical.encode(world.bodies[5])
    entries[5] |= {"body": text.decode(), "commitment": canonical.commitment(world.salts[5], text).hex()}
    leaves[5]["leaf"] = changed[5].hex()
    world.put("leaves", leaves)
    world.put("entries", entries)
    code, said = verified(world)
    assert code == 1
    assert "Among entries 4 to 8 something was changed, removed, inserted or put in another order" in said


def test_a_text_taken_away_is_named(world, verified):
    rows = world.rows("entries")
    del rows[7]
    world.put("entries", rows)
    world.about(entries=11)
    code, said = verified(world)
    assert code == 1
    assert "Entry 7 was removed: its text is gone and no erasure entry names it." in said


def test_an_erasure_on_record_holds(world, verified):
    world.entry("ledger:entry:erased", entries=[world.bodies[2]["id"]], basis="retention of three years ended")
    world.sizes.append(13)
    world.write()
    rows = world.rows("entries")
    del rows[2]
    world.put("entries", rows)
    world.about(entries=12)
    code, said = verified(world)
    assert code == 0, said
    assert "1 entries were erased, each named by an erasure entry" in said


def test_a_leaf_taken_away_is_named(world, verified):
    for name in ("leaves", "entries"):
        rows = world.rows(name)
        del rows[6]
        world.put(name, rows)
    code, said = verified(world)
    assert code == 1
    assert "Entry 6 was removed: the row of leaves has a gap." in said


def renumbered(world, keep):
    """The export with only these leaves, in this order, numbered as if nothing had happened."""
    for name in ("leaves", "entries"):
        rows = world.rows(name)
        world.put(name, [rows[old] | {"index": new} for new, old in enumerate(keep)])


@pytest.mark.parametrize(
    ("keep", "interval"),
    [
        ([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11], "4 to 8"),  # removed
        ([0, 1, 2, 3, 5, 4, 6, 7, 8, 9, 10, 11], "4 to 8"),  # re-ordered
        ([0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "0 to 3"),  # inserted: an old entry said again
        ([9, 1, 2, 3, 4, 5, 6, 7, 8, 0, 10, 11], "0 to 3"),  # re-ordered across checkpoints
    ],
)
def test_leaves_removed_inserted_or_reordered_and_renumbered_break_the_next_checkpoint(world, verified, keep, interval):
    renumbered(world, keep)
    world.about(size=len(keep), entries=len(keep))
    code, said = verified(world)
    assert code == 1
    assert f"Among entries {interval} something was changed, removed, inserted or put in another order" in said


@pytest.mark.parametrize("name", ["leaves", "entries"])
def test_lines_put_in_another_order_are_named(world, verified, name):
    rows = world.rows(name)
    rows[3], rows[4] = rows[4], rows[3]
    world.put(name, rows)
    code, said = verified(world)
    assert code == 1
    assert "another order" in said or "gap" in said


def test_entries_inserted_at_the_end_are_covered_by_nothing(world, verified):
    world.entry(number=99)
    sizes, world.sizes = world.sizes, [4, 9, 12]
    world.write()
    assert sizes == world.sizes
    code, said = verified(world)
    assert code == 1
    assert "1 entries from 12 on were inserted: no signed checkpoint covers them." in said


def test_an_entry_without_a_leaf_is_named(world, verified):
    rows = world.rows("entries")
    world.put("entries", [*rows, rows[-1] | {"index": 12}])
    code, said = verified(world)
    assert code == 1
    assert "Entry 12 was inserted: no leaf stands for it." in said


def test_entries_cut_off_at_the_end_are_missed(world, verified):
    for name in ("leaves", "entries"):
        world.put(name, world.rows(name)[:10])
    world.about(size=10, entries=10)
    code, said = verified(world)
    assert code == 1
    assert "a signed checkpoint covers 12, and 10 are here" in said


def test_a_backdated_entry_is_named(world, verified):
    world.entry(number=12)
    world.bodies[-1]["at"] = "2026-11-20T23:00:00.000000Z"
    world.sizes.append(13)
    world.write()
    code, said = verified(world)
    assert code == 1
    assert "Entry 12 was back-dated: it says 2026-11-20T23:00:00.000000Z" in said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda row, _: row | {"note": row["note"].replace("\n9\n", "\n8\n")}, "forged"),
        (lambda row, world: row | {"note": world.signed(4)}, "swapped for that of another size"),
        (lambda row, _: row | {"note": row["note"].split("—")[0]}, "signature line cannot be read"),
        (lambda row, _: row | {"note": "nothing"}, "not a checkpoint"),
        (
            lambda row, world: (
                row | {"note": note.Key(world.key.name, Ed25519PrivateKey.generate()).sign(world.checkpoint(9), 1)}
            ),
            "not signed by this ledger's key",
        ),
    ],
)
def test_a_forged_checkpoint_is_named(world, verified, change, sentence):
    rows = world.rows("checkpoints")
    rows[1] = change(rows[1], world)
    world.put("checkpoints", rows)
    code, said = verified(world)
    assert code == 1
    assert sentence in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ledger.json", b"{"),
        ("ledger.json", b'{"format": "abhaya-ledger-9"}'),
        ("leaves.jsonl", b'{"index": true, "entry": "x", "leaf": "00"}\n'),
        ("leaves.jsonl", b'{"index": 0, "entry": "x", "leaf": "zz"}\n'),
        ("leaves.jsonl", b"[" * 100_000 + b"\n"),
        ("entries.jsonl", b"\xff\xfe\n"),
        ("key.txt", b"a+b+c"),
        ("key.txt", b"abhaya+00000000+" + b"A" * 44),
        ("checkpoint", b"\xff"),
    ],
)
def test_files_that_are_no_export_are_refused_with_a_reason(world, verified, name, content):
    (world.folder / name).write_bytes(content)
    code, said = verified(world)
    assert code == 2
    assert said.startswith("Cannot be checked: ")


def test_a_missing_file_is_named(world, verified):
    (world.folder / "leaves.jsonl").unlink()
    assert verified(world) == (2, "Cannot be checked: leaves.jsonl cannot be read: No such file or directory.\n")


def test_names_typed_by_others_cannot_steer_the_terminal(world, verified):
    row = {"size": 4, "at": "2026-11-21T04:34:00.000000Z", "how": "printed", "recipient": "\x1b]0;owned\x07\x1b[2J"}
    world.put("departures", [row])
    assert "\x1b" not in verified(world)[1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(["leaves", "entries", "checkpoints"]), data=st.data())
def test_no_single_changed_letter_goes_unseen(world, verified, name, data):
    world.write()
    path = world.folder / f"{name}.jsonl"
    text = path.read_text()
    at = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    letter = data.draw(st.sampled_from('0123456789abcdef{}:," \n'))
    changed = text[:at] + letter + text[at + 1 :]
    try:
        same = [json.loads(line) for line in changed.splitlines()] == [json.loads(line) for line in text.splitlines()]
    except ValueError:
        same = False
    path.write_text(changed)
    code, _ = verified(world)
    assert (code == 0) == same


FILES = [
    "leaves.jsonl",
    "entries.jsonl",
    "checkpoints.jsonl",
    "ledger.json",
    "key.txt",
    "checkpoint",
    "departures.jsonl",
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(FILES), data=st.data())
def test_whatever_a_file_holds_the_answer_is_a_sentence(world, verified, name, data):
    if len(world.bodies) == 12:  # once: the world is the same for every example
        world.entry("ledger:entry:erased", entries=["x"], basis="law")
        world.sizes.append(13)
    world.write()
    path = world.folder / name
    content = path.read_bytes()
    at = data.draw(st.integers(min_value=0, max_value=len(content)))
    put = data.draw(
        st.binary(max_size=6)
        | st.sampled_from([b"\\ud939", b"\\udc41", b'"', b"9" * 5000, b"1e999", b"NaN", b"null", b"\xff", b"[]", b"-1"])
    )
    path.write_bytes(content[:at] + put + content[at + data.draw(st.integers(min_value=0, max_value=8)) :])
    code, said = verified(world, "--code", f"4:{world.checkpoint(4).code()}")
    assert code in {0, 1, 2}
    assert ("RESULT" in said) != (code == 2)


@given(st.text(max_size=60))
def test_a_typed_code_is_read_or_refused(typed):
    letters = set(typed.upper()) - set("- \t")
    if len(letters) <= 32 and not letters - set(notes.CODE_LETTERS + "OIL") and len(typed) >= 32:
        return  # near enough to a code that either answer is right; the next test has real ones
    with pytest.raises(notes.Unreadable, match="is not a code"):
        notes.read_code(typed)


def test_a_code_is_the_same_on_both_sides(world):
    for size in range(1, 13):
        stated = world.checkpoint(size)
        assert notes.code_of(stated.text) == stated.code() == notes.read_code(stated.code().lower())
