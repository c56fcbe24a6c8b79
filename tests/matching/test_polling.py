"""Our client reads a list from our own door, over real HTTP: to its end, only then further, and never by halves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from tests.factory import make_unit, name
from tests.matching.test_sharing import DAY, FOR, Partner, give, make_list, partner, put, rows, take_in

from abhaya.errors import OperatorError
from abhaya.matching.actions import NewList, open_list, poll_next, poll_step, set_poll
from abhaya.matching.exchange import Door
from abhaya.matching.formats.hash_sharing_xml import NAMESPACE
from abhaya.matching.lists import ListRow, list_named
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, fetch, value


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def alice(live, hub) -> Partner:
    return partner(live, hub, "Alice")


@pytest.fixture
def ours(hub) -> ListRow:
    """An empty list of ours that is to be read from elsewhere."""
    called = name("copy")
    with on_the_road("test"):
        open_list(NewList(called, hub, "A neighbour", "", "ncmec", "material"))
        of = list_named(called)
    assert of
    return of


def read_from(of: ListRow, url: str, as_whom: Partner, folder: Path) -> str:
    file = folder / "credentials"
    file.write_text(f"{as_whom.username}\n{as_whom.password}\n")
    with on_the_road("test"):
        return set_poll(of, Door(url, str(file)))


def poll(of: ListRow) -> tuple[int, str]:
    """Rounds to the end of the range: pages, and the problem."""
    for pages in range(1, 100):
        with on_the_road("test"):
            step = poll_step(of)
        if not step.more:
            return pages, step.problem
    raise AssertionError("the pages have no end")


def live_md5(of: ListRow) -> set[str]:
    with on_the_road("test"):
        return set(fetch(
            lambda md5: bytes(md5).hex(),
            "select md5 from matching_entry where compartment = %s and withdrawn_at is null", [of.compartment],
        ))  # fmt: skip


def checkpoint(of: ListRow) -> object:
    with on_the_road("test"):
        return value("select checkpoint from matching_poll where compartment = %s", [of.compartment])


def test_a_list_is_read_to_its_end_and_then_only_what_changed(live, hub, alice, ours, tmp_path):
    first = rows(2300)
    theirs = make_list(hub, *first)
    give(theirs, alice)
    assert read_from(ours, f"{live.url}/hashsharing", alice, tmp_path).startswith(alice.name)
    assert poll(ours) == (3, "")
    assert live_md5(ours) == {md5 for _, md5 in first}
    then = checkpoint(ours)
    take_in(theirs, *first[100:], ("new", "ab12" * 8), day=DAY + timedelta(1))
    put(alice, FOR)
    assert poll(ours)[1] == ""
    assert live_md5(ours) == {md5 for _, md5 in first[100:]} | {"ab12" * 8}
    assert checkpoint(ours) >= then
    with on_the_road("test"):
        vouched = value("select max(vouched) from matching_entry where compartment = %s", [ours.compartment])
        kept = value(
            "select count(*) from matching_list_version where compartment = %s and state = 'done'", [ours.compartment]
        )
    assert vouched == 2  # who keeps the list, and Alice
    assert kept >= 4  # each page is in the vault


def test_a_range_that_breaks_off_moves_nothing_and_goes_on_where_it_was(live, hub, alice, ours, tmp_path):
    theirs = make_list(hub, *rows(1500))
    give(theirs, alice)
    read_from(ours, f"{live.url}/hashsharing", alice, tmp_path)
    with on_the_road("test"):
        assert poll_step(ours).more
    assert checkpoint(ours) is None
    (tmp_path / "credentials").write_text(f"{alice.username}\nwrong password\n")
    assert poll(ours) == (1, "it answers 401")
    assert checkpoint(ours) is None
    assert len(live_md5(ours)) == 1000
    (tmp_path / "credentials").write_text(f"{alice.username}\n{alice.password}\n")
    assert poll(ours) == (1, "")
    assert len(live_md5(ours)) == 1500
    assert checkpoint(ours) is not None


def test_the_worker_reads_what_is_due(live, hub, alice, ours, tmp_path):
    theirs = make_list(hub, *rows(2))
    give(theirs, alice)
    read_from(ours, f"{live.url}/hashsharing", alice, tmp_path)
    with on_the_road("test"):
        execute(
            "update matching_poll set due_at = now() - interval '1 year' where compartment = %s", [ours.compartment]
        )
    with on_the_road("road:matching"):
        poll_next()
    assert len(live_md5(ours)) == 2


@pytest.mark.parametrize(
    "address", ["http://192.0.2.1/hashsharing", "ftp://127.0.0.1/", "https://a:b@example.org/", "x"]
)
def test_a_password_does_not_go_over_the_network_in_the_clear(ours, address):
    with on_the_road("test"), pytest.raises(OperatorError):
        set_poll(ours, Door(address, "/nowhere"))


@pytest.fixture
def rogue() -> Iterator[ThreadingHTTPServer]:
    """A door that answers what `said` holds, and keeps what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append(self.path)
            status, head, body = self.server.said(self.path)
            self.send_response(status)
            for key, text in head.items():
                self.send_header(key, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.said = [], lambda _: (200, {}, status())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def status() -> bytes:
    return f'<status xmlns="{NAMESPACE}"><member id="7">Us</member></status>'.encode()


def answer(following: str) -> bytes:
    return f'<queryResult xmlns="{NAMESPACE}"><paging><next>{following}</next></paging></queryResult>'.encode()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (lambda path: (200, {}, answer(path.removeprefix("/hashsharing").replace("&", "&amp;"))), "no end"),
        (lambda _: (200, {}, answer("https://example.org/v2/entries")), "not relative"),
        (lambda _: (302, {"Location": "/elsewhere"}, b""), "302"),
        (lambda _: (200, {}, b"<html/>"), "no queryResult"),
        (lambda _: (200, {}, answer("/x")[:-20]), "breaks off"),
        (lambda _: (503, {}, b""), "503"),
    ],
)
def test_a_door_that_answers_badly_moves_nothing(rogue, ours, alice, tmp_path, said, why):
    url = f"http://127.0.0.1:{rogue.server_port}/hashsharing"
    assert read_from(ours, url, alice, tmp_path) == "Us (7)"
    rogue.said = said
    _, problem = poll(ours)
    assert why in problem
    assert checkpoint(ours) is None
    assert not [path for path in rogue.asked if not path.startswith("/hashsharing/v2/")]
