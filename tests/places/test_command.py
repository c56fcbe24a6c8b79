"""`abhaya gazetteer import`: what it prints, and the exit code that a script reads."""

from __future__ import annotations

from argparse import Namespace
from random import Random

import pytest

from abhaya.commands.gazetteer import DONE, SET_ASIDE, take_in
from abhaya.errors import OperatorError


def run(path, as_of=None):
    return take_in(Namespace(file=str(path), as_of=as_of))


def test_a_clean_file_is_taken_in_and_said_so(tmp_path, capsys):
    file = tmp_path / "ours.csv"
    file.write_text(
        f"cidr,country,colour\n2001:db8:{Random().randrange(2**16):x}:{Random().randrange(2**16):x}::/64,IN,red\n"
    )
    assert run(file, "2026-11-12") == DONE
    said = capsys.readouterr().out
    assert "ours.csv: networks, 1 taken, 0 known already, 0 set aside" in said
    assert "columns not understood: colour" in said


def test_rows_set_aside_are_listed_and_change_the_exit_code(tmp_path, capsys):
    file = tmp_path / "ours.csv"
    file.write_text("cidr,country\n" + "nonsense,IN\n" * 25)
    assert run(file) == SET_ASIDE
    said = capsys.readouterr().err
    assert "line 2: “nonsense” is not a range of addresses" in said
    assert "and 5 more" in said


def test_what_cannot_be_read_is_the_operators_to_mend(tmp_path):
    with pytest.raises(OperatorError, match="cannot be read"):
        run(tmp_path / "absent.csv")
    file = tmp_path / "ours.csv"
    file.write_text("cidr,country\n")
    with pytest.raises(OperatorError, match="is not a day"):
        run(file, "yesterday")
    file.write_text("colour\nred\n")
    with pytest.raises(OperatorError, match="is none that is known"):
        run(file)
