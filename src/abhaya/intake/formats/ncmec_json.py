"""The JSON of a CyberTipline report as police download it: bytes → records.

Shape: keys proven by two field-used readers, catalogued in docs/formats.md; there is no public schema. Byte-order mark,
null anywhere, lists wrapped twice, answers of three values. A key that this version does not know is a loss.
"""

from __future__ import annotations

import re
from typing import Any

from abhaya.errors import SenderError
from abhaya.intake.formats import json_tree
from abhaya.intake.formats.json_tree import Losses, Node
from abhaya.intake.formats.ncmec_json_people import captures, read_person
from abhaya.intake.formats.ncmec_xml_files import ANNOTATIONS
from abhaya.intake.formats.ncmec_xml_parts import read_instant
from abhaya.intake.formats.record import Fact, FilePart, Person, Place, Record, Text

FORMAT, VERSION = "ncmec_json", 1

_INCIDENTS = {
    name.lower(): name
    for name in (
        "webPageIncident", "emailIncident", "newsgroupIncident", "chatImIncident", "onlineGamingIncident",
        "cellPhoneIncident", "nonInternetIncident", "peer2peerIncident",
    )
}  # fmt: skip
_PEOPLE = {  # key -> role
    "reportedPeople": "reported",
    "reportedPersons": "reported",
    "intendedRecipients": "recipient",
    "victims": "victim",
    "childVictims": "victim",
}
_SECTIONS = ("reportingEsp", "incidentSummary", "incidentDetails", *_PEOPLE, "uploadedFiles", "additionalInformations")
_STAND_ONCE = {"reportingEsp", "incidentSummary"}  # a report has one of each; people and files add up
_ANNOTATIONS = {name.lower(): name for name in ANNOTATIONS}


class Page:
    """What has been read so far of one report."""

    def __init__(self) -> None:
        self.losses = Losses()
        self.facts: list[Fact] = []
        self.files: list[FilePart] = []
        self.persons: list[Person] = []
        self.places: list[Place] = []
        self.texts: list[Text] = []
        self.kinds: list[str] = []
        self.known: dict[str, Any] = {}
        self.numbers: dict[str, int] = {}

    def next_of(self, role: str) -> int:
        number = self.numbers[role] = self.numbers.get(role, 0) + 1
        return number

    def notes(self, node: Node, name: str, label: str, role: str, person: int = 0) -> None:
        for text, locator in node.texts(name):
            self.texts.append(Text(label, text, locator, role, person))


def read(data: bytes) -> list[Record]:
    """Every report in the document: one object, or a list of them. Raises SenderError where there is none."""
    value = json_tree.decode(data)
    if isinstance(value, dict) and isinstance(value.get("reports"), list):
        value = value["reports"]
    try:
        if isinstance(value, list):
            return _several(value)
        if not _is_report(value):
            raise SenderError("This JSON is no report: it has neither reportId nor reportedInformation.")
        return [_read(value, "$", Page())]
    except RecursionError as error:
        raise SenderError("The JSON is nested too deep.") from error


def _is_report(value: Any) -> bool:
    return isinstance(value, dict) and ("reportId" in value or isinstance(value.get("reportedInformation"), dict))


def _several(values: list[Any]) -> list[Record]:
    """What stands between the reports of a list and is none is kept as a loss of the first."""
    if not any(map(_is_report, values)):
        raise SenderError("This JSON is a list without a report: none has reportId or reportedInformation.")
    first = Page()
    for number, value in enumerate(values):
        if not _is_report(value):
            first.losses.add(f"$[{number}]", "entry", value, "no report")
    reports = [(number, value) for number, value in enumerate(values) if _is_report(value)]
    return [
        _read(value, f"$[{number}]", first if position == 0 else Page())
        for position, (number, value) in enumerate(reports)
    ]


def _read(value: dict[str, Any], path: str, page: Page) -> Record:
    top = Node(value, path, page.losses)
    page.known["external_ref"] = top.text("reportId").strip()
    received = top.text("dateReceived")
    page.known["received_elsewhere"] = read_instant(received) if received else None
    inner = top.node("reportedInformation")
    taken: set[str] = set()
    for node in (inner, top):
        for name in _SECTIONS:
            if node.has(name):
                if name in taken & _STAND_ONCE:
                    page.losses.add(node.locator(name), name, node.raw(name), "stands twice; the other one was read")
                else:
                    _section(page, node, name)
                taken.add(name)
        node.close()
    return Record(
        FORMAT, VERSION, persons=tuple(page.persons), facts=tuple(page.facts), places=tuple(page.places),
        texts=tuple(page.texts), files=tuple(page.files), incident_kinds=tuple(page.kinds),
        losses=page.losses.all(), **page.known,
    )  # fmt: skip


def _section(page: Page, node: Node, name: str) -> None:
    if name == "reportingEsp":
        _reporter(page, node.node(name))
    elif name == "incidentSummary":
        _summary(page, node.node(name))
    elif name == "incidentDetails":
        _incidents(page, node.node(name))
    elif name == "uploadedFiles":
        for file in node.nodes(name):
            _file(page, file)
    elif name == "additionalInformations":
        page.notes(node, name, "additional information", "mentioned")
    else:
        for person in node.nodes(name):
            read_person(page, person, _PEOPLE[name])


def _reporter(page: Page, node: Node) -> None:
    name = node.text("espName").strip() or node.text("companyName").strip()
    if not name:
        name = node.text("lastName").strip()
    page.known["sender_name"] = name
    if node.left():
        read_person(page, node, "reporter")


def _summary(page: Page, node: Node) -> None:
    page.known["incident_type"] = node.text("incidentType").strip()
    when = node.text("incidentDateTime")
    page.known["incident"] = read_instant(when) if when else None
    page.known["incident_means"] = node.text("incidentDateTimeDescription")
    page.known["platform"] = node.text("platform").strip()
    page.known["escalation"] = node.text("escalateToHighPriority")
    annotations = [text for text, _ in node.texts("reportAnnotations")]
    page.known["annotations"] = tuple(annotations)
    page.notes(node, "additionalInformations", "additional information", "incident")
    node.close()


def _incidents(page: Page, node: Node) -> None:
    for name in node.left():
        kind = _INCIDENTS.get(name.lower())
        if kind is None:
            continue
        for incident in node.nodes(name):
            if kind not in page.kinds:
                page.kinds.append(kind)
            _incident(page, incident)
    node.close()


def _incident(page: Page, node: Node) -> None:
    captures(page, node, "incident", 0)
    page.notes(node, "contents", "content", "incident")
    page.notes(node, "content", "content", "incident")
    page.notes(node, "additionalInformations", "additional information", "incident")
    for name in ("url", "urls"):
        for text, locator in node.texts(name):
            page.facts.append(Fact("url", text, locator, "incident"))
    for name in node.left():
        if name in _INCIDENT_TEXTS:
            page.notes(node, name, _INCIDENT_TEXTS[name], "incident")
    node.close()


_INCIDENT_TEXTS = {
    "chatClient": "chat client",
    "chatRoomName": "chat room",
    "client": "file-sharing client",
    "console": "console",
    "fileNames": "file names",
    "gameName": "game",
    "locationName": "place",
    "name": "newsgroup",
}


def _file(page: Page, node: Node) -> None:
    number = len(page.files) + 1
    md5 = node.text("verificationHash").strip()
    groups = node.node("ncmecTags")  # NCMEC's own words on the file, not the sender's
    tags = [tag for group in groups.nodes("groups") for tag in _tags(group)]
    groups.close()
    details = tuple(
        ("", *_pair(pair)) for pair in node.nodes("espMetadata")
    )  # name and value as the platform wrote them
    captures(page, node, "file", number)
    page.notes(node, "additionalInformations", "additional information", "file", number)
    page.files.append(
        FilePart(
            node.path,
            file_ref=node.text("submittalId").strip(),
            name=node.text("filename").strip(),
            original_name=node.text("originalFilename").strip(),
            viewed_by_sender=node.answer("viewedByEsp"),
            exif_viewed_by_sender=node.answer("exifViewedByEsp"),
            publicly_available=node.answer("publiclyAvailable"),
            classification=node.text("industryClassification").strip(),
            annotations=tuple(dict.fromkeys(name for tag in tags if (name := _annotation(tag)))),
            hashes=(("MD5", md5),) if md5 else (),
            details=details,
            said=tuple(("NCMEC tag", tag) for tag in tags),
        )
    )
    node.close()


def _tags(group: Node) -> list[str]:
    """A group without a tag in it is said by its name."""
    tags = [text for text, _ in group.texts("tags")]
    name = group.text("name")
    group.close()
    return [f"{name}: {tag}" if name else tag for tag in tags] or [name] * bool(name)


def _pair(pair: Node) -> tuple[str, str]:
    found = (pair.text("name"), pair.text("value"))
    pair.close()
    return found


def _annotation(tag: str) -> str:
    return _ANNOTATIONS.get(re.sub(r"[^a-z]", "", tag.rpartition(": ")[2].lower()), "")
