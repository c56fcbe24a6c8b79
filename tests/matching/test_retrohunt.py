"""An operator has a hash list held against every file again: what is missing is found, what is there stays as it is."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest
from tests.factory import make_report, make_sender, make_unit
from tests.matching.test_against_lists import a_list, arrives, found, md5, picture, recheck

from abhaya.commands.retrohunt import retrohunt
from abhaya.errors import OperatorError
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value

pytestmark = pytest.mark.usefixtures("closed_road")


def asked(of, capsys) -> dict[str, int]:
    assert retrohunt(Namespace(list=of.name, json=True)) == 0
    answer: dict[str, int] = json.loads(capsys.readouterr().out)
    return answer


def woken(report) -> int:
    """How often a re-check sent it on from here."""
    with on_the_road("test"):
        return value(
            "select count(*) from ledger_entry where subject_id = %s and event = 'matching:report:rechecked'",
            [report.report_id],
        )


def test_what_was_lost_is_found_again_and_its_report_walks_on(owner, capsys):
    hub, here = make_unit("hub"), picture()
    report, of = make_report(make_sender(hub), held=[here]), a_list(hub)
    arrives(of, md5(here), md5(picture()))
    recheck()
    before = found(report)
    assert len(before) == 1
    owner.execute("delete from matching_list_match where report_id = %s", [report.report_id])
    owner.commit()
    assert asked(of, capsys) == {"lists": 1, "entries": 2, "files": 1, "reports": 1}
    assert found(report) == before
    assert woken(report) == 2


def test_what_is_there_stays_as_it_is_and_its_report_rests(capsys):
    hub, here = make_unit("hub"), picture()
    report, of = make_report(make_sender(hub), held=[here]), a_list(hub)
    arrives(of, md5(here))
    recheck()
    before = found(report)
    assert asked(of, capsys) == {"lists": 1, "entries": 1, "files": 0, "reports": 0}
    assert found(report) == before
    assert woken(report) == 1


def test_a_list_that_nobody_has_is_named():
    with pytest.raises(OperatorError, match="no list “nowhere”"):
        retrohunt(Namespace(list="nowhere", json=False))
