"""A case's forms, sent as a browser sends them: what the page does, it may do over the sign-in its request was given."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.cases.world import REASON, as_, compared, hits, make_case, report_with, watch
from tests.factory import browser_of, make_officer, make_unit, name

from abhaya.cases import queries
from abhaya.intake import queries as intake


@pytest.fixture
def alice():
    return make_officer(make_unit())


@pytest.fixture
def bob(alice):
    return make_officer(alice.unit, called="Bob")


def test_a_case_is_opened_changed_closed_and_taken_up_again(alice, bob):
    browser = browser_of(alice)

    def send(address: str, **given: object) -> str:
        answer = browser.post(address, given)
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        return answer["Location"]

    case = send("/cases/new", title=name("case"), contact="desk one")
    case_id = UUID(case.rsplit("/", 1)[1])
    send(f"{case}/members", officer=bob.id, level="work", basis=REASON)
    for liaison in (bob.id, alice.id):
        send(f"{case}/change", title="Another title", contact="desk one", liaison=liaison)
    send(f"{case}/members/{bob.id}", reason=REASON)
    for _closed_then_open in range(2):
        send(f"{case}/state", reason=REASON)
    report = report_with(f"{name('rk')}@example.com", alice.unit)
    with as_(alice):
        number = intake.report(report.report_id).number
    send(f"{case}/reports", number=number, reason=REASON)
    with as_(alice):
        [attachment] = queries.attached(case_id)
    send(f"{case}/reports/{attachment.id}", reason=REASON)
    with as_(alice):
        row, [attachment] = queries.case(case_id), queries.attached(case_id)
    assert (row.title, row.is_open, attachment.detached_at is None) == ("Another title", True, False)


def test_the_liaison_of_a_covert_case_speaks_on_the_page(alice):
    other, email = make_officer(make_unit(), called="Charlie"), f"{name('rk')}@example.com"
    covert, open_ = make_case(alice, covert=True), make_case(other)
    watch(alice, covert, email)
    watch(other, open_, email)
    compared()
    assert hits(other, open_) == []
    [asked] = hits(alice, covert)
    answer = browser_of(alice).post(f"/cases/{covert}/talk/{asked.id}", {"decision": "spoken", "reason": REASON})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert [hit.officer for hit in hits(other, open_)] == ["Alice"]
