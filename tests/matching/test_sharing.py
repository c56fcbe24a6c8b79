"""Lists shared with partners at the hash-sharing door, over real HTTP: what is given, to whom, and what is said of it."""

from __future__ import annotations

import hashlib
import http.client
import io
import random
import re
import secrets
from base64 import b64encode
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlsplit
from uuid import UUID

import pytest
from django.test import Client
from lxml import etree
from tests.factory import make_report, make_sender, make_unit, name

from abhaya.custody.vault import receive_stream
from abhaya.errors import OperatorError
from abhaya.intake import credentials, senders
from abhaya.intake.formats.record import FilePart
from abhaya.ledger.events import Event
from abhaya.matching import sharing
from abhaya.matching.actions import (
    Ballot,
    NewList,
    NewVersion,
    carry_on_rechecks,
    end_list,
    end_share,
    open_list,
    open_version,
    read_version,
    share,
    vote,
)
from abhaya.matching.formats.hash_sharing_xml import NAMESPACE
from abhaya.matching.lists import ListRow, list_named
from abhaya.matching.votes import REASONS
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch, value, values

NS = f"{{{NAMESPACE}}}"
DAY = date(2026, 11, 1)


@dataclass
class Partner:
    """A client of the door, as small as one gets."""

    url: str
    name: str
    username: str
    password: str
    id: UUID

    def ask(
        self, path: str, *, method: str = "GET", body: bytes = b"", password: str | None = None
    ) -> http.client.HTTPResponse:
        at = urlsplit(self.url)
        word = f"{self.username}:{self.password if password is None else password}"
        head = {"Authorization": "Basic " + b64encode(word.encode()).decode()} if self.username else {}
        with closing(http.client.HTTPConnection(at.hostname, at.port, timeout=60)) as line:
            line.request(method, "/hashsharing" + path, body or None, head)
            with line.getresponse() as answer:
                answer.document = etree.fromstring(answer.read())
                return answer

    def page(self, path: str = "/v2/entries") -> etree._Element:
        answer = self.ask(path)
        assert answer.status == 200, etree.tostring(answer.document)
        return answer.document

    def everything(self, begin: str = "2020-01-01T00:00:00Z", end: str | None = None) -> dict[str, str]:
        """Entry -> its tag, over all pages, as clients in the field go: `next` verbatim behind the base address."""
        end = end or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        path, found = f"/v2/entries?from={quote(begin)}&to={quote(end)}", {}
        while path:
            document = self.page(path)
            for group in ("images", "videos"):
                for one in document.iterfind(f"{NS}{group}/*"):
                    found[one.findtext(f"{NS}id")] = etree.QName(one).localname
            path = document.findtext(f"{NS}paging/{NS}next") or ""
        return found


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


def partner(live, hub: UUID, called: str = "Partner") -> Partner:
    one = Partner(live.url, name(called), name("partner"), secrets.token_hex(12), hub)
    with on_the_road("test"):
        one.id = senders.add_sender(one.name, hub, kind="partner", username=one.username, password=one.password)
    return one


@pytest.fixture
def alice(live, hub) -> Partner:
    return partner(live, hub, "Alice")


def make_list(hub: UUID, *rows: tuple[str, str]) -> ListRow:
    called = name("list")
    with on_the_road("test"):
        open_list(NewList(called, hub, "A source", "for this test", "vics-us", "material"))
        of = list_named(called)
    take_in(of, *rows)
    return of


def take_in(of: ListRow, *rows: tuple[str, str], day: date = DAY) -> None:
    data = ("id,md5,category\n" + "".join(f"{ref},{md5},2\n" for ref, md5 in rows)).encode()
    with on_the_road("test"):
        version = open_version(of, NewVersion(str(day), day, "list.csv", receive_stream([data])))
    read_version(of, version, io.BytesIO(data), accept_withdrawals=True)


def rows(count: int, seed: int | None = None) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    return [(str(n), chance.randbytes(16).hex()) for n in range(count)]


def give(of: ListRow, to: Partner, until: datetime | None = None) -> None:
    with on_the_road("operator:test"):
        share(of, to.name, until)


def events(of: ListRow) -> list[str]:
    with on_the_road("test"):
        return [str(one) for one in values("select event from ledger_entry where compartment = %s", [of.compartment])]


def test_a_partner_reads_what_is_shared_with_it_page_after_page_and_nothing_else(live, hub, alice):
    of, other = make_list(hub, *rows(2300)), make_list(hub, *rows(3))
    assert alice.everything() == {}
    give(of, alice)
    first = alice.page("/v2/entries")
    assert len(first.findall(f"{NS}images/{NS}image")) == 1000
    assert first.findtext(f"{NS}paging/{NS}next").startswith("/v2/entries?from=")
    assert len(alice.everything()) == 2300
    assert {one.text for one in alice.page("/v2/members")} == {alice.name, of.name}
    assert other.name not in etree.tostring(alice.page("/v2/members"), encoding="unicode")


def test_the_range_asked_for_is_kept_and_an_empty_one_has_no_next(live, hub, alice):
    of = make_list(hub, *rows(3))
    give(of, alice)
    past = alice.page("/v2/entries?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00.000Z")
    assert list(past) == []
    assert len(alice.everything()) == 3
    assert alice.ask("/v2/entries?from=yesterday").status == 400


def test_a_client_that_calls_local_time_utc_misses_nothing(live, hub, alice):
    of = make_list(hub, *rows(3))
    give(of, alice)
    ahead = datetime.now(UTC) + timedelta(hours=5, minutes=30)
    assert (
        len(alice.everything(f"{ahead:%Y-%m-%dT%H:%M:%SZ}", f"{ahead + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}")) == 3
    )


def test_what_clients_in_the_field_cannot_do_without(live, hub, alice):
    of = make_list(hub, *rows(2))
    give(of, alice)
    (images,) = alice.page("/v2/entries").findall(f"{NS}images")
    assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", images.get("maxTimestamp"))
    assert images.get("count") == "2"
    reasons = alice.page("/v2/feedback/MD5/reasons")
    assert reasons.find(f"{NS}availableFeedbackReasons/{NS}reason").get("guid") == str(REASONS[0].guid)
    status = alice.page("/v2/status")
    assert int(status.find(f"{NS}member").get("id")) > 0
    assert status.findtext(f"{NS}username") == alice.username


def test_what_was_withdrawn_is_a_tombstone_and_what_was_corrected_is_no_tombstone(live, hub, alice):
    of, three = make_list(hub), rows(3)
    take_in(of, *three, day=DAY + timedelta(1))
    give(of, alice)
    before = alice.everything()
    take_in(of, *three[:2], day=DAY + timedelta(2))
    after = alice.everything()
    assert before.keys() == after.keys()
    assert sorted(after.values()) == ["deletedImage", "image", "image"]


def test_entries_written_while_a_client_pages_come_with_the_next_range_and_never_twice(live, hub, alice, monkeypatch):
    of = make_list(hub, *rows(1500))
    give(of, alice)
    document = alice.page("/v2/entries")
    take_in(of, *rows(20, seed=1), day=DAY + timedelta(1))  # the whole list is another one now
    rest = alice.page(document.findtext(f"{NS}paging/{NS}next"))
    assert rest.find(f"{NS}paging") is None
    assert not rest.findall(f"{NS}images/{NS}deletedImage")
    assert list(alice.everything().values()).count("image") == 20


def test_a_stranger_a_wrong_password_and_another_partner_learn_nothing(live, hub, alice):
    of = make_list(hub, *rows(1500))
    give(of, alice)
    bob = partner(live, hub, "Bob")
    stranger = Partner(live.url, "", "", "", hub)
    assert stranger.ask("/v2/entries").status == 401
    assert stranger.ask("/v2/entries").headers["WWW-Authenticate"].startswith("Basic")
    assert alice.ask("/v2/entries", password="wrong").status == 401
    following = alice.page("/v2/entries").findtext(f"{NS}paging/{NS}next")
    assert bob.ask(following).status == 400
    assert bob.ask(following.replace("page=", "page=x")).status == 400
    assert bob.everything() == {}
    number, entry = one_entry(alice)
    theirs = bob.ask(f"/v2/entries/{number}/{entry}/MD5/feedback", method="PUT", body=FOR)
    nothing = bob.ask(f"/v2/entries/999999/{'0' * 32}/MD5/feedback", method="PUT", body=FOR)
    assert (theirs.status, nothing.status) == (404, 404)
    assert etree.tostring(theirs.document) == etree.tostring(nothing.document)


def test_guessing_is_slowed_down(live, hub, monkeypatch):
    monkeypatch.setattr(credentials, "FAILURES_PER_MINUTE_MAX", 2)
    carol = partner(live, hub, "Carol")
    wrong = "Basic " + b64encode(f"{carol.username}:wrong".encode()).decode()
    answers = [Client().get("/hashsharing/v2/status", headers={"Authorization": wrong}) for _ in range(6)]
    assert [one.status_code for one in answers[:2]] == [401, 401]
    assert answers[-1].status_code == 429


def test_a_flood_is_told_to_wait(live, hub, bench):
    dave = partner(live, hub, "Dave")
    with bench.connect("abhaya_owner") as owner:
        owner.execute("update intake_sender set requests_per_minute_max = 5 where id = %s", [dave.id])
    answers = [dave.ask("/v2/status") for _ in range(30)]
    assert {one.status for one in answers} == {200, 429}
    assert answers[-1].headers["Retry-After"]


def test_a_share_that_ended_or_ran_out_a_covert_list_and_an_ended_one_never_appear(live, hub, alice, bench):
    ended, over, covert, gone = (make_list(hub, *rows(2)) for _ in range(4))
    give(ended, alice)
    give(over, alice, datetime.now(UTC) - timedelta(days=1))
    give(covert, alice)
    give(gone, alice)
    assert len(alice.everything()) == 6
    with on_the_road("test"):
        end_share(ended, alice.name)
        end_list(gone, "no longer kept")
    with bench.connect("abhaya_owner") as owner:
        owner.execute("update access_compartment set covert = true where id = %s", [covert.compartment])
    assert alice.everything() == {}
    with on_the_road("test"), pytest.raises(OperatorError, match="covert"):
        share(covert, alice.name)
    with on_the_road("test"), pytest.raises(OperatorError, match="no partner"):
        share(ended, name("nobody"))


# --- votes ---

FOR = f'<feedbackSubmission xmlns="{NAMESPACE}"><affirmative><!-- blank --></affirmative></feedbackSubmission>'.encode()
AGAINST = (
    f'<feedbackSubmission xmlns="{NAMESPACE}"><negative><reasonIds><guid>{REASONS[1].guid}</guid></reasonIds></negative>'
    "</feedbackSubmission>"
).encode()


def one_entry(of: Partner) -> tuple[str, str]:
    image = of.page("/v2/entries").find(f"{NS}images/{NS}image")
    return image.find(f"{NS}member").get("id"), image.findtext(f"{NS}id")


def put(by: Partner, body: bytes, kind: str = "MD5") -> http.client.HTTPResponse:
    number, entry = one_entry(by)
    return by.ask(f"/v2/entries/{number}/{entry}/{kind}/feedback", method="PUT", body=body)


def worth(of: ListRow) -> list[tuple[int, int]]:
    with on_the_road("test"):
        return fetch(
            lambda *row: row,
            "select vouched, disputed from matching_entry where compartment = %s and withdrawn_at is null",
            [of.compartment],
        )


def test_votes_count_once_for_each_voter_and_outlive_the_next_version(live, hub, alice):
    bob, one = partner(live, hub, "Bob"), rows(1)
    of = make_list(hub, *one)
    give(of, alice)
    give(of, bob)
    for _ in range(2):
        assert put(alice, FOR).status == 200
    assert worth(of) == [(1, 0)]
    assert put(bob, FOR).status == 200
    assert worth(of) == [(2, 0)]
    take_in(of, *one, *rows(1, seed=2), day=DAY + timedelta(1))
    assert sorted(worth(of)) == [(0, 0), (2, 0)]
    said = etree.tostring(alice.page("/v2/entries"), encoding="unicode")
    assert alice.name in said and bob.name not in said  # whom else it is shared with is nobody's concern
    assert said.count("<affirmativeFeedback") == 2


def test_a_vote_must_be_one_and_name_a_reason_that_there_is(live, hub, alice):
    of = make_list(hub, *rows(1))
    give(of, alice)
    unknown = AGAINST.replace(str(REASONS[1].guid).encode(), b"01234567-abcd-0123-4567-012345678900")
    bombs = b'<!DOCTYPE a [<!ENTITY b "c">]>' + FOR
    for body in (b"", b"<a/>", unknown, bombs, b"<" * 1000, FOR.replace(b"affirmative", b"perhaps")):
        assert put(alice, body).status == 400
    assert put(alice, FOR, "SHA1").status == 404  # the entry has none
    assert put(alice, FOR, "NOSUCH").status == 404
    assert put(alice, FOR * 1000).status == 413
    assert worth(of) == [(0, 0)]


def test_two_that_vouch_make_it_known_one_against_makes_it_only_look_known(live, hub, alice, closed_road):
    held = f"an invented file {name('x')}".encode()
    report = make_report_held(hub, held)
    of = make_list(hub, ("1", md5_of(held)))
    rechecked()
    assert decided(report) == [("looks-known", None)]
    give(of, alice)
    put(alice, FOR)
    unit = make_unit("district")
    with on_the_road("road:matching"):
        (key,) = sharing.keys_with(of.compartment, f"md5:{md5_of(held)}")
        vote(Ballot(of.compartment, of.name, key, unit, "Our unit", "md5", affirmative=True))
    rechecked()
    assert decided(report)[-1] == ("known", None)
    assert {end for _, end in decided(report)[:-1]} == {"voted"}
    put(alice, AGAINST)
    rechecked()
    assert decided(report)[-1] == ("looks-known", None)
    assert [answer for answer, ended in decided(report) if ended is None] == ["looks-known"]


def make_report_held(hub: UUID, held: bytes) -> UUID:
    return make_report(make_sender(hub), held=(held,), files=(FilePart("/file[1]"),)).report_id


def md5_of(held: bytes) -> str:

    return hashlib.md5(held, usedforsecurity=False).hexdigest()


def rechecked() -> None:
    """What the worker does each second, until nothing is open."""
    while True:
        with on_the_road("road:matching"):
            if not value("select count(*) from matching_recheck where done_at is null"):
                return
            carry_on_rechecks()


def decided(report: UUID) -> list[tuple[str, str | None]]:
    with on_the_road("test"):
        return fetch(
            lambda answer, ended: (answer, ended or None),
            "select answer, nullif(end_reason, '') from matching_list_match where report_id = %s order by position",
            [report],
        )


def test_what_was_given_to_whom_is_in_the_ledger(live, hub, alice):
    of = make_list(hub, *rows(1))
    give(of, alice)
    alice.page("/v2/entries")
    put(alice, FOR)
    with on_the_road("test"):
        end_share(of, alice.name)
    told = events(of)
    for event in (
        Event.MATCHING_LIST_SHARED, Event.MATCHING_LIST_HANDED_OUT, Event.MATCHING_ENTRY_VOTED, Event.MATCHING_LIST_UNSHARED,
    ):  # fmt: skip
        assert event.value in told
