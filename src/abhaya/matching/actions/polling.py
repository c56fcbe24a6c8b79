"""Lists that are read from others' hash-sharing doors, a page a round, through the same import as a file.

How far a list is read moves only when a range was read to its end: its pages do not come in the order of time. A range that
was interrupted goes on where it was, as long as the other side keeps its page.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

from abhaya.custody.vault import receive_stream
from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching import exchange
from abhaya.matching.actions.lists import NewVersion, open_version, read_version
from abhaya.matching.exchange import Away, Door, Page
from abhaya.matching.lists import ListRow, list_named, taken_in_before
from abhaya.matching.sharing import SQL
from abhaya.shared.identity import current_actor
from abhaya.shared.sql import execute, fetch_one, value

EVERY = timedelta(minutes=10)
OVERLAP = timedelta(minutes=2)  # two clocks never agree, and what a range says again is known already
NEXT_KEPT = timedelta(hours=12)  # how long a `next` is good for
PAGES_PER_RANGE_MAX = 1_000_000
_BEGINNING = datetime.fromtimestamp(0, UTC)


# Into which state, and out of which.
_CHANGES = {
    "paused": (Event.MATCHING_POLL_PAUSED, ["on"]),
    "on": (Event.MATCHING_POLL_RESUMED, ["paused"]),
    "removed": (Event.MATCHING_POLL_REMOVED, ["on", "paused"]),
}


class _Poll(NamedTuple):
    list_id: UUID
    name: str
    address: str
    credentials_file: str
    checkpoint: datetime | None
    range_to: datetime | None
    range_begun_at: datetime | None
    next_page: str
    pages: int


class Step(NamedTuple):
    """What one round did. `more`: the range has another page."""

    entries: int
    more: bool
    problem: str


def set_poll(of: ListRow, door: Door) -> str:
    """From now on the list is read from there. Returns as whom the other side knows us. OperatorError where it does not."""
    if of.ended:
        raise OperatorError(f"The list “{of.name}” was ended; nothing is read into it.")
    door = Door(exchange.checked_address(door.address), door.credentials_file)
    try:
        member = exchange.status(door)
    except Away as away:
        raise OperatorError(f"{door.address}: {away}") from away
    execute(
        SQL["set_poll"],
        {"list": of.compartment, "address": door.address, "file": door.credentials_file, "member": member},
    )
    facts = {"list": of.name, "address": door.address}
    record([Act(Event.MATCHING_LIST_POLLED, of.compartment, of.compartment, facts)])
    return member


def change_poll(of: ListRow, to: str) -> bool:
    """`to`: `paused`, `on` again, or `removed`; what was read stays. False where it is not read from anywhere, or so already."""
    event, before = _CHANGES[to]
    found = value(SQL["change_poll"], {"list": of.compartment, "to": to, "from": before})
    if found is None:
        return False
    record([Act(event, of.compartment, of.compartment, {"list": of.name, "address": str(found)})])
    return True


def poll_next() -> None:
    """One page of the list that has waited longest. A duty of the road."""
    due = fetch_one(_Poll, SQL["poll_due"])
    if due is not None:
        _step(due)


def poll_step(of: ListRow) -> Step:
    """One page of this list, whether it is due or not. OperatorError: it is not read from anywhere."""
    found = fetch_one(_Poll, SQL["poll_of"], {"list": of.compartment})
    if found is None:
        raise OperatorError(f"{of.name} is read from no other door yet, or is paused, or is being read at this moment.")
    return _step(found)


def _step(poll: _Poll) -> Step:
    now = datetime.now(UTC).replace(microsecond=0)
    stale = poll.range_begun_at is None or now - poll.range_begun_at > NEXT_KEPT or not poll.next_page
    begin = poll.checkpoint - OVERLAP if poll.checkpoint else _BEGINNING
    end = now if stale or poll.range_to is None else poll.range_to
    relative = exchange.first(begin, end) if stale else poll.next_page
    pages = 1 if stale else poll.pages + 1
    try:
        page = _page(poll, relative, pages)
        if page.entries:
            _take_in(poll, page, f"{end:%Y-%m-%dT%H:%M:%SZ} page {pages}")
    except Away as away:
        return _failed(poll, away)
    done = not page.following
    execute(
        SQL["polled"],
        {
            "list": poll.list_id, "checkpoint": end if done else poll.checkpoint, "to": None if done else end,
            "begun": None if done else now if stale else poll.range_begun_at, "next": page.following,
            "pages": 0 if done else pages, "due": now + EVERY if done else now, "problem": "",
        },
    )  # fmt: skip
    return Step(page.entries, not done, "")


def _page(poll: _Poll, relative: str, pages: int) -> Page:
    page = exchange.page(Door(poll.address, poll.credentials_file), relative)
    if page.following and (page.following == relative or pages >= PAGES_PER_RANGE_MAX):
        raise Away("its pages have no end", is_refusal=True)
    return page


def _take_in(poll: _Poll, page: Page, version: str) -> None:
    """The page to the vault, its entries to the list. Raises Away where it breaks off."""
    of = list_named(poll.name)
    if of is None or of.ended:
        raise OperatorError(f"There is no list “{poll.name}” in use.")
    draft = receive_stream([page.content])
    if taken_in_before(of.compartment, draft.sha256) is not None:
        return
    new = NewVersion(version, datetime.now(UTC).date(), f"{version}.xml", draft)
    actor = current_actor()
    _, why = read_version(of, open_version(of, new), BytesIO(page.content), purpose=actor.purpose, officer=actor.id)
    if why:
        raise Away(why)


def _failed(poll: _Poll, away: Away) -> Step:
    """Kept for the page of the lists; the range begins again where its page is refused, else it goes on later."""
    problem, kept = str(away), not away.is_refusal
    execute(
        SQL["polled"],
        {
            "list": poll.list_id, "checkpoint": poll.checkpoint, "to": poll.range_to if kept else None,
            "begun": poll.range_begun_at if kept else None, "next": poll.next_page if kept else "",
            "pages": poll.pages if kept else 0, "due": datetime.now(UTC) + EVERY, "problem": problem,
        },
    )  # fmt: skip
    return Step(0, more=False, problem=problem)
