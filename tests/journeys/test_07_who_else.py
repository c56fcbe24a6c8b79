"""Journey 7, who else? A new report links to two old ones and, wrongly, to a third through a family tablet.

Holds when the wrongly linked person appears nowhere on the suspect's page, export, chart or search, what was written of the
two while they were held to be one stands with whom it was meant, and the ledger still tells what happened. In a real browser;
what is kept is computed anew at the end, and stays apart.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests.browser import followed, signed_in
from tests.cases.world import attach, make_case
from tests.factory import From, Person, Receipt, make_officer, make_sender, make_unit, name
from tests.linking.people import account, are_one, rebuilt, report, subjects_of, walk, who

from abhaya.access.purposes import BASES
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch, value

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("closed_road")]

WHY = "The mother's statement of 3 March: the tablet and its mailbox are the family's, and she used them that evening."
BACK = "The statement was withdrawn."
OF_HIM, OF_ALL = "Writes after 23:00, never by day.", "All from one house, as it seems."


@dataclass(slots=True)
class Family:
    """A suspect with three accounts, by which three reports came, and a relative who shares a tablet and its mailbox."""

    sender: From
    alice: Person
    bob: Person
    suspect: list[str] = field(default_factory=lambda: [name("suspect") for _ in range(3)])
    relative: str = field(default_factory=lambda: name("relative"))
    phone: str = field(default_factory=lambda: f"+91 98{random.randrange(10**8):08}")
    own: str = field(default_factory=lambda: f"{name('own')}@example.org")
    family: str = field(default_factory=lambda: f"{name('family')}@example.org")
    tablet: str = field(default_factory=lambda: f"android-{random.randrange(16**16):016x}")
    reports: list[Receipt] = field(default_factory=list)

    def receive(self, *facts: list[object], walks: bool = True) -> Receipt:
        receipt = report(self.sender, *facts)
        self.reports.append(receipt)
        if walks:
            walk(receipt)
        return receipt


@pytest.fixture
def family() -> Family:
    unit = make_unit("hub")
    made = Family(
        make_sender(unit),
        make_officer(unit, "officer", "supervisor"),
        make_officer(unit, "officer", "supervisor", called="Bob"),
    )
    first, second, _third = made.suspect
    made.receive(who(first, phone=made.phone, email=made.own))
    made.receive(who(second, phone=made.phone, email=made.own, device=made.tablet))
    made.receive(who(made.relative, email=made.family, device=made.tablet))
    return made


def test_who_else_and_who_not(family, live, chromium, owner):
    first, second, third = family.suspect
    new = family.receive(who(third, phone=family.phone, email=[family.own, family.family], device=family.tablet))
    assert are_one(*family.suspect, family.relative), "the tablet and its mailbox hold them together, wrongly"
    case = make_case(family.alice)
    for receipt in (family.reports[0], family.reports[1], new):
        attach(family.alice, case, receipt.report_id)

    with signed_in(chromium, live.url, family.alice) as page:
        page.goto(f"{live.url}/reports/{new.report_id}")
        followed(page, "a[href^='/subjects/']")
        expect(page.locator("h1")).to_contain_text("4 accounts")
        for called in (first, second, third, family.relative):
            expect(page.locator("main")).to_contain_text(called)

        of_her = f"The neighbour knows {family.relative}: she calls her sister on Sundays."
        wrote(page, OF_HIM, third)
        wrote(page, of_her, family.relative)
        wrote(page, OF_ALL, third, whole=True)
        assert read(page, live.url, third) == read(page, live.url, family.relative) == {OF_HIM, of_her, OF_ALL}
        assert "does not stand here" not in page.content()

        page.goto(f"{live.url}/subjects/why?a={account(third)}&b={account(family.relative)}")
        shown = page.locator("main")
        expect(shown).to_contain_text(
            family.tablet.upper() if family.tablet.upper() in page.content() else family.tablet
        )
        expect(shown).to_contain_text(family.family)

        page.goto(f"{live.url}/subjects/judge?a={account(third)}&b={account(family.relative)}&answer=different")
        page.locator("textarea").fill(WHY)
        followed(page, "button.main")
        expect(page.locator("h1")).to_contain_text("3 accounts")
        nowhere(page, live.url, family, case)
        to_their_owners(page, live.url, family, of_her)

        assert rebuilt()[1] == 0, "everything computed anew changes no subject"
        assert are_one(*family.suspect)
        assert subjects_of(family.relative) == [None]
        later = family.receive(who(second, phone=family.phone, device=family.tablet))
        assert are_one(*family.suspect), later
        nowhere(page, live.url, family, case)
        to_their_owners(page, live.url, family, of_her)

    the_ledger_tells(owner, family)
    with signed_in(chromium, live.url, family.bob) as page:
        page.goto(f"{live.url}/subjects/{account(third)}")
        followed(page, "a[href^='/judgements/']")
        expect(page.locator("main")).to_contain_text(WHY)
        page.locator("textarea").fill(BACK)
        followed(page, "button.main")
        assert are_one(*family.suspect, family.relative), "a word taken back leaves things as they were without it"
        assert read(page, live.url, third) == read(page, live.url, family.relative) == {OF_HIM, of_her, OF_ALL}
        assert "does not stand here" not in page.content()


def the_ledger_tells(owner: psycopg.Connection, family: Family) -> None:
    """Who said what, who wrote, what became of the person; and the judgement stands with its reason."""
    told = owner.execute(
        "select event, actor_id from ledger_entry where event like 'linking:%%' and"
        " (actor_id = %s or subject_id = any (%s))",
        [family.alice.id, [one for one in subjects_of(*family.suspect) if one]],
    ).fetchall()
    owner.rollback()
    assert ("linking:accounts:judged", family.alice.id) in told
    assert told.count(("linking:remark:written", family.alice.id)) == 3
    assert any(event == "linking:subject:changed" for event, _ in told)
    with on_the_road("test"):
        assert value("select why from linking_judgement where by_officer = %s", [family.alice.id]) == WHY


def wrote(page: Page, text: str, about: str, *, whole: bool = False) -> None:
    """From the page of a person: a remark about one of the accounts, which is not always the one that is ticked already."""
    followed(page, "a[href$='/remark'], a[href*='/remark?']")
    page.locator("textarea").fill(text)
    for box in page.locator("input[name=about]").all():
        box.set_checked(box.get_attribute("value") == str(account(about)))
    page.locator("input[name=is_whole]").set_checked(whole)
    followed(page, "button.main")
    expect(page.locator("section[aria-labelledby=remarks]")).to_contain_text(text)


def read(page: Page, url: str, called: str) -> set[str]:
    """What officers wrote, as it stands on the page of whoever the account stands with."""
    page.goto(f"{url}/subjects/{account(called)}")
    return {one.inner_text() for one in page.locator("section[aria-labelledby=remarks] p.written").all()}


def to_their_owners(page: Page, url: str, family: Family, of_her: str) -> None:
    """What was meant of him, and of the whole, is his; what was meant of her is hers, and the page says what is gone."""
    assert read(page, url, family.relative) == {of_her}
    assert read(page, url, family.suspect[0]) == {OF_HIM, OF_ALL}
    remarks = page.locator("section[aria-labelledby=remarks]")
    expect(remarks).to_contain_text("said of the whole person, then 4 accounts")
    expect(remarks).to_contain_text("1 of them does not stand here")


def nowhere(page: Page, url: str, family: Family, case: UUID) -> None:
    """The relative on the suspect's page, on the chart of the suspect's case, in the export and in a search for the suspect."""
    page.goto(f"{url}/subjects/{account(family.suspect[2])}")
    assert family.relative not in page.content()
    page.goto(f"{url}/cases/{case}/chart")
    assert family.suspect[2] in page.content()
    assert family.relative not in page.content()
    page.goto(f"{url}/search")
    page.locator("main input[name=q]").fill(family.phone)
    if page.locator("select[name=basis]").count():
        page.locator("select[name=basis]").select_option(next(iter(BASES)))
        page.locator("input[name=purpose]").fill("FIR 7/2026")
    followed(page, "main form button")
    assert family.relative not in page.content()
    together = fetch_subjects(family)
    assert together[account(family.relative)] not in {together[account(one)] for one in family.suspect}


def fetch_subjects(family: Family) -> dict[UUID, UUID | None]:
    """What `abhaya export subjects` reads: each account with its subject."""
    accounts = [account(one) for one in (*family.suspect, family.relative)]
    with on_the_road("test"):
        rows = fetch(
            lambda *row: row,
            "select p.account_id, m.subject_id from linking_person p left join linking_membership m"
            " on m.account_id = p.account_id and m.until is null where p.account_id = any (%s)",
            [accounts],
        )
    return dict(rows)
