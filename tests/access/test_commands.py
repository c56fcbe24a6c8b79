"""Units and officers from the command line, as an administrator without a page has it."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factory import make_unit, name

from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value


@pytest.fixture
def abhaya(bench):
    """`abhaya WORD…` on this worker's own database."""
    return bench.own().run


def code_of(unit) -> str:
    with on_the_road("test"):
        return str(value("select code from access_unit where id = %s", [unit]))


def test_units_come_in_from_a_file_and_what_is_wrong_is_listed(abhaya, tmp_path):
    hub, state = name("H"), name("S")
    file = tmp_path / "units.csv"
    file.write_text(
        f"code,name,kind,parent_code,colour\n{hub},Hub,hub,,red\n{state},State,state,{hub},\nX,Y,castle,,\n"
    )
    done = abhaya("unit", "import", str(file), check=False)
    assert done.returncode == 1
    assert "2 added, 0 changed, 0 as they were, 1 set aside" in done.stdout
    assert "line 4 (X): “castle” is no kind of unit" in done.stdout
    assert "columns not understood: colour" in done.stdout
    file.write_text(f"code,name,kind,parent_code\n{hub},Hub,hub,\n{state},State,state,{hub}\n")
    again = abhaya("unit", "import", str(file))
    assert "0 added, 0 changed, 2 as they were, 0 set aside" in again.stdout


def test_a_file_that_is_not_there_or_no_table_is_a_plain_sentence(abhaya, tmp_path):
    missing = abhaya("unit", "import", str(tmp_path / "none.csv"), check=False)
    assert (missing.returncode, "cannot be read" in missing.stderr) == (2, True)
    picture = tmp_path / "units.csv"
    picture.write_bytes(b"\x89PNG\x00")
    refused = abhaya("unit", "import", str(picture), check=False)
    assert refused.returncode == 1
    assert "UTF-8" in refused.stderr
    assert "Traceback" not in missing.stderr + refused.stderr


def test_an_officer_is_added_with_a_password_from_a_file_that_is_printed_nowhere(abhaya, tmp_path):
    unit, username = code_of(make_unit()), name("bob")
    file = tmp_path / "password"
    file.write_text("lent for a few days only\n")
    done = abhaya("officer", "add", username, "--name", "Insp. Bob", "--unit", unit, "--role", "officer",
                  "--role", "supervisor", "--password-file", str(file))  # fmt: skip
    assert username in done.stdout
    assert "lent for a few" not in done.stdout + done.stderr
    answer = Client().post("/sign-in", {"username": username, "password": "lent for a few days only"})
    assert answer.url == "/sign-in/telephone"


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (("--role", "officer"), "short", "at least 12 characters"),
        (("--role", "officer", "--role", "auditor"), "lent for a few days only", "stands alone"),
    ],
)
def test_what_a_page_would_refuse_the_command_refuses(abhaya, words, password, said):
    unit = code_of(make_unit())
    done = abhaya("officer", "add", name("x"), "--name", "X", "--unit", unit, *words, "--password-file", "-",
                  check=False, stdin=password)  # fmt: skip
    assert done.returncode == 1
    assert said in done.stderr


def test_an_unknown_unit_is_named(abhaya):
    done = abhaya("officer", "add", name("x"), "--name", "X", "--unit", "nowhere", "--role", "officer",
                  "--password-file", "-", check=False, stdin="lent for a few days only")  # fmt: skip
    assert "nowhere" in done.stderr
