"""The ledger before a real witness: its newest checkpoint is signed there, and a ledger that was bent is refused."""

import base64
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from tests.witness import Witness, witness
from verify.notes import STAMPED, read_checkpoint, read_key

from abhaya.errors import OperatorError
from abhaya.ledger import health, merkle, proofs, queries, witnesses
from abhaya.ledger import key as keys
from abhaya.ledger.merkle import BLOCK_LEAVES
from abhaya.ledger.note import Checkpoint, NoteError, witnesses_of
from abhaya.ledger.reasons import SENTENCES
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import fetch, value


@pytest.fixture
def named(tmp_path, written, owner, monkeypatch):
    """A running witness that knows this ledger, under a name no other test has; the ledger's setting names it."""
    written(2)
    made = Witness.made(tmp_path / "witness", f"witness.example/{uuid4().hex}")
    origin, public = owner.execute("select origin, public_key from ledger_log").fetchone()
    owner.rollback()
    made.trust(keys.signing_key(origin).verifier())
    assert keys.signing_key(origin).public == public
    made.start()
    monkeypatch.setattr(settings, "LEDGER_WITNESSES", witnesses_of(f"{made.vkey} {made.url}"))
    yield made
    made.stop()


def ask():
    with on_the_road("road:ledger"):
        signed = witnesses.ask_all()
    sequence_all()
    return signed


def stand(made):
    """(size it signed, what is the matter) as the page shows it."""
    with on_the_road("road:test"):
        ((size, problem),) = fetch(
            lambda size, problem: (size, problem),
            "select size, problem->>'code' from ledger_outsider where name = %s",
            [read_key(made.vkey, STAMPED).name],
        )
    return size, problem


def entries(event):
    with on_the_road("road:test"):
        return value("select count(*) from ledger_entry where event = %s", [event])


def newest():
    with on_the_road("road:test"):
        return queries.last_checkpoint()


def test_the_newest_checkpoint_is_signed_kept_and_has_left_the_machine(named, written):
    assert ask() == 1
    size, problem = stand(named)
    assert problem is None
    with on_the_road("road:test"):
        left = queries.departures(size)
    assert (left[-1].how, left[-1].recipient) == ("witnessed", read_key(named.vkey, STAMPED).name)
    written(3)
    assert ask() == 1
    assert stand(named)[0] > size


def test_where_nothing_but_signing_happened_nobody_is_asked_again(named, written):
    assert ask() == 1
    before = newest()
    assert ask() == 0
    assert newest() == before
    written(1)
    assert ask() == 1


def test_an_answer_that_was_lost_is_asked_for_again(named, written):
    with on_the_road("road:test"):
        body = witnesses.request(settings.LEDGER_WITNESSES[0])
    assert named.ask(body)[0] == 200  # signed, and the ledger died before it could write it down
    assert ask() == 1
    assert stand(named)[1] is None


def test_a_witness_that_is_away_is_said_to_be_away_and_asked_again(named, monkeypatch):
    named.stop()
    refusals = entries("ledger:witness:refused")
    assert ask() == 0
    assert stand(named) == (0, "witness-away")
    assert entries("ledger:witness:refused") == refusals
    named.start()
    monkeypatch.setattr(settings, "LEDGER_WITNESSES", witnesses_of(f"{named.vkey} {named.url}"))
    assert ask() == 1
    assert stand(named)[1] is None


def other_history(size):
    """A ledger of this name, signed with this machine's key, that is not this database's."""
    stated = newest().stated
    leaves = [merkle.leaf_hash(f"other {number}".encode()) for number in range(size)]
    other = Checkpoint(stated.origin, size, merkle.subtree_of(leaves)(0, size))
    return f"old 0\n\n{keys.signing_key(stated.origin).sign(other, 1_795_300_000)}"


@pytest.mark.parametrize(("beyond", "code"), [(1000, "witness-ahead"), (0, "witness-refused"), (-1, "witness-refused")])
def test_a_ledger_that_was_rolled_back_or_split_is_refused_and_that_is_an_entry(named, written, beyond, code):
    assert named.ask(other_history(newest().size + beyond))[0] == 200
    refusals = entries("ledger:witness:refused")
    assert ask() == 0
    assert stand(named)[1] == code
    assert entries("ledger:witness:refused") == refusals + 1
    ask()
    assert entries("ledger:witness:refused") == refusals + 1  # said once, not each time it is asked


def test_a_refusal_reads_as_a_sentence(named):
    said = sentence(Reason("witness-ahead", {"name": "W", "signed": 9, "size": 4}), SENTENCES, "en")
    assert "has signed 9 entries; this ledger has 4: it was rolled back" in said


def test_a_signature_of_somebody_else_is_not_taken(named, tmp_path, monkeypatch):
    other = Witness.made(tmp_path / "other", "witness.example/other")
    monkeypatch.setattr(settings, "LEDGER_WITNESSES", witnesses_of(f"{other.vkey} {named.url}"))
    assert ask() == 0
    assert stand(other)[1] == "witness-unsigned"


# By file


def test_a_request_goes_out_and_a_signature_comes_back_by_file(named, tmp_path):
    named.stop()
    (one,) = settings.LEDGER_WITNESSES
    asks, answer = tmp_path / "request.txt", tmp_path / "signed.txt"
    with on_the_road("operator:witness"):
        asks.write_text(witnesses.request(one))
    witness("sign", "--data", named.folder, asks, "--out", answer)
    with on_the_road("operator:witness"):
        signer, signed = witnesses.receive(answer.read_text())
    assert (signer, stand(named)) == (one, (signed.size, None))
    assert read_key(named.vkey, STAMPED).cosigned_at(read_checkpoint(answer.read_text()))
    with on_the_road("operator:witness"), pytest.raises(OperatorError, match="rolled back"):
        witnesses.request(one, 10**9)


def test_what_no_witness_signed_or_for_another_ledger_is_not_taken_back(named, tmp_path):
    with on_the_road("operator:witness"), pytest.raises(OperatorError, match="No witness named"):
        witnesses.receive(newest().note)
    with on_the_road("operator:witness"), pytest.raises(OperatorError, match="not a checkpoint signed"):
        witnesses.receive("nothing")
    asks, answer = tmp_path / "request.txt", tmp_path / "signed.txt"
    asks.write_text(other_history(newest().size))
    witness("sign", "--data", named.folder, asks, "--out", answer)
    with on_the_road("operator:witness"), pytest.raises(OperatorError, match="does not have"):
        witnesses.receive(answer.read_text())
    bent = answer.read_text()
    at = bent.rindex("AAAA") if "AAAA" in bent else len(bent) - 20
    bent = bent[:at] + ("B" if bent[at] != "B" else "C") + bent[at + 1 :]
    with on_the_road("operator:witness"), pytest.raises(OperatorError):
        witnesses.receive(bent)


@pytest.mark.parametrize("text", ["nonsense", "a+b+c", "a+00000000+" + base64.b64encode(b"\x04" + b"k" * 32).decode()])
def test_a_setting_that_names_no_key_stops_the_start(text):
    with pytest.raises(NoteError):
        witnesses_of(text)


def test_a_witness_has_an_address_of_the_web_or_none(named):
    assert witnesses_of(named.vkey)[0].url == ""
    assert witnesses_of(f" {named.vkey}  https://witness.example/ , ")[0].url == "https://witness.example"
    for wrong in (f"{named.vkey} ftp://x", f"{named.vkey}, {named.vkey}"):
        with pytest.raises(NoteError):
            witnesses_of(wrong)


# The proofs it stands on


def test_proofs_come_from_kept_blocks_and_are_right_across_their_edges(written):
    written(2 * BLOCK_LEAVES + 40)
    stated = newest().stated
    with on_the_road("road:test"):
        assert value("select count(*) from ledger_block") >= stated.size // BLOCK_LEAVES - 1
        leaves = [bytes(leaf) for leaf in fetch(lambda leaf: leaf, "select leaf_hash from ledger_leaf order by index")]
        for index in (0, BLOCK_LEAVES - 1, BLOCK_LEAVES, stated.size - 1):
            path = proofs.inclusions([index], stated)[0]
            assert merkle.root_from_inclusion(index, stated.size, leaves[index], path) == stated.root
        for old in (1, BLOCK_LEAVES - 1, BLOCK_LEAVES, BLOCK_LEAVES + 1, stated.size):
            root = merkle.subtree_of(leaves)(0, old)
            path = proofs.consistency(old, stated)
            assert merkle.is_consistent(old, root, stated.size, stated.root, path)


@pytest.mark.parametrize("statement", ["update ledger_block set root = '\\x00'", "delete from ledger_block"])
def test_blocks_that_were_bent_or_are_missing_cost_time_and_give_no_wrong_proof(
    written, as_owner, monkeypatch, statement
):
    written(2 * BLOCK_LEAVES)
    stated = newest().stated
    with as_owner() as execute:
        assert execute(statement) >= 1
        monkeypatch.setattr(proofs, "values", lambda sql, params: [row[0] for row in _owner_rows(sql, params)])
        monkeypatch.setattr(proofs, "value", lambda sql, params: _owner_rows(sql, params)[0][0])
        assert proofs.inclusions([3], stated)[0]
        assert proofs.consistency(BLOCK_LEAVES + 3, stated)
        execute("update ledger_leaf set leaf_hash = %s where index = 1", b"x" * 32)
        with pytest.raises(OperatorError, match="do not add up"):
            proofs.inclusions([3], stated)[0]
        with pytest.raises(OperatorError, match="do not add up"):
            proofs.consistency(BLOCK_LEAVES + 3, stated)


def _owner_rows(sql, params):
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


# As the health page says it


def test_the_health_page_says_who_refuses_and_how_grave_it_is(named, written):
    assert (health.witnesses().level, health.witnesses().said("en")) == (
        "ok", "1 named outside to vouch for the ledger, and nobody refuses.",
    )  # fmt: skip
    named.stop()
    ask()
    assert health.witnesses().level == "warn"
    assert "does not answer" in health.witnesses().said("en")


def test_a_refusal_of_a_witness_is_bad(named):
    assert named.ask(other_history(newest().size + 1000))[0] == 200
    ask()
    assert health.witnesses().level == "bad"
    assert "it was rolled back, or another one was shown" in health.witnesses().said("en")
