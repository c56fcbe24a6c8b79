"""Lists are taken in, opened, shared, voted on, ended and taken out on pages, by those whose they are."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factory import Person, browser_of, make_officer, make_report, make_sender, make_unit, name
from tests.matching.test_against_lists import a_list, arrives, found, match, md5, picture

from abhaya import journey
from abhaya.access.actions import decide, open_to
from abhaya.access.queries import signed_in
from abhaya.errors import NotPermitted, OperatorError
from abhaya.intake.senders import add_sender
from abhaya.matching import pages_keeping
from abhaya.matching.actions import by_officers
from abhaya.matching.lists import ListRow, list_named
from abhaya.shared import jobs
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, fetch, value, values

TODAY = datetime.now(UTC).date()
WHY = "the agreement of March, number 12"


@pytest.fixture
def hub():
    journey.open_road()
    return make_unit("hub")


@pytest.fixture
def alice(hub):
    return make_officer(hub, "supervisor")


@pytest.fixture
def of(hub) -> ListRow:
    made = a_list(hub, vouched=0)
    arrives(made, md5(picture()), day=TODAY - timedelta(1))
    return made


def upload(*hashes: str, called: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(called, ("md5,category\n" + "".join(f"{one},2\n" for one in hashes)).encode())


def sent(person: Person, address: str, **fields: object):
    return browser_of(person).post(address, fields)


def text(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def new_list(**more: object) -> dict[str, object]:
    given = {
        "name": name("list"), "source": "A partner", "licence": "for this unit", "purpose": "material", "scheme": "vics-us",
        "vouched": "0", "vouched_basis": "", "version": "7", "dated": TODAY.isoformat(),
    }  # fmt: skip
    return given | more


def worked_off(version: UUID) -> None:
    """What a worker does with the job that waits for this version."""
    with on_the_road("test"):
        (asked,) = values(
            "select args::text from procrastinate_jobs where args -> 'ids' ->> 'version_id' = %s", [str(version)]
        )
    jobs.run(**json.loads(asked))


def newest(of: ListRow) -> tuple[UUID, str]:
    with on_the_road("test"):
        statement = "select id, state from matching_list_version where compartment = %s order by id desc limit 1"
        return fetch(lambda *row: row, statement, [of.compartment])[0]


# --- taking in ---


def test_a_list_is_taken_in_read_by_a_worker_and_its_losses_are_shown(hub, alice):
    given, here = new_list(), picture()
    answer = sent(alice, "/lists/new", upload=upload(md5(here), "nohash"), **given)
    assert answer.status_code == 302, text(answer)
    page = browser_of(alice).get(answer["Location"])
    assert "being read" in text(page)
    of = list_named_on_the_road(str(given["name"]))
    worked_off(newest(of)[0])
    page = text(browser_of(alice).get(answer["Location"]))
    assert "line 3" in page
    assert "is not MD5" in page
    report = make_report(make_sender(hub), held=[here])
    match(report)
    assert [(row[0], row[4], row[5]) for row in found(report)] == [("bytes", of.name, "7")]
    with on_the_road("test"):
        who = "select actor_id from ledger_entry where event = 'matching:list:imported' and compartment = %s"
        assert value(who, [of.compartment]) == alice.id


def list_named_on_the_road(called: str) -> ListRow:
    with on_the_road("test"):
        found = list_named(called)
    assert found
    return found


def test_a_job_that_was_killed_goes_on_and_one_that_is_done_does_nothing(alice, of):
    answer = sent(
        alice, f"/lists/{of.compartment}/version", upload=upload(md5(picture())), version="8", dated=TODAY.isoformat()
    )
    assert answer.status_code == 302
    version, _state = newest(of)
    worked_off(version)
    assert newest(of) == (version, "done")
    worked_off(version)
    assert newest(of) == (version, "done")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x89PNG\r\n\x1a\nno list", "no hash list that is known here"),
        (b"md5\nnothex\n", "No entry of it can be read"),
        (b"md5\n", "No entry of it can be read"),
        (b"", "empty"),
    ],
)
def test_what_is_no_list_is_refused_before_anything_is_kept(alice, content, why):
    given = new_list()
    answer = sent(alice, "/lists/new", upload=SimpleUploadedFile("x", content), **given)
    assert answer.status_code == 422
    assert why in text(answer)
    with on_the_road("test"):
        assert list_named(str(given["name"])) is None


def test_the_same_file_an_older_one_and_a_name_that_is_taken_are_refused_in_the_readers_language(alice, of):
    file = upload(md5(picture()))
    address = f"/lists/{of.compartment}/version"
    day = {"version": "9", "dated": TODAY.isoformat()}
    assert sent(alice, address, upload=file, **day).status_code == 302
    worked_off(newest(of)[0])
    file.seek(0)
    assert "in already, as version 9" in text(sent(alice, address, upload=file, **day))
    older = sent(alice, address, upload=upload(md5(picture())), version="6", dated="2020-01-01")
    assert "would take that back" in text(older)
    taken = sent(alice, "/lists/new", upload=upload(md5(picture())), **new_list(name=of.name))
    assert "a list of this name already" in text(taken)
    browser = browser_of(alice)
    browser.post("/language", {"language": "hi"})
    assert "इस नाम की सूची पहले से है" in text(
        browser.post("/lists/new", {"upload": upload("ab" * 16), **new_list(name=of.name)})
    )


def test_a_name_that_is_refused_leaves_no_list_behind(alice, of, monkeypatch):
    given = new_list()

    def full(*_: object) -> None:
        raise OperatorError("The disk is full.")

    monkeypatch.setattr(by_officers, "open_version", full)
    answer = sent(alice, "/lists/new", upload=upload(md5(picture())), **given)
    assert "The disk is full." in text(answer)
    with on_the_road("test"):
        assert list_named(str(given["name"])) is None


# --- who may ---

ADDRESSES = ("version", "given", "end", "file")


def test_only_the_unit_that_answers_for_a_list_and_only_its_role_keeps_it(hub, alice, of):
    others = make_officer(make_unit("state"), "supervisor", called="Charlie")
    stranger = make_officer(make_unit("state"), "supervisor", called="Dora")
    with on_the_road("test"):
        open_to([(others.unit, of.compartment, "watch", "handed on")])
    officer = make_officer(hub, "officer", called="Bob")
    for place in ADDRESSES:
        address = f"/lists/{of.compartment}/{place}"
        for method in ("get", "post"):
            said = getattr(browser_of(others), method)(address)
            assert (said.status_code, "Only the unit that answers for the list" in text(said)) == (403, True)
            assert getattr(browser_of(stranger), method)(address).status_code == 404
            assert getattr(browser_of(officer), method)(address).status_code == 403
            assert getattr(browser_of(alice), method)(address).status_code in {200, 422, 404}
    analyst = make_officer(hub, "analyst", called="Eve")
    assert browser_of(analyst).get(f"/lists/{of.compartment}/version").status_code == 200
    assert browser_of(analyst).get(f"/lists/{of.compartment}/end").status_code == 403
    page = text(browser_of(officer).get(f"/lists/{of.compartment}"))
    assert "Newer version" not in page
    assert "End it" not in page


def test_a_list_is_opened_to_a_unit_and_closed_again(alice, of):
    district, address = make_unit("district"), f"/lists/{of.compartment}/given"
    bob = make_officer(district, "officer", called="Bob")
    assert browser_of(bob).get(f"/lists/{of.compartment}").status_code == 404
    assert sent(alice, address, act="open", unit=str(district), basis="short").status_code == 422
    assert sent(alice, address, act="open", unit=str(district), basis=WHY).status_code == 302
    assert browser_of(bob).get(f"/lists/{of.compartment}").status_code == 200
    assert WHY in text(browser_of(alice).get(address))
    other = make_unit("district")
    with acting(bob.id), pytest.raises(NotPermitted):
        open_to([(other, of.compartment, "watch", "hands it on")])
    assert sent(alice, address, act="close", unit=str(district)).status_code == 302
    assert browser_of(bob).get(f"/lists/{of.compartment}").status_code == 404
    for unit in (str(alice.unit), str(district), "nonsense", ""):
        assert sent(alice, address, act="close", unit=unit).status_code == 404
    assert sent(alice, address, act="burn").status_code == 404


def test_a_list_is_shared_with_a_partner_until_a_day_and_no_longer(hub, alice, of):
    partner, address = name("partner"), f"/lists/{of.compartment}/given"
    with on_the_road("test"):
        add_sender(partner, hub, kind="partner", username=name("u"), password="long enough for a door")
    assert sent(alice, address, act="share", partner=partner, until="2020-01-01").status_code == 422
    until = (TODAY + timedelta(9)).isoformat()
    assert sent(alice, address, act="share", partner=partner, until=until).status_code == 302
    with on_the_road("test"):
        row = fetch(
            lambda *row: row,
            "select given_by, until, ended_at from matching_share where compartment = %s",
            [of.compartment],
        )
    assert row == [("Alice", datetime.combine(TODAY + timedelta(10), datetime.min.time(), UTC), None)]
    assert sent(alice, address, act="unshare", partner=partner).status_code == 302
    again = sent(alice, address, act="unshare", partner=partner)
    assert (again.status_code, "is not shared with" in text(again)) == (422, True)
    assert "Shared with nobody" in text(browser_of(alice).get(address))


def test_an_ended_list_says_why_and_nothing_more_is_done_with_it(hub, alice):
    of, here = a_list(hub), picture()
    arrives(of, md5(here))
    report = make_report(make_sender(hub), held=[here])
    match(report)
    answer = browser_of(alice).post(f"/lists/{of.compartment}/end", {"reason": WHY}, follow=True)
    assert "1 match that rested on it is open again" in text(answer)
    assert WHY in text(answer)
    assert [row[-1] for row in found(report)] == [True]
    for place in (*ADDRESSES, "vote"):
        said = browser_of(alice).get(f"/lists/{of.compartment}/{place}")
        assert (said.status_code, "The list was ended" in text(said)) == (409, True)


def test_two_units_votes_make_an_entry_known_and_one_against_takes_that_back(hub, alice):
    of, here = a_list(hub, vouched=0), picture()
    arrives(of, md5(here))
    address = f"/lists/{of.compartment}/vote"
    state = make_unit("state")
    charlie = make_officer(state, "analyst", called="Charlie")
    with on_the_road("test"):
        open_to([(state, of.compartment, "watch", "handed on")])
    for person in (alice, charlie):
        answer = sent(person, address, hash=f"MD5: {md5(here)}", say="for")
        assert answer.status_code == 302, text(answer)
    assert worth(of) == (2, 0)
    against = {"say": "The file is not unlawful"}
    assert sent(charlie, address, hash=f"md5:{md5(here)}", **against).status_code == 302
    assert worth(of) == (1, 1)
    for wrong, why in ((f"md5:{md5(picture())}", "No live entry"), ("md5:xyz", "This is no hash"), ("nonsense", "")):
        said = sent(alice, address, hash=wrong, say="for")
        assert (said.status_code, why in text(said)) == (422, True)


def worth(of: ListRow) -> tuple[int, int]:
    statement = "select vouched, disputed from matching_entry where compartment = %s and withdrawn_at is null"
    with on_the_road("test"):
        return fetch(lambda *row: row, statement, [of.compartment])[0]


# --- taking out ---


def test_a_list_leaves_as_a_file_once_a_second_person_has_agreed(hub, alice, of):
    bob, address = make_officer(hub, "supervisor", called="Bob"), f"/lists/{of.compartment}/file"
    asked = sent(alice, address, form="csv", purpose=WHY)
    assert asked.status_code == 302
    with acting(bob.id, name="Bob"):
        officer = signed_in(bob.id)
        approval = value("select id from access_approval where compartment = %s", [of.compartment])
        assert officer
        decide(approval, officer, granted=True, reason="the partner asked in writing")
    page = text(browser_of(bob).get(f"/second-person/{approval}"))
    assert of.name in page
    wrong = sent(alice, address, form="vics", purpose=WHY)
    assert wrong.status_code == 302  # another form is another question
    file = sent(alice, address, form="csv", purpose=WHY)
    data = b"".join(file.streaming_content)
    assert data.startswith(b"md5,category\n")
    with on_the_road("test"):
        entry = fetch(
            lambda *row: row,
            "select actor_name, purpose, convert_from(body, 'UTF8') from ledger_entry"
            " where event = 'matching:list:exported' and subject_id = %s",
            [of.compartment],
        )
    ((who, purpose, body),) = entry
    assert (who, purpose) == ("Alice", WHY)
    assert hashlib.sha256(data).hexdigest() in body
    assert sent(alice, address, form="csv", purpose=WHY).status_code == 302  # it is asked anew


def test_a_list_too_large_for_a_page_is_the_operators(alice, of, monkeypatch):
    monkeypatch.setattr(pages_keeping, "FILE_ENTRIES_MAX", 0)
    answer = sent(alice, f"/lists/{of.compartment}/file", form="csv", purpose=WHY)
    assert (answer.status_code, "too large for a page" in text(answer)) == (422, True)


# --- a list that is read from another's door ---


def test_a_problem_of_reading_stands_where_the_list_stands(alice, of):
    with on_the_road("test"):
        execute(
            "insert into matching_poll (compartment, address, credentials_file, problem, tried_at, due_at)"
            " values (%s, 'https://door.example.org/hashsharing', '/etc/abhaya/x', 'it answers 503', now(), now() + interval '9 days')",
            [of.compartment],
        )
    for address in ("/lists", f"/lists/{of.compartment}"):
        page = text(browser_of(alice).get(address))
        assert "cannot be read" in page
        assert "it answers 503" in page
        assert "/etc/abhaya" not in page
