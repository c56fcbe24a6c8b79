"""The Action Taken Report goes out and comes back; a claim without its FIR or reason is refused by row."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.errors import SenderError
from abhaya.routing.formats import action_taken as atr
from abhaya.routing.reasons import REFUSALS
from abhaya.shared.reason import sentence
from abhaya.shared.tables import defused, undefused, xlsx

LINE = atr.Line(
    4711, "100000001", "ChatLine", "material", "01-11-2026", "Jalgaon Cyber", "accepted", "", "", "", "", "=1+1"
)


def filled(**cells):
    values = dict(zip(atr.HEADINGS, ("4711", *[""] * 11), strict=True)) | cells
    return xlsx([("Action taken", list(values), [list(values.values())])])


def test_what_goes_out_comes_back_when_it_is_filled_in():
    [answer] = atr.read(
        filled(**{"Action taken": "FIR registered", "FIR number": "0114/2026", "FIR date": "03-11-2026"}), "a.xlsx"
    )
    assert answer.number == 4711
    assert answer.action is atr.ActionTaken.REGISTERED
    assert answer.fir_date == date(2026, 11, 3)


def test_hindi_answers_are_understood():
    [answer] = atr.read(filled(**{"Action taken": "दर्ज नहीं", "Reason if not registered": "ज़िला दूसरा है"}), "a.xlsx")
    assert answer.action is atr.ActionTaken.NOT_REGISTERED


def test_an_empty_row_is_not_an_answer():
    assert list(atr.read(atr.write("Jalgaon", [LINE]), "a.xlsx")) == []


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Action taken": "FIR registered"}, "needs the FIR number"),
        ({"Action taken": "Not registered"}, "needs a reason"),
        ({"Action taken": "all good"}, "is not one of"),
        ({"Action taken": "Pending", "Report number": "none"}, "report number is missing"),
        ({"Action taken": "Pending", "FIR date": "soon"}, "is not a date"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_with_its_reason(cells, why):
    [refused] = atr.read(filled(**cells), "a.xlsx")
    assert isinstance(refused, atr.Refused)
    assert why in sentence(refused.why, REFUSALS, "en")


def test_a_workbook_of_another_kind_is_refused():
    with pytest.raises(SenderError, match="Report number"):
        list(atr.read(xlsx([("x", ["a", "b"], [["1", "2"]])]), "x.xlsx"))


@given(st.text())
def test_defusing_is_undone_by_reading(text):
    assert undefused(defused(text)) == text or text.startswith("'")


@pytest.mark.parametrize("text", ["=cmd()", "+1+1", "-2+3", "@sum(a)", "\tx"])
def test_a_formula_is_defused(text):
    assert defused(text).startswith("'")


def test_a_telephone_number_keeps_its_plus():
    assert defused("+91 9000000001") == "+91 9000000001"
