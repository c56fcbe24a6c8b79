"""The real ledger, exported and given to the court's verifier: good as it is, and after its owner has bent it."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from verify.program import main

from abhaya.errors import OfficerError, OperatorError
from abhaya.ledger import canonical, merkle, queries
from abhaya.ledger import key as keys
from abhaya.ledger.actions import erase
from abhaya.ledger.export import export, mark_exported
from abhaya.ledger.note import Checkpoint, parse
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road

UNLOCK = "alter table ledger_entry drop constraint ledger_entry_committed"


@pytest.fixture
def verified(capsys, tmp_path):
    """Exports as the owner sees the database now, runs the verifier, and returns its exit code and what it said."""

    def run(*arguments):
        folder = tmp_path / "export"
        shutil.rmtree(folder, ignore_errors=True)
        export(folder, recipient="Sessions Court", using="owner")
        code = main([str(folder), *map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


@pytest.fixture
def held(written, owner, tmp_path):
    """A checkpoint that left the machine before anything was bent: its file, and SIZE:CODE."""
    written(3)
    size, note = owner.execute("select size, note from ledger_checkpoint order by size desc limit 1").fetchone()
    owner.rollback()
    path = tmp_path / "held"
    path.write_text(note)
    return path, f"{size}:{parse(note).code()}"


@pytest.fixture
def five(held, written):
    _, ids = written(5)
    return ids


def seal_again(execute, entry, changes):
    """The entry changed, with commitment and leaf to match."""
    execute(UNLOCK)
    ((body, salt),) = execute("select body, salt from ledger_entry where id = %s", entry)
    body = canonical.encode(json.loads(bytes(body)) | changes)
    sealed = canonical.commitment(bytes(salt), body)
    execute("update ledger_entry set body = %s, commitment = %s where id = %s", body, sealed, entry)
    execute("update ledger_leaf set leaf_hash = %s where entry_id = %s", merkle.leaf_hash(sealed), entry)


def sign_again(execute):
    """Every checkpoint made anew over the leaves as they now are, with the real key: an administrator can do that."""
    ((origin,),) = execute("select origin from ledger_log")
    key, edge = keys.signing_key(origin), merkle.Frontier()
    sizes = {row[0] for row in execute("select size from ledger_checkpoint")}
    for (leaf,) in execute("select leaf_hash from ledger_leaf order by index"):
        edge.append(bytes(leaf))
        if edge.size in sizes:
            note = key.sign(Checkpoint(origin, edge.size, edge.root()), int(datetime.now(UTC).timestamp()))
            execute("update ledger_checkpoint set root = %s, note = %s where size = %s", edge.root(), note, edge.size)


def test_the_ledger_as_it_is_holds(held, five, verified):
    path, code = held
    exit_code, said = verified("--checkpoint", path, "--code", code)
    assert exit_code == 0, said
    assert "is the beginning of this ledger" in said


def test_erased_entries_are_said_to_be_erased(five, verified):
    with on_the_road("operator:retention"):
        erase(five[:2], "retention of three years ended")
    sequence_all()
    exit_code, said = verified()
    assert exit_code == 0, said
    assert "entries were erased, each named by an erasure entry" in said


def test_a_changed_entry_is_found(five, as_owner, verified):
    with as_owner() as execute:
        execute(UNLOCK)
        execute("update ledger_entry set body = replace(body::text, '6e', '6f')::bytea where id = %s", five[1])
        exit_code, said = verified()
    assert exit_code == 1
    assert "was changed: its text is not the one that was committed to" in said


def test_a_changed_entry_sealed_again_is_found(five, as_owner, verified):
    with as_owner() as execute:
        seal_again(execute, five[1], {"actor_name": "somebody else"})
        exit_code, said = verified()
    assert exit_code == 1
    assert "something was changed, removed, inserted or put in another order" in said


def test_a_changed_entry_sealed_and_signed_again_is_found_by_whoever_holds_a_checkpoint(held, five, as_owner, verified):
    path, code = held
    with as_owner() as execute:
        ((covered,),) = execute("select entry_id from ledger_leaf where index = %s", int(code.partition(":")[0]) - 1)
        seal_again(execute, covered, {"actor_name": "somebody else"})
        sign_again(execute)
        exit_code, _ = verified()
        assert exit_code == 0
        for arguments in (["--checkpoint", path], ["--code", code]):
            exit_code, said = verified(*arguments)
            assert exit_code == 1
            assert "History was rewritten" in said


def test_a_removed_entry_is_found(five, as_owner, verified):
    with as_owner() as execute:
        execute("delete from ledger_entry where id = %s", five[1])
        exit_code, said = verified()
    assert exit_code == 1
    assert "was removed: its text is gone and no erasure entry names it" in said


def test_a_removed_leaf_is_found(five, as_owner, verified):
    with as_owner() as execute:
        execute("delete from ledger_leaf where entry_id = %s", five[1])
        exit_code, said = verified()
    assert exit_code == 1
    assert "was removed: the row of leaves has a gap" in said


def test_reordered_entries_are_found(five, as_owner, verified):
    with as_owner() as execute:
        ((first,),) = execute("select index from ledger_leaf where entry_id = %s", five[0])
        execute("update ledger_leaf set index = -1 where index = %s", first)
        execute("update ledger_leaf set index = %s where index = %s", first, first + 1)
        execute("update ledger_leaf set index = %s where index = -1", first + 1)
        exit_code, said = verified()
    assert exit_code == 1
    assert "put in another order" in said


def test_an_inserted_entry_is_found(five, as_owner, verified):
    with as_owner() as execute:
        ((size,),) = execute("select max(size) from ledger_checkpoint")
        ((first,),) = execute("select index from ledger_leaf where entry_id = %s", five[0])
        execute("update ledger_leaf set index = -index - 1 where index >= %s", first)
        execute("update ledger_leaf set index = -index where index < 0")
        execute("insert into ledger_leaf select %s, gen_random_uuid(), %s", first, merkle.leaf_hash(b"new"))
        exit_code, said = verified()
    assert exit_code == 1
    assert f"to {size - 1} something was changed, removed, inserted" in said


@pytest.mark.parametrize(
    "change", ["note = replace(note, size::text, (size + 1)::text)", "note = replace(note, '— ', '— x')", "note = ''"]
)
def test_a_forged_checkpoint_is_found(five, as_owner, verified, change):
    with as_owner() as execute:
        execute(f"update ledger_checkpoint set {change} where size = (select min(size) from ledger_checkpoint)")
        exit_code, said = verified()
    assert exit_code == 1
    assert "does not stand" in said


def test_a_ledger_rolled_back_is_found_by_whoever_holds_a_checkpoint(held, as_owner, verified):
    path, code = held
    with as_owner() as execute:
        ((before,),) = execute("select size from ledger_checkpoint order by size desc offset 1 limit 1")
        execute("delete from ledger_leaf where index >= %s", before)
        execute("delete from ledger_checkpoint where size > %s", before)
        assert verified()[0] == 0
        for arguments in (["--checkpoint", path], ["--code", code]):
            exit_code, said = verified(*arguments)
            assert exit_code == 1
            assert "rolled back" in said


def test_an_export_marks_that_its_checkpoint_left(held, tmp_path, owner):
    with on_the_road("operator:export", purpose="appeal 12 of 2026"):
        made = export(tmp_path / "out", recipient="Sessions Court, Pune")
        mark_exported(made, "Sessions Court, Pune")
    left = owner.execute(
        "select size, how, recipient, actor_name from ledger_departure order by id desc limit 1"
    ).fetchone()
    owner.rollback()
    assert left == (made.size, "exported", "Sessions Court, Pune", "operator:export")
    with on_the_road("road:test"):
        departed = queries.departures(made.size)
    assert departed[-1].recipient == "Sessions Court, Pune"
    assert (tmp_path / "out" / "checkpoint").read_text() == made.checkpoint
    sequence_all()


def test_an_export_goes_into_an_empty_folder_only(held, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match="is not empty"), on_the_road("operator:export"):
        export(tmp_path, recipient="Court")


@pytest.mark.parametrize("recipient", ["", "   ", "x" * 201])
def test_a_departure_says_who_holds_it(held, tmp_path, recipient):
    with on_the_road("operator:export"):
        made = export(tmp_path / "out", recipient="Court")
        with pytest.raises(OfficerError):
            mark_exported(made, recipient)


def test_bytes_that_are_no_text_reach_the_verifier(five, as_owner, verified):
    with as_owner() as execute:
        execute(UNLOCK)
        execute("update ledger_entry set body = '\\xfffe00'::bytea where id = %s", five[1])
        exit_code, said = verified()
    assert exit_code == 1
    assert "is not an entry" in said
