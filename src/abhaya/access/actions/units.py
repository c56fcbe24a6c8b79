"""Units of the tree: added and changed one by one, or many from a CSV file. Every change is a line in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.formats import units_csv
from abhaya.access.queries import SQL, UnitRow, unit_of_code, units
from abhaya.access.reasons import in_words
from abhaya.access.rules import UnitFacts, parents_first, unit_faults
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.reason import Reason
from abhaya.shared.sql import execute, value

YES = frozenset({"", "1", "y", "yes", "true", "active", "हाँ"})
FIELDS = ("name", "name_hi", "kind", "place_code", "forward_rule", "duty_contact", "holds_files", "is_active")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row of the file that was set aside, and why."""

    line: int
    code: str
    reasons: tuple[Reason, ...]

    @property
    def sentence(self) -> str:
        return in_words(self.reasons)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: codes added, changed, already the same; rows set aside; columns not understood."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    refused: tuple[Refused, ...]
    unknown_columns: tuple[str, ...]


def add_unit(facts: UnitFacts) -> UUID:
    """A new unit. Raises `OfficerError` with what is wrong, or when its code is taken."""
    known = {unit.code: unit for unit in units()}
    if facts.code in known:
        raise OfficerError(_("There is a unit with the code “{code}” already.").format(code=facts.code))
    _write([facts], known, {})
    added = unit_of_code(facts.code)
    assert added is not None  # noqa: S101 — written by the line above, in this transaction
    return added


def change_unit(unit_id: UUID, facts: UnitFacts) -> None:
    """Changes a unit; its code stays. Raises `OfficerError` with what is wrong."""
    known = {unit.code: unit for unit in units()}
    before = next((unit for unit in known.values() if unit.id == unit_id), None)
    if before is None:
        raise NotThere(_("There is no such unit."))
    _write([], known, {before.code: replace(facts, code=before.code)})


def import_units(content: bytes) -> Imported:
    """Adds and changes units from a CSV file; a row that is wrong is set aside, the others go in.

    A known code changes that unit, and only in the columns the file has. Raises `OfficerError` for a file that is no table.
    """
    try:
        table = units_csv.read(content)
    except units_csv.NotATable as error:
        raise OfficerError(in_words([Reason(error.code, error.values)])) from error
    known = {unit.code: unit for unit in units()}
    parent_code = {unit.id: unit.code for unit in known.values()}
    asked: dict[str, tuple[int, UnitFacts]] = {}
    refused: list[Refused] = []
    for row in table.rows:
        code = row.values.get("code", "")
        if code in asked:
            refused.append(Refused(row.line, code, (Reason("unit-twice", {"code": code}),)))
        elif row.is_too_long:
            refused.append(Refused(row.line, code, (Reason("row-columns"),)))
        else:
            asked[code] = (row.line, _merged(row.values, known.get(code), parent_code))
    added, changed, same = [], {}, 0
    kind_of = {unit.code: unit.kind for unit in known.values()}
    children_of = _parents(known)
    for facts in parents_first([entered for __, entered in asked.values()]):
        before = known.get(facts.code)
        faults = unit_faults(facts, kind_of) + _kind_faults(facts, before, children_of)
        if faults:
            refused.append(Refused(asked[facts.code][0], facts.code, tuple(faults)))
            continue
        kind_of[facts.code] = facts.kind
        if before is None:
            added.append(facts)
        elif facts == _facts_of(before, parent_code):
            same += 1
        else:
            changed[facts.code] = facts
    _write(added, known, changed)
    refused.sort(key=lambda row: row.line)
    return Imported(tuple(facts.code for facts in added), tuple(changed), same, tuple(refused), table.unknown_columns)


def _write(added: Sequence[UnitFacts], known: Mapping[str, UnitRow], changed: Mapping[str, UnitFacts]) -> None:
    """Writes units whose rows are sound (checked again here: the forms come this way too), with their ledger lines."""
    id_of = {unit.code: unit.id for unit in known.values()}
    parent_code = {unit.id: unit.code for unit in known.values()}
    kind_of = {unit.code: unit.kind for unit in known.values()} | {facts.code: facts.kind for facts in changed.values()}
    children_of = _parents(known)
    own_unit = value(SQL["unit_of"], [current_actor().id])
    acts = []
    rows = []
    for facts in added:
        _stop_if(unit_faults(facts, kind_of))
        kind_of[facts.code] = facts.kind
        id_of[facts.code] = uuid7()
        parent = id_of.get(facts.parent_code)
        rows.append((id_of[facts.code], parent, facts.code, *[getattr(facts, field) for field in FIELDS]))
        acts.append(Act(Event.ACCESS_UNIT_ADDED, subject=id_of[facts.code], facts=asdict(facts)))
    insert("access_unit", ["id", "parent_id", "code", *FIELDS], rows)
    for code, facts in changed.items():
        before = known[code]
        _stop_if(unit_faults(facts, kind_of) + _kind_faults(facts, before, children_of))
        was, now = asdict(_facts_of(before, parent_code)), asdict(facts)
        if was == now:
            continue
        if not facts.is_active and before.id == own_unit:
            raise OfficerError(_("Your own unit is put out of service by an administrator of another one."))
        columns = {"id": before.id, "parent": id_of.get(facts.parent_code), **{field: now[field] for field in FIELDS}}
        if not execute(SQL["change_unit"], columns):
            raise NotPermitted(_("Your role does not include this."))
        differs = {field: [was[field], now[field]] for field in now if was[field] != now[field]}
        acts.append(Act(Event.ACCESS_UNIT_CHANGED, subject=before.id, facts={"code": code, "changed": differs}))
    record(acts)


def _stop_if(faults: Sequence[Reason]) -> None:
    if faults:
        raise OfficerError(in_words(faults))


def _kind_faults(facts: UnitFacts, before: UnitRow | None, parents: frozenset[UUID]) -> list[Reason]:
    if before is not None and before.kind != facts.kind and before.id in parents:
        return [Reason("unit-kind-children", {"code": facts.code})]
    return []


def _parents(known: Mapping[str, UnitRow]) -> frozenset[UUID]:
    return frozenset(unit.parent_id for unit in known.values() if unit.parent_id is not None)


def _facts_of(unit: UnitRow, parent_code: Mapping[UUID, str]) -> UnitFacts:
    parent = parent_code.get(unit.parent_id, "") if unit.parent_id else ""
    return UnitFacts(code=unit.code, parent_code=parent, **{field: getattr(unit, field) for field in FIELDS})


def _merged(values: Mapping[str, str], before: UnitRow | None, parent_code: Mapping[UUID, str]) -> UnitFacts:
    """The row laid over what is known of the unit: a column the file does not have changes nothing."""
    said: dict[str, object] = {column: cell for column, cell in values.items() if column != "is_active"}
    for column in ("kind", "forward_rule", "holds_files"):
        if column in said:
            said[column] = str(said[column]).lower()
    if not said.get("forward_rule"):
        said.pop("forward_rule", None)
    if "is_active" in values:
        said["is_active"] = values["is_active"].lower() in YES
    facts = _facts_of(before, parent_code) if before else UnitFacts(code=values.get("code", ""), name="", kind="")
    return replace(facts, **said)  # type: ignore[arg-type]  # columns are fields of UnitFacts, see units_csv.COLUMNS
