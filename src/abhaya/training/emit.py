"""Writes a world to a folder: what platforms would send under `reports/`, what a unit knows as CSV, truth apart."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from abhaya.training import wire
from abhaya.training.country import STATES, gazetteer_rows
from abhaya.training.gatherings import gathered
from abhaya.training.group_files import write_group
from abhaya.training.parameters import Parameters
from abhaya.training.people import WorldReport
from abhaya.training.truth import PARTIES, parties_of, table, write_groups, write_truth
from abhaya.training.world import World

TRUTH_REPORTS = (
    "external_ref", "person_id", "platform", "account", "kind", "state", "district", "true_age", "stated_age",
    "child_age", "urgent", "duplicate_of", "networks", "channel", "updates", "clock",
)  # fmt: skip
TRUTH_PERSONS = (
    "person_id",
    "name",
    "name_hi",
    "state",
    "district",
    "true_age",
    "accounts",
    "emails",
    "phones",
    "devices",
)
UNIT_COLUMNS = ("code", "name", "name_hi", "kind", "parent_code", "place_code", "forward_rule", "duty_contact")


def write_world(folder: Path, world: World, count: int, *, as_json_every: int = 0) -> Iterator[str]:
    """Writes `count` reports and then the truth; yields each reference as it is written.

    Every `as_json_every`-th report is written as police JSON instead of a submission (0: none), and whatever a hotline
    passes on.
    """
    reports, truth = folder / "reports", folder / "truth"
    reports.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, str]] = []
    parties: list[tuple[object, ...]] = []
    for index, report in enumerate(world.reports(count), start=1):
        if report.channel == "hotline" or (as_json_every and index % as_json_every == 0):
            (reports / f"{report.ref}.json").write_bytes(wire.police_json(report))
            name = f"{report.ref}.json"
        else:
            write_submission(reports / report.ref, report)
            name = report.ref
        rows.append(truth_of(name, report))
        parties += parties_of(name, report)
        yield report.ref
    _write_csv(truth / "reports.csv", TRUTH_REPORTS, rows)
    _write_csv(truth / "persons.csv", TRUTH_PERSONS, (_person_row(world, index) for index in range(len(world.persons))))
    table(truth / "parties.csv", PARTIES, parties)
    write_truth(truth, world)
    if world.parameters.groups:
        groups = gathered(world)
        for group in groups:
            write_group(folder / "groups", group)
        write_groups(truth, groups)
    _write_csv(truth / "parameters.csv", ("name", "value"), _parameter_rows(world.parameters))
    write_unit_tables(folder, world.parameters)


def write_submission(folder: Path, report: WorldReport) -> None:
    """A submission kept as files: `report.xml`, `fileDetails-N.xml` and the files themselves."""
    folder.mkdir(exist_ok=True)
    (folder / "report.xml").write_bytes(wire.report_xml(report))
    for position, seed in enumerate(report.files):
        (folder / f"fileDetails-{position + 1}.xml").write_bytes(wire.file_details_xml(report, position))
        (folder / wire.file_name(report, position)).write_bytes(wire.picture(seed))


def write_unit_tables(folder: Path, parameters: Parameters) -> None:
    """`units.csv` and `gazetteer.csv`: the hub, its states and districts, and the address ranges they know."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / "units.csv", UNIT_COLUMNS, unit_rows(parameters))
    rows = gazetteer_rows(parameters.states, parameters.districts_per_state)
    _write_csv(folder / "gazetteer.csv", tuple(rows[0]), rows)


def unit_rows(parameters: Parameters) -> list[dict[str, str]]:
    rows = [_unit("HUB", "National Tipline Unit", "राष्ट्रीय टिपलाइन इकाई", "hub", "", "IN", "district")]
    for state in STATES[: parameters.states]:
        rows.append(_unit(state.code, f"{state.name} Cyber", f"{state.name_hi} साइबर", "state", "HUB", state.code))
        rows += [
            _unit(d.code, f"{d.name} Cyber Police", f"{d.name_hi} साइबर पुलिस", "district", state.code, d.code)
            for d in state.districts[: parameters.districts_per_state]
        ]
    return rows


def truth_of(external_ref: str, report: WorldReport) -> dict[str, str]:
    state = STATES[report.person.state]
    return {
        "external_ref": external_ref,
        "person_id": report.person.id,
        "platform": report.account.platform,
        "account": report.account.identifier,
        "kind": report.kind,
        "state": state.code,
        "district": state.districts[report.person.district].code,
        "true_age": str(report.person.true_age),
        "stated_age": str(report.stated_age or ""),
        "child_age": str(report.child_age or ""),
        "urgent": str(report.urgent).lower(),
        "duplicate_of": report.duplicate_of,
        "networks": " ".join(login.network for login in report.logins),
        "channel": report.channel,
        "updates": report.updates,
        "clock": report.clock,
    }


def _unit(
    code: str, name: str, name_hi: str, kind: str, parent: str, place: str, forward: str = "off"
) -> dict[str, str]:
    contact = f"duty@{code.lower()}.example.org"
    return dict(zip(UNIT_COLUMNS, (code, name, name_hi, kind, parent, place, forward, contact), strict=True))


def _person_row(world: World, index: int) -> dict[str, str]:
    person = world.persons[index]
    state = STATES[person.state]
    return {
        "person_id": person.id,
        "name": person.name,
        "name_hi": person.name_hi,
        "state": state.code,
        "district": state.districts[person.district].code,
        "true_age": str(person.true_age),
        "accounts": " ".join(f"{account.platform}:{account.identifier}" for account in person.accounts),
        "emails": " ".join(person.emails),
        "phones": ";".join(person.phones),
        "devices": " ".join(person.devices),
    }


def _parameter_rows(parameters: Parameters) -> list[dict[str, str]]:
    return [{"name": name, "value": str(value)} for name, value in asdict(parameters).items()]


def _write_csv(path: Path, columns: Iterable[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        writer.writerows(rows)
