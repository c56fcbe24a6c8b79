"""A backup that a real older version made, restored by the program of today: its tables brought to this version, its ledger
verified by the stand-alone verifier from the first entry on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from abhaya.shared.cluster import Cluster
from abhaya.shared.postgres import DATABASE

ROOT = Path(__file__).resolve().parents[2]
OLDER = sorted((Path(__file__).parent / "older").glob("backup-*.tar.xz"))


def abhaya(data: Path, *words: str) -> str:
    """A command of today, on a machine that knows no other setting."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
    done = subprocess.run(
        [sys.executable, "-m", "abhaya.cli", *words], env=environment | {"ABHAYA_DATA": str(data)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture
def target(tmp_path):
    yield tmp_path / "elsewhere"
    Cluster(tmp_path / "elsewhere").stop()


@pytest.mark.parametrize("archive", OLDER, ids=lambda path: path.name.partition(".")[0])
def test_a_backup_of_an_older_version_is_restored_migrated_and_its_ledger_verified(archive, target, tmp_path):
    stick = tmp_path / "stick"
    with tarfile.open(archive) as packed:
        packed.extractall(stick, filter="data")
    (written,) = (stick / "data").glob("*Z/manifest.json")
    manifest = json.loads(written.read_text(encoding="utf-8"))
    proof = json.loads(abhaya(
        target, "restore", str(stick), "--to", str(target), "--operator-key", str(stick / "operator-key"), "--json"
    ))  # fmt: skip
    assert proof["findings"] == []
    assert proof["rows"] == sum(table["rows"] for table in manifest["tables"])
    assert proof["originals"] == manifest["vault"]["objects"] > 0
    assert proof["decrypted"] >= proof["originals"]
    assert "Everything holds." in abhaya(target, "check")
    Cluster(target).start()
    with Cluster(target).connect("abhaya_owner", DATABASE) as there:
        now = {tuple(row) for row in there.execute("select app, name from django_migrations")}
        (reports,) = there.execute("select count(*) from intake_report").fetchone()
    was = {tuple(one) for one in manifest["migrations"]}
    assert was < now  # it really was older
    assert reports == 1
    assert "Nothing is to be done" in abhaya(target, "upgrade", "--plan")
    abhaya(target, "export", "ledger", "--out", str(tmp_path / "ledger"))
    verified = subprocess.run(
        [sys.executable, str(ROOT / "verify"), str(tmp_path / "ledger")], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    entries = (tmp_path / "ledger/entries.jsonl").read_text(encoding="ascii").splitlines()
    assert len(entries) > manifest["ledger"]["size"] > 0  # those of the old machine, and what was recorded since
