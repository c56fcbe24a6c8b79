"""The proof of a shredding: signed, in the ledger, and checked by the program that uses none of ours."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.custody.world import ask, content_of, kept, make_compartment
from verify.program import main as verify

from abhaya.cli import parser
from abhaya.commands.key import export_shredded
from abhaya.custody.actions import shred
from abhaya.custody.shredding import statements
from abhaya.custody.vault import SMALL_BYTES_MAX
from abhaya.errors import NotThere
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road


@pytest.fixture
def proof(tmp_path, capsys):
    """An original in two compartments, shredded in both; the folder that the command writes."""
    ours, theirs, content = make_compartment(), make_compartment(), content_of(SMALL_BYTES_MAX + 9)
    (stored,) = kept(ours, content)
    kept(theirs, content)
    for compartment, basis in ((ours, "court order 17/2026"), (theirs, "retention")):
        with on_the_road("road:custody"):
            shred(stored.object_id, compartment, basis=basis)
    words = ["export", "shredded", str(stored.object_id), "--out", str(tmp_path / "proof")]
    assert export_shredded(parser().parse_args(words)) == 0
    capsys.readouterr()
    return stored, tmp_path / "proof"


def verified(folder, number: int, capsys) -> tuple[int, str]:
    code = verify([str(folder / f"shredded-{number}.txt"), "--key", str(folder / "key.txt")])
    return code, capsys.readouterr().out


def test_it_holds_and_says_what_went_when_and_why(proof, capsys):
    stored, folder = proof
    code, told = verified(folder, 1, capsys)
    assert code == 0
    assert stored.sha256.hex() in told
    assert "ground: court order 17/2026" in told
    assert "destroyed: its key\n" in told
    assert "HOLDS  It was signed with the key" in told
    assert "HOLDS  Its entry stands at place" in told
    code, told = verified(folder, 2, capsys)
    assert "destroyed: its key and the bytes" in told
    assert ask("select kept from custody_object where id = %s", stored.object_id) == [("gone",)]


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("court order 17/2026", "court order 18/2026", "was changed since"),
        ("place: ", "place: 1", "is not where it says"),
        ("\nway: ", "\nway: 00", "is not where it says"),
    ],
)
def test_a_statement_that_was_changed_fails(proof, capsys, was, becomes, fault):
    _, folder = proof
    path = folder / "shredded-1.txt"
    text = path.read_text()
    assert was in text
    path.write_text(text.replace(was, becomes, 1))
    code, told = verified(folder, 1, capsys)
    assert code == 1
    assert fault in told


def test_without_a_key_nothing_is_said_to_hold(proof, capsys):
    _, folder = proof
    assert verify([str(folder / "shredded-1.txt")]) == 2
    assert "NOT CHECKED  who signed it" in capsys.readouterr().out


def test_one_that_has_no_place_yet_says_so_and_one_that_was_never_shredded_has_no_proof():
    sequence_all()
    compartment = make_compartment()
    (stored,) = kept(compartment, content_of())
    with on_the_road("test"):
        with pytest.raises(NotThere):
            statements(stored.object_id)
        with pytest.raises(NotThere):
            statements(uuid4())
        shred(stored.object_id, compartment)
        (text,) = statements(stored.object_id)
    assert "place: not sequenced yet" in text
    assert "ground: not said" in text
