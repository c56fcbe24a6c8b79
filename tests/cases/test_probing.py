"""Who asks again and again for what others protect: the auditor learns who and how often, and nobody what."""

from __future__ import annotations

from tests.cases.world import as_, make_case, report_with, watch
from tests.factory import browser_of, make_officer, make_unit, name

from abhaya.cases import actions, queries
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import on_the_road


def ask(person, *emails: str) -> None:
    for email in emails:
        with as_(person):
            actions.note_asked(person.id, [selector_id("email", email)])


def looked(person) -> list[int]:
    """One round of the duty, and what an auditor reads about this officer."""
    with on_the_road("road:cases"):
        actions.look_for_probing()
    with as_(make_officer(make_unit(), "auditor")):
        return [row.searches for row in queries.probing() if row.officer_id == person.id]


def protected(count: int) -> tuple[object, list[str]]:
    alice = make_officer(make_unit())
    case = make_case(alice, covert=True)
    emails = [f"{name('held')}@example.com" for _ in range(count)]
    for email in emails:
        watch(alice, case, email)
    return alice, emails


def test_the_auditor_is_told_once_it_was_often_and_the_count_grows():
    _, emails = protected(4)
    charlie = make_officer(make_unit(), called="Charlie")
    ask(charlie, *emails[:2])
    assert looked(charlie) == []
    ask(charlie, emails[2], emails[2])
    assert looked(charlie) == [3]
    ask(charlie, emails[3])
    assert looked(charlie) == [4]


def test_members_and_those_who_have_a_report_about_it_ask_for_their_work():
    alice, emails = protected(3)
    dora = make_officer(make_unit(), called="Dora")
    for email in emails:
        report_with(email, dora.unit)
    for person in (alice, dora):
        ask(person, *emails)
        assert looked(person) == []


def test_asking_the_pages_of_persons_for_accounts_that_others_protect_is_probing_too():
    alice, charlie = make_officer(make_unit()), make_officer(make_unit(), "officer", called="Charlie")
    case = make_case(alice, covert=True)
    accounts = [name("hidden") for _ in range(4)]
    with as_(alice):
        for one in accounts[:3]:
            actions.watch(
                case, alice.id, kind="account", raw=one, platform="ChatLine", role="reported", source="a chat"
            )
    ids = [selector_id("account", f"chatline:{one}") for one in accounts]
    browser = browser_of(charlie)
    answers = [
        browser.get(f"/subjects/{ids[0]}"),
        browser.get(f"/subjects/why?a={ids[1]}&b={ids[3]}"),
        browser.get(f"/subjects/judge?a={ids[2]}&b={ids[3]}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert looked(charlie) == [3]
    assert looked(alice) == []


def test_what_nobody_protects_is_no_probing():
    charlie = make_officer(make_unit(), called="Charlie")
    ask(charlie, *(f"{name('free')}@example.com" for _ in range(9)))
    assert looked(charlie) == []


def test_what_was_asked_is_forgotten_at_the_next_look(owner):
    charlie = make_officer(make_unit(), called="Charlie")
    ask(charlie, f"{name('free')}@example.com")
    looked(charlie)
    owner.rollback()
    assert owner.execute("select count(*) from cases_asked where officer_id = %s", [charlie.id]).fetchone() == (0,)


def test_the_page_names_the_officer_and_never_the_identifier():
    _, emails = protected(3)
    charlie = make_officer(make_unit(), called="Charlie")
    ask(charlie, *emails)
    looked(charlie)
    page = browser_of(make_officer(make_unit(), "auditor")).get("/cases/probing").content.decode()
    assert charlie.username in page
    assert not [email for email in emails if email in page]
    assert browser_of(charlie).get("/cases/probing").status_code == 403
