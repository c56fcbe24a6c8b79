"""The training world made live: units, ready-made officers, what the units know, senders, and reports over real HTTP.

`prepare` writes what an administrator would have set up; `send` is a platform, with nothing but an address and a
credential. `abhaya demo` calls both; journeys in the tests do too.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from abhaya.access.actions import NewOfficer, add_officer, import_units
from abhaya.access.permissions import Role
from abhaya.access.queries import units
from abhaya.intake.senders import add_sender
from abhaya.places.actions import import_file, load_bundled_gazetteer
from abhaya.shared.identity import on_the_road
from abhaya.training.client import Client
from abhaya.training.country import STATES, gazetteer_rows
from abhaya.training.emit import UNIT_COLUMNS, unit_rows
from abhaya.training.names import PLATFORMS
from abhaya.training.parameters import Parameters
from abhaya.training.people import WorldReport

SERVICE = "operator:demo"
CLIENTS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Credential:
    """A platform's sign-in at the door. It lives in memory for as long as the demo sends."""

    platform: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Prepared:
    hub: UUID
    units: dict[str, UUID]  # code -> id
    credentials: dict[str, Credential]  # platform -> credential


def prepare(parameters: Parameters) -> Prepared:
    """Everything a new installation needs before the first report. Opens its own transaction."""
    with on_the_road(SERVICE, purpose="set up the training world"):
        load_bundled_gazetteer()
        import_units(_csv(UNIT_COLUMNS, unit_rows(parameters)))
        by_code = {unit.code: unit.id for unit in units()}
        hub = by_code["HUB"]
        rows = gazetteer_rows(parameters.states, parameters.districts_per_state)
        import_file(_csv(tuple(rows[0]), rows), "gazetteer.csv")
        for officer in ready_made(by_code):
            add_officer(officer)
        credentials = {name: _sender(name, hub) for name, _, _ in PLATFORMS}
    return Prepared(hub, by_code, credentials)


def ready_made(by_code: dict[str, UUID]) -> list[NewOfficer]:
    """One officer for each desk that a visitor should stand at."""
    state = STATES[0]
    district = state.districts[0]
    cast = [
        ("hub.analyst", "Asha Udaharan", "HUB", [Role.ANALYST, Role.MEDIA_VIEWER], "en"),
        ("hub.supervisor", "Vikram Kalpit", "HUB", [Role.SUPERVISOR], "en"),
        ("state.analyst", "Meera Namunekar", state.code, [Role.ANALYST], "en"),
        ("district.officer", "Anil Namunekar", district.code, [Role.OFFICER, Role.MEDIA_VIEWER], "hi"),
        ("district.second", "Sunita Abhyas", district.code, [Role.OFFICER], "en"),
        ("hub.text", "Leela Pathak", "HUB", [Role.TEXT_REVIEWER], "en"),
        ("auditor", "Farida Kalpana", "HUB", [Role.AUDITOR], "en"),
        ("administrator", "Joseph Nakli", "HUB", [Role.ADMINISTRATOR], "en"),
    ]
    return [
        NewOfficer(username, name, by_code[code], [str(role) for role in roles], language=language, is_ready_made=True)
        for username, name, code, roles, language in cast
    ]


def send(
    address: str,
    credentials: dict[str, Credential],
    reports: Sequence[WorldReport],
    tell: Callable[[WorldReport], None],
) -> int:
    """Sends reports as their platforms would, a few clients at once, each platform's in their order. Returns how many."""
    by_platform: dict[str, list[WorldReport]] = {}
    for report in reports:
        by_platform.setdefault(report.account.platform, []).append(report)

    def one_platform(platform: str) -> int:
        credential = credentials[platform]
        client = Client(address, credential.username, credential.password)
        try:
            for report in by_platform[platform]:
                client.send(report)
                tell(report)
        finally:
            client.close()
        return len(by_platform[platform])

    with ThreadPoolExecutor(CLIENTS_AT_ONCE) as pool:
        return sum(pool.map(one_platform, by_platform))


def _sender(platform: str, hub: UUID) -> Credential:
    credential = Credential(platform, platform.lower(), secrets.token_urlsafe(24))
    add_sender(
        platform, hub, username=credential.username, password=credential.password,
        duty_contact=f"child-safety@{platform.lower()}.example.com",
    )  # fmt: skip
    return credential


def _csv(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
