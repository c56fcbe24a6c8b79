"""Where the operator's key comes from: a file, the environment, a token; and what is said when it does not come."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from abhaya.custody import operator_key
from abhaya.custody.operator_key import Live, live_keys, new_master, open_ring, write_live
from abhaya.custody.sealing import OperatorKey, new_key
from abhaya.errors import OperatorError

SOFTHSM = [Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
           Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so")]  # fmt: skip


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def in_environment(monkeypatch, *keys: bytes) -> None:
    monkeypatch.setattr(settings, "OPERATOR_KEY", ",".join(key.hex() for key in keys))


def test_the_environments_key_is_the_vaults_and_leaves_no_file(data, monkeypatch):
    key = new_key()
    in_environment(monkeypatch, key)
    assert open_ring(data).id == OperatorKey(key).id
    assert not (data / "secrets").exists()
    assert open_ring(data).id == OperatorKey(key).id


def test_another_key_in_the_environment_is_refused(data, monkeypatch):
    in_environment(monkeypatch, new_key())
    open_ring(data)
    in_environment(monkeypatch, new_key())
    with pytest.raises(OperatorError, match="ABHAYA_OPERATOR_KEY is not the key"):
        open_ring(data)


@pytest.mark.parametrize("text", ["abc", "zz" * 32, "00" * 31, "00" * 33])
def test_what_is_no_key_is_told_without_being_shown(data, monkeypatch, text):
    monkeypatch.setattr(settings, "OPERATOR_KEY", text)
    with pytest.raises(OperatorError, match="64 hexadecimal digits") as caught:
        open_ring(data)
    assert text not in caught.value.sentence


def test_a_rotation_in_the_environment_needs_a_key_that_the_vault_does_not_know(data, monkeypatch):
    old, new = new_key(), new_key()
    in_environment(monkeypatch, old)
    open_ring(data)
    with pytest.raises(OperatorError, match="holds no key that the vault does not know"):
        new_master(data, name="vault.next")
    in_environment(monkeypatch, new, old)
    assert new_master(data, name="vault.next").key.id == OperatorKey(new).id


def test_after_a_rotation_names_stay_and_both_keys_open(data):
    before = open_ring(data)
    made = new_master(data, name="vault.next")
    write_live(data, [Live(made.key.id, made.key.seal_names(before.names)), *live_keys(data)])
    after = open_ring(data)
    assert after.ids == [made.key.id, before.id]
    assert after.storage_name(b"x" * 32) == before.storage_name(b"x" * 32)


def test_a_mark_with_the_names_of_another_key_is_told(data):
    ring = open_ring(data)
    write_live(data, [Live(ring.id, OperatorKey(new_key()).seal_names(ring.names))])
    with pytest.raises(OperatorError, match="key-id is damaged"):
        open_ring(data)


@pytest.mark.parametrize("text", ["", "zz\n", "ab\n", "\xe9\n"])
def test_a_damaged_mark_is_told(data, text):
    open_ring(data)
    operator_key.mark_path(data).write_text(text, encoding="latin-1")
    with pytest.raises(OperatorError, match="key-id is damaged"):
        open_ring(data)


def test_an_older_key_that_is_missing_is_named(data):
    ring = open_ring(data)
    gone = OperatorKey(new_key())
    write_live(data, [*live_keys(data), Live(gone.id)])
    with pytest.raises(OperatorError, match=f"older operator key {gone.id.hex()} is missing"):
        open_ring(data)
    write_live(data, [Live(ring.id)])
    assert open_ring(data).ids == [ring.id]


# --- a token ---


@pytest.fixture(scope="module")
def library() -> Path:
    found = next((path for path in SOFTHSM if path.exists()), None)
    assert found and shutil.which("softhsm2-util"), (
        "THE TOKEN TESTS NEED SOFTHSM2: python scripts/softhsm.py installs it (Debian: apt-get install softhsm2)"
    )
    return found


@pytest.fixture(scope="module")
def tokens(library, tmp_path_factory):
    """Software tokens. The library looks for them once in a process, so they are there before it is loaded."""
    folder = tmp_path_factory.mktemp("tokens")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    for label in ("abhaya", "another"):
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", "1234", "--so-pin", "87654321"],
            check=True, capture_output=True,
        )  # fmt: skip
    yield folder
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def token(library, tokens, tmp_path, monkeypatch):
    """`token("label")`: this server's key is kept in the token of that label."""

    def use(label: str, pin: str = "1234") -> None:
        (tmp_path / "pin").write_text(pin + "\n")
        monkeypatch.setattr(settings, "TOKEN_LIBRARY", str(library))
        monkeypatch.setattr(settings, "TOKEN_LABEL", label)
        monkeypatch.setattr(settings, "TOKEN_PIN_FILE", tmp_path / "pin")

    return use


def test_a_key_kept_in_a_token_comes_back_and_no_file_holds_it(data, token):
    token("abhaya")
    ring = open_ring(data)
    assert open_ring(data).id == ring.id
    assert not (data / "secrets").exists()
    master = operator_key.find(data, ring.id).master
    on_disk = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert master not in on_disk
    assert master.hex().encode() not in on_disk


def test_another_token_a_wrong_pin_and_no_token_are_each_told(data, token, monkeypatch):
    token("abhaya")
    open_ring(data)
    token("another")
    with pytest.raises(OperatorError, match="has no key “abhaya-vault”: it is another token"):
        open_ring(data)
    token("abhaya", pin="9999")
    with pytest.raises(OperatorError, match="refuses the PIN"):
        open_ring(data)
    token("nowhere")
    with pytest.raises(OperatorError, match="There is no token “nowhere”"):
        open_ring(data)
    token("abhaya")
    monkeypatch.setattr(settings, "TOKEN_PIN_FILE", Path("/nonexistent"))
    with pytest.raises(OperatorError, match="PIN file"):
        open_ring(data)
    token("abhaya")
    monkeypatch.setattr(settings, "TOKEN_LIBRARY", "/nonexistent.so")
    with pytest.raises(OperatorError, match=r"cannot be used through /nonexistent\.so"):
        open_ring(data)


def test_a_sealed_key_changed_on_the_disk_opens_as_no_key_of_ours(data, token):
    token("abhaya")
    ring = open_ring(data)
    blob = data / "vault" / f"token-{ring.id.hex()}"
    good = blob.read_bytes()
    blob.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    with pytest.raises(OperatorError, match="is in no token"):
        open_ring(data)
    blob.write_bytes(good[:-1])
    with pytest.raises(OperatorError, match="is damaged"):
        open_ring(data)
    blob.unlink()
    with pytest.raises(OperatorError, match="is missing"):
        open_ring(data)


def test_a_key_moves_from_its_file_into_a_token_by_a_rotation(data, token):
    before = open_ring(data)
    token("abhaya")
    assert open_ring(data).id == before.id  # the file still has it
    made = new_master(data, name="vault.next")
    write_live(data, [Live(made.key.id, made.key.seal_names(before.names)), *live_keys(data)])
    assert open_ring(data).ids == [made.key.id, before.id]
    assert sorted(path.name for path in (data / "secrets").iterdir()) == ["vault"]
