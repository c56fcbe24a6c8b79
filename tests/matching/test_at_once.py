"""A list that changes in the very moment in which a file is held against it: nothing stays known on a withdrawn entry."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from django.db import connections
from tests.factory import make_report, make_sender, make_unit
from tests.matching.test_against_lists import a_list, arrives, found, match, md5, picture, recheck
from tests.matching.test_near import hash_all, pdq, saved, scene

from abhaya.matching.actions import end_list, listed
from abhaya.matching.lists import ListRow
from abhaya.shared.identity import on_the_road

pytestmark = pytest.mark.usefixtures("closed_road")
WITHIN_SECONDS = 30.0


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


def ends(of: ListRow) -> None:
    with on_the_road("test"):
        end_list(of, "its source ended it")


def beside(act: Callable[[], None]) -> Future[None]:
    """In a thread with connections of its own; `result()` says how it ended."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    with_one = ThreadPoolExecutor(1)
    begun = with_one.submit(run)
    with_one.shutdown(wait=False)
    return begun


def between(monkeypatch, act: Callable[[], None], *, after: bool = False) -> None:
    """`act` comes once, between what a search found and its being written down, or right after that, before it is committed."""
    whole, left = listed.write, [act]

    def write(named, found_by):
        if named and not after and left:
            left.pop()()
        written = whole(named, found_by)
        if named and after and left:
            left.pop()()
        return written

    monkeypatch.setattr(listed, "write", write)


def until_somebody_waits(watcher: psycopg.Connection, transactions: int = 1) -> None:
    """Returns when so many transactions wait for a lock of this room."""
    asked = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    until = time.monotonic() + WITHIN_SECONDS
    while watcher.execute(asked).fetchone()[0] < transactions:
        assert time.monotonic() < until, "nobody waited"
        watcher.rollback()


@pytest.mark.parametrize("order", ["arrival", "re-check"])
def test_what_is_withdrawn_before_it_is_written_down_is_not_written(hub, sender, monkeypatch, order):
    here, of = picture(), a_list(hub)
    report = make_report(sender, held=[here])
    if order == "re-check":
        match(report)
    arrives(of, md5(here))
    between(monkeypatch, lambda: beside(lambda: ends(of)).result(WITHIN_SECONDS))
    if order == "re-check":
        recheck()
    else:
        match(report)
    assert found(report) == []


def test_what_is_withdrawn_after_it_was_written_down_waits_and_ends_it(hub, sender, monkeypatch, owner):
    here, of, ending = picture(), a_list(hub), list[Future[None]]()
    arrives(of, md5(here))
    report = make_report(sender, held=[here])

    def begin() -> None:
        ending.append(beside(lambda: ends(of)))
        until_somebody_waits(owner)

    between(monkeypatch, begin, after=True)
    match(report)
    ending[0].result(WITHIN_SECONDS)
    assert [(row[2], row[-1]) for row in found(report)] == [("known", True)]


def test_a_list_that_arrives_while_a_file_is_held_against_the_others_finds_it_all_the_same(hub, sender, monkeypatch):
    here, first, second = picture(), a_list(hub), a_list(hub)
    arrives(first, md5(here))
    report = make_report(sender, held=[here])
    between(monkeypatch, lambda: beside(lambda: arrives(second, md5(here))).result(WITHIN_SECONDS))
    match(report)
    recheck()
    assert {(row[3], row[4]) for row in found(report)} == {("arrival", first.name), ("re-check", second.name)}


def test_pictures_a_re_check_and_a_withdrawal_do_not_wait_in_a_circle(hub, sender, monkeypatch, owner):
    """The re-check has entries by bytes and by nearness, the pictures' round has found something, and a list ends meanwhile."""
    image, later, of, gone = scene(), scene(), a_list(hub), a_list(hub)
    first = make_report(sender, held=[saved(image)])
    match(first)
    hash_all()
    arrives(gone, pdq(saved(later)), header="pdq")
    second = make_report(sender, held=[saved(later)])
    match(second)
    arrives(of, f"{md5(saved(image))},{pdq(saved(image))}", header="md5,pdq")
    begun = list[Future[None]]()

    def begin() -> None:
        begun.append(beside(lambda: ends(gone)))
        until_somebody_waits(owner)
        begun.append(beside(hash_all))
        until_somebody_waits(owner, 2)

    between(monkeypatch, begin, after=True)
    recheck()
    for one in begun:
        one.result(WITHIN_SECONDS)
    assert {row[0] for row in found(first) if not row[-1]} == {"bytes"}
    assert [row for row in found(second) if not row[-1]] == []
