"""Checkpoints as C2SP writes them: what is signed, what is refused, and the code on paper."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from abhaya.ledger import note

NAME = "abhaya.example/ledger/1"
KEY = note.Key(NAME, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
AT = 1_795_000_000
CHECKPOINT = note.Checkpoint(NAME, 42, bytes(range(32)))


def test_the_known_note_of_the_reference_implementation_verifies():
    # The example key and note of golang.org/x/mod/sumdb/note, which the specification generalises.
    public = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    blob = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert note.key_id("PeterNeumann", note.PLAIN, public) == blob[:4]
    assert note.verifier_line("PeterNeumann", public) == (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )
    Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], text.encode())


def test_a_checkpoint_is_three_lines_a_blank_and_two_signatures():
    signed = KEY.sign(CHECKPOINT, AT)
    lines = signed.split("\n")
    assert lines[:4] == [NAME, "42", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert [line.split(" ")[:2] for line in lines[4:6]] == [["—", NAME], ["—", NAME]]
    assert lines[6:] == [""]
    assert note.parse(signed) == CHECKPOINT
    assert note.verify(signed, NAME, KEY.public) == AT


def test_a_witness_may_add_its_line_and_the_checkpoint_still_holds():
    witness = note.Key("witness.example/w1", Ed25519PrivateKey.generate())
    line = witness.sign(CHECKPOINT, AT + 5).splitlines(keepends=True)[-1]
    assert note.verify(KEY.sign(CHECKPOINT, AT) + line, NAME, KEY.public) == AT


@pytest.mark.parametrize("what", ["size", "root", "origin", "time", "key", "one signature gone", "no signature"])
def test_any_change_is_refused(what):
    signed = KEY.sign(CHECKPOINT, AT)
    lines = signed.splitlines(keepends=True)
    stamped = base64.b64decode(lines[5].split(" ")[2])
    earlier = stamped[:4] + (AT - 3600).to_bytes(8, "big") + stamped[12:]
    changed = {
        "size": signed.replace("\n42\n", "\n43\n"),
        "root": signed.replace("AAECAwQF", "AAECAwQG"),
        "origin": signed.replace(f"{NAME}\n42", f"{NAME}x\n42"),
        "time": "".join([*lines[:5], f"— {NAME} {base64.b64encode(earlier).decode()}\n"]),
        "key": note.Key(NAME, Ed25519PrivateKey.generate()).sign(CHECKPOINT, AT),
        "one signature gone": "".join(lines[:5]),
        "no signature": "".join(lines[:4]),
    }[what]
    with pytest.raises(note.NoteError):
        note.verify(changed, NAME, KEY.public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "no blank line\n1\nAA==\n— a b\n",
        f"{NAME}\n042\n{'A' * 43}=\n\n— a AAAAAAAA\n",
        f"{NAME}\n-1\n{'A' * 43}=\n\n— a AAAAAAAA\n",
        f"{NAME}\n١\n{'A' * 43}=\n\n— a AAAAAAAA\n",
        f"{NAME}\n1\nAA==\n\n— a AAAAAAAA\n",
        f"{NAME}\n1\n{'A' * 43}=\nextension\n\n— a AAAAAAAA\n",
        "x" * (note.NOTE_BYTES_MAX + 1),
    ],
)
def test_what_is_no_checkpoint_is_said_to_be_none(text):
    with pytest.raises(note.NoteError):
        note.parse(text)


@given(st.text(max_size=300))
def test_no_text_does_worse_than_be_refused(text):
    for read in (note.parse, lambda each: note.verify(each, NAME, KEY.public)):
        with pytest.raises(note.NoteError):
            read(text)


def test_the_code_on_paper_is_read_without_confusion_and_depends_on_all_three_lines():
    code = CHECKPOINT.code()
    assert len(code) == 32 + 7
    assert not set(code) & set("ILOU")
    others = [note.Checkpoint(NAME, 43, CHECKPOINT.root), note.Checkpoint(NAME, 42, bytes(32))]
    others.append(note.Checkpoint("elsewhere", 42, CHECKPOINT.root))
    assert len({code, *(other.code() for other in others)}) == 4
