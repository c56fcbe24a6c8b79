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


def test_an_older_state_is_continued_on_record_and_the_verifier_says_what_is_lost(fresh_database, tmp_path, bench):
    for count in range(3):  # each export is an act, and has its entry
        fresh_database.run("export", "ledger", "--out", str(tmp_path / f"before-{count}"))
    with bench.connect("abhaya_owner", fresh_database.database) as owner:  # as an older backup would have it
        owner.execute("delete from ledger_leaf where index >= 1")
        owner.execute("delete from ledger_checkpoint where size > 1")
        owner.execute(
            "delete from ledger_entry e where not exists (select 1 from ledger_leaf l where l.entry_id = e.id)"
        )
        owner.execute("delete from ledger_pending")
        (root,) = owner.execute("select root from ledger_checkpoint where size = 1").fetchone()
        owner.execute("update ledger_frontier set size = 1, roots = %s", [root])
    for count in range(
        2
    ):  # what the first recorded finds no place: the second is exported all the same, with a warning
        done = fresh_database.run("export", "ledger", "--out", str(tmp_path / f"refused-{count}"))
    assert "does not contain that checkpoint" in done.stderr
    done = fresh_database.run("ledger", "resume", "--reason", "disk of 12 March lost; backup of 11 March restored")
    assert "The ledger goes on." in done.stdout
    assert fresh_database.run("ledger", "resume", "--reason", "again", check=False).returncode == 3
    fresh_database.run("export", "ledger", "--out", str(tmp_path / "after"))
    told = verify(tmp_path / "after")
    assert told.returncode == 0, told.stdout
    assert "says that a backup was restored (disk of 12 March lost; backup of 11 March restored)" in told.stdout
    told = verify(tmp_path / "after", "--checkpoint", str(tmp_path / "before-2" / "checkpoint"))
    assert told.returncode == 1
