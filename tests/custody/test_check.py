"""What the check finds, and that it finds nothing where nothing is wrong."""

from __future__ import annotations

import os
from uuid import UUID

import pytest
from tests.custody.world import ask, content_of, kept, make_compartment, path_of

from abhaya.custody import check as checking
from abhaya.custody.actions import shred
from abhaya.custody.check import Checked, Finding, check
from abhaya.custody.sealing import OperatorKey, new_key
from abhaya.custody.vault import SMALL_BYTES_MAX, receive_stream, vault
from abhaya.shared.identity import on_the_road

LARGE = SMALL_BYTES_MAX + 1


def found_of(checked: Checked, object_id: UUID) -> list[str]:
    return [finding.what for finding in checked.findings if finding.object_id == object_id]


@pytest.fixture
def tampered(bench):
    """A connection of the owner's that commits, and puts back what the test names."""
    connection = bench.connect("abhaya_owner")
    connection.autocommit = True
    undo = []
    yield connection, undo
    for statement, values in undo:
        connection.execute(statement, values)
    connection.close()


@pytest.fixture
def large():
    compartment = make_compartment()
    (stored,) = kept(compartment, content_of(LARGE))
    before = path_of(stored).read_bytes()
    yield stored, compartment
    path_of(stored).write_bytes(before)


@pytest.fixture
def small():
    compartment = make_compartment()
    (stored,) = kept(compartment, content_of())
    return stored, compartment


def test_originals_of_every_size_and_way_hold():
    compartment = make_compartment()
    stored = kept(compartment, *[content_of(size) for size in (0, 10, SMALL_BYTES_MAX, LARGE, 1_000_000)])
    kept(make_compartment(), content_of(10))
    checked = check()
    assert checked.objects >= 6
    assert checked.size_bytes >= 1_000_000
    assert [found_of(checked, one.object_id) for one in stored] == [[]] * 5


def test_a_missing_file_a_torn_one_and_a_rotten_one_are_each_named(large):
    stored, _ = large
    path, good = path_of(stored), path_of(stored).read_bytes()
    path.unlink()
    assert found_of(check(), stored.object_id) == ["missing"]
    path.write_bytes(good[:-5])
    assert found_of(check(), stored.object_id) == ["torn"]
    path.write_bytes(good[:-5] + b"\0\0\0\0\0")
    checked = check()
    assert found_of(checked, stored.object_id) == ["changed"]
    assert not checked.holds
    assert any(str(stored.object_id) in finding.sentence for finding in checked.findings)


def test_a_changed_row_and_a_missing_row_are_named(small, tampered):
    stored, _ = small
    owner, undo = tampered
    ((good,),) = ask("select sealed from custody_bytes where id = %s", stored.object_id)
    owner.execute(
        "update custody_bytes set sealed = set_byte(sealed, 3, get_byte(sealed, 3) # 1) where id = %s",
        [stored.object_id],
    )
    assert found_of(check(), stored.object_id) == ["changed"]
    owner.execute("delete from custody_bytes where id = %s", [stored.object_id])
    assert found_of(check(), stored.object_id) == ["missing"]
    undo.append(("insert into custody_bytes (id, sealed) values (%s, %s)", [stored.object_id, bytes(good)]))


@pytest.mark.parametrize(
    ("column", "what"),
    [("sha256", "name"), ("sha1", "changed"), ("md5", "changed"), ("known_key", "key"), ("name", "name")],
)
def test_a_changed_record_of_an_original_is_named(small, tampered, column, what):
    stored, _ = small
    owner, undo = tampered
    ((good,),) = ask(f"select {column} from custody_object where id = %s", stored.object_id)
    owner.execute(
        f"update custody_object set {column} = set_byte({column}, 7, get_byte({column}, 7) # 1) where id = %s",
        [stored.object_id],
    )
    undo.append((f"update custody_object set {column} = %s where id = %s", [bytes(good), stored.object_id]))
    assert found_of(check(), stored.object_id) == [what]


def test_a_changed_wrap_and_a_wrap_of_another_key_are_named(small, tampered):
    stored, compartment = small
    owner, undo = tampered
    ((good,),) = ask("select wrapped_key from custody_holding where object_id = %s", stored.object_id)
    undo.append(("update custody_holding set wrapped_key = %s where object_id = %s", [bytes(good), stored.object_id]))
    operator = vault().key
    elsewhere = OperatorKey(bytes(32)).wrap(new_key(), stored.object_id, compartment)
    for wrong in (bytes(good)[::-1], elsewhere, operator.wrap(new_key(), stored.object_id, compartment)):
        owner.execute("update custody_holding set wrapped_key = %s where object_id = %s", [wrong, stored.object_id])
        assert found_of(check(), stored.object_id) == ["key"]


def test_an_original_that_nobody_holds_and_an_item_without_its_key_are_named(small, tampered):
    stored, compartment = small
    owner, undo = tampered
    ((good,),) = ask("select wrapped_key from custody_holding where object_id = %s", stored.object_id)
    owner.execute("delete from custody_holding where object_id = %s", [stored.object_id])
    undo.append((
        "insert into custody_holding (object_id, compartment, wrapped_key) values (%s, %s, %s)",
        [stored.object_id, compartment, bytes(good)],
    ))  # fmt: skip
    assert sorted(found_of(check(), stored.object_id)) == ["item", "unheld"]


def test_what_was_shredded_by_right_is_no_finding():
    ours, theirs, content = make_compartment(), make_compartment(), content_of(LARGE)
    (stored,), (only,) = kept(ours, content), kept(ours, content_of())
    kept(theirs, content)
    with on_the_road("test"):
        shred(stored.object_id, ours)
        shred(only.object_id, ours)
    checked = check()
    assert found_of(checked, stored.object_id) == found_of(checked, only.object_id) == []


def test_a_file_that_no_row_knows_is_named_once_it_is_old():
    draft = receive_stream([content_of(LARGE)])
    vault().settle([draft])
    place = vault().place(vault().key.storage_name(draft.sha256), draft.object_id)
    draft.path.rename(place)
    assert found_of(check(), draft.object_id) == []  # its transaction may still be running
    os.utime(place, (0, 0))
    checked = check()
    assert found_of(checked, draft.object_id) == ["orphan"]
    assert not checked.holds
    assert place.exists()  # told, not removed
    place.unlink()


def test_a_file_of_a_transaction_that_never_committed_harms_nothing():
    draft = receive_stream([content_of(LARGE)])
    vault().settle([draft])
    os.utime(draft.path, (0, 0))
    checked = check()
    draft.path.unlink()
    assert [finding.what for finding in checked.findings if str(draft.path) in finding.sentence] == ["draft"]


def test_a_left_over_draft_is_told_and_harms_nothing():
    draft = receive_stream([content_of(LARGE)])
    os.utime(draft.path, (0, 0))
    checked = check()
    draft.path.unlink()
    assert "draft" in checked.counts
    assert any(str(draft.path) in finding.sentence for finding in checked.findings)
    assert Checked(counts={"draft": 1}).holds
    assert not Checked(counts={"draft": 1, "orphan": 1}).holds


def test_sealed_bytes_of_no_original_are_named(tampered):
    owner, undo = tampered
    identifier = receive_stream([b"asks age"]).object_id
    owner.execute("insert into custody_bytes (id, sealed) values (%s, 'x')", [identifier])
    undo.append(("delete from custody_bytes where id = %s", [identifier]))
    assert found_of(check(), identifier) == ["row"]


def test_a_sample_takes_that_many_and_no_more():
    kept(make_compartment(), *[content_of(20) for _ in range(30)])
    checked = check(sample=10)
    assert 1 <= checked.objects <= 10


def test_parts_join_without_a_gap(monkeypatch):
    stored = kept(make_compartment(), *[content_of(20) for _ in range(7)])
    monkeypatch.setattr(checking, "PART_OBJECTS", 2)
    seen = [one.id for part in checking._everything() for one in part]
    assert len(seen) == len(set(seen))
    assert {one.object_id for one in stored} <= set(seen)


def test_a_lost_disk_is_counted_in_full_and_told_in_part(monkeypatch):
    monkeypatch.setattr(checking, "FINDINGS_MAX", 3)
    checked = Checked()
    checked.add(iter([Finding("missing", "gone")] * 10))
    assert (len(checked.findings), checked.counts) == (3, {"missing": 10})


def test_every_check_is_in_the_ledger():
    before = ask("select count(*) from ledger_entry where event = 'custody:vault:checked'")[0][0]
    check(sample=1)
    assert ask("select count(*) from ledger_entry where event = 'custody:vault:checked'") == [(before + 1,)]
