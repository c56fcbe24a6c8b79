"""A backup and its restore by real programs: equality is proved, and every way of being half made or changed is named."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest
from tests.server import Served

from abhaya.commands.backup_set import Place, check_files, read_manifest
from abhaya.commands.restore_place import choose
from abhaya.errors import OperatorError
from abhaya.journey import KEPT_WITH_KEYS
from abhaya.shared.cluster import Cluster
from abhaya.shared.postgres import DATABASE

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 60.0


def fill(served: Served, reports: int | str) -> None:
    """So many reports with originals, received by the program itself; or "erase"."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.commands.lived_in", str(reports)], cwd=ROOT,
        env={**os.environ, **served.environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def elsewhere(*words: str, data: Path | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A command on another machine: no setting of the first one is known there."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
    environment |= {"ABHAYA_DATA": str(data)} if data else {}
    done = subprocess.run(
        [sys.executable, "-m", "abhaya.cli", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert not check or done.returncode == 0, done.stderr + done.stdout
    return done


def key_of(served: Served, folder: Path) -> str:
    """The operator key, written down and put into a safe."""
    kept = folder / "from-the-safe"
    kept.write_text((served.data / "secrets" / "vault").read_text(encoding="ascii"), encoding="ascii")
    return str(kept)


def facts_of(served: Served, event: str) -> dict[str, object]:
    with served.connect("abhaya_owner") as owner:
        row = owner.execute(
            "select body from ledger_entry where event = %s order by id desc limit 1", [event]
        ).fetchone()
    assert row is not None, event
    return json.loads(row[0])["facts"]


@pytest.fixture(scope="module")
def lived_in(bench, tmp_path_factory):
    """An installation with three reports, and one backup of it; tests that damage a backup take a copy of it."""
    folder = tmp_path_factory.mktemp("lived-in")
    served = bench.fresh(folder)
    fill(served, 3)
    served.run("backup", str(folder / "stick"))
    return served


@pytest.fixture
def stick(lived_in, tmp_path):
    """A copy of the backup, as on a stick that was carried elsewhere."""
    return shutil.copytree(lived_in.data.parent / "stick", tmp_path / "stick")


@pytest.fixture
def target(tmp_path):
    """A data folder of another machine; whatever was started in it is stopped."""
    folder = tmp_path / "elsewhere"
    yield folder
    Cluster(folder).stop()


def test_what_is_restored_on_another_machine_is_what_was_backed_up(lived_in, stick, target, tmp_path):
    done = elsewhere("restore", str(stick), "--to", str(target), "--operator-key", key_of(lived_in, tmp_path))
    assert "Everything holds: what was restored equals what was backed up." in done.stdout
    checked = elsewhere("check", data=target)
    assert "Everything holds." in checked.stdout
    Cluster(target).start()
    with Cluster(target).connect("abhaya_owner", DATABASE) as there:
        (reports,) = there.execute("select count(*) from intake_report").fetchone()
        (files,) = there.execute("select count(*) from custody_object where kept = 'file'").fetchone()
        events = [event for (event,) in there.execute("select event from ledger_entry order by id desc limit 4")]
    assert (reports, files) == (3, 3)
    assert {"ledger:ledger:resumed", "shared:backup:restored"} <= set(events)


def test_a_rehearsal_proves_equality_leaves_nothing_and_is_remembered(lived_in, stick, tmp_path):
    (tmp_path / "keys").write_text("access\nsecret\n", encoding="ascii")
    # A live store that nobody may write to: a rehearsal that asked it anything would fail.
    store = {"STORE": "s3://live/unit", "ENDPOINT": "http://127.0.0.1:9", "KEYS_FILE": str(tmp_path / "keys")}
    live = lived_in.environment | {f"ABHAYA_VAULT_{name}": text for name, text in store.items()}
    done = Served(lived_in.data, live, lived_in.database).run("restore", str(stick), "--verify", "--json")
    proof = json.loads(done.stdout)
    assert proof["findings"] == []
    assert proof["originals"] == 3 and proof["decrypted"] >= 9
    facts = facts_of(lived_in, "shared:backup:rehearsed")
    assert (facts["name"], facts["findings"]) == (proof["name"], 0)
    assert list(lived_in.data.glob("rehearsal-*")) == []


def test_data_and_keys_are_two_parts_and_the_operator_key_is_in_neither(lived_in, stick, tmp_path):
    (data,), (keys,) = (list((stick / part).glob("*Z")) for part in ("data", "keys"))
    assert (keys / "tables/custody_holding").exists() and not (data / "tables/custody_holding").exists()
    assert (keys / "tables/custody_object").exists() and not (data / "tables/custody_object").exists()
    secret = (lived_in.data / "secrets/vault").read_bytes().strip()
    signing = (lived_in.data / "secrets/ledger-signing").read_bytes().strip()
    for path in (found for found in stick.rglob("*") if found.is_file()):
        assert path.stat().st_mode & 0o077 == 0, path
        content = path.read_bytes()
        assert secret not in content and signing not in content, path
        assert b"@example.com" not in content, path
    shutil.move(keys.parent, tmp_path / "safe")
    key = key_of(lived_in, tmp_path)
    without = elsewhere("restore", str(stick), "--to", str(tmp_path / "new"), "--operator-key", key, check=False)
    assert without.returncode == 3 and "They are carried apart" in without.stderr
    assert not (tmp_path / "new").exists()


def test_no_column_that_opens_anything_is_left_in_the_data_part(owner):
    """A new table of wrapped keys must be named in journey.KEPT_WITH_KEYS."""
    rows = owner.execute(
        "select c.table_name from information_schema.columns c join pg_class p on p.relname = c.table_name"
        " where c.table_schema = 'public' and not p.relispartition and c.data_type = 'bytea'"
        " and (c.column_name like '%wrap%' or c.column_name = 'known_key')"
    )
    assert {table for (table,) in rows} == KEPT_WITH_KEYS


@pytest.mark.parametrize(
    ("damage", "file", "told"),
    [
        ("flip", "data/*Z/tables/intake_report", "was changed: it does not have the SHA-256"),
        ("flip", "keys/*Z/tables/custody_holding", "was changed: it does not have the SHA-256"),
        ("lose", "data/*Z/tables/intake_report", "is missing"),
        ("flip", "data/*Z/manifest.json", "was changed or damaged"),
        ("lose", "data/*Z/manifest.signature", "There is no finished backup"),
        ("lose", "keys/*Z/backup-key.json", "without it nothing here can be read"),
    ],
)
def test_a_changed_or_missing_file_is_named_and_nothing_is_restored(lived_in, stick, tmp_path, damage, file, told):
    (damaged,) = stick.glob(file)
    flip(damaged) if damage == "flip" else damaged.unlink()
    arguments = Namespace(
        dir=str(stick), keys=None, to=str(tmp_path / "new"), backup=None, verify=False, erasures=None,
        operator_key=[key_of(lived_in, tmp_path)],
    )  # fmt: skip
    with pytest.raises(OperatorError, match=told):
        choose(arguments)
    assert not (tmp_path / "new").exists()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_an_original_that_is_damaged_in_the_backup_is_named_and_the_others_are_restored(lived_in, stick):
    first, second, _ = sorted((stick / "data/vault/objects").glob("??/*"))
    flip(first)
    second.unlink()
    done = lived_in.run("restore", str(stick), "--verify", check=False)
    assert done.returncode == 1
    assert f"The original {first} was changed in the backup." in done.stdout
    assert f"The original {second} is missing from the backup." in done.stdout
    assert "Not everything holds." in done.stdout
    assert facts_of(lived_in, "shared:backup:rehearsed")["findings"] == 4  # each is missing from the vault, too


def test_the_wrong_operator_key_is_told_by_its_id_before_anything_is_written(stick, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("ab" * 32)
    words = ["restore", str(stick), "--to", str(tmp_path / "new"), "--operator-key"]
    done = elsewhere(*words, str(wrong), check=False)
    assert done.returncode == 3 and "This is not the operator key" in done.stderr
    wrong.write_text("no key at all")
    done = elsewhere(*words, str(wrong), check=False)
    assert done.returncode == 3 and "64 hexadecimal digits" in done.stderr
    assert not (tmp_path / "new").exists()


def test_nothing_that_is_there_is_written_over(lived_in, stick, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "kept").write_text("mine")
    words = ["restore", str(stick), "--to", str(full), "--operator-key", key_of(lived_in, tmp_path)]
    done = elsewhere(*words, check=False)
    assert done.returncode == 3 and "holds something already" in done.stderr
    assert [path.name for path in full.iterdir()] == ["kept"]


@pytest.mark.slow
def test_another_major_version_of_postgresql_restores_it_too(lived_in, stick, target, tmp_path):
    """The run's server is the machine's own; here only the wheel's PostgreSQL is to be found."""
    program = (
        "import sys, abhaya.shared.programs as programs; programs._of_the_machine = lambda: [];"
        " from abhaya.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = ["restore", str(stick), "--to", str(target), "--operator-key", key_of(lived_in, tmp_path), "--json"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
    done = subprocess.run(
        [sys.executable, "-c", program, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["findings"] == []
    (manifest,) = stick.glob("data/*Z/manifest.json")
    restored_by = int((target / "postgres/data/PG_VERSION").read_text())
    assert restored_by == 18
    assert json.loads(manifest.read_text())["postgres"] >= 15


@pytest.mark.slow
def test_a_restore_killed_half_way_is_recognised_and_begun_anew(lived_in, stick, target, tmp_path):
    words = ["restore", str(stick), "--to", str(target), "--operator-key", key_of(lived_in, tmp_path)]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "abhaya.cli", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    until = time.monotonic() + SECONDS_MAX
    while not (target / "vault" / "objects").exists():  # the rows are in, the originals are not
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    refused = elsewhere("check", data=target, check=False)
    assert refused.returncode == 3 and "has begun and not ended" in refused.stderr
    assert "Everything holds" in elsewhere(*words).stdout
    assert "Everything holds." in elsewhere("check", data=target).stdout


@pytest.mark.slow
def test_a_backup_killed_half_way_never_counts_and_the_next_goes_on_from_it(lived_in, tmp_path):
    stick = tmp_path / "stick2"
    process = subprocess.Popen(
        [sys.executable, "-m", "abhaya.cli", "backup", str(stick)], env={**os.environ, **lived_in.environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    until = time.monotonic() + SECONDS_MAX
    while not list(stick.glob("data/*.unfinished/tables/c*")):
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    key = key_of(lived_in, tmp_path)
    refused = elsewhere("restore", str(stick), "--to", str(tmp_path / "new"), "--operator-key", key, check=False)
    assert refused.returncode == 3 and "never finished" in refused.stderr
    again = lived_in.run("backup", str(stick))
    assert "was never finished" in again.stdout
    assert list(stick.glob("*/*.unfinished")) == []
    place = Place.of(str(stick), None)
    (whole,) = place.finished()
    check_files(place, whole, read_manifest(place, whole))


def test_a_full_disk_is_named_and_nothing_half_made_stays(lived_in, tmp_path):
    """The shell's own limit on the size of a file stands for a disk that is full."""
    stick = tmp_path / "small"
    command = f"trap '' XFSZ; ulimit -f 40; exec {sys.executable} -m abhaya.cli backup {stick}"
    done = subprocess.run(
        ["bash", "-c", command], env={**os.environ, **lived_in.environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3 and "The backup’s disk is full" in done.stderr, done.stderr
    assert [path for path in stick.glob("*/*Z*") if path.is_dir()] == []


def test_a_backup_never_goes_into_the_folder_it_is_to_save(lived_in):
    done = lived_in.run("backup", str(lived_in.data / "backups"), check=False)
    assert done.returncode == 3 and "belongs on another disk" in done.stderr


def test_a_second_backup_copies_no_original_again_and_old_ones_go(lived_in, stick):
    fill(lived_in, 1)
    told = json.loads(lived_in.run("backup", str(stick), "--keep", "1", "--json").stdout)
    assert (told["originals"], told["originals_copied"], len(told["removed"])) == (4, 1, 1)
    assert len(list((stick / "data").glob("*Z"))) == len(list((stick / "keys").glob("*Z"))) == 1
    assert len(list((stick / "data/vault/objects").glob("??/*"))) == 4


def test_what_was_deleted_since_the_backup_does_not_come_back(lived_in, stick):
    fill(lived_in, "erase")
    since = lived_in.data / "ledger" / "erasures.jsonl"
    assert since.read_text().count("\n") == 1
    told = lived_in.run("restore", str(stick), "--verify", "--json", "--erasures", str(since)).stdout
    proof = json.loads(told)
    assert (proof["erased"], proof["held"], proof["findings"]) == (1, 0, [])


def test_an_original_missing_from_the_vault_is_named_and_the_backup_counts(lived_in, tmp_path):
    lost = next((lived_in.data / "vault/objects").glob("??/*"))
    lost.unlink()
    done = lived_in.run("backup", str(tmp_path / "other"), check=False)
    assert done.returncode == 1 and "is missing from the vault, so it is missing here" in done.stdout
    assert facts_of(lived_in, "shared:backup:made")["missing"] == 1  # the last test: what it takes away stays away
