"""The witness as a process of its own: it signs what continues, refuses what does not, and survives being killed."""

import base64
import json
import threading
import urllib.request
from hashlib import sha256
from http.client import HTTPException

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from tests.witness import Witness, witness
from verify.notes import STAMPED, Unreadable, read_checkpoint, read_key
from verify.tree import follows, root_above
from verify.witnessing import read_request

from abhaya.ledger import merkle, note

ORIGIN = "abhaya-ledger/test"
NOW = 1_795_300_000
KEY = note.Key(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"k" * 32))
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(64)]
OTHERS = [*LEAVES[:5], merkle.leaf_hash(b"another"), *LEAVES[6:]]


def checkpoint(size, leaves=LEAVES):
    return note.Checkpoint(ORIGIN, size, merkle.subtree_of(leaves)(0, size))


def request(old, size, leaves=LEAVES, key=KEY, proof=None):
    if proof is None:
        proof = merkle.consistency_proof(old, size, merkle.subtree_of(leaves)) if 0 < old <= size else []
    lines = "".join(base64.b64encode(node).decode() + "\n" for node in proof)
    return f"old {old}\n{lines}\n{key.sign(checkpoint(size, leaves), NOW)}"


@pytest.fixture
def asked(tmp_path):
    """A running witness that knows the ledger."""
    made = Witness.made(tmp_path / "witness")
    made.trust(KEY.verifier())
    made.start()
    yield made
    made.stop()


def signed(asked, size, text):
    """The line is the witness's own, over this checkpoint."""
    (known,) = note.witnesses_of(asked.vkey)
    line, seconds = note.cosignature(KEY.sign(checkpoint(size), NOW) + text, known)
    assert line == text
    return seconds


def test_what_continues_is_signed_and_what_is_stale_learns_where_it_stands(asked):
    status, _, text = asked.ask(request(0, 8))
    assert status == 200
    assert signed(asked, 8, text) > NOW - 10**9
    assert asked.ask(request(8, 21))[0] == 200
    assert asked.ask(request(8, 30)) == (409, "text/x.tlog.size", "21\n")
    assert asked.ask(request(0, 30)) == (409, "text/x.tlog.size", "21\n")
    assert asked.ask(request(21, 21))[0] == 200  # asked again, as after an answer that was lost
    assert asked.ask(request(21, 64))[0] == 200


def test_a_rollback_is_refused(asked):
    asked.ask(request(0, 21))
    assert asked.ask(request(8, 8))[0] == 409
    assert asked.ask(request(21, 8, proof=[]))[0] == 400
    status, _, text = asked.ask(request(21, 21))
    assert (status, bool(signed(asked, 21, text))) == (200, True)


def test_a_split_view_is_refused_named_and_kept(asked):
    asked.ask(request(0, 8))
    status, kind, said = asked.ask(request(8, 8, OTHERS))
    assert (status, kind) == (409, "text/plain; charset=utf-8")
    assert "SPLIT VIEW: this witness signed the ledger at 8 entries, and it now has another root" in said
    status, _, said = asked.ask(request(8, 30, OTHERS))
    assert status == 422
    assert "SPLIT VIEW" in said
    (kept,) = asked.folder.glob("ledgers/*/refused")
    assert len(list(kept.iterdir())) == 2
    assert any(read_request(path.read_bytes()).checkpoint.root == checkpoint(8, OTHERS).root for path in kept.iterdir())


def test_without_its_proof_and_with_one_where_there_is_nothing_to_prove_nothing_is_signed(asked):
    assert asked.ask(request(0, 8, proof=[b"0" * 32]))[0] == 422
    asked.ask(request(0, 8))
    for proof in ([], [b"0" * 32], [b"0" * 32] * 5):
        assert asked.ask(request(8, 30, proof=proof))[0] == 422


def test_ledgers_it_does_not_know_and_keys_it_does_not_trust_get_nothing(asked):
    other = note.Key("abhaya-ledger/other", KEY.private)
    assert asked.ask(f"old 0\n\n{other.sign(note.Checkpoint(other.name, 8, b'0' * 32), NOW)}")[0] == 404
    forged = note.Key(ORIGIN, Ed25519PrivateKey.generate())
    assert asked.ask(request(0, 8, key=forged))[0] == 403
    assert asked.ask(request(0, 8).replace("\n8\n", "\n9\n"))[0] == 403


NO_REQUESTS = [
        "", "old", "old 0", "old -1\n\n", "old 00\n\n", "old 9999999999999999999\n\n", "old 0\n\nnothing\n", b"\xff\xfe",
        request(0, 8).replace("old 0", "new 0"), request(0, 8)[:-1], request(0, 8, proof=[b"0" * 32] * 64),
        request(0, 8, proof=[b"0" * 31]),
]  # fmt: skip


def test_what_is_no_request_is_refused(asked):
    assert [asked.ask(body)[0] for body in NO_REQUESTS] == [400] * len(NO_REQUESTS)


def test_too_much_is_not_read(asked):
    assert asked.ask(b"x" * 70_000)[0] == 413
    assert asked.ask(request(0, 8), path="/elsewhere")[0] == 404


def test_whoever_asks_may_see_what_it_signed_last(asked):
    asked.ask(request(0, 8))
    identifier = sha256(ORIGIN.encode()).hexdigest()
    with urllib.request.urlopen(f"{asked.url}/{identifier}/checkpoint") as answer:
        shown = read_checkpoint(answer.read().decode())
    assert (shown.size, shown.root) == (8, checkpoint(8).root)
    assert read_key(asked.vkey, STAMPED).cosigned_at(shown)


def test_killed_at_any_moment_it_never_forgets_what_it_said(asked):
    """Twelve kills while requests run: what it answered with a signature, it still stands by."""
    assert asked.ask(request(0, 1))[0] == 200
    answered = 1

    def hammer():
        nonlocal answered
        old = answered
        for size in range(answered + 1, 64):
            try:
                if asked.ask(request(old, size))[0] == 200:
                    old = answered = size
            except (OSError, HTTPException):
                return

    for kill in range(12):
        runner = threading.Thread(target=hammer)
        runner.start()
        runner.join(0.008 * kill)
        asked.stop(kill=True)
        runner.join()
        (path,) = asked.folder.glob("ledgers/*/checkpoint")
        stands = read_checkpoint(path.read_text())
        assert stands.size >= answered
        assert stands.root == checkpoint(stands.size).root
        assert read_key(asked.vkey, STAMPED).cosigned_at(stands)
        answered = stands.size
        asked.start()
        assert asked.ask(request(0, 64))[2] == f"{stands.size}\n"
        assert asked.ask(request(stands.size, stands.size, OTHERS))[0] == (409 if stands.size > 5 else 200)


def test_two_processes_of_one_folder_never_sign_two_histories(asked):
    asked.ask(request(0, 5))
    second = Witness(asked.folder, asked.vkey)
    second.start()
    try:
        results = []
        racers = [
            threading.Thread(target=lambda who=who, leaves=leaves: results.append(who.ask(request(5, 30, leaves))[0]))
            for who, leaves in ((asked, LEAVES), (second, OTHERS), (asked, OTHERS), (second, LEAVES))
        ]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
    finally:
        second.stop()
    assert results.count(200) == 1
    assert results.count(409) == 3


# Without a network


def test_a_request_on_a_stick_is_signed_and_a_stale_one_told(asked, tmp_path):
    asked.stop()
    asks, answer = tmp_path / "request.txt", tmp_path / "signed.txt"
    asks.write_text(request(0, 8))
    witness("sign", "--data", asked.folder, asks, "--out", answer)
    assert read_key(asked.vkey, STAMPED).cosigned_at(read_checkpoint(answer.read_text()))
    asks.write_text(request(0, 30))
    told = witness("sign", "--data", asked.folder, asks, "--out", answer, check=False)
    assert (told.returncode, "--old 8" in told.stdout) == (1, True)
    asks.write_text(request(8, 30, OTHERS))
    told = witness("sign", "--data", asked.folder, asks, "--out", answer, check=False)
    assert (told.returncode, "SPLIT VIEW" in told.stdout) == (1, True)


def test_after_a_restore_its_holder_may_begin_again_and_what_was_signed_is_kept(asked, tmp_path):
    asked.ask(request(0, 21))
    key = tmp_path / "key"
    key.write_text(KEY.verifier())
    witness("restart", "--data", asked.folder, key, "--reason", "disk lost, backup of 11 March restored")
    assert asked.ask(request(0, 8))[0] == 200
    (kept,) = asked.folder.glob("ledgers/*/refused/before-restart-*")
    assert "backup of 11 March" in kept.read_text()


def test_a_witness_is_made_once_and_a_known_ledger_keeps_its_key(asked, tmp_path):
    assert witness("init", "--data", asked.folder, "--name", "again", check=False).returncode == 2
    for name in ("", "with space", "with+plus", "a\nb"):
        assert witness("init", "--data", tmp_path / "new", "--name", name, check=False).returncode == 2
    other = tmp_path / "key"
    other.write_text(note.Key(ORIGIN, Ed25519PrivateKey.generate()).verifier())
    told = witness("trust", "--data", asked.folder, other, check=False)
    assert (told.returncode, "another key" in told.stderr) == (2, True)
    assert oct((asked.folder / "key").stat().st_mode)[-3:] == "600"


# The two implementations of the tree agree


@given(st.integers(1, 70), st.data())
def test_proofs_of_the_one_convince_the_other_and_bent_ones_do_not(size, data):
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    subtree = merkle.subtree_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, subtree)
    assert root_above(index, size, leaves[index], path) == subtree(0, size)
    assert root_above(index, size, b"x" * 32, path) != subtree(0, size)
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(old, size, subtree)
    assert follows(old, subtree(0, old), size, subtree(0, size), proof)
    assert not follows(old, b"x" * 32, size, subtree(0, size), proof)
    if proof:
        bent = list(proof)
        bent[data.draw(st.integers(0, len(bent) - 1))] = b"y" * 32
        assert not follows(old, subtree(0, old), size, subtree(0, size), bent)


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused(data):
    with pytest.raises(Unreadable):
        read_request(b"old " + data)


def test_the_example_of_the_specification_is_read():
    read = read_request(
        b"old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\xe2\x80\x94 example.com/behind-the-sofa "
        b"Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    assert (read.old, read.checkpoint.size, read.checkpoint.origin) == (
        20852014,
        20852163,
        "example.com/behind-the-sofa",
    )
    assert json.dumps(read.checkpoint.signatures[0][0])
