"""From a report as read to its sightings: every fact normalised, every text mined, every claimed hash of a file.

Pure. Nothing is dropped: what would not normalise is a sighting too, with its raw text and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from abhaya.selectors import instants, ip, kinds
from abhaya.selectors.ip import PORT_MAX
from abhaya.selectors.mining import Mined, mine_all
from abhaya.selectors.normal import Normal, storable
from abhaya.selectors.shapes import FactShape, FileShape, InstantShape, RecordShape, TextShape
from abhaya.selectors.sighting import Sighting, selector_id

WORD_CHARACTERS_MAX = 256  # of an event, a platform, a type
RAW_CHARACTERS_MAX = 4000  # of one sighting; longer text stands whole in the original
LOCATOR_CHARACTERS_MAX = 1000
FILE_ROLE = "file"  # in this role `person` numbers the file from 1, in the order of `Record.files`

WHY_CUT = "This text holds more identifiers than are taken out of one text; read the original."

_NOT_ITS_OWN = frozenset({"mentioned", "incident", FILE_ROLE})  # roles in which `person` names nobody
_Owners = Mapping[tuple[str, int], UUID]


def sightings_of(
    record: RecordShape, compartment: UUID, report_id: UUID, item_id: UUID | None, *, country: str = ""
) -> list[Sighting]:
    """The rows of one report. `country` (ISO 3166-1 alpha-2) is where a telephone number without one belongs, for a
    caller who knows (an officer's form); a person's stated country comes first.
    """
    regions = {(place.role, place.person): place.country for place in record.places if len(place.country) == 2}
    service = record.platform or record.sender_name
    read: list[tuple[FactShape, Normal, int | None]] = []
    owners: dict[tuple[str, int], UUID] = {}
    for fact in record.facts:
        normal, port = _normalise(fact, fact.platform or service, regions.get((fact.role, fact.person), country))
        read.append((fact, normal, port))
        if fact.kind == "account" and normal.value and fact.role not in _NOT_ITS_OWN:
            owners.setdefault((fact.role, fact.person), selector_id("account", normal.value))
    head = (compartment, report_id, item_id)
    rows = [_row(head, fact, normal, port, owners) for fact, normal, port in read]
    rows += _names(record, head, owners, service)
    rows += _addresses(record, head, owners)
    for number, file in enumerate(record.files, start=1):
        rows += _file(file, number, head)
    for text in record.texts:
        rows += _mined(text, head, owners)
    return rows


_Head = tuple[UUID, UUID, UUID | None]
_At = tuple[datetime | None, str, str, bool]  # at, precision, as written, zone known


def _normalise(fact: FactShape, platform: str, region: str) -> tuple[Normal, int | None]:
    """The value, and the port that was written together with an address."""
    if fact.kind == "ip":
        reading = ip.read(fact.raw)
        return reading.normal, reading.port
    type_name = fact.platform if fact.kind in {"device", "file_hash"} else ""
    normal = kinds.normalise(
        fact.kind, fact.raw, platform=platform, calling_code=fact.calling_code, region=region, type_name=type_name
    )
    return normal, None


def _row(head: _Head, fact: FactShape, normal: Normal, port: int | None, owners: _Owners) -> Sighting:
    at, precision, original, zone_known = _instant(fact.instant)
    return Sighting(
        *head, fact.kind, normal.value, storable(fact.raw, RAW_CHARACTERS_MAX), fact.role, fact.person,
        storable(fact.locator, LOCATOR_CHARACTERS_MAX), storable(fact.event, WORD_CHARACTERS_MAX), at, precision,
        original, zone_known, fact.port if 1 <= (fact.port or 0) <= PORT_MAX else port,
        storable(fact.platform, WORD_CHARACTERS_MAX), fact.possible_proxy, fact.verified, fact.mined,
        normal.assumed, normal.why_not, owners.get((fact.role, fact.person)),
    )  # fmt: skip


def _instant(instant: InstantShape | None) -> _At:
    if instant is None:
        return None, "", "", True
    return instant.at, instant.precision, storable(instant.original), instant.zone_known


def _names(record: RecordShape, head: _Head, owners: _Owners, service: str) -> Iterator[Sighting]:
    """Names of persons that no fact has brought already."""
    known = {
        (fact.kind, fact.role, fact.person, fact.raw) for fact in record.facts if fact.kind in {"name", "screen_name"}
    }
    for person in record.persons:
        written = [("name", person.name), *(("screen_name", name) for name in person.display_names)]
        for kind, raw in written:
            if not raw.strip() or (kind, person.role, person.number, raw) in known:
                continue
            normal = kinds.normalise(kind, raw, platform=service)
            yield Sighting(
                *head, kind, normal.value, storable(raw, RAW_CHARACTERS_MAX), person.role, person.number,
                storable(person.locator, LOCATOR_CHARACTERS_MAX), assumed=normal.assumed, why_not=normal.why_not,
                account_id=owners.get((person.role, person.number)),
            )  # fmt: skip


def _addresses(record: RecordShape, head: _Head, owners: _Owners) -> Iterator[Sighting]:
    known = {(fact.role, fact.person, fact.raw) for fact in record.facts if fact.kind == "address"}
    for place in record.places:
        if place.kind != "address" or not place.text.strip() or (place.role, place.person, place.text) in known:
            continue
        normal = kinds.normalise("address", place.text)
        yield Sighting(
            *head, "address", normal.value, storable(place.text, RAW_CHARACTERS_MAX), place.role, place.person,
            storable(place.locator, LOCATOR_CHARACTERS_MAX), why_not=normal.why_not,
            account_id=owners.get((place.role, place.person)),
        )  # fmt: skip


def _file(file: FileShape, number: int, head: _Head) -> Iterator[Sighting]:
    """What the sender claims of a file: its hashes, and where it was found. Claims; our own hashes are of custody."""
    locator = storable(file.locator, LOCATOR_CHARACTERS_MAX)
    at, precision, original, zone_known = _instant(file.uploaded)
    written = [("file_hash", value, hash_type) for hash_type, value in file.hashes]
    for kind, raw, type_name in [*written, *([("url", file.location, "")] if file.location.strip() else [])]:
        normal = kinds.normalise(kind, raw, type_name=type_name)
        yield Sighting(
            *head, kind, normal.value, storable(raw, RAW_CHARACTERS_MAX), FILE_ROLE, number, locator,
            event="Upload" if at else "", at=at, at_precision=precision, at_original=original, zone_known=zone_known,
            platform=storable(type_name, WORD_CHARACTERS_MAX), assumed=normal.assumed, why_not=normal.why_not,
        )  # fmt: skip


def _mined(text: TextShape, head: _Head, owners: _Owners) -> Iterator[Sighting]:
    mining = mine_all(text.text)
    owner = owners.get((text.role, text.person)) if mining.found else None
    for mined in mining.found:
        normal = _normalise_mined(mined)
        moment = instants.parse(mined.near_time) if mined.near_time else None
        yield Sighting(
            *head, mined.kind, normal.value, storable(mined.raw, RAW_CHARACTERS_MAX), text.role, text.person,
            storable(f"{text.locator}, characters {mined.start + 1}–{mined.end}", LOCATOR_CHARACTERS_MAX),
            at=moment.at if moment else None, at_precision=moment.precision if moment else "",
            at_original=mined.near_time, zone_known=moment.zone_known if moment else True, port=mined.port,
            platform=mined.platform, mined=True, assumed=normal.assumed, why_not=normal.why_not, account_id=owner,
        )  # fmt: skip
    if mining.cut:
        yield Sighting(
            *head, "text", None, storable(text.text, 100), text.role, text.person,
            storable(text.locator, LOCATOR_CHARACTERS_MAX), mined=True, why_not=WHY_CUT,
        )  # fmt: skip


def _normalise_mined(mined: Mined) -> Normal:
    return kinds.normalise(mined.kind, mined.raw, platform=mined.platform)
