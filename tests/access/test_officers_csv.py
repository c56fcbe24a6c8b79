"""Officers from a file: each row in or set aside with its reason; passwords leave on the sheet and nowhere else."""

from __future__ import annotations

import csv
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.access.signing import give_password
from tests.factory import browser_of, make_officer, make_unit, name

from abhaya.access.formats.officers_csv import read, roles_in
from abhaya.access.pages.officers import IMPORTED_ON_A_PAGE_MAX
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value


def code_of(unit) -> str:
    with on_the_road("test"):
        return value("select code from access_unit where id = %s", [unit])


@pytest.fixture
def unit():
    return make_unit()


def rows_of(unit, bob: str, eve: str) -> bytes:
    code = code_of(unit)
    return (
        "User name,Name,Unit,Roles,Language,Badge\n"
        f"{bob},Insp. Bob,{code},officer supervisor,hi,7\n"
        f"{eve.upper()},=cmd()|'x',{code},auditor,,8\n"
        f"{bob},Bob again,{code},officer,,9\n"
        f"x1,Nobody,nowhere,officer,,10\n"
        f"x2,Both,{code},administrator;officer,,11\n"
        f"y z,Space,{code},king,fr,12\n"
    ).encode()


def test_on_the_page_the_sheet_is_shown_once_and_a_second_time_changes_nothing(unit):
    bob, eve = name("bob"), name("eve")
    client = browser_of(make_officer(unit, "administrator"))
    file = SimpleUploadedFile("officers.csv", rows_of(unit, bob, eve))
    page = client.post("/officers/import", {"file": file})
    text = page.content.decode()
    passwords = re.findall(r'mono secret">([\w-]+)<', text)
    assert page.status_code == 200
    assert len(passwords) == 2
    assert "no-store" in page.headers["Cache-Control"]
    for said in ("in the file twice", "“nowhere”", "stands alone", "no role “king”", "“fr” is no language", "Badge"):
        assert said in text, said
    assert give_password(Client(), bob, passwords[0]).url == "/sign-in/telephone"
    again = client.post("/officers/import", {"file": SimpleUploadedFile("o.csv", rows_of(unit, bob, eve))})
    assert "mono secret" not in again.content.decode()
    assert give_password(Client(), bob, passwords[0]).status_code == 302


def test_a_file_too_long_for_a_page_is_refused_before_anybody_is_added(unit):
    client = browser_of(make_officer(unit, "administrator"))
    first = name("many")
    lines = "".join(f"{first}{n},N,{code_of(unit)},officer\n" for n in range(IMPORTED_ON_A_PAGE_MAX + 1))
    file = SimpleUploadedFile("o.csv", b"username,name,unit,roles\n" + lines.encode())
    assert client.post("/officers/import", {"file": file}).status_code == 422
    with on_the_road("test"):
        assert value("select count(*) from access_officer where username like %s", [first + "%"]) == 0


def test_the_command_writes_a_sheet_only_its_owner_reads_and_prints_no_password(bench, unit, tmp_path):
    bob, eve = name("bob"), name("eve")
    file, sheet = tmp_path / "officers.csv", tmp_path / "sheet.csv"
    file.write_bytes(rows_of(unit, bob, eve))
    done = bench.own().run("officer", "import", str(file), "--sheet", str(sheet), check=False)
    assert done.returncode == 1
    assert "2 added, 0 there already, 4 set aside" in done.stdout
    assert sheet.stat().st_mode & 0o777 == 0o600
    with sheet.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["username"] for row in rows] == [bob, eve]
    assert rows[1]["name"].startswith("'=")
    assert not any(row["temporary_password"] in done.stdout + done.stderr for row in rows)
    assert give_password(Client(), bob, rows[0]["temporary_password"]).status_code == 302
    again = bench.own().run("officer", "import", str(file), "--sheet", str(sheet), check=False)
    assert (again.returncode, "File exists" in again.stderr) == (3, True)
    stdout = bench.own().run("officer", "import", str(file), "--sheet", "-", check=False)
    assert (stdout.returncode, stdout.stdout) == (1, "")


def test_roles_are_read_as_people_write_them():
    assert roles_in("Officer; supervisor") == roles_in("officer+supervisor") == ["officer", "supervisor"]
    assert [row.values["unit"] for row in read(b"user;name;unit;role\na;A;HUB;officer\n").rows] == ["HUB"]
