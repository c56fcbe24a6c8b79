"""Every way the database's owner can bend the ledger, and the sentence with which the check finds it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from abhaya.ledger import canonical, merkle
from abhaya.ledger import key as keys
from abhaya.ledger.actions import erase
from abhaya.ledger.check import check
from abhaya.ledger.note import Checkpoint
from abhaya.ledger.reasons import SENTENCES
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road
from abhaya.shared.reason import sentence

UNLOCK = "alter table ledger_entry drop constraint ledger_entry_committed"


def found():
    """Codes of what the check finds, seen through the owner's own tampered transaction; each reads as a sentence."""
    result = check(using="owner")
    for reason in result.findings:
        for language in ("en", "hi"):
            text = sentence(reason, SENTENCES, language)
            assert text != reason.code
            assert "–" not in text
    return [reason.code for reason in result.findings]


def values(code):
    return next(dict(reason.values) for reason in check(using="owner").findings if reason.code == code)


@pytest.fixture
def five(written):
    """Five new entries at the end, never the first of the ledger."""
    written(1)
    _, ids = written(5)
    return ids


def place(execute, entry):
    return execute("select index from ledger_leaf where entry_id = %s", entry)[0][0]


def body_of(execute, entry):
    return json.loads(bytes(execute("select body from ledger_entry where id = %s", entry)[0][0]))


def rewrite(execute, entry, *, commitment=False, leaf=False, **changes):
    """Changes an entry's text, and as much of what seals it as asked."""
    execute(UNLOCK)
    body = canonical.encode(body_of(execute, entry) | changes)
    execute("update ledger_entry set body = %s where id = %s", body, entry)
    if commitment:
        salt = bytes(execute("select salt from ledger_entry where id = %s", entry)[0][0])
        sealed = canonical.commitment(salt, body)
        execute("update ledger_entry set commitment = %s where id = %s", sealed, entry)
        if leaf:
            execute("update ledger_leaf set leaf_hash = %s where entry_id = %s", merkle.leaf_hash(sealed), entry)


def test_a_ledger_nobody_touched_holds(five):
    result = check(using="owner")
    assert result.findings == []
    assert result.holds
    assert result.size >= 5
    assert result.checkpoints >= 1


def test_the_road_may_check_too(five):
    with on_the_road("operator:check"):
        assert check().findings == []


def test_a_changed_text_is_found(five, as_owner):
    with as_owner() as execute:
        rewrite(execute, five[2], facts={"number": 77})
        assert found() == ["entry-changed"]
        assert values("entry-changed")["index"] == place(execute, five[2])


def test_a_changed_text_with_a_new_commitment_is_found(five, as_owner):
    with as_owner() as execute:
        rewrite(execute, five[2], commitment=True, facts={"number": 77})
        assert found() == ["leaf-differs"]


def test_a_changed_text_with_commitment_and_leaf_is_found_by_the_tree(five, as_owner):
    with as_owner() as execute:
        rewrite(execute, five[2], commitment=True, leaf=True, facts={"number": 77})
        assert "root-differs" in found()
        told = values("root-differs")
        assert told["first"] <= place(execute, five[2]) <= told["last"]


@pytest.mark.parametrize(
    "change",
    ["event = 'desk:search:made'", "actor_name = 'somebody else'", "at = at - interval '1 day'", "purpose = 'x'",
     "compartment = null", "subject_id = gen_random_uuid()", "actor_id = gen_random_uuid()"],
)  # fmt: skip
def test_a_changed_column_is_found(five, as_owner, change):
    with as_owner() as execute:
        assert execute(f"update ledger_entry set {change} where id = %s", five[1]) == 1
        assert set(found()) - {"back-dated"} == {"column-differs"}


def test_an_entry_that_is_none_is_found(five, as_owner):
    with as_owner() as execute:
        execute(UNLOCK)
        execute("update ledger_entry set body = 'free text' where id = %s", five[1])
        assert found() == ["entry-changed", "entry-unreadable"]


def test_a_removed_text_is_found_unless_an_erasure_names_it(five, as_owner):
    with as_owner() as execute:
        execute("delete from ledger_entry where id = %s", five[3])
        assert found() == ["entry-missing"]
    before = check(using="owner").erased
    with on_the_road("operator:retention"):
        erase([five[3]], "retention ended")
    sequence_all()
    result = check(using="owner")
    assert result.findings == []
    assert result.erased == before + 1


def test_a_removed_leaf_is_found(five, as_owner):
    with as_owner() as execute:
        index = place(execute, five[2])
        execute("delete from ledger_leaf where index = %s", index)
        codes = found()
        assert codes[0] == "leaf-missing"
        assert (values("leaf-missing")["index"], values("leaf-missing")["until"]) == (index, index)
        assert "entry-without-leaf" in codes


def test_a_leaf_removed_and_the_others_moved_up_is_found(five, as_owner):
    with as_owner() as execute:
        index = place(execute, five[2])
        execute("delete from ledger_entry where id = %s", five[2])
        execute("delete from ledger_leaf where index = %s", index)
        execute("update ledger_leaf set index = -index where index > %s", index)
        execute("update ledger_leaf set index = -index - 1 where index < 0")
        assert set(found()) >= {"root-differs", "leaf-missing"}


def test_leaves_put_in_another_order_are_found(five, as_owner):
    with as_owner() as execute:
        first, second = place(execute, five[1]), place(execute, five[2])
        execute("update ledger_leaf set index = -1 where index = %s", first)
        execute("update ledger_leaf set index = %s where index = %s", first, second)
        execute("update ledger_leaf set index = %s where index = -1", second)
        assert found()[0] == "root-differs"


def test_an_entry_slipped_in_past_the_trigger_is_found(five, as_owner):
    with as_owner() as execute:
        execute("alter table ledger_entry disable trigger ledger_entry_pending")
        copy_entry(execute, five[0])
        assert found() == ["entry-without-leaf"]


def copy_entry(execute, entry, **changes):
    """A new entry like another one, with whatever must be right about it; returns its id."""
    made = UUID(int=(int(datetime.now(UTC).timestamp() * 1000) << 80) | (0x7 << 76) | (0b10 << 62) | uuid4().int >> 66)
    body = canonical.encode(body_of(execute, entry) | {"id": str(made)} | changes)
    salt = b"s" * 32
    execute(
        "insert into ledger_entry (id, at, event, actor_id, actor_name, purpose, subject_id, compartment, body, salt,"
        " commitment) select %s, coalesce(%s::timestamptz, at), event, actor_id, actor_name, purpose, subject_id,"
        " compartment, %s, %s, %s from ledger_entry where id = %s",
        made, changes.get("at"), body, salt, canonical.commitment(salt, body), entry,
    )  # fmt: skip
    return made


def test_a_leaf_forged_at_the_end_is_covered_by_nothing(five, as_owner):
    with as_owner() as execute:
        made = copy_entry(execute, five[0])
        sealed = bytes(execute("select commitment from ledger_entry where id = %s", made)[0][0])
        execute("delete from ledger_pending where entry_id = %s", made)
        execute(
            "insert into ledger_leaf select max(index) + 1, %s, %s from ledger_leaf", made, merkle.leaf_hash(sealed)
        )
        assert found() == ["leaves-uncovered"]


def test_a_leaf_forged_with_a_checkpoint_is_not_signed_by_the_key(five, as_owner):
    with as_owner() as execute:
        made = copy_entry(execute, five[0])
        sealed = bytes(execute("select commitment from ledger_entry where id = %s", made)[0][0])
        execute("delete from ledger_pending where entry_id = %s", made)
        execute(
            "insert into ledger_leaf select max(index) + 1, %s, %s from ledger_leaf", made, merkle.leaf_hash(sealed)
        )
        execute(
            "insert into ledger_checkpoint select c.size + 1, c.root, c.note, c.at from ledger_checkpoint c"
            " order by size desc limit 1"
        )
        assert set(found()) == {"checkpoint-differs", "edge-differs"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("note = replace(note, e'\\n' || size || e'\\n', e'\\n' || size + 1 || e'\\n')", "checkpoint-signature"),
        ("note = 'nothing'", "checkpoint-signature"),
        ("root = '\\x00'", "checkpoint-differs"),
    ],
)
def test_a_forged_checkpoint_is_found(five, as_owner, change, code):
    with as_owner() as execute:
        execute(f"update ledger_checkpoint set {change} where size = (select max(size) from ledger_checkpoint)")
        assert code in found()


def test_a_ledger_cut_back_to_an_earlier_checkpoint_is_found(written, five, as_owner):
    with as_owner() as execute:
        size = place(execute, five[0])
        execute("delete from ledger_entry where id = any(%s)", five)
        execute("delete from ledger_leaf where index >= %s", size)
        execute("delete from ledger_checkpoint where size > %s", size)
        leaves = [bytes(row[0]) for row in execute("select leaf_hash from ledger_leaf order by index")]
        edge = merkle.Frontier()
        edge.extend(leaves)
        execute("update ledger_frontier set size = %s, roots = %s", size, edge.packed())
        assert found() == ["rolled-back"]


def test_history_rewritten_and_signed_again_with_the_stolen_key_is_found_on_this_machine(five, as_owner):
    with as_owner() as execute:
        rewrite(execute, five[2], commitment=True, leaf=True, facts={"number": 77})
        ((origin,),) = execute("select origin from ledger_log")
        key = keys.signing_key(origin)
        edge = merkle.Frontier()
        leaves = [bytes(row[0]) for row in execute("select leaf_hash from ledger_leaf order by index")]
        sizes = {row[0] for row in execute("select size from ledger_checkpoint")}
        now = int(datetime.now(UTC).timestamp())
        for leaf in leaves:
            edge.append(leaf)
            if edge.size in sizes:
                note = key.sign(Checkpoint(origin, edge.size, edge.root()), now)
                execute(
                    "update ledger_checkpoint set root = %s, note = %s where size = %s", edge.root(), note, edge.size
                )
        execute("update ledger_frontier set roots = %s", edge.packed())
        assert found() == ["rolled-back"]


def test_an_edge_that_was_changed_is_found(five, as_owner):
    with as_owner() as execute:
        execute("update ledger_frontier set size = size - 1")
        assert found() == ["edge-differs"]


def test_a_backdated_entry_is_found(five, as_owner):
    with as_owner() as execute:
        earlier = canonical.instant(datetime.now(UTC) - timedelta(days=3))
        rewrite(execute, five[4], commitment=True, leaf=True, at=earlier)
        execute("update ledger_entry set at = %s where id = %s", earlier, five[4])
        assert "back-dated" in found()


def test_entries_that_wait_too_long_and_entries_that_vanished_while_waiting_are_found(written, as_owner):
    written(1)
    _, (late, gone) = written(2, sequenced=False)
    with as_owner() as execute:
        execute("update ledger_entry set at = at - interval '10 minutes' where id = %s", late)
        execute("delete from ledger_entry where id = %s", gone)
        assert found() == ["pending-old", "pending-empty"]
    sequence_all()


def test_a_departed_checkpoint_that_is_gone_is_found(five, as_owner):
    with as_owner() as execute:
        execute(
            "insert into ledger_departure (id, size, at, how, recipient, actor_name)"
            " values (gen_random_uuid(), 999999999, now(), 'printed', 'Sessions Court', 'Alice')"
        )
        assert found() == ["departed-missing"]


def test_a_lost_or_changed_key_is_found(five):
    path = settings.DATA_DIR / "secrets" / keys.SECRET_NAME
    kept = path.read_text()
    try:
        path.write_text("cd" * 32)
        assert found() == ["key-differs"]
        path.unlink()
        assert found() == ["key-missing"]
    finally:
        path.write_text(kept)


def test_findings_without_end_are_counted_not_listed(written, as_owner):
    _, ids = written(130)
    with as_owner() as execute:
        execute("update ledger_entry set purpose = 'x' where id = any(%s)", ids)
        codes = found()
        assert codes == ["column-differs"] * 100 + ["and-more"]
        assert values("and-more") == {"count": 30}
