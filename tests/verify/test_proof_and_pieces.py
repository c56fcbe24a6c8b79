"""Proof files of single entries; and long ledgers, read in pieces side by side."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.verify.test_outside import cosigned, partner
from verify import ledger, pieces, program
from verify.files import beside, parts

from abhaya.ledger import canonical, merkle, note

__all__ = ["partner"]


def proof(world, path, indexes, size=12, **changes):
    leaves = world.leaves()
    subtree = merkle.subtree_of(leaves[:size])
    entries = [
        {"index": i, "entry": world.bodies[i]["id"], "salt": world.salts[i].hex(),
         "body": canonical.encode(world.bodies[i]).decode(),
         "path": [node.hex() for node in merkle.inclusion_proof(i, size, subtree)]}
        for i in indexes
    ]  # fmt: skip
    found = {"format": "abhaya-proof-1", "origin": world.key.name, "key": world.key.verifier(),
             "checkpoint": world.signed(size), "asked": "who looked at report 7 on 2026-03-03", "entries": entries}  # fmt: skip
    path.write_text(json.dumps(found | changes))
    return found


@pytest.fixture
def proved(capsys, tmp_path):
    def run(*arguments):
        code = program.main([str(tmp_path / "proof.json"), *map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_a_proof_file_shows_its_entries_and_says_what_it_cannot_show(world, proved, tmp_path):
    proof(world, tmp_path / "proof.json", [3, 11])
    key, held = tmp_path / "key", tmp_path / "held"
    key.write_text(world.key.verifier())
    held.write_text(world.signed(12))
    code, said = proved("--key", key, "--checkpoint", held, "--code", f"12:{world.checkpoint(12).code()}")
    assert code == 0, said
    assert "HOLDS  2 entries stand in the ledger as they are here." in said
    assert "LOOKED entry 3: 2026-11-21T04:33:00.000000Z road:intake" in said
    assert "NOT CHECKED  whether these are all" in said
    assert "whether others were shown another" not in said


def test_a_bent_proof_file_is_named(world, proved, tmp_path):
    path = tmp_path / "proof.json"
    found = proof(world, path, [3])
    (entry,) = found["entries"]
    for change, sentence in (
        ({"body": entry["body"].replace("road:intake", "road:intakE")}, "its way up leads to another root"),
        ({"index": 4}, "its way up leads to another root"),
        ({"path": entry["path"][:-1]}, "its way up leads to another root"),
        ({"entry": "another"}, "is not an entry"),
    ):
        path.write_text(json.dumps(found | {"entries": [entry | change]}))
        code, said = proved()
        assert code == 1
        assert sentence in said
    proof(
        world,
        path,
        [3],
        checkpoint=note.Key(world.key.name, Ed25519PrivateKey.generate()).sign(world.checkpoint(12), 1),
    )
    assert "The checkpoint does not stand" in proved()[1]
    for change in ({"format": "x"}, {"entries": [1]}, {"entries": [entry | {"path": [1]}]}, {"key": "x"}):
        path.write_text(json.dumps(found | change))
        assert proved()[0] == 2


def test_a_proof_from_another_history_than_the_one_held_is_a_split_view(world, proved, tmp_path):
    held = tmp_path / "held"
    held.write_text(world.signed(12))
    code = world.checkpoint(12).code()
    world.bodies[2]["facts"]["number"] = 99
    proof(world, tmp_path / "proof.json", [3])
    for arguments in (["--checkpoint", held], ["--code", f"12:{code}"]):
        exit_code, said = proved(*arguments)
        assert exit_code == 1
        assert "SPLIT VIEW" in said


def test_witnesses_vouch_for_a_proof_or_are_missed(world, proved, tmp_path, partner):
    proof(world, tmp_path / "proof.json", [3], checkpoint=world.signed(12) + cosigned(world, 12))
    assert "Witness witness.example/pune signed this checkpoint" in proved("--witness", partner)[1]
    proof(world, tmp_path / "proof.json", [3], checkpoint=world.signed(12))
    assert proved("--witness", partner)[0] == 1


# Pieces: a long ledger is read side by side, and says the same


@pytest.mark.parametrize("piece_bytes", [1, 150, 400, 10_000])
def test_pieces_hold_every_line_once_and_each_entry_beside_its_leaf(world, piece_bytes):
    rows = world.rows("entries")
    world.put("entries", [row for row in rows if row["index"] not in {4, 5, 11}])
    seen = []
    for leaves, entries in beside(
        world.folder, "entries.jsonl", parts(world.folder, "leaves.jsonl", piece_bytes), "index"
    ):
        own = [row["index"] for row in leaves.rows(pieces.LEAF)]
        others = [row["index"] for row in entries.rows(pieces.ENTRY)]
        assert set(others) <= set(own)
        seen += others
    assert seen == [0, 1, 2, 3, 6, 7, 8, 9, 10]


TAMPERINGS = {
    "nothing": lambda _: None,
    "changed": lambda world: bend(world, "entries", 5, lambda row: row | {"body": row["body"].replace("5", "6")}),
    "removed": lambda world: bend(world, "leaves", 6, lambda _: None),
    "text removed": lambda world: bend(world, "entries", 6, lambda _: None),
    "moved": lambda world: world.put("entries", [*world.rows("entries")[6:], *world.rows("entries")[:6]]),
    "twice": lambda world: world.put("leaves", [*world.rows("leaves")[:6], *world.rows("leaves")[5:]]),
    "inserted": lambda world: world.put("entries", [*world.rows("entries"), world.rows("entries")[-1] | {"index": 99}]),
    "forged": lambda world: bend(world, "checkpoints", 1, lambda row: row | {"note": world.signed(4)}),
}


def bend(world, name, place, change):
    rows = world.rows(name)
    world.put(name, [row for row in (change(row) if at == place else row for at, row in enumerate(rows)) if row])


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_in_many_pieces_and_processes_the_answer_is_as_good(world, verified, monkeypatch, tampering):
    TAMPERINGS[tampering](world)
    whole = verified(world, "--processes", "1")
    monkeypatch.setattr("verify.files.PIECE_BYTES", 300)
    monkeypatch.setattr(ledger, "PIECE_BYTES", 100)
    monkeypatch.setattr(ledger, "parts", lambda folder, name: parts(folder, name, 300))
    cut = verified(world, "--processes", "2")
    assert cut[0] == whole[0] == (0 if tampering == "nothing" else 1)
    if tampering != "moved":  # which line stands in the wrong place is told differently where both ends are not at hand
        assert cut[1] == whole[1]
