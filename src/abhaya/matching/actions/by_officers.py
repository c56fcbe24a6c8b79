"""What officers do to hash lists on the pages: the same acts as at the command line, under the officer's name.

Only the unit that answers for a list takes a version in, opens it, shares it, ends it or takes it out; any unit to which it
is open may vote. The writing is the road's, as for everything that is brought in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from abhaya.access.actions import WATCH, close_to, open_to
from abhaya.access.queries import SignedIn
from abhaya.custody.queries import read_object
from abhaya.custody.vault import receive_stream
from abhaya.errors import NotPermitted, NotThere, OfficerError, OperatorError, SenderError
from abhaya.matching import exchange, listing
from abhaya.matching.actions import polling, sharing
from abhaya.matching.actions.changes import Said, change_list
from abhaya.matching.actions.lists import NewList, NewVersion, end_list, open_list, open_version, read_version
from abhaya.matching.actions.sharing import Ballot
from abhaya.matching.exchange import Door
from abhaya.matching.formats.stream import stream_of
from abhaya.matching.listing import ListShown, OpeningShown, ShareShown
from abhaya.matching.lists import SQL, ListRow, Unfinished, list_named, newest_day, taken_in_before
from abhaya.matching.sharing import keys_with
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.jobs import Asked, defer
from abhaya.shared.sql import fetch_one

# A version that an officer brought, read by a worker; the second, where a fifth of the list may go.
EXCHANGES = "exchanges"  # a folder below the data folder; of each file user name, password and address, a line each
READ, READ_ALL = "matching.read-list", "matching.read-list-and-withdraw"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of a list, as an officer brought it."""

    version: str
    dated: date
    upload: UploadedFile[Any]
    accept_withdrawals: bool = False


class Given(NamedTuple):
    """To whom a list is open, with whom it is shared, and with whom it could be."""

    openings: Sequence[OpeningShown]
    shares: Sequence[ShareShown]
    partners: Sequence[str]


class _Kept(NamedTuple):
    list_name: str
    compartment: UUID
    object_id: UUID
    state: str
    rows_read: int


def take_in_new(new: NewList, brought: Brought) -> UUID:
    """A list that is not here yet. OfficerError where its name is taken."""
    with _road():
        if list_named(new.name) is not None:
            raise OfficerError(_("There is a list of this name already. Choose another name."))
        list_id = open_list(new)
    take_in_version(new.name, brought)
    return list_id


def take_in_version(name: str, brought: Brought) -> None:
    """A newer version: its file goes to the vault, and a worker reads it. OfficerError where this very file is in."""
    draft = receive_stream(brought.upload.chunks())
    with _road():
        new, of = NewVersion(brought.version, brought.dated, brought.upload.name or "list", draft), _in_use(name)
        before, newest = taken_in_before(of.compartment, draft.sha256), newest_day(of.compartment)
        if before is not None:
            raise OfficerError(_("This very file is in already, as version %(version)s.") % {"version": before})
        if newest is not None and brought.dated < newest:
            raise OfficerError(
                _("The list is in as of %(day)s; an older version would take that back.") % {"day": newest}
            )
        version = open_version(of, new)
    defer(READ_ALL if brought.accept_withdrawals else READ, version_id=str(version.id))


def read_brought(asked: Asked, ids: Mapping[str, str], *, accept_withdrawals: bool = False) -> None:
    """The job: reads a version from the vault to its end. One that a crash stopped goes on where it was."""
    version_id = UUID(ids["version_id"])
    with on_the_road(asked.name, officer=asked.officer, purpose=asked.purpose):
        kept = fetch_one(_Kept, SQL["kept_version"], {"version": version_id})
        of = list_named(kept.list_name) if kept else None
        if kept is None or of is None or of.ended or kept.state != "reading":
            return
        pieces = read_object(kept.object_id, kept.compartment)
    read_version(
        of, Unfinished(version_id, kept.rows_read), stream_of(pieces), purpose=asked.purpose, officer=asked.officer,
        accept_withdrawals=accept_withdrawals,
    )  # fmt: skip


def end(name: str, reason: str) -> int:
    """Nothing of the list finds anything any more. Returns how many matches are open again."""
    with _road():
        return end_list(_in_use(name), reason)


def change(name: str, said: Said, reason: str) -> None:
    """What the list says of itself. OfficerError where nothing would change."""
    with _road():
        if not change_list(_in_use(name), said, reason):
            raise OfficerError(_("Nothing of it differs from what stands there."))


def exchanges() -> dict[str, Door]:
    """The doors that an operator laid down, by name."""
    return exchange.laid_down(Path(settings.DATA_DIR) / EXCHANGES)


def read_from(name: str, exchange_name: str) -> None:
    """From now on the list is read from a door that an operator laid down."""
    door = exchanges().get(exchange_name)
    if door is None:
        raise OfficerError(_("There is no exchange of this name."))
    with _road():
        polling.set_poll(_in_use(name), door)


def change_reading(name: str, to: str) -> None:
    """`to`: `paused`, `on` or `removed`."""
    with _road():
        if not polling.change_poll(_in_use(name), to):
            raise OfficerError(_("That is so already, or the list is read from nowhere."))


def open_to_unit(row: ListShown, unit: UUID, basis: str) -> None:
    """The unit reads the list, and what it found in reports that are open to it."""
    open_to([(unit, row.id, WATCH, basis)])


def close_to_unit(row: ListShown, unit: UUID) -> None:
    if unit == row.unit_id or not close_to([(unit, row.id)]):
        raise NotThere(_("There is nothing here for you."))


def share(name: str, partner: str, until: datetime | None) -> None:
    with _road():
        sharing.share(_in_use(name), partner, until)


def end_share(name: str, partner: str) -> None:
    with _road():
        sharing.end_share(_in_use(name), partner)


def vote(row: ListShown, officer: SignedIn, key: str, *, against: Sequence[str]) -> int:
    """The unit's vote on every live entry of the list that has this hash. Returns on how many."""
    kind = key.partition(":")[0]
    with _road():
        of = _in_use(row.name)
        try:
            keys = keys_with(of.compartment, key)
        except (ValueError, KeyError) as problem:
            raise OfficerError(_("This is no hash: %(why)s") % {"why": problem}) from problem
        if not keys:
            raise OfficerError(_("No live entry of the list has this hash."))
        for one in keys:
            ballot = Ballot(
                of.compartment, of.name, one, officer.unit_id, officer.unit_name, kind, affirmative=not against,
                reasons=against,
            )  # fmt: skip
            sharing.vote(ballot)
    return len(keys)


def given(list_id: UUID) -> Given:
    """For the unit that answers for the list: a look, which no act is part of."""
    with _road(apart=True):
        return Given(listing.openings(list_id), listing.shares(list_id), listing.partners())


def refuse_others(row: ListShown, officer: SignedIn) -> None:
    """Raises NotPermitted for a unit that does not answer for the list."""
    if row.unit_id != officer.unit_id:
        raise NotPermitted(_("Only the unit that answers for the list does this: %(unit)s.") % {"unit": row.unit_name})


def refused(act: Callable[[], object]) -> str:
    """Does it. Returns the sentence that refuses it, "" where it was done. What is not there, or not theirs, is raised."""
    try:
        act()
    except (NotThere, NotPermitted):
        raise
    except (OfficerError, OperatorError, SenderError) as refusal:
        return refusal.sentence
    return ""


@contextmanager
def _road(*, apart: bool = False) -> Iterator[None]:
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose, apart=apart):
        yield


def _in_use(name: str) -> ListRow:
    of = list_named(name)
    if of is None or of.ended:
        raise OfficerError(_("The list was ended; nothing more is done with it."))
    return of
