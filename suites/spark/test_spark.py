"""Apache Spark, really started, on two cores of this machine: its answer is that of the single machine. `make test-spark`."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from tests.factory import make_unit
from tests.matching.test_against_lists import a_list, arrives
from tests.matching.test_extracts import asked, code, table
from tests.matching.two_sides import EVERYWHERE, of_index, triples, two_sides

from abhaya.commands import against
from abhaya.errors import OperatorError
from abhaya.matching.bulk import Entries, On
from abhaya.matching.extracts import gathered, lay_out, run_in
from abhaya.matching.spark import hold

pytestmark = [
    pytest.mark.usefixtures("closed_road"),
    pytest.mark.filterwarnings(
        "ignore::pytest.PytestUnraisableExceptionWarning"
    ),  # py4j leaves its sockets to the collector
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # as above
]
HERE = "local[2]"


@pytest.mark.parametrize(("radius", "everywhere"), [(0, EVERYWHERE), (31, EVERYWHERE), (32, 0), (47, 0)])
def test_the_answer_is_that_of_one_machine(tmp_path, radius, everywhere):
    """Copies at every distance round the radius; and one hash that is everywhere, which no share is crushed by."""
    queries, entries = two_sides(20, 20_000, everywhere=everywhere)
    with run_in(tmp_path / "shared") as extract:
        layout = lay_out(
            extract, queries.turns(40), entries.turns(3000), entries_expected=len(entries.ids), entries_a_piece=6000
        )
        done = hold(extract, layout, radius, master=HERE)
        pairs = triples(*gathered(extract, layout))
    assert pairs == of_index(tmp_path / "index", queries, entries, radius)
    floods = Entries(entries, queries=1, on=On.HERE).search(queries, radius).floods
    assert bool(floods) == bool(everywhere)
    assert Counter(flood for one in done for flood in one.floods) == Counter(floods)


def test_a_list_against_another_by_the_command_on_spark_and_here(tmp_path):
    hub = make_unit("hub")
    one, other = a_list(hub), a_list(hub)
    arrives(one, *(code(seed) for seed in range(300)), header="pdq")
    arrives(other, *(code(seed, *range(seed % 60)) for seed in range(300)), header="pdq")
    for on in ("here", "spark"):
        against.against(asked(one.name, other.name, on=on, master=HERE, out=str(tmp_path / f"{on}.csv")))
    assert table(tmp_path / "here.csv") == table(tmp_path / "spark.csv")
    assert len(table(tmp_path / "here.csv")) == 300 / 60 * 32
    assert [path.name for path in (Path(settings.DATA_DIR) / "extracts").iterdir()] == ["lock"]


def test_nothing_against_nothing(tmp_path):
    hub = make_unit("hub")
    of = a_list(hub)
    against.against(asked(of.name, a_list(hub).name, on="spark", master=HERE, out=str(tmp_path / "pairs.csv")))
    assert table(tmp_path / "pairs.csv") == []


def test_what_goes_wrong_is_said_in_a_sentence(tmp_path):
    queries, entries = two_sides(21, 100)
    with run_in(tmp_path) as extract:
        layout = lay_out(extract, queries.turns(), entries.turns(), entries_expected=100)
        shutil.rmtree(extract.folder)
        extract.folder.mkdir()
        with pytest.raises(OperatorError, match=r"Spark gave up: FileNotFoundError: .*/entries-00000\.parquet$"):
            hold(extract, layout, 31, master=HERE)
        with pytest.raises(OperatorError, match=r"spark\.authenticate\.secret"):  # the key would go out in the clear
            hold(extract, layout, 31, master="spark://127.0.0.1:1")
