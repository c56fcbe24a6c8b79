"""Installs or updates Abhaya from the folder this file lies in. Needs Python 3.11 or newer, and no internet.

    python3 install.py --prefix /opt/abhaya --key KEY     first time; KEY is the project's public key, from elsewhere
    python3 install.py --prefix /opt/abhaya               an update: the key is remembered
    python3 install.py --prefix /opt/abhaya --back        to the version before
    python3 install.py --check --key KEY                  only verify this folder

Nothing of the folder is used before its signature and every file's hash were verified. This program itself cannot
vouch for the folder it came in: compare KEY with what the project published elsewhere, or verify MANIFEST by hand with
openssl first (docs/install.md). Exit codes: 0 done, 2 wrong usage, 3 cannot be done here (says why).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
ROOM_FACTOR = 5  # what an installation takes beside what its wheels take
PIECE_BYTES = 1 << 20

# Ed25519, verification only, from RFC 8032 §5.1 and its appendix: Python's standard library has none.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


class Refused(Exception):
    """Why it is not done, in one sentence."""


def _recover_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def _add(a: Point, b: Point) -> Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _point(packed: bytes) -> Point | None:
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _recover_x(_BASE_Y, 0) or 0
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032 §5.1.7."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public_key), _point(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or answer >= Q:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % Q
    return _same(_times(answer, BASE), _add(commitment, _times(challenge, key)))


def verify(folder: Path, key: str) -> dict[str, str]:
    """Every file's hash by its name, when the signature and each of them holds. Raises `Refused`."""
    try:
        manifest, signature = (folder / "MANIFEST").read_bytes(), bytes.fromhex((folder / "MANIFEST.sig").read_text())
    except (OSError, ValueError) as error:
        raise Refused(f"The release is not whole: {error}.") from error
    if not is_signed(bytes.fromhex(key), manifest, signature):
        raise Refused("The release is not signed with this key. It may be forged, or the key may be another one.")
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in manifest.decode().splitlines())}
    for name, digest in listed.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Refused(f"The release names a file outside itself: {name}.")
        if not path.is_file():
            raise Refused(f"A file of the release is missing: {name}.")
        if _digest(path) != digest:
            raise Refused(f"A file of the release is not what was signed: {name}.")
    own = {"MANIFEST", "MANIFEST.sig", *listed}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_dir() and name not in own and "__pycache__" not in name:
            raise Refused(f"A file lies in the release that was not signed: {name}.")
    return listed


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def trusted_key(prefix: Path | None, given: str | None) -> str:
    """The key to verify with. An installation that trusts one does not take another by the way."""
    kept = prefix / "release-key" if prefix else None
    known = kept.read_text().strip() if kept and kept.exists() else ""
    wanted = (given or known).strip().lower()
    if len(wanted) != 64 or not set(wanted) <= set("0123456789abcdef"):
        raise Refused(
            "Give the project's public key, 64 letters, with --key; take it from somewhere else than this folder."
        )
    if known and wanted != known:
        raise Refused(f"This installation trusts another key. To change it on purpose, remove {kept} first.")
    return wanted


def install(prefix: Path, key: str) -> None:
    """One folder per version; `current` is changed last and at once, so that a crash leaves the old one in use."""
    facts = json.loads((HERE / "RELEASE.json").read_text())
    _fits(facts)
    version = str(facts["version"])
    place = prefix / "versions" / version
    done = place / "installed"
    if not done.exists():
        prefix.mkdir(mode=0o755, parents=True, exist_ok=True)
        _has_room(prefix)
        shutil.rmtree(place, ignore_errors=True)  # what a crash left
        _fill(place, version)
        done.write_text(version + "\n")
    (prefix / "release-key").write_text(key + "\n")
    before = _current(prefix)
    if before and before != version:
        (prefix / "before").write_text(before + "\n")
    _point_at(prefix, version)
    program = prefix / "bin/abhaya"
    if before and before != version:
        print(f"Abhaya {version} is in place; {before} is kept. Stop the service, then:")
        print(f"  {program} upgrade --plan     says what the new version changes")
        print(f"  {program} upgrade            backs up, changes the database, checks")
        print(f"Back again: python3 {HERE / 'install.py'} --prefix {prefix} --back")
    else:
        print(f"Abhaya {version} is installed. Run it for your unit's network:")
        print(f"  {program} up --name")


def back(prefix: Path) -> None:
    """To the version before. Its database is restored apart, if the new one had changed it (docs/operate.md)."""
    kept = prefix / "before"
    version = kept.read_text().strip() if kept.exists() else ""
    if not version or not (prefix / "versions" / version / "installed").exists():
        raise Refused("There is no version before this one here.")
    now = _current(prefix)
    _point_at(prefix, version)
    kept.write_text(now + "\n")
    print(f"Abhaya {version} is in use again; {now} is kept.")
    print("If the newer one has changed the database already, restore the backup it made (docs/operate.md).")


def _fits(facts: dict[str, object]) -> None:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < OLDEST_PYTHON or here not in facts["pythons"]:  # type: ignore[operator]  # a list of texts
        made_for = ", ".join(facts["pythons"])  # type: ignore[arg-type]  # a list of texts
        raise Refused(
            f"This release is for Python {made_for}; this is Python {here}. Start install.py with one of those."
        )
    machine = f"{platform.system()}-{platform.machine()}".lower()
    if facts["platform"] != machine:
        raise Refused(f"This release is for {facts['platform']}; this machine is {machine}.")


def _has_room(prefix: Path) -> None:
    needed = ROOM_FACTOR * sum(path.stat().st_size for path in (HERE / "wheels").iterdir())
    free = shutil.disk_usage(prefix).free
    if free < needed:
        raise Refused(f"{prefix} has {free >> 20} MB left; {needed >> 20} MB are needed.")


def _fill(place: Path, version: str) -> None:
    place.mkdir(parents=True)
    for name in ("docs", "verify"):
        if (HERE / name).is_dir():
            shutil.copytree(HERE / name, place / name)
    venv = place / "venv"
    _run([sys.executable, "-m", "venv", "--without-pip", str(venv)])
    (pip,) = (HERE / "wheels").glob("pip-*.whl")  # runs from its wheel: nothing but Python is asked of the machine
    python = str(venv / "bin/python")
    quiet = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-index"]
    wheels = ["--find-links", str(HERE / "wheels")]
    _run([python, f"{pip}/pip", "install", *quiet, *wheels, f"abhaya[embedded]=={version}"])
    told = _run([str(venv / "bin/abhaya"), "--version"]).strip()
    if told != version:
        raise Refused(f"What was installed calls itself {told}, not {version}.")


def _run(command: list[str]) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "ABHAYA_"))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean)
    if done.returncode != 0:
        raise Refused(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def _current(prefix: Path) -> str:
    link = prefix / "current"
    return Path(os.readlink(link)).name if link.is_symlink() else ""


def _point_at(prefix: Path, version: str) -> None:
    draft = prefix / ".current.new"
    draft.unlink(missing_ok=True)
    draft.symlink_to(f"versions/{version}")
    draft.replace(prefix / "current")
    (prefix / "bin").mkdir(exist_ok=True)
    program = prefix / "bin/abhaya"
    if not program.is_symlink():
        program.symlink_to("../current/venv/bin/abhaya")


def main() -> NoReturn:
    """Reads the words of the command line."""
    parser = argparse.ArgumentParser(description="Installs or updates Abhaya without internet.")
    parser.add_argument("--prefix", type=Path, help="where it is installed: /opt/abhaya")
    parser.add_argument("--key", help="the project's public key, 64 letters; remembered after the first time")
    parser.add_argument("--check", action="store_true", help="only verify the release")
    parser.add_argument("--back", action="store_true", help="use the version before again")
    words = parser.parse_args()
    if not words.prefix and not words.check:
        parser.error("say where: --prefix /opt/abhaya")
    try:
        if words.back:
            back(words.prefix)
            sys.exit(0)
        key = trusted_key(words.prefix, words.key)
        files = verify(HERE, key)
        print(f"The release is signed with this key and whole: {len(files)} files.")
        if not words.check:
            install(words.prefix, key)
    except Refused as refusal:
        print(f"install: {refusal}", file=sys.stderr)
        sys.exit(3)
    sys.exit(0)


if __name__ == "__main__":
    main()
