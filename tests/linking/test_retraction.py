"""What is deleted leaves nothing behind: not in links, not in subjects, not in what officers said; and the tables say so."""

from __future__ import annotations

import csv
import io
import json

import pytest
from tests.factory import make_officer, make_sender, make_unit, name, older_transactions_ended
from tests.linking.people import account, acts, are_one, link, rebuilt, report, settled, signed, subjects_of, walk, who

from abhaya.custody import erasure
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking.actions import judgements
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

pytestmark = pytest.mark.usefixtures("closed_road")


def test_a_deleted_report_takes_its_links_subject_and_words_with_it(bench):
    sender = make_sender(make_unit("hub"))
    alice, bob = (make_officer(sender.unit_id, "supervisor", called=one) for one in ("Alice", "Bob"))
    one, other, third = name("a"), name("b"), name("c")
    shared = {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}
    doomed, stays = report(sender, who(one, **shared)), report(sender, who(other, **shared))
    walk(doomed, stays, report(sender, who(third)))
    with acts(alice):
        judgements.judge(
            account(one), account(third), "same", "said in the report itself", signed(alice), report_id=doomed.report_id
        )
        judgements.judge(
            account(one),
            account(other),
            "same",
            "said where the other stands",
            signed(alice),
            report_id=stays.report_id,
        )
    assert are_one(one, other, third)
    with on_the_road("test"):
        compartment = value("select compartment from intake_report where id = %s", [doomed.report_id])
    with acting(alice.id, name="Alice", with_road=True):
        asked = erasure.Asked(compartment, sender.unit_id, "decision", "decision", "court", "Order 12 of 2026", "")
        erasure.decide(erasure.ask(asked), bob.id, bob.name)
    erasure.carry_on_to_the_end()
    sequence_all()
    older_transactions_ended()
    erasure.carry_on_to_the_end()
    with on_the_road("test"):
        assert value("select state from custody_deletion where compartment = %s", [compartment]) == "settled"
        for table, columns in {
            "linking_person": "account_id", "linking_evidence": "account_id", "linking_membership": "account_id",
            "linking_link": "a, b", "linking_constraint": "a, b", "linking_judgement": "a, b",
        }.items():  # fmt: skip
            assert value(f"select count(*) from {table} where %s in ({columns})", [account(one)]) == 0, table
    settled()
    assert subjects_of(one, other, third) == [None, None, None]
    assert link(one, other) is None
    assert rebuilt() == (0, 0)


def test_the_operator_computes_anew_and_takes_the_tables_of_subjects_and_links_out(bench):
    sender = make_sender(make_unit("hub"))
    one, other, child = name("a"), name("b"), name("child")
    shared = {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}
    receipts = [report(sender, who(each, **shared)) for each in (one, other)]
    receipts.append(report(sender, who(child, "victim", **shared)))
    mine = bench.own()
    done = json.loads(mine.run("link", "rebuild", "--json").stdout)
    assert done["reports"] >= 3
    assert done["links"] >= 3
    assert json.loads(mine.run("link", "rebuild", "--json").stdout) == {**done, "links": 0, "subjects": 0}
    told = list(csv.DictReader(io.StringIO(mine.run("export", "subjects", "--csv", "-").stdout)))
    of = {row["report_id"]: row for row in told}
    rows = [of[str(receipt.number)] for receipt in receipts]
    assert [row["account"] for row in rows] == [f"chatline:{one}", f"chatline:{other}", str(account(child))]
    assert rows[0]["subject_id"] == rows[1]["subject_id"] != rows[2]["subject_id"] == str(account(child))
    links = csv.DictReader(io.StringIO(mine.run("export", "links", "--csv", "-").stdout))
    mine_only = {frozenset((row["a"], row["b"])): row for row in links if one in row["a"] + row["b"]}
    both = mine_only[frozenset((f"chatline:{one}", f"chatline:{other}"))]
    assert (both["subject_id"], both["outcome"]) == (rows[0]["subject_id"], "same")
    assert float(both["weight"]) > 6
    assert "same e-mail address" in both["reason"]
    across = mine_only[frozenset((f"chatline:{one}", str(account(child))))]
    assert (across["subject_id"], across["outcome"]) == ("", "related")
    assert "victim" in across["reason"]
