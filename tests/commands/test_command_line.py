"""The program at the command line: plain answers, its exit codes, and no need for a terminal."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
import subprocess
import sys

import pytest

from abhaya.commands.hashing import HEADINGS
from abhaya.ledger.events import Event

HUB = "code,name,kind\nHUB-1,Invented hub,hub\n"


@pytest.fixture
def empty(fresh_database, tmp_path):
    """A new installation with one hub."""
    units = tmp_path / "units.csv"
    units.write_text(HUB)
    fresh_database.run("unit", "import", str(units))
    return fresh_database


def test_wrong_usage_is_2_and_what_is_missing_here_is_3(tmp_path):
    ours = {**os.environ, "ABHAYA_DATA": str(tmp_path / "data"), "ABHAYA_DATABASE_URL": "not a url"}
    for words, code, told in (
        (["no-such-command"], 2, "invalid choice"),
        (["migrate"], 3, "ABHAYA_DATABASE_URL is not a PostgreSQL URL"),
        (["check"], 3, "ABHAYA_DATABASE_URL is not a PostgreSQL URL"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "abhaya.cli", *words], env=ours, capture_output=True, text=True, check=False
        )
        assert (done.returncode, told in done.stderr) == (code, True), done.stderr
        assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path):
    ours = {
        **os.environ,
        "ABHAYA_DATA": str(tmp_path / "data"),
        "ABHAYA_DATABASE_URL": f"postgresql:///nothing?host={tmp_path}",
    }
    for command in ("check", "migrate"):
        done = subprocess.run(
            [sys.executable, "-m", "abhaya.cli", command], env=ours, capture_output=True, text=True, check=False
        )
        assert done.returncode == 3
        assert done.stderr.startswith("abhaya: the database does not answer: ")
        assert done.stderr.count("\n") == 1


def test_output_that_nobody_reads_to_its_end_is_no_failure(tmp_path):
    for number in range(3000):
        (tmp_path / f"file-{number:04}").touch()
    done = subprocess.run(
        f"{sys.executable} -m abhaya.cli hash {tmp_path} | head -n 1; exit ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, HEADINGS, "")


def test_hash_needs_no_server_and_walks_folders_in_a_stable_order(tmp_path, capsys):
    (tmp_path / "in/deeper").mkdir(parents=True)
    contents = {"in/b.txt": b"second", "in/a.txt": b"first", "in/deeper/c.txt": b""}
    for path, content in contents.items():
        (tmp_path / path).write_bytes(content)
    (tmp_path / "in/link").symlink_to(tmp_path / "in/a.txt")
    done = subprocess.run(
        [sys.executable, "-m", "abhaya.cli", "hash", str(tmp_path / "in"), str(tmp_path / "gone")],
        env={**os.environ, "ABHAYA_DATA": "/nonexistent"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["path"] for row in rows] == [
        str(tmp_path / path) for path in ("in/a.txt", "in/b.txt", "in/deeper/c.txt")
    ]
    assert rows[1]["sha256"] == hashlib.sha256(b"second").hexdigest()
    assert rows[1]["md5"] == hashlib.md5(b"second").hexdigest()
    assert rows[2]["size_bytes"] == "0"
    assert done.returncode == 1
    assert "gone: No such file" in done.stderr


def test_the_same_seed_writes_the_same_world_and_another_seed_another(tmp_path, fresh_database):
    def tree(folder):
        return {
            path.relative_to(folder): hashlib.sha256(path.read_bytes()).digest()
            for path in folder.rglob("*")
            if path.is_file()
        }

    for out, seed in (("one", "3"), ("two", "3"), ("three", "4")):
        fresh_database.run("world", "--seed", seed, "--reports", "12", "--out", str(tmp_path / out), "--states", "2")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert tree(tmp_path / "one") != tree(tmp_path / "three")
    again = fresh_database.run("world", "--seed", "1", "--reports", "1", "--out", str(tmp_path / "one"), check=False)
    assert again.returncode == 3
    assert "is not empty" in again.stderr


def test_a_share_above_one_is_refused_in_a_sentence(tmp_path, fresh_database):
    words = ["world", "--seed", "1", "--reports", "1", "--out", str(tmp_path / "out"), "--viral-share", "2"]
    done = fresh_database.run(*words, check=False)
    assert done.returncode == 3
    assert "viral_share is a share between 0 and 1, not 2" in done.stderr


def test_a_sender_is_added_with_a_password_from_a_file_or_standard_input(empty, tmp_path):
    password = tmp_path / "password"
    password.write_text("seven invented words in a row\n")
    first = empty.run("sender", "add", "Lumichat", "--password-file", str(password))
    assert first.stdout == "Lumichat is added and may submit as lumichat.\n"
    second = empty.run("sender", "add", "Other", "--password-file", "-", stdin="seven invented words in a row")
    assert "may submit as other" in second.stdout
    again = empty.run("sender", "add", "Lumichat", "--password-file", str(password), check=False)
    assert (again.returncode, "already" in again.stderr) == (1, True)
    gone = empty.run("sender", "add", "Third", "--password-file", str(tmp_path / "gone"), check=False)
    assert (gone.returncode, "cannot be read" in gone.stderr) == (3, True)


def test_a_world_is_loaded_walked_along_the_road_exported_and_checked(empty, tmp_path):
    empty.run("world", "--seed", "5", "--reports", "15", "--duplicate-share", "0", "--out", str(tmp_path / "world"))
    (tmp_path / "world/reports/broken.json").write_text("{ not json")
    done = empty.run("load", str(tmp_path / "world/reports"), "--json", check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    verdicts = [line["verdict"] for line in lines]
    assert done.returncode == 1
    assert (verdicts.count("new"), verdicts.count("set-aside")) == (15, 1), lines
    assert all(line["reason"] for line in lines if line["verdict"] == "set-aside")

    again = empty.run("load", str(tmp_path / "world/reports"), check=False)
    assert "0 new, 15 here already" in again.stdout
    assert "broken.json" in again.stderr

    target = tmp_path / "reports.csv"
    empty.run("export", "reports", "--csv", str(target))
    rows = list(csv.DictReader(io.StringIO(target.read_text())))
    assert {row["report_id"] for row in rows} == {line["report_id"] for line in lines if line["verdict"] == "new"}
    assert list(rows[0]) == ["report_id", "external_ref", "sender", "received_at"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert empty.run("export", "reports", "--csv", str(target), check=False).returncode == 3  # never over a file
    assert empty.run("export", "reports", "--csv", "-").stdout.count("\n") == 16
    with empty.connect("abhaya_owner") as owner:
        acts = owner.execute("select count(*) from ledger_entry where event = %s", [Event.DESK_TABLE_EXPORTED])
        assert acts.fetchone() == (2,)
    for what, heading in (
        ("bundles", "bundle_id,report_id"),
        ("matches", "report_id,external_ref,file,list,entry,distance"),
        ("priorities", "report_id,external_ref,lane,score,rank,reasons"),
        ("routes", "report_id,external_ref,rank,country,state,district,unit,reasons"),
    ):
        exported = empty.run("export", what, "--csv", "-").stdout
        assert exported.splitlines()[0] == heading
        assert {row["report_id"] for row in csv.DictReader(io.StringIO(exported))} <= {row["report_id"] for row in rows}
    assert len(list(csv.DictReader(io.StringIO(empty.run("export", "priorities", "--csv", "-").stdout)))) == 15
    assert "Everything holds." in empty.run("check").stdout


def test_help_is_not_longer_than_a_screen_and_names_every_command(capsys):
    done = subprocess.run([sys.executable, "-m", "abhaya.cli", "--help"], capture_output=True, text=True, check=True)
    for word in ("demo", "up", "load", "check", "export", "hash"):
        assert f"\n    {word} " in done.stdout
    assert len(done.stdout.splitlines()) <= 40


def test_a_full_disk_is_a_sentence_and_no_traceback(tmp_path):
    words = f"{sys.executable} -m abhaya.cli world --seed 1 --reports 1 --out {tmp_path / 'world'}"
    # The kernel refuses every byte of every file, as a full disk does.
    done = subprocess.run(["bash", "-c", f"ulimit -f 0; exec {words}"], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("abhaya: The disk is full:") and done.stderr.count("\n") == 1
