"""An existing server, named by ABHAYA_DATABASE_URL: the oldest PostgreSQL we support and the newest, without a superuser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from abhaya.shared import programs
from abhaya.shared.cluster import PORT, SUPERUSER, Cluster
from abhaya.shared.roles import password_file

PASSWORD = "an-invented-word"


class Existing:
    """A server that knows nothing of us, with a database and an administrator of it who is no superuser."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder / "server", {"fsync": "off"})
        self.cluster.start()
        self.data = folder / "unit"
        with self.cluster.connect(SUPERUSER, SUPERUSER, autocommit=True) as admin:
            admin.execute("drop database abhaya")
            for role in ("abhaya_service", "abhaya_app", "abhaya_road", "abhaya_owner", "abhaya_sequencer"):
                admin.execute(f"drop role {role}")
            admin.execute(f"create role dba login createrole password '{PASSWORD}'")
            admin.execute(f"create role visitor login password '{PASSWORD}'")
            admin.execute("create database unit owner dba")

    def run(self, word: str, user: str) -> subprocess.CompletedProcess[str]:
        who = f"{user}:{PASSWORD}@" if user else ""
        url = f"postgresql://{who}/unit?host={self.cluster.sockets}&port={PORT}"
        environment = {**os.environ, "ABHAYA_DATA": str(self.data), "ABHAYA_DATABASE_URL": url}
        return subprocess.run(
            [sys.executable, "-m", "abhaya.cli", word],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def connect(self, role: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.cluster.sockets), dbname="unit", user=role, passfile=str(password_file(self.data, role))
        )


@pytest.fixture(params=["the machine's", "the wheel's"])
def existing(request, tmp_path, monkeypatch):
    if request.param == "the wheel's":
        monkeypatch.setattr(programs, "_of_the_machine", list)
    server = Existing(tmp_path)
    yield server
    server.cluster.stop()
    shutil.rmtree(tmp_path / "server")


def test_an_administrator_who_is_no_superuser_sets_it_up_once_and_is_not_needed_again(existing):
    first = existing.run("migrate", "dba")
    assert first.returncode == 0, first.stderr
    later = existing.run("migrate", "")
    assert later.returncode == 0, later.stderr
    assert not (existing.data / "postgres").exists()  # no server of our own was started
    with existing.connect("abhaya_app") as app:
        assert app.execute("select count(*) from access_unit").fetchone() == (0,)
        for refused in ("create table public.mine (id int)", "set role dba", "set role abhaya_road"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(refused)
            app.rollback()
    with existing.connect("abhaya_service") as service:
        service.execute("set role abhaya_road")
        service.execute("create temporary table staging (number int)")
        service.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("set role abhaya_owner")
    held = existing.run("check", "")
    assert (held.returncode, held.stderr) == (0, "")


def test_a_user_who_may_not_make_roles_is_told_so_in_a_sentence(existing):
    done = existing.run("migrate", "visitor")
    assert done.returncode == 3
    assert "did not let its user make Abhaya's roles" in done.stderr
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stderr
