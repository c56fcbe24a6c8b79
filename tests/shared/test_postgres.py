"""The private server: it starts, keeps what was committed, and comes back from any kill."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from abhaya.errors import OperatorError
from abhaya.shared import cluster as cluster_module
from abhaya.shared import postgres
from abhaya.shared.cluster import FURNISHED, Cluster
from abhaya.shared.roles import password_file


@pytest.fixture
def cluster(tmp_path: Path):
    cluster = Cluster(tmp_path / "data")
    cluster.start()
    yield cluster
    cluster.stop()


def kill_all(cluster: Cluster) -> None:
    for pid in cluster._processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_what_was_committed_survives_kill_9_of_every_process_at_any_moment(cluster: Cluster):
    with cluster.connect("abhaya_owner", "abhaya", autocommit=True) as owner:
        owner.execute("create table kept (number int)")
    committed: list[int] = []
    for _ in range(6):
        until = time.monotonic() + random.uniform(0.0, 0.4)
        killer = threading.Timer(until - time.monotonic(), kill_all, [cluster])
        killer.start()
        try:
            with cluster.connect("abhaya_owner", "abhaya", autocommit=True) as owner:
                while True:
                    number = len(committed)
                    owner.execute("insert into kept values (%s)", [number])
                    committed.append(number)
        except psycopg.OperationalError:
            pass
        killer.join()
        cluster.start()
        with cluster.connect("abhaya_owner", "abhaya") as owner:
            found = {number for (number,) in owner.execute("select number from kept")}
        assert set(committed) <= found
        committed = sorted(found)
        with cluster.connect("abhaya_owner", "abhaya", autocommit=True) as owner:
            assert owner.execute("select count(*) from kept").fetchone() == (len(found),)


def test_a_killed_server_that_nobody_reaped_is_not_believed_to_run(tmp_path: Path):
    # The killed server is this process's own child and stays a zombie until somebody waits for it.
    cluster = Cluster(tmp_path / "data")
    cluster.start()
    zombie = cluster._recorded_pid()
    assert zombie is not None
    unreaped, cluster_module._children[:] = list(cluster_module._children), []
    os.kill(zombie, signal.SIGKILL)
    for _ in range(500):
        if Path(f"/proc/{zombie}/stat").read_text().split(")")[-1].split()[0] == "Z":
            break
        time.sleep(0.01)
    else:
        raise AssertionError("the killed server never became a zombie")
    cluster.start()
    assert cluster.answers()
    assert cluster._recorded_pid() != zombie
    cluster.stop()
    cluster_module._children.extend(unreaped)
    assert [child.wait() for child in unreaped if child.pid == zombie] == [-signal.SIGKILL]


def test_two_processes_starting_at_once_agree_on_one_server(tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; from abhaya.shared.cluster import Cluster\n"
        "cluster = Cluster(Path(sys.argv[1])); cluster.start(); print(cluster._recorded_pid())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path / "data"], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = {process.communicate()[0].strip() for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(told) == 1
    Cluster(tmp_path / "data").stop()


def test_the_last_to_leave_stops_the_server(tmp_path: Path):
    cluster = Cluster(tmp_path / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ABHAYA_DATABASE_URL")
        with postgres.running(tmp_path / "data"):
            with postgres.running(tmp_path / "data"):
                assert cluster.answers()
            assert cluster.answers()
        assert not cluster.answers()
    assert not cluster._has_processes()


def test_nothing_listens_on_the_network_and_folders_are_closed(cluster: Cluster):
    with cluster.connect("abhaya_owner", "abhaya") as owner:
        assert owner.execute("show listen_addresses").fetchone() == ("",)
        assert owner.execute("show data_checksums").fetchone() == ("on",)
        assert owner.execute("show server_encoding").fetchone() == ("UTF8",)
    for folder in (cluster.data_dir, cluster.folder, cluster.sockets, cluster.data_dir / "secrets"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    for secret in (cluster.data_dir / "secrets").iterdir():
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_a_wrong_password_opens_nothing(cluster: Cluster):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=str(cluster.sockets), port="5432", dbname="abhaya", user="abhaya_app", password="not this one"
        )


def test_a_cluster_of_another_major_version_is_refused_in_a_plain_sentence(tmp_path: Path):
    cluster = Cluster(tmp_path / "data")
    cluster.start()
    cluster.stop()
    (cluster.folder / "data" / "PG_VERSION").write_text("11\n")
    with pytest.raises(OperatorError, match="made by PostgreSQL 11, and only that version can open it"):
        cluster.start()


def test_a_start_killed_while_the_folder_was_being_made_is_begun_again(tmp_path: Path):
    cluster = Cluster(tmp_path / "data")
    half = cluster.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("1")
    cluster.start()
    assert cluster.answers()
    cluster.stop()


def test_a_long_path_gets_a_short_socket_folder_that_is_ours(tmp_path: Path):
    cluster = Cluster(tmp_path / ("long-" * 20) / "data")
    cluster.start()
    assert cluster.answers()
    assert len(os.fsencode(cluster.sockets)) < 80
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
    cluster.stop()
    cluster.sockets.rmdir()


def test_no_role_passes_row_security_by_and_what_pages_sign_in_as_becomes_nobody_else(cluster: Cluster):
    with cluster.connect("abhaya_app", "abhaya") as app:
        ours = app.execute(
            "select rolname, rolsuper, rolbypassrls, rolcanlogin, rolinherit, rolcreaterole, rolcreatedb"
            " from pg_roles where rolname like 'abhaya%' order by 1"
        ).fetchall()
        assert ours == [
            ("abhaya_app", False, False, True, False, False, False),
            ("abhaya_owner", False, False, True, False, False, False),
            ("abhaya_road", False, False, False, False, False, False),
            ("abhaya_sequencer", False, False, True, False, False, False),
            ("abhaya_service", False, False, True, False, False, False),
        ]
        for statement in ("create table mine (number int)", "set role abhaya_road", "create schema other"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
            app.rollback()
    with cluster.connect("abhaya_service", "abhaya") as service:
        assert service.execute("select has_table_privilege('pg_authid', 'select')").fetchone() == (False,)
        service.execute("set role abhaya_road")
        service.execute("create temporary table staging (number int)")


def test_a_server_of_the_first_installations_gets_the_second_sign_in_and_loses_the_shared_one_when_it_migrates(
    cluster: Cluster,
):
    with cluster.connect("postgres", "abhaya") as admin:
        admin.execute("grant abhaya_road to abhaya_app")
        admin.execute("drop owned by abhaya_service")
        admin.execute("drop role abhaya_service")
    password_file(cluster.data_dir, "abhaya_service").unlink()
    (cluster.folder / FURNISHED).rename(cluster.folder / "furnished")
    assert not cluster.answers()
    cluster.start()
    assert cluster.answers()
    with cluster.connect("abhaya_app", "abhaya") as before:  # a program of the version before is at work still
        before.execute("set role abhaya_road")
    cluster.part_roles()
    with cluster.connect("abhaya_app", "abhaya") as pages, pytest.raises(psycopg.errors.InsufficientPrivilege):
        pages.execute("set role abhaya_road")


def test_a_server_without_a_free_connection_is_left_alone(tmp_path: Path):
    few = {"max_connections": "8", "superuser_reserved_connections": "3", "max_wal_senders": "0"}
    cluster = Cluster(tmp_path / "data", few)
    cluster.start()
    pid = cluster._recorded_pid()
    taken = []
    try:
        with pytest.raises(psycopg.OperationalError, match="remaining connection slots are reserved"):
            while True:
                taken.append(cluster.connect("abhaya_app", "abhaya"))
        assert not cluster.answers()
        assert cluster.lives()
        cluster.start()  # nothing to do, and nothing ended
        assert cluster._recorded_pid() == pid
        assert taken[0].execute("select 1").fetchone() == (1,)
    finally:
        for connection in taken:
            connection.close()
        cluster.stop()


def test_a_server_that_cannot_be_reached_is_not_ended_by_whoever_wanted_it(tmp_path: Path, monkeypatch):
    # As when the socket's folder was swept, or is another one in another mount namespace.
    cluster = Cluster(tmp_path / "data")
    cluster.start()
    pid = cluster._recorded_pid()
    hidden = cluster.sockets / "hidden"
    (cluster.sockets / ".s.PGSQL.5432").rename(hidden)
    monkeypatch.setattr(cluster_module, "START_SECONDS_MAX", 0.5)
    with pytest.raises(OperatorError, match="does not answer at"):
        cluster.start()
    assert cluster.lives()
    hidden.rename(cluster.sockets / ".s.PGSQL.5432")
    cluster.start()
    assert cluster._recorded_pid() == pid
    cluster.stop()


def test_a_process_left_over_at_a_long_statement_is_ended_before_the_next_start(cluster: Cluster, monkeypatch):
    busy = cluster.connect("abhaya_owner", "abhaya")
    backend = busy.info.backend_pid
    lost = []

    def work():
        try:
            busy.execute("select count(*) from generate_series(1, 2000000000)")
        except psycopg.OperationalError as error:
            lost.append(error)

    # It does not look up from its work, so its process does not notice at once that the first one is gone.
    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.5)
    pid = cluster._recorded_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    monkeypatch.setattr(cluster_module, "LEFT_OVER_SECONDS_MAX", 0.2)
    cluster.start()
    worker.join()
    assert lost
    assert cluster.answers()
    assert backend not in cluster._processes()
    busy.close()
