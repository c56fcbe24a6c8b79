"""Work for many machines: sealed extracts, shares done anywhere in any order, and one answer, that of the single machine."""

from __future__ import annotations

import csv
import random
import signal
import subprocess
import sys
from argparse import Namespace
from collections import Counter
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.factory import make_report, make_sender, make_unit, name
from tests.matching.test_against_lists import a_list, arrives, match
from tests.matching.two_sides import EVERYWHERE, of_index, triples, two_sides

from abhaya.commands import against
from abhaya.errors import OperatorError
from abhaya.matching.bulk import Entries, On
from abhaya.matching.extracts import Layout, gathered, lay_out, run_in, shares, work
from abhaya.matching.formats.extract_parquet import CODES, PAIRS
from abhaya.matching.kernels.bits import bytes_of
from abhaya.matching.near_index import SQL
from abhaya.matching.near_rules import FORMS
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, fetch, value

pytestmark = pytest.mark.usefixtures("closed_road")


@pytest.mark.parametrize("radius", [0, 31, 47])
def test_shares_done_in_any_order_and_twice_give_the_answer_of_one_machine(tmp_path, radius):
    queries, entries = two_sides(8, 6000, everywhere=EVERYWHERE)
    with run_in(tmp_path / "shared") as extract:
        layout = lay_out(
            extract, queries.turns(50), entries.turns(900), entries_expected=len(entries.ids), entries_a_piece=5000
        )
        assert layout == Layout(4, 4, len(entries.ids), len(queries.ids))
        todo = shares(layout, cores=8)
        assert len(todo) == 16
        random.Random(1).shuffle(todo)
        done = [work(extract, share, radius, queries=len(queries.ids), on=On.HERE) for share in [*todo, todo[0]]][1:]
        pairs = triples(*gathered(extract, layout))
    assert pairs == of_index(tmp_path / "index", queries, entries, radius)
    assert sum(one.pairs for one in done) >= len(pairs)  # an id with several hashes may meet another in several pieces
    floods = Entries(entries, queries=1, on=On.HERE).search(queries, radius).floods
    assert floods
    assert Counter(flood for one in done for flood in one.floods) == Counter(floods)


@pytest.mark.parametrize("layout", [Layout(1, 0, 0, 0), Layout(1, 1, 5, 5), Layout(3, 7, 9, 9), Layout(40, 100, 9, 9)])
@pytest.mark.parametrize("cores", [1, 16, 1000])
def test_every_piece_meets_every_other_once(layout, cores):
    met = [(one.entries, piece) for one in shares(layout, cores) for piece in range(one.first, one.last)]
    every = [(entries, piece) for entries in range(layout.entries_pieces) for piece in range(layout.queries_pieces)]
    assert sorted(met) == every


def test_nothing_on_the_disk_can_be_read_without_the_key_of_the_run_or_under_another_name(tmp_path):
    queries, entries = two_sides(9, 400)
    with run_in(tmp_path) as extract:
        lay_out(extract, queries.turns(), entries.turns(), entries_expected=400)
        work(extract, shares(Layout(1, 1, 400, 400), 1)[0], 47, queries=1, on=On.HERE)
        files = sorted(extract.folder.iterdir())
        assert [path.stem for path in files] == ["entries-00000", "pairs-00000-00000", "queries-00000"]
        hashes = bytes_of(np.concatenate([queries.codes, entries.codes]))
        for path in files:
            sealed = path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0
            assert not any(hashes[at : at + 32] in sealed for at in range(0, len(hashes), 32))
            with pytest.raises(OSError, match="crypt"):
                pq.read_table(path)
        with pytest.raises(OSError, match="crypt"):
            replace(extract, key=bytes(32)).read_codes("entries-00000")
        extract.path("queries-00000").replace(extract.path("entries-00000"))
        with pytest.raises(OSError, match="crypt"):
            extract.read_codes("entries-00000")
        assert extract.key.hex() not in repr(extract)
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_extracts_have_ids_and_hashes_and_no_column_for_anything_else():
    assert CODES.names == ["id", "code"]
    assert PAIRS.names == ["query", "entry", "distance"]


def test_what_a_killed_run_left_goes_with_the_next_and_two_at_once_are_refused(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from abhaya.matching.extracts import run_in\n"
        "with run_in(Path(sys.argv[1])) as extract:\n"
        "    (extract.folder / 'left').touch(); print('there', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": "src", "PATH": ""},
    ) as other:
        assert other.stdout and other.stdout.readline() == "there\n"
        with pytest.raises(OperatorError, match="Another run uses"), run_in(tmp_path):
            pass
        other.send_signal(signal.SIGKILL)
    assert len(list(tmp_path.glob("run-*/left"))) == 1
    with run_in(tmp_path) as extract:
        assert list(tmp_path.glob("run-*")) == [extract.folder]


# --- from the database ---


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


def asked(name: str, other: str | None = None, **more: object) -> Namespace:
    usual = {
        "files": other is None,
        "radius": 31,
        "on": "here",
        "master": "local[2]",
        "shared": None,
        "purpose": "a drive",
    }
    return Namespace(**({"name": name, "other": other} | usual | more))


def positions(of) -> dict[str, int]:
    with on_the_road("test"):
        return dict(
            fetch(
                lambda *row: row,
                "select encode(pdq, 'hex'), position from matching_entry where compartment = %s and pdq is not null"
                " and withdrawn_at is null",
                [of.compartment],
            )
        )


def code(seed: int, *bits: int) -> str:
    number = int.from_bytes(random.Random(seed).randbytes(32))
    for bit in bits:
        number ^= 1 << bit
    return f"{number:064x}"


def table(path: Path) -> list[tuple[int, ...]]:
    with path.open(newline="") as file:
        headings, *rows = csv.reader(file)
    assert headings == ["query", "entry", "distance"]
    return [tuple(map(int, row)) for row in rows]


def test_a_list_held_against_another_gives_pairs_of_positions_and_the_act_is_in_the_ledger(hub, tmp_path, capsys):
    one, other = a_list(hub), a_list(hub)
    arrives(one, code(1), code(2), code(3), header="pdq")
    arrives(other, code(1), code(2, *range(31)), code(3, *range(32)), code(4), header="pdq")
    here, there = positions(one), positions(other)
    wanted = [(here[code(1)], there[code(1)], 0), (here[code(2)], there[code(2, *range(31))], 31)]
    assert against.against(asked(one.name, other.name, out=str(tmp_path / "pairs.csv"))) == 0
    assert table(tmp_path / "pairs.csv") == wanted
    assert against.against(asked(one.name, other.name, out=str(tmp_path / "pairs.parquet"))) == 0
    columns = pq.read_table(tmp_path / "pairs.parquet").to_pydict()
    assert list(zip(*columns.values(), strict=True)) == wanted
    assert against.against(asked(one.name, other.name, out="-", radius=0)) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"{wanted[0][0]},{wanted[0][1]},0"]
    with on_the_road("test"):
        told = value(
            "select count(*) from ledger_entry where event = 'matching:list:compared' and compartment = any (%s)",
            [[one.compartment, other.compartment]],
        )
    assert told == 6


def test_a_list_held_against_our_pictures_finds_them_in_any_of_their_forms(hub, tmp_path):
    of = a_list(hub)
    report = make_report(make_sender(hub), held=[name("picture").encode()])
    match(report)
    forms = [code(100 + form) for form in range(FORMS)]
    with on_the_road("road:matching"):
        position = value(SQL["next_position"])
        row = {"position": position, "forms": bytes.fromhex("".join(forms)), "quality": 90, "why_not": ""}
        row |= dict.fromkeys(["pdq", "pdq_512", "width", "height"]) | dict.fromkeys(["decoder", "mode", "how"], "")
        file_id = value("select file_id from matching_file_hash where report_id = %s", [report.report_id])
        execute(SQL["hashed"], row | {"files": [file_id]})
    near = code(100 + 9, *range(7)), code(100 + 12, *range(31))
    arrives(of, *near, code(5), header="pdq")
    assert against.against(asked(of.name, out=str(tmp_path / "pairs.csv"))) == 0
    here = positions(of)
    assert table(tmp_path / "pairs.csv") == [(here[near[0]], position, 7), (here[near[1]], position, 31)]


def test_what_cannot_be_done_is_refused_before_any_work(hub, tmp_path):
    of = a_list(hub)
    there = tmp_path / "there.csv"
    there.write_text("mine")
    for words, sentence in (
        ({"name": of.name, "files": False}, "Name the list to look in"),
        ({"name": of.name, "other": of.name, "files": True}, "Name the list to look in"),
        ({"name": of.name, "out": str(there)}, "there is one already"),
        ({"name": of.name, "out": str(tmp_path / "no/pairs.parquet")}, "no such folder"),
        ({"name": "nothing of that name"}, "There is no list"),
    ):
        with pytest.raises(OperatorError, match=sentence):
            against.against(asked(**({"out": str(tmp_path / "pairs.csv")} | words)))
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]
    assert there.read_text() == "mine"
