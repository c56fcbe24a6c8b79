"""No page asks the database more than its budget of questions, however much there is to show (the design, section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import psycopg
import pytest
from django.urls import reverse
from tests.cases.world import compared, make_case
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit, name

from abhaya.access.actions import ApprovalKind, ask, open_to
from abhaya.access.actions.emergencies import unmask_in_emergency
from abhaya.access.permissions import PERMISSIONS, Role
from abhaya.access.queries import signed_in
from abhaya.cases import actions as cases
from abhaya.custody import holds
from abhaya.desk import inquiries, rights
from abhaya.intake import queries as intake
from abhaya.intake.formats.record import Fact, Loss, Text
from abhaya.intake.formats.record import Person as Described
from abhaya.journey import open_road
from abhaya.linking import queries_remarks as remarks
from abhaya.linking import queries_subjects as subjects
from abhaya.routing.actions.referrals import offer
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain
from abhaya.training.pictures import png
from abhaya.web.rooms import ROOMS

PICTURE = png(78, 160)  # arithmetic; not the picture of the world that the other promises walk
QUERIES_MAX = 25
SOON = datetime.now(UTC).date() + timedelta(days=30)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement sent meanwhile, below Django: what goes round its cursor is counted too."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def counting(self: psycopg.Cursor, query: object, *given: object, **more: object) -> psycopg.Cursor:
        sent.append(query if isinstance(query, str) else repr(query))
        return execute(self, query, *given, **more)

    with patch.object(psycopg.Cursor, "execute", counting):
        yield sent


# The probes of the machine stand in transactions of their own, so that one that fails hides no other.
PROBES = {"desk-health"}


def asks_at_most(browser, address: str) -> None:
    browser.get(address)  # what is read once for a program's life is none of this page's
    with counted() as sent:
        answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert 0 < len(sent) <= QUERIES_MAX, f"{address}: {len(sent)} queries\n" + "\n".join(
        " ".join(one.split())[:120] for one in sent
    )


class World:
    """A hub, and a district without files to which its report was offered; another unit whose case watches in it."""

    def __init__(self) -> None:
        open_road()
        self.hub, self.district, self.elsewhere = make_unit("hub"), make_unit("district"), make_unit("district")
        roles = ("officer", "analyst", "supervisor", "media-viewer")
        self.alice, self.bob = make_officer(self.hub, *roles), make_officer(self.hub, *roles, called="Bob")
        self.dora = make_officer(self.district, *roles, called="Dora")
        self.charlie = make_officer(self.elsewhere, *roles, called="Charlie")
        self.sender = make_sender(self.hub)
        self.emails = [f"{name('e')}@example.com" for _ in range(4)]
        for _ in range(3):
            self._report()
        self.report = self._report()
        self.other = self._report()
        self.number = self._of(self.report).number
        self.case = make_case(self.alice)
        self._filled()

    def _report(self):
        receipt = make_report(
            self.sender,
            incident_type="Online Enticement of Children for Sexual Acts",
            persons=(
                Described("reported", 1, "/report", name="Invented Name", display_names=("nick",)),
                Described("victim", 1, "/report/victim", name="Invented Child"),
            ),
            facts=(
                *(Fact("email", email, f"/report/email[{at}]", "reported", 1) for at, email in enumerate(self.emails)),
                Fact("ip", "192.0.2.77", "/report/ip", "reported", 1, event="Login"),
                Fact("phone", "+919876500001", "/report/victim/phone", "victim", 1),
            ),
            texts=(Text("additional information", "asks for a picture " * 9, "/report/text"),),
            losses=(Loss("/report/odd", "odd", "what nobody understood"),),
            held=(b"the same invented file", PICTURE, b"one more invented file"),
        )
        drain()
        return receipt.report_id

    def _of(self, report):
        with acting(self.alice.id):
            return intake.report(report)

    def _filled(self) -> None:
        """Everything that the page of a report can hold."""
        row, theirs = self._of(self.report), make_case(self.charlie)
        with acting(self.charlie.id, name="Charlie"):
            for case_email in self.emails[:2]:
                cases.watch(
                    theirs, self.charlie.id, kind="email", raw=case_email, platform="", role="reported", source="x y z"
                )
        with acting(self.alice.id, name="Alice", with_road=True):
            officer = signed_in(self.alice.id)
            assert officer is not None
            cases.attach(self.case, self.alice.id, row.number, "belongs to it")
            for email in self.emails:
                cases.watch(
                    self.case, self.alice.id, kind="email", raw=email, platform="", role="reported", source="x y z"
                )
            ask(ApprovalKind.UNMASK, row.id, row.compartment, "to call the mother first", officer)
            unmask_in_emergency(row.id, row.compartment, "1", "the child is in danger now and nobody answers", officer)
            asked = rights.take_down(
                self.hub, "correction", "letter 9", "", [selector_id("email", self.emails[0])], (SOON, SOON)
            )
            rights.correct(
                asked,
                next(one for one in rights.held([selector_id("email", self.emails[0])]) if one.report_id == row.id),
                "stolen in March",
            )
            inquiries.ask(rights.request_of(asked), self.hub)
            holds.place(holds.Placed(self.hub, "order 7", "held for the court", SOON, compartment=row.compartment))
            offer(row.id, self.district, officer, "for you")
        with on_the_road("test"):
            open_to([(self.district, row.compartment, "work", "test")])
        compared()


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def page_of(report: object) -> str:
    return reverse("desk-report", args=[report])


def test_the_page_of_a_report_with_everything_on_it(world):
    browser = browser_of(world.alice)
    page = browser.get(page_of(world.report)).content.decode()
    for what in ("Seen before in", "Road so far", "order 7", "Talk to", "for you", "masked", "stolen in March"):
        assert what in page, what
    asks_at_most(browser, page_of(world.report))


def test_the_page_of_a_report_that_opening_takes_in_hand(world):
    browser = browser_of(world.alice)
    browser.get(page_of(world.report))
    with counted() as sent:
        answer = browser.get(page_of(world.other))
    assert b"yours alone until" in answer.content
    assert len(sent) <= QUERIES_MAX, len(sent)


def test_the_page_of_a_report_for_a_unit_that_keeps_no_files(world):
    browser = browser_of(world.dora)
    assert "Kept at" in browser.get(page_of(world.report)).content.decode()
    asks_at_most(browser, page_of(world.report))


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_rail(role, world):
    browser = browser_of(make_officer(world.hub, role))
    for room in ROOMS:
        if room.permission in PERMISSIONS[role] and room.url_name not in PROBES:
            asks_at_most(browser, reverse(room.url_name))


def test_the_pages_of_a_subject(world):
    browser = browser_of(world.alice)
    with acting(world.alice.id):
        one, other = (subjects.persons_of_report(report)[0].account_id for report in (world.report, world.other))
    asks_at_most(browser, reverse("desk-subject", args=[one]))
    asks_at_most(browser, f"{reverse('desk-linked')}?a={one}&b={other}")
    asks_at_most(browser, f"{reverse('desk-linked')}?a={world.report}&b={world.other}")
    asks_at_most(browser, f"{reverse('desk-judge')}?a={one}&b={other}")
    given = {"text": "asks for money", "kind": "note", "kept": "report", "about": [str(one)], "is_whole": "on"}
    browser.post(reverse("desk-remark-new", args=[one]), given)
    asks_at_most(browser, reverse("desk-subject", args=[one]))
    asks_at_most(browser, reverse("desk-remark-new", args=[one]))
    with acting(world.alice.id):
        [remark] = remarks.of_accounts([one])
    asks_at_most(browser, reverse("desk-remark", args=[remark.first_id]))


def test_the_page_of_similar_names(world):
    browser = browser_of(world.alice)
    address = reverse("desk-names", args=[world.report])
    assert f'href="{page_of(world.other)}"' in browser.get(address).content.decode()
    asks_at_most(browser, address)


def test_the_page_of_a_case_and_of_a_file(world):
    browser = browser_of(world.alice)
    with acting(world.alice.id):
        picture = next(file for file in intake.files(world.report) if file.media_type == "image/png")
    asks_at_most(browser, reverse("cases-case", args=[world.case]))
    asks_at_most(browser, reverse("desk-file", args=[picture.id]))
