"""The operator's tables name no masked person: what a child's telephone points to may leave, the telephone does not."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json

import pytest
from tests.desk.world import Desk, a_threat
from tests.factory import name

from abhaya.desk.redaction import MASK
from abhaya.intake.formats.record import FilePart
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def test_no_table_has_a_masked_persons_telephone_e_mail_name_or_address(desk, bench):
    tag = name("t").replace("-", "")
    desk.report(**a_threat(tag))
    mine = bench.own()
    for what in ("reports", "links", "matches", "priorities", "routes", "subjects"):
        told = mine.run("export", what, "--csv", "-").stdout
        for hidden in (f"Hidden {tag}", f"hidden.{tag}", "9000000077", "90000 00077", f"Lane {tag}", f"School {tag}"):
            assert hidden not in told, (what, hidden)
    routes = list(csv.DictReader(io.StringIO(mine.run("export", "routes", "--csv", "-").stdout)))
    assert any("of the child is a number of India" in row["reasons"] for row in routes)


def test_a_matched_files_name_is_masked_as_on_its_reports_page(desk, bench):
    tag = name("t").replace("-", "")
    claimed = (("MD5", hashlib.md5(tag.encode(), usedforsecurity=False).hexdigest()),)
    names = (f"Hidden {tag} 9000000077.png", f"harmless-{tag}.png")
    files = tuple(FilePart(f"/f[{at}]", name=one, hashes=claimed) for at, one in enumerate(names, start=1))
    reports = [desk.report(**(a_threat(tag) | {"files": files})) for _ in range(2)]
    with on_the_road("test"):
        number = str(value("select number from intake_report where id = %s", [reports[1]]))
    told = list(csv.DictReader(io.StringIO(bench.own().run("export", "matches", "--csv", "-").stdout)))
    shown = {row["file"] for row in told if row["report_id"] == number}
    page = desk.browser(desk.alice).get(f"/reports/{reports[1]}").content.decode()
    assert len(shown) == 2
    assert names[1] in shown
    (masked,) = shown - {names[1]}
    assert MASK in masked
    assert tag not in masked
    assert "9000000077" not in masked
    assert masked in html.unescape(page)


def test_the_operators_purpose_stands_in_the_ledger(desk, bench):
    why = f"for the audit of {name('year')}"
    bench.own().run("export", "reports", "--csv", "-", "--purpose", why)
    with on_the_road("test"):
        body = value("select body from ledger_entry where purpose = %s and event = 'desk:table:exported'", [why])
    assert json.loads(bytes(body))["facts"]["table"] == "reports"
