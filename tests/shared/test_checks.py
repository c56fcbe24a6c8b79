"""Each check finds what it is there for."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import NameOID
from django.test import override_settings

from abhaya.journey import CHECKS
from abhaya.ledger import health as ledger_health
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared import checks, health, health_machine
from abhaya.shared.checks import DAY, HOUR, TOO_EARLY, Check, Level, aged, answers
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, value


class Disk(NamedTuple):
    """What a file system says of itself."""

    f_bavail: int
    f_frsize: int
    f_blocks: int
    f_files: int
    f_favail: int


def test_every_check_has_a_name_of_its_own_and_answers_here():
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        result = check.run()
        for language in ("en", "hi"):
            said = result.said(language)
            assert said != result.reason.code and "–" not in said, (check.name, said)


@pytest.mark.parametrize(
    ("seconds", "said", "level"),
    [
        (90, "1 minutes", Level.OK),
        (3 * HOUR, "3 hours", Level.OK),
        (27 * HOUR, "27 hours", Level.WARN),
        (8 * DAY, "8 days", Level.BAD),
        (-5, "0 minutes", Level.OK),
    ],
)
def test_an_age_is_said_in_the_unit_a_person_would_say(seconds, said, level):
    result = aged("backup", seconds, warn_after=26 * HOUR, bad_after=7 * DAY)
    assert (result.said("en"), result.level) == (f"The last backup was made {said} ago.", level)


def test_a_report_that_waits_long_is_said_with_its_stage():
    an_hour_ago = UUID(int=(int((time.time() - 4000) * 1000) << 80) | 7)
    with on_the_road("test:queue"):
        execute("insert into shared_waypoint (stage, report_id) values ('triage', %s)", [an_hour_ago])
    try:
        result = health.queue()
        assert (result.level, result.reason.values["stage"]) == (Level.BAD, "triage")
        with on_the_road("test:queue"):
            execute("update shared_waypoint set attempts = 5 where report_id = %s", [an_hour_ago])
        assert health.stuck().level == Level.BAD
    finally:
        with on_the_road("test:queue"):
            execute("delete from shared_waypoint where report_id = %s", [an_hour_ago])


@pytest.mark.parametrize(
    ("free_gib", "blocks_gib", "level"),
    [(100, 200, Level.OK), (4, 100, Level.WARN), (4, 20, Level.OK), (0.5, 100, Level.BAD), (50, 1000, Level.OK)],
)
def test_a_disk_is_low_when_little_is_left_both_in_bytes_and_in_parts(monkeypatch, free_gib, blocks_gib, level):
    gib = 1024**3
    monkeypatch.setattr(os, "statvfs", lambda _place: Disk(int(free_gib * gib), 1, int(blocks_gib * gib), 1000, 500))
    assert health_machine.disk().level == level


@pytest.mark.parametrize(("free", "level"), [(500, Level.OK), (50, Level.WARN), (10, Level.BAD)])
def test_a_file_system_may_run_out_of_files(monkeypatch, free, level):
    monkeypatch.setattr(os, "statvfs", lambda _place: Disk(1, 1, 1, 1000, free))
    assert health_machine.inodes().level == level


def test_a_key_that_others_may_read_is_named(tmp_path):
    (tmp_path / "secrets").mkdir(mode=0o700)
    tmp_path.chmod(0o700)
    key = tmp_path / "secrets" / "vault"
    key.write_text("x")
    key.chmod(0o640)
    with override_settings(DATA_DIR=tmp_path):
        result = health_machine.secret_files()
        assert (result.level, result.reason.values["path"]) == (Level.BAD, str(key))
        key.chmod(0o600)
        assert health_machine.secret_files().level == Level.OK


def test_a_clock_that_was_moved_since_the_last_check_is_noticed(tmp_path):
    with override_settings(DATA_DIR=tmp_path):
        assert health_machine.clock().level == Level.OK
        health_machine.mark_clock()
        assert health_machine.clock().level == Level.OK
        mark = json.loads((tmp_path / "clock").read_text())
        (tmp_path / "clock").write_text(json.dumps(mark | {"said": mark["said"] - 600}))
        moved = health_machine.clock()
        assert (moved.level, moved.reason.values["seconds"]) == (Level.WARN, 600)
        (tmp_path / "clock").write_text(json.dumps(mark | {"said": mark["said"] - 600, "boot": "another"}))
        assert health_machine.clock().level == Level.OK


def test_a_clock_far_from_the_databases_is_bad(monkeypatch):
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 30)
    result = health_machine.clock()
    assert result.level == Level.BAD and 29 <= float(result.reason.values["drift"]) <= 30


@pytest.mark.parametrize(("days", "level"), [(90, Level.OK), (20, Level.WARN), (3, Level.BAD), (-2, Level.BAD)])
def test_a_certificate_that_ends_soon_is_said(tmp_path, days, level):
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.example")])
    ends = datetime.now(UTC) + timedelta(days=days, hours=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(ends - timedelta(days=400)).not_valid_after(ends)
    file = tmp_path / "certificate.pem"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    with override_settings(TLS_CERTIFICATE=file):
        assert health_machine.certificate().level == level


def test_backups_and_rehearsals_are_remembered_by_the_ledger():
    with on_the_road("test:health"):
        record([Act(Event.SHARED_BACKUP_MADE, facts={"name": "x", "missing": 2})])
        record([Act(Event.SHARED_BACKUP_REHEARSED, facts={"name": "x", "findings": 1})])
    assert ledger_health.backup().level == Level.BAD
    assert ledger_health.rehearsal().level == Level.BAD
    with on_the_road("test:health"):
        record([Act(Event.SHARED_BACKUP_MADE, facts={"name": "x", "missing": 0})])
        record([Act(Event.SHARED_BACKUP_REHEARSED, facts={"name": "x", "findings": 0})])
    assert ledger_health.backup().level == Level.OK
    assert ledger_health.rehearsal().level == Level.OK


def test_a_table_that_lost_its_wall_is_named(fresh_database):
    with fresh_database.connect("abhaya_owner") as owner:
        owner.execute("alter table intake_report disable row level security")
    done = fresh_database.run("check", "--json", check=False)
    told = json.loads(done.stdout)
    (wall,) = [check for check in told["checks"] if check["name"] == "row-security"]
    assert done.returncode == 1 and not told["holds"]
    assert (wall["level"], wall["facts"]) == ("bad", {"table": "intake_report"})


def test_what_an_older_database_does_not_have_yet_is_told_apart_from_what_went_wrong(monkeypatch):
    """Else no upgrade could begin: a new version looks at tables that only its own migrations make."""

    def looks_at(name):
        def run():
            with on_the_road("test"):
                return value(f"select count(*) from {name}")

        return run

    listed = [
        Check(what, (what, what), looks_at(what)) for what in ("made_by_the_next_version", "ledger_entry where 1/0 = 1")
    ]
    monkeypatch.setattr(checks, "_checks", listed)
    codes = [answer.result.reason.code for answer in answers(quick=True)]
    assert codes == [TOO_EARLY, "check-failed"]
