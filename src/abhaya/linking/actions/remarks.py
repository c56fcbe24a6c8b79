"""Remarks on a person as far as known: written about chosen accounts, corrected by a new version, withdrawn with a reason.

A remark is kept with a report in which one of its accounts stands (or in a case, for that case's members), and whoever may
not read there does not read it. It follows its accounts through every split and merge, for it names nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.actions.approvals import sound
from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn, trace, works_on
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.queries_remarks import NAME, NOTE
from abhaya.linking.statements import REMARKS as SQL
from abhaya.shared.bulk import insert
from abhaya.shared.ids import until, uuid7
from abhaya.shared.sql import as_row, execute, fetch, fetch_one, value, values

TEXT_CHARACTERS_MAX = 2000
NAME_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class Written:
    """What an officer writes. `about`: the accounts it belongs to. `besides`: who stands with them while it is said of the
    whole person; None where it is said of the accounts alone.
    """

    text: str
    about: frozenset[UUID]
    besides: frozenset[UUID] | None = None
    kind: str = NOTE


class _Place(NamedTuple):
    compartment: UUID
    report_id: UUID


class _Held(NamedTuple):
    id: UUID
    version: int
    compartment: UUID
    report_id: UUID
    is_withdrawn: bool


def write(written: Written, officer: SignedIn, *, report_id: UUID | None = None, case: UUID | None = None) -> UUID:
    """Writes a remark down. Returns its id.

    Kept in `case`, else with `report_id`, where one of the accounts stands, else with the newest report that names one.
    Raises `NotThere` where the officer does not see every account, `NotPermitted` where they work on no such report.
    """
    _permitted(officer)
    _sound(written)
    place = _place(written.about, report_id, case)
    remark = uuid7()
    _insert(remark, remark, 1, place, written, officer)
    _recorded(Event.LINKING_REMARK_WRITTEN, remark, place.compartment, accounts=len(written.about))
    return remark


def correct(remark_id: UUID, written: Written, officer: SignedIn, *, instead_of: int) -> None:
    """A new version in the same place, `instead_of` the one that the officer read. The one before stays readable."""
    _permitted(officer)
    _sound(written)
    held = _held(remark_id)
    if held.version != instead_of:
        raise OfficerError(_("Somebody corrected this meanwhile. Read what it says now."))
    if not value(SQL["stands_in"], {"report": held.report_id, "accounts": sorted(written.about)}):
        raise OfficerError(
            _(
                "None of these accounts stands in the report with which the remark is kept. Take it back, and write it"
                " where it belongs."
            )
        )
    version = held.version + 1
    _insert(uuid7(), remark_id, version, _Place(held.compartment, held.report_id), written, officer)
    _recorded(Event.LINKING_REMARK_CORRECTED, remark_id, held.compartment, version=version, accounts=len(written.about))


def withdraw(remark_id: UUID, why: str, officer: SignedIn) -> None:
    """Takes a remark back: it stays on record, and stands nowhere any more."""
    _permitted(officer)
    why = sound(why)
    held = _held(remark_id)
    execute(SQL["withdraw"], {"id": held.id, "officer": officer.id, "name": officer.name, "why": why})
    _recorded(Event.LINKING_REMARK_WITHDRAWN, remark_id, held.compartment, version=held.version)


def _permitted(officer: SignedIn) -> None:
    if not officer.may(Permission.LINKING_REMARK_WRITE):
        raise NotPermitted(_("There is nothing here for you."))


def _sound(written: Written) -> None:
    most = NAME_CHARACTERS_MAX if written.kind == NAME else TEXT_CHARACTERS_MAX
    if not written.about or not written.text.strip() or written.kind not in {NOTE, NAME}:
        raise OfficerError(_("Write something, and say which account it is about."))
    if len(written.text) > most:
        raise OfficerError(_("This is longer than %(most)s letters.") % {"most": most})
    everybody = written.about | (written.besides or frozenset())
    if set(values(SQL["seen"], {"accounts": sorted(everybody)})) != everybody:
        raise NotThere(_("There is nothing here for you."))


def _place(about: Collection[UUID], report_id: UUID | None, case: UUID | None) -> _Place:
    """Where it is kept: where nobody outside a covert case reads it, if that is the officer's only way in."""
    wanted = {"accounts": sorted(about), "report": report_id, "until": until()}
    rows: list[tuple[UUID, UUID]] = fetch(as_row, SQL["named_in"], wanted)
    if case is not None:
        if not works_on(case) or not rows:
            raise NotThere(_("There is nothing here for you."))
        return _Place(case, rows[0][0])
    for report, compartment in rows:
        where = trace(compartment)
        if works_on(where):
            return _Place(where, report)
    raise NotPermitted(_("Only a unit that works on a report with one of these accounts may write this."))


def _held(remark_id: UUID) -> _Held:
    """The newest version, held until the transaction ends. Raises where it is not the officer's to change."""
    found = fetch_one(_Held, SQL["held"], {"remark": remark_id})
    if found is None:
        if value(SQL["is_there"], {"remark": remark_id}):
            raise NotPermitted(_("Only a unit that works on the report with which this is kept may change it."))
        raise NotThere(_("There is nothing here for you."))
    if found.is_withdrawn:
        raise OfficerError(_("This was taken back already."))
    return found


def _insert(row: UUID, remark: UUID, version: int, place: _Place, written: Written, officer: SignedIn) -> None:
    kept = {
        "id": row, "first_id": remark, "version": version, "compartment": place.compartment, "report_id": place.report_id,
        "kind": written.kind, "text": written.text.strip(), "is_whole": written.besides is not None,
        "by_officer": officer.id, "by_name": officer.name, "by_unit": officer.unit_id,
    }  # fmt: skip
    if not insert("linking_remark", list(kept), [list(kept.values())], conflict="on conflict do nothing"):
        raise OfficerError(_("Somebody corrected this meanwhile. Read what it says now."))
    besides = (written.besides or frozenset()) - written.about
    accounts = [(one, row, place.compartment, one in written.about) for one in sorted(written.about | besides)]
    insert("linking_remark_account", ["account_id", "remark_id", "compartment", "is_about"], accounts)


def _recorded(event: Event, remark: UUID, compartment: UUID, **facts: object) -> None:
    record([Act(event, remark, compartment, facts)])
