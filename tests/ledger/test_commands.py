"""The command line on a database of its own: check, export, and the stand-alone verifier on what came out."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def verify(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "verify"), str(folder), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_empty_ledger_a_check_an_export_and_the_verifier(fresh_database, tmp_path, bench):
    done = fresh_database.run("export", "ledger", "--out", str(tmp_path / "empty"))
    assert "0 leaves" in done.stdout
    assert verify(tmp_path / "empty").returncode == 0

    done = fresh_database.run("check")
    assert "Everything holds." in done.stdout
    assert "Ledger: 0 entries" in done.stdout

    words = ["--for", "Sessions Court, Pune", "--purpose", "appeal 12 of 2026"]
    done = fresh_database.run("export", "ledger", "--out", str(tmp_path / "one"), *words)
    told = verify(tmp_path / "one")
    assert told.returncode == 0, told.stdout
    assert "RESULT The ledger holds" in told.stdout

    fresh_database.run("export", "ledger", "--out", str(tmp_path / "two"))
    told = verify(tmp_path / "two", "--checkpoint", str(tmp_path / "one" / "checkpoint"))
    assert told.returncode == 0, told.stdout
    assert "is the beginning of this ledger" in told.stdout

    with bench.connect("abhaya_owner", fresh_database.database) as owner:
        owner.execute("update ledger_entry set purpose = 'another' where event = 'ledger:export:made'")
    done = fresh_database.run("check", check=False)
    assert done.returncode == 1
    assert "its columns differ from its sealed text" in done.stdout


def test_an_export_into_a_full_folder_is_refused_and_writes_no_entry(fresh_database, tmp_path):
    (tmp_path / "file").touch()
    done = fresh_database.run("export", "ledger", "--out", str(tmp_path), check=False)
    assert done.returncode == 3
    assert "is not empty" in done.stderr
