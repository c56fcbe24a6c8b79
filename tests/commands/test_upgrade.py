"""An upgrade goes through as a whole or not at all, says beforehand what it does, and never without a backup."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from tests.server import Served, free_port

ROOT = Path(__file__).resolve().parents[2]
UNIT = uuid4()


def as_newer(served: Served, kind: str) -> Served:
    """The same installation under the program of an invented newer version."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", str(ROOT / "src"))]))
    environment = {"DJANGO_SETTINGS_MODULE": f"tests.commands.newer.settings_{kind}", "PYTHONPATH": path}
    return Served(served.data, served.environment | environment, served.database)


def has_the_new_column(served: Served) -> bool:
    with served.connect("abhaya_owner") as owner:
        row = owner.execute(
            "select count(*) from information_schema.columns where table_name = 'intake_report'"
            " and column_name = 'invented'"
        ).fetchone()
    return row == (1,)


@pytest.fixture
def newer(fresh_database):
    return as_newer(fresh_database, "good")


def test_the_plan_says_each_step_its_table_and_how_to_go_back_and_changes_nothing(fresh_database, newer):
    done = newer.run("upgrade", "--plan")
    assert "good.0001_wider" in done.stdout and "intake_report (" in done.stdout
    for said in ("PostgreSQL", "There is no backup yet", "in one transaction", "stop abhaya up", "To go back"):
        assert said in done.stdout, said
    plan = json.loads(newer.run("upgrade", "--plan", "--json").stdout)
    assert [step["name"] for step in plan["steps"]] == ["good.0001_wider"]
    assert not has_the_new_column(fresh_database)
    assert "Nothing is to be done" in fresh_database.run("upgrade", "--plan").stdout


def test_it_goes_through_with_a_backup_before_it_and_an_entry_after_it(fresh_database, newer, tmp_path):
    without = newer.run("upgrade", check=False)
    assert without.returncode == 3 and "--backup DIR" in without.stderr and not has_the_new_column(fresh_database)
    done = newer.run("upgrade", "--backup", str(tmp_path / "stick"))
    assert "1 steps. Start abhaya up." in done.stdout, done.stdout
    assert has_the_new_column(fresh_database) and len(list((tmp_path / "stick/data").glob("*Z"))) == 1
    with fresh_database.connect("abhaya_owner") as owner:
        (steps,) = owner.execute(
            "select convert_from(body, 'UTF8')::json -> 'facts' ->> 'steps' from ledger_entry"
            " where event = 'shared:program:upgraded'"
        ).fetchone()
    assert steps == "1"
    assert "at this version" in newer.run("upgrade", "--backup", str(tmp_path / "stick")).stdout


def test_one_that_fails_leaves_the_database_as_it_was_and_the_old_program_goes_on(fresh_database, tmp_path):
    done = as_newer(fresh_database, "bad").run("upgrade", "--backup", str(tmp_path / "stick"), check=False)
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert "failed at bad.0002_fails: division by zero. All of it was undone" in done.stderr
    assert not has_the_new_column(fresh_database)
    assert "Everything holds." in fresh_database.run("check").stdout
    assert "Nothing is to be done" in fresh_database.run("upgrade", "--plan").stdout


def test_it_does_not_begin_while_a_worker_is_at_work(fresh_database, newer, tmp_path):
    with fresh_database.connect("abhaya_owner") as owner:
        owner.execute("insert into procrastinate_workers default values")
    done = newer.run("upgrade", "--backup", str(tmp_path / "stick"), check=False)
    assert done.returncode == 3 and "Stop abhaya up first" in done.stderr
    assert not (tmp_path / "stick").exists() and not has_the_new_column(fresh_database)


def test_up_starts_no_database_of_an_older_version_that_is_in_use_and_says_what_to_do(fresh_database, newer):
    words = ("up", "--port", str(free_port()))
    with fresh_database.connect("abhaya_owner") as owner:
        owner.execute(
            "insert into access_unit (id, kind, name, code) values (%(id)s, 'hub', 'Hub', 'HUB')", {"id": UNIT}
        )
        owner.execute(
            "insert into access_officer (id, unit_id, username, name, roles, password) values"
            " (%(id)s, %(id)s, 'alice', 'Alice', '{officer}', '')",
            {"id": UNIT},
        )
    done = newer.run(*words, check=False)
    assert done.returncode == 3, done.stdout
    assert "1 steps wait" in done.stderr and "abhaya upgrade --backup DIR" in done.stderr
    assert not has_the_new_column(fresh_database)


def test_every_command_says_of_an_older_database_what_to_do(fresh_database, tmp_path):
    """As an installation stands whose program is new and whose database is not: of linking it has the first step alone."""
    with fresh_database.connect("abhaya_owner") as owner:
        for (table,) in owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relname like 'linking%'"
            " and relname not like 'linking_hit%' and relkind in ('r', 'p') and not relispartition"
        ).fetchall():
            owner.execute(f"drop table {table} cascade")
        owner.execute("delete from django_migrations where app = 'linking' and name > '0002'")
    for words in (("export", "links", "--csv", str(tmp_path / "links.csv")), ("link", "rebuild")):
        done = fresh_database.run(*words, check=False)
        assert done.returncode == 3, done.stderr
        assert "of an older version" in done.stderr and "abhaya upgrade --backup DIR" in done.stderr
        assert "Traceback" not in done.stderr
    assert "steps of this version are not in the database" in fresh_database.run("check", check=False).stdout


def test_a_command_that_starts_the_database_itself_says_so_too(tmp_path):
    plain = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
    done = subprocess.run(
        [sys.executable, "-m", "abhaya.cli", "export", "links", "--csv", str(tmp_path / "links.csv")],
        env=plain | {"ABHAYA_DATA": str(tmp_path / "data")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "of an older version" in done.stderr and "Traceback" not in done.stderr
