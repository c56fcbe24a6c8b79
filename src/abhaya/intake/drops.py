"""Actions of the drops: a load takes folders, archives and files in, batch by batch, through `actions.receive`.

Each batch is one transaction: what it reports as done is on disk, in the database and in the ledger. A bad item is set
aside with its reason, kept with the drop, and the rest go in; the same item twice is one record, so an interrupted load
is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.db import DatabaseError
from django.utils.translation import gettext as _

from abhaya.access.actions import open_compartments, open_to
from abhaya.custody.actions import Blob, Content, take_in
from abhaya.custody.vault import SMALL_BYTES_MAX, receive_stream
from abhaya.errors import AbhayaError, OfficerError, SenderError
from abhaya.intake.actions import Arrival, From, Original, content_key, number_key, receive
from abhaya.intake.formats.drop import Found, Keep, Mappings, Reading
from abhaya.intake.formats.drop_members import Member, SetAside
from abhaya.intake.queries import saved_mappings
from abhaya.intake.senders import sender_for_drop, sender_named
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, execute, is_trouble

BATCH_REPORTS_MAX = 500
BATCH_BYTES_MAX = 64 * 1024 * 1024
DROP_SENDERS = {
    "xml": "Submissions kept as files", "json": "NCMEC", "workbook": "NCMEC", "pdf": "NCMEC", "chat": "Exported chats",
    "members": "Providers’ lists of members",
}  # fmt: skip
SQL = NamedSql(__file__, "drops.sql")


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one item: verdict `new`, `same`, `added` or `set-aside`."""

    path: str
    verdict: str
    report_id: str = ""
    number: str = ""  # what is shown outside
    reason: str = ""
    losses: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(slots=True)
class Drop:
    """A load under way: for whom it runs, and how far it is."""

    id: UUID
    compartment: UUID
    unit_id: UUID
    officer: UUID | None
    service: str
    sender_name: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    senders: dict[str, From] = field(default_factory=dict)  # channel -> whose drops of that kind are


def open_load(unit_id: UUID, name: str, *, officer: UUID | None, service: str, sender_name: str = "") -> Drop:
    """A new load in the unit's own compartment, in the caller's transaction on the road."""
    drop = Drop(uuid7(), uuid7(), unit_id, officer, service, sender_name)
    now = datetime.now(UTC)
    open_compartments([(drop.compartment, "drop", False)])
    open_to([(unit_id, drop.compartment, "work", "loaded")])
    insert(
        "intake_load",
        [
            "id",
            "compartment",
            "unit_id",
            "officer_id",
            "name",
            "sender_name",
            "state",
            "counts",
            "made_at",
            "touched_at",
        ],
        [(drop.id, drop.compartment, unit_id, officer, name, sender_name, "waiting", "{}", now, now)],
    )
    return drop


def run_load(drop: Drop, find: Callable[[Mappings], Iterable[Found]], tell: Callable[[Line], None]) -> dict[str, int]:
    """Takes in everything `find` yields; `tell` hears each item as its batch is committed. Returns counts by verdict."""
    with on_the_road(drop.service, officer=drop.officer):
        mappings = Mappings(saved_mappings(drop.unit_id))
        named = sender_named(drop.sender_name) if drop.sender_name else None
        if drop.sender_name and named is None:
            raise OfficerError(
                _("There is no active sender named “%(name)s”: add it first.") % {"name": drop.sender_name}
            )
        if named is not None:
            named = replace(named, unit_id=drop.unit_id)  # whoever it sends to otherwise: this is the unit's own load
        drop.senders = {
            channel: named or sender_for_drop(name, drop.unit_id, "partner") for channel, name in DROP_SENDERS.items()
        }
        _mark(drop, "running")
    batch = _Batch()
    for found in find(mappings):
        try:
            batch.add(found)
        except SenderError as error:  # a member that an archive cannot unpack to its end
            batch.aside.append((SetAside(path_of(found), error.sentence), None))
        if batch.is_full():
            _commit(drop, batch, tell)
            batch = _Batch()
    _commit(drop, batch, tell)
    with on_the_road(drop.service, officer=drop.officer):
        _mark(drop, "done")
        facts: dict[str, int | str] = {**drop.counts, "sender": drop.sender_name}
        record([Act(Event.INTAKE_LOAD_FINISHED, drop.id, drop.compartment, facts)])
    return drop.counts


class _Batch:
    """What goes into one transaction. Bytes are taken while their folder or archive is open, large ones into the vault."""

    def __init__(self) -> None:
        self.readings: list[tuple[Reading, tuple[Original | None, ...]]] = []
        self.aside: list[tuple[SetAside | Keep, Content | None]] = []
        self._bytes = 0

    def add(self, found: Found) -> None:
        if not isinstance(found, Reading):
            self.aside.append((found, _content(found.member) if found.member else None))
            return
        files = tuple(self._file(member) if member else None for member in found.files)
        self.readings.append((found, files))
        self._bytes += sum(len(content) for _, content in found.originals)
        self._bytes += sum(len(file.content) for file in files if file and isinstance(file.content, bytes))

    def _file(self, member: Member) -> Original | None:
        """A damaged file does not take its report with it: it is set aside by itself, with its reason."""
        try:
            return Original(member.name, _content(member))
        except SenderError as error:
            self.aside.append((SetAside(member.path, error.sentence), None))
            return None

    def is_full(self) -> bool:
        return max(len(self.readings), len(self.aside)) >= BATCH_REPORTS_MAX or self._bytes >= BATCH_BYTES_MAX


def _commit(drop: Drop, batch: _Batch, tell: Callable[[Line], None]) -> None:
    lines = _set_aside(drop, batch.aside) + _take_in(drop, batch.readings)
    for line in lines:
        drop.counts[line.verdict] = drop.counts.get(line.verdict, 0) + 1
    with on_the_road(drop.service, officer=drop.officer):
        _mark(drop, "running")
    for line in lines:
        tell(line)


def path_of(found: Found) -> str:
    return found.member.path if isinstance(found, Keep) else found.path


def _set_aside(drop: Drop, found: list[tuple[SetAside | Keep, Content | None]]) -> list[Line]:
    """Keeps what was set aside, and whole workbooks, with the drop itself."""
    if not found:
        return []
    aside = [item for item, _ in found if isinstance(item, SetAside)]
    kept = [(path_of(item), content) for item, content in found if content is not None]
    with on_the_road(drop.service, officer=drop.officer):
        take_in([Blob(drop.compartment, path, content, "", "drop") for path, content in kept])
        insert(
            "intake_load_line",
            ["id", "compartment", "load_id", "path", "reason"],
            [(uuid7(), drop.compartment, drop.id, item.path, item.reason) for item in aside],
        )
    return [Line(item.path, "set-aside", reason=item.reason) for item in aside]


def _take_in(drop: Drop, readings: list[tuple[Reading, tuple[Original | None, ...]]]) -> list[Line]:
    """One batch in one transaction; if it fails, its items one by one, so that one bad item holds nobody."""
    if not readings:
        return []
    try:
        with on_the_road(drop.service, officer=drop.officer):
            receipts = receive([_arrival(drop, reading, files) for reading, files in readings])
    except (AbhayaError, OSError, ValueError, DatabaseError) as error:
        if is_trouble(error):
            raise
        if len(readings) == 1:
            sentence = error.sentence if isinstance(error, AbhayaError) else f"could not be stored: {error}"
            return _set_aside(drop, [(SetAside(readings[0][0].path, sentence), None)])
        return [line for one in readings for line in _take_in(drop, [one])]
    return [
        Line(reading.path, receipt.verdict, str(receipt.report_id), str(receipt.number), losses=_losses(reading))
        for (reading, _), receipt in zip(readings, receipts, strict=True)
    ]


def _arrival(drop: Drop, reading: Reading, files: tuple[Original | None, ...]) -> Arrival:
    sender = drop.senders[reading.channel]
    contents = [content for _, content in reading.originals]
    # Within the unit: otherwise a load would tell what other units hold, and its originals would go to them. Apart from
    # tests: a real report that came after one of the same number would never be routed.
    key = (
        number_key(
            f"{reading.authority} for {drop.unit_id}{' in a test' * sender.is_test}", reading.record.external_ref
        )
        if reading.authority
        else content_key(sender.id, drop.unit_id.bytes, *contents)
    )
    return Arrival(
        record=reading.record, sender=sender, channel=reading.channel, key=key,
        originals=tuple(Original(name, content) for name, content in reading.originals),
        files=files,
    )  # fmt: skip


def _content(member: Member) -> Content:
    """Small ones are read into the batch; what the vault keeps as a file streams there before the transaction begins."""
    if member.size_bytes <= SMALL_BYTES_MAX:
        return b"".join(member.pieces())
    return receive_stream(member.pieces())


def _losses(reading: Reading) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((loss.locator, loss.what, loss.text, loss.why) for loss in reading.record.losses)


def _mark(drop: Drop, state: str) -> None:
    counts = msgspec.json.encode(drop.counts).decode()
    execute(SQL["mark"], {"id": drop.id, "state": state, "counts": counts, "now": datetime.now(UTC)})
