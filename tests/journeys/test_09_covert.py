"""The covert case: a unit works undercover on a person whom another unit's platform reports.

Holds when nothing that the other unit can open differs from what an identifier nobody watches gives, the covert side's
liaison alone is told whom to talk to, and the other side is told the same, and no more, only once that liaison speaks.
Reports come through the real door; everybody acts in a real browser. What can be measured is in `promises/test_covert.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import ndiff
from random import randrange
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.cases.world import compared, persons_compared
from tests.factory import Person, make_officer, make_unit, name
from tests.intake.http import Platform

from abhaya.cases.actions import look_for_probing
from abhaya.journey import open_road
from abhaya.shared.identity import on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import fetch_one

pytestmark = pytest.mark.browser

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<report><incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>
<incidentDateTime>2026-02-03T04:05:06Z</incidentDateTime></incidentSummary>
<reporter><reportingPerson><email>trust@chat.example</email></reportingPerson></reporter>
<personOrUserReported><personOrUserReportedPerson><email>{email}</email></personOrUserReportedPerson></personOrUserReported>
</report>"""
WHY = "the officer is out of danger now"
CHANCE = (
    (r"<time [^>]*>.*?</time>", "TIME"),
    (r'csrfmiddlewaretoken" value="\w+|csrftoken=\w+', ""),
    (r'((?:id|for|aria-\w+)="[a-z]+-)[0-9a-f]{8}', r"\1ONCE"),
    (r"<span class=\"mono\">\w{12}</span>", "REQUEST"),
    (r'(ledger <span class="num">)[\d,]+', r"\1PLACE"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f-]{21}", "ID"),
)


@dataclass
class Desk:
    """One hub: its platform, the officer whose browser this is, and what came in about one e-mail address."""

    platform: Platform
    officer: Person
    page: Page
    email: str
    number: int
    report: UUID
    compartment: UUID

    def goes(self, path: str) -> str:
        """The page as its reader gets it, without what differs between any two desks."""
        self.page.goto(self.platform.url.geturl() + path)
        return self.said()

    def said(self) -> str:
        text = self.page.content()
        text = re.sub(r">\s*<", ">\n<", text)  # so that a difference is one line
        own = (self.email, self.platform.name, self.officer.username, str(self.number), self.unit_name)
        for mark in own:
            text = text.replace(mark, "OWN")
        for pattern, instead in CHANCE:
            text = re.sub(pattern, instead, text, flags=re.DOTALL)
        return text

    @property
    def unit_name(self) -> str:
        return str(self.page.locator(".me small").text_content())

    def searches(self, email: str) -> str:
        self.page.goto(f"{self.platform.url.geturl()}/search?q={email}")
        if self.page.locator("main [name=purpose]").count():
            self.page.select_option("main [name=basis]", "report")
            self.page.fill("main [name=purpose]", "who is behind this address")
        self.page.click("main form.ask button.main")
        expect(self.page.locator("main section[aria-live]")).to_be_visible()
        return self.said().replace(email, "NEEDLE")

    def everything(self, case: str) -> dict[str, str]:
        """Every page on which a stranger could look for it."""
        report, looks, hits = self.of_the_report()
        paths = {
            "home": "/desk", "queue": "/queue", "report": report, "looks": looks, "hits": hits, "cases": "/cases",
            "the case": f"/cases/{case}", "a decision of it": f"/cases/{case}/talk/{uuid4()}", "forwarded": "/referrals",
            "sent": "/referrals/sent", "nobody’s": "/referrals/nobodys", "deletions": "/deletions",
        }  # fmt: skip
        return {what: self.goes(path) for what, path in paths.items()}

    def of_the_report(self) -> tuple[str, str, str]:
        """Its own page, who looked at it, and whom to talk to."""
        return f"/reports/{self.report}?along=1", f"/ledger/looks/{self.compartment}", "/cases/talk"


@dataclass
class Covert:
    """Alice's unit works undercover; Frank is let in by her."""

    page: Page
    frank: Page
    url: str
    path: str
    secrets: tuple[str, ...]  # what nobody else may read anywhere


@pytest.fixture
def opened(live, chromium) -> Iterator[Callable[..., Page]]:
    """`opened(officer)`: a page of a browser in which this officer is signed in."""
    with ExitStack() as browsers:
        yield lambda person, size=DESK: browsers.enter_context(signed_in(chromium, live.url, person, size=size))


@pytest.fixture
def unit() -> UUID:
    return make_unit("station")


@pytest.fixture
def alice(unit) -> Person:
    return make_officer(unit, called=name("Alice"))


@pytest.fixture
def watched() -> str:
    return f"{name('subject')}@example.com"


@pytest.fixture
def covert(live, opened, unit, alice, watched) -> Covert:
    """The case opened, an officer let in, the subject noted: all by hand."""
    frank, page, title = make_officer(unit, called=name("Frank")), opened(alice), name("Lantern")
    page.goto(f"{live.url}/cases/new")
    page.fill("[name=title]", title)
    page.fill("[name=contact]", "desk four, any hour")
    page.check("[name=covert]")
    page.click("main button.main")
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}$"))
    case = page.url
    reference = str(page.locator(".kicker .mono").text_content())
    page.click("a[href$='/members']")
    page.select_option("[name=officer]", str(frank.id))
    page.check("[name=level][value=work]")
    page.fill("[name=basis]", "knows the language")
    page.click("main button.main")
    page.wait_for_url(case)
    page.click("a[data-key=a]")
    page.select_option("[name=kind]", "email")
    page.fill("[name=raw]", watched)
    page.select_option("[name=role]", "reported")
    page.fill("[name=source]", "asks for a picture, in an invented chat")
    page.click("main button.main")
    page.wait_for_url(case)
    expect(page.locator("[aria-labelledby=ids]")).to_contain_text(watched)
    come_round()
    path = case.removeprefix(live.url)
    return Covert(page, opened(frank), case, path, (title, reference, path.removeprefix("/cases/"), alice.name))


def come_round() -> None:
    """The workers' round: the road for what came in, then the duties of cases."""
    open_road()
    drain()
    compared()
    persons_compared()
    with on_the_road("road:cases"):
        look_for_probing()


@pytest.fixture
def desk_of(live, opened) -> Callable[[str], Desk]:
    """A hub whose platform has reported this address at the door."""

    def made(email: str) -> Desk:
        platform = Platform(live.url)
        number = platform.opened(REPORT.format(email=email))
        assert platform.finish(number).code == 0
        come_round()
        officer = make_officer(platform.unit, "analyst", "supervisor", called="Bob")
        with on_the_road("test:report"):
            row = fetch_one(Row, "select id, compartment from intake_report where number = %s", [number])
        assert row is not None
        return Desk(platform, officer, opened(officer), email, number, row.id, row.compartment)

    return made


@dataclass(frozen=True)
class Row:
    id: UUID
    compartment: UUID


def test_the_stranger_sees_nothing_the_liaison_decides_and_only_then_the_two_talk(
    live, opened, covert, desk_of, watched, unit
):
    stranger, other = desk_of(watched), desk_of(f"{name('subject')}@example.com")
    auditors = [opened(make_officer(where, "auditor")) for where in (unit, stranger.platform.unit)]

    tells_nothing(stranger, other, covert)
    hears_of_it_alone(covert, stranger)
    for auditor in auditors:
        reads_no_entry_of_it(auditor, live.url, covert, searched_by="Bob")

    decides(covert, "silent", "an officer is in danger")
    come_round()
    for ours, theirs in zip(stranger.of_the_report(), other.of_the_report(), strict=True):
        assert differences(stranger.goes(ours), other.goes(theirs)) == []

    decides(covert, "spoken", WHY)
    expect(covert.page.locator("[aria-labelledby=talk] .tag").first).to_have_text("you spoke")
    is_told_whom_to_talk_to_and_no_more(stranger, other, covert)
    for auditor in auditors:
        reads_no_entry_of_it(auditor, live.url, covert, searched_by="Bob")


def tells_nothing(stranger: Desk, other: Desk, covert: Covert) -> None:
    """Every page of whoever holds the watched identifier is, letter by letter, that of whoever holds another."""
    pages, elsewhere = stranger.everything(covert.path.removeprefix("/cases/")), other.everything(str(uuid4()))
    differing = {what: differences(page, elsewhere[what]) for what, page in pages.items()}
    assert {what: lines for what, lines in differing.items() if lines} == {}
    assert not [word for word in covert.secrets[:2] if word in "".join(pages.values())]
    assert "OWN" in pages["report"]
    assert differences(stranger.searches(stranger.email), other.searches(other.email)) == []
    assert differences(other.searches(stranger.email), other.searches(f"{name('nobody')}@example.com")) == []


def differences(one: str, other: str) -> list[str]:
    if one == other:
        return []
    return [line for line in ndiff(one.splitlines(), other.splitlines()) if line[:1] in "+-"]


def hears_of_it_alone(covert: Covert, stranger: Desk) -> None:
    """The liaison's own page says whom to talk to; a member beside her reads nothing of that."""
    covert.page.goto(covert.url)
    talk = covert.page.locator("section[aria-labelledby=talk]")
    expect(talk).to_contain_text(f"Talk to {stranger.unit_name}")
    expect(talk.locator(".tag")).to_have_text("waits for your decision")
    assert str(stranger.number) not in covert.page.content()
    covert.frank.goto(covert.url)
    expect(covert.frank.locator("section[aria-labelledby=ids]")).to_contain_text(stranger.email)
    expect(covert.frank.locator("section[aria-labelledby=talk]")).to_have_count(0)
    expect(covert.frank.locator("section[aria-labelledby=history]")).not_to_contain_text("Somebody else")
    expect(covert.page.locator("section[aria-labelledby=history]")).to_contain_text("Somebody else")
    assert stranger.unit_name not in covert.frank.content()


def decides(covert: Covert, decision: str, why: str) -> None:
    covert.page.goto(covert.url)
    covert.page.click("section[aria-labelledby=talk] a.button")
    covert.page.check(f"[name=decision][value={decision}]")
    covert.page.fill("[name=reason]", why)
    covert.page.click("main button.main")
    covert.page.wait_for_url(covert.url)


def is_told_whom_to_talk_to_and_no_more(stranger: Desk, other: Desk, covert: Covert) -> None:
    """The holder of the report reads a name, a unit and how to reach them: no case, no reason, no time of ours."""
    title, reference, case, liaison = covert.secrets
    page = stranger.page
    said = stranger.goes(stranger.of_the_report()[0])
    told = page.locator("main .message.warning")
    expect(told).to_contain_text("There is something.")
    expect(told.locator("b").nth(1)).to_have_text(liaison)
    expect(told).to_contain_text("desk four, any hour")
    more = differences(said, other.goes(other.of_the_report()[0]))
    assert more
    assert not [line for line in more if line.startswith("+")]
    assert not [word for word in (title, reference, case, WHY, "covert", "Covert") if word in said]
    stranger.goes("/cases/talk")
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody")).to_contain_text(liaison)
    assert differences(stranger.goes(covert.path), other.goes(f"/cases/{uuid4()}")) == []
    assert differences(stranger.goes("/cases"), other.goes("/cases")) == []


def reads_no_entry_of_it(auditor: Page, url: str, covert: Covert, *, searched_by: str) -> None:
    """The auditor's ledger shows what others did, and of all that Alice and Frank did in the case, nothing."""
    auditor.goto(f"{url}/ledger?who={searched_by}")
    assert auditor.locator("main tbody tr").count() > 0
    auditor.goto(f"{url}/ledger?who={covert.secrets[-1]}")
    expect(auditor.locator("main tbody tr")).to_have_count(0)
    auditor.goto(f"{url}/ledger")  # has Alice's name, in the auditor's own entry about the line above
    assert not [word for word in covert.secrets[:-1] if word in auditor.content()]
    auditor.goto(f"{url}/cases/probing")
    assert not [word for word in covert.secrets if word in auditor.content()]


@pytest.mark.parametrize(("size", "language"), [(DESK, "en"), (TELEPHONE, "hi")], ids=["desk", "telephone"])
def test_the_pages_of_a_case_can_be_read_and_used_by_everybody(
    live, opened, alice, covert, desk_of, watched, size, language
):
    desk_of(watched)
    page = opened(alice, size)
    for address in (
        "/cases",
        "/cases/new",
        "/cases/talk",
        covert.path,
        f"{covert.path}/watch",
        f"{covert.path}/members",
    ):
        page.goto(live.url + address)
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        is_as_wide_as_its_window(page)
        is_accessible(page)
    page.goto(live.url + covert.path)
    followed(page, "section[aria-labelledby=talk] a.button")
    is_as_wide_as_its_window(page)
    is_accessible(page)


def test_two_units_with_accounts_of_one_person_are_told_and_the_covert_side_decides_for_itself(
    live, opened, covert, watched
):
    """What the covert case notes stands in Bob's report alone; Charlie's report names the same person by other words."""
    shared = f"{name('too')}@example.com", f"+91982{randrange(10**7):07}", f"35{randrange(10**12):012}"
    bob = holder(live, opened, "Bob", watched, *shared)
    charlie = holder(live, opened, "Charlie", *shared)
    come_round()
    for mine, theirs in ((bob, charlie), (charlie, bob)):
        said = mine.goes(mine.of_the_report()[0])
        told = mine.page.locator("main .message.warning")
        expect(told).to_contain_text("The same person, as far as known")
        expect(told.locator("b").nth(1)).to_have_text(theirs.unit_name)
        secrets = (*covert.secrets, str(theirs.number), "Covert")
        assert not [word for word in secrets if word in said.replace(mine.officer.name, "")]
    covert.page.goto(covert.url)
    talk = covert.page.locator("section[aria-labelledby=talk] li")
    expect(talk).to_have_count(2)
    by_person = talk.filter(has_text="A person in your case")
    expect(by_person).to_contain_text(f"Talk to {charlie.unit_name}")
    covert.frank.goto(covert.url)
    expect(covert.frank.locator("section[aria-labelledby=talk]")).to_have_count(0)
    by_person.locator("a.button").click()
    covert.page.check("[name=decision][value=spoken]")
    covert.page.fill("[name=reason]", WHY)
    covert.page.click("main button.main")
    covert.page.wait_for_url(covert.url)
    liaison = covert.secrets[-1]
    charlie.goes(charlie.of_the_report()[0])
    expect(charlie.page.locator("main .message.warning")).to_contain_text(liaison)
    assert liaison not in bob.goes(bob.of_the_report()[0])


def holder(live, opened, called: str, *identifiers: str) -> Desk:
    """A hub whose platform has reported one person with these identifiers at the door."""
    platform = Platform(live.url)
    phones = "".join(f"<phone>{one}</phone>" for one in identifiers if one.startswith("+"))
    emails = "".join(f"<email>{one}</email>" for one in identifiers if "@" in one)
    devices = "".join(
        f"<deviceId><idType>IMEI</idType><idValue>{one}</idValue></deviceId>" for one in identifiers if one.isdigit()
    )
    person = "<email>{email}</email></personOrUserReportedPerson>"
    number = platform.opened(REPORT.replace(person, f"{phones}{emails}</personOrUserReportedPerson>{devices}"))
    assert platform.finish(number).code == 0
    officer = make_officer(platform.unit, "analyst", "supervisor", called=called)
    with on_the_road("test:report"):
        row = fetch_one(Row, "select id, compartment from intake_report where number = %s", [number])
    assert row is not None
    desk = Desk(platform, officer, opened(officer), identifiers[0], number, row.id, row.compartment)
    desk.goes("/desk")
    return desk
