"""`make release`: one signed archive that installs and updates Abhaya where there is no internet.

In it: wheels of the program and of everything it needs, PostgreSQL's programs among them; the pages' assets and fonts,
translations and reference data, which lie inside the program's own wheel; the stand-alone verifier; the documents; and
`install.py`, which needs Python alone. MANIFEST names every file with its SHA-256 and is signed with Ed25519.

    python scripts/release.py --new-key KEYFILE            once; keep it away from the machine that serves
    python scripts/release.py --key KEYFILE --out DIR
"""

from __future__ import annotations

import argparse
import email
import gzip
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "LICENSE", "CHANGELOG.md")
SEED_BYTES = 32


def build(
    out: Path,
    key: Ed25519PrivateKey,
    *,
    source: Path = ROOT,
    wheels: Path | None = None,
    also: Sequence[str] = (),
) -> Path:
    """The archive, for this Python and `also` for others ("3.12"). `wheels` are dependencies already collected, for a
    second release of the same day.
    """
    version = str(tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    name = f"abhaya-{version}"
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / name
        release.mkdir()
        if wheels is None:
            collect(release / "wheels", [f"{source}[embedded]", "pip"])
        else:
            shutil.copytree(wheels, release / "wheels", ignore=shutil.ignore_patterns("abhaya-*"))
            collect(release / "wheels", ["--no-deps", str(source)])
        for python in also:
            collect_for(python, release / "wheels")
        pythons = sorted({this_python(), *also}, key=lambda name: int(name.partition(".")[2]))
        shutil.copytree(source / "verify", release / "verify", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(source / "docs", release / "docs")
        for document in DOCUMENTS:
            shutil.copyfile(source / document, release / "docs" / document)
        shutil.copyfile(ROOT / "scripts/offline/install.py", release / "install.py")
        facts = {"version": version, "platform": this_platform(), "pythons": pythons}
        (release / "RELEASE.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        (release / "SBOM.json").write_text(json.dumps(bill_of_materials(release / "wheels", version), indent=1) + "\n")
        sign(release, key)
        archive = out / f"{name}-{this_platform()}-py{'-'.join(pythons)}.tar.gz"
        pack(release, archive)
    return archive


def collect(folder: Path, wanted: Sequence[str]) -> None:
    """Wheels of these and of everything they need."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *quiet, "--wheel-dir", str(folder), *wanted], check=True)


def collect_for(python: str, folder: Path) -> None:
    """The same versions as the wheels there, as another Python wants them."""
    names = [path.name.split("-")[:2] for path in folder.glob("*.whl")]
    exact = [f"{name}=={version}" for name, version in names if name != "abhaya"]
    machine = platform.machine()
    platforms = [f"--platform=manylinux_2_{glibc}_{machine}" for glibc in range(17, 29)]
    subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary=:all:", f"--python-version={python}", "--implementation=cp", *platforms,
            f"--platform=manylinux2014_{machine}", "--dest", str(folder), *exact,
        ],
        check=True,
    )  # fmt: skip


def bill_of_materials(wheels: Path, version: str) -> dict[str, object]:
    """Every component with version, licence and hash, in CycloneDX 1.6 (ECMA-424), from the wheels' own metadata."""
    components = []
    for path in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            (inside,) = (
                name for name in wheel.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1
            )
            about = email.message_from_bytes(wheel.read(inside))
        name = re.sub(r"[-_.]+", "-", str(about["Name"])).lower()  # PEP 503
        components.append(
            {
                "type": "library",
                "name": name,
                "version": about["Version"],
                "purl": f"pkg:pypi/{name}@{about['Version']}",
                "licenses": [{"license": {"name": about["License-Expression"] or about["License"] or "see the wheel"}}],
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            }
        )
    about_us = {"component": {"type": "application", "name": "abhaya", "version": version}}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": about_us,
        "components": components,
    }


def sign(release: Path, key: Ed25519PrivateKey) -> None:
    """MANIFEST over every file of the folder, in the form of `sha256sum`, and its signature in hexadecimal."""
    files = sorted(path for path in release.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(release)}\n" for path in files]
    manifest = "".join(lines).encode()
    (release / "MANIFEST").write_bytes(manifest)
    (release / "MANIFEST.sig").write_text(key.sign(manifest).hex() + "\n")


def pack(release: Path, archive: Path) -> None:
    """The same folder makes the same bytes, whoever packs it and when."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = entry.mtime = 0
        entry.uname = entry.gname = ""
        entry.mode = 0o755 if entry.isdir() else 0o644
        return entry

    archive.parent.mkdir(parents=True, exist_ok=True)
    draft = archive.with_suffix(".draft")
    with draft.open("wb") as raw:
        # wheels are compressed already: level 1 costs little and takes what there is to take
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=1) as packed,
            tarfile.open(fileobj=packed, mode="w") as tar,
        ):
            for path in [release, *sorted(release.rglob("*"))]:
                tar.add(path, str(path.relative_to(release.parent)), recursive=False, filter=plain)
        raw.flush()
        os.fsync(raw.fileno())
    draft.replace(archive)


def this_platform() -> str:
    return f"{platform.system()}-{platform.machine()}".lower()


def this_python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def new_key(path: Path) -> Ed25519PrivateKey:
    """A signing key, in a file that only its owner reads and that is never written over."""
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
    return key


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a signed offline release.")
    parser.add_argument("--new-key", type=Path, metavar="F", help="make a signing key, and nothing else")
    parser.add_argument("--key", type=Path, metavar="F", help="the signing key")
    parser.add_argument("--out", type=Path, default=ROOT / "build/release", metavar="DIR")
    parser.add_argument("--also", nargs="*", default=[], metavar="3.x", help="other versions of Python to serve")
    words = parser.parse_args()
    if words.new_key:
        print(f"Public key, to be published and to be given to install.py: {public(new_key(words.new_key))}")
        return
    if not words.key:
        parser.error("--key names the signing key; --new-key makes one")
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(words.key.read_text().strip())[:SEED_BYTES])
    archive = build(words.out, key, also=words.also)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    print(f"{archive}\n{archive.stat().st_size >> 20} MB\nSHA-256 {digest}\nsigned with {public(key)}")


if __name__ == "__main__":
    main()
