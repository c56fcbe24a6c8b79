"""A submission of the CyberTipline Reporting API: the bytes of one `<report>` and its `<fileDetails>` → one record.

Reads what is there, in whatever order, and never fails on a value: whether the door takes a document is the schema's and
the rules' decision. Raises SenderError only for XML that cannot be read or that is no report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from lxml import etree

from abhaya.errors import SenderError
from abhaya.intake.formats import safe_xml
from abhaya.intake.formats.ispws_schema import INVALID
from abhaya.intake.formats.ncmec_xml_files import read_file
from abhaya.intake.formats.ncmec_xml_parts import STANDS_TWICE, Reader, read_instant
from abhaya.intake.formats.ncmec_xml_people import read_contact, read_holder
from abhaya.intake.formats.record import Fact, FilePart, Instant, Place, Record

FORMAT, VERSION = "ncmec_xml", 1

_ROLES = {"personOrUserReported": "reported", "intendedRecipient": "recipient", "victim": "victim"}


def read(report: bytes, details: Sequence[bytes] = ()) -> Record:
    """The record of one submission; `details` are its `<fileDetails>` documents, one file each, in order."""
    root = safe_xml.parse(report)
    return read_tree(root, [safe_xml.parse(document) for document in details])


def read_tree(root: etree._Element, details: Sequence[etree._Element] = ()) -> Record:
    """As `read`, from documents parsed already."""
    if root.tag != "report" or root.find("incidentSummary") is None:
        raise SenderError("This XML is no report: it has no incidentSummary within a report.", code=INVALID)
    reading = _Report(Reader())
    reading.read(root)
    for number, document in enumerate(details, start=1):
        read_file(reading.reader, document, number)
    return reading.record()


def read_details(document: etree._Element) -> Record:
    """One `<fileDetails>` by itself: a record of its one file, with the file's facts, texts and losses."""
    reader = Reader()
    read_file(reader, document, 1)
    return Record(
        FORMAT, VERSION, facts=tuple(reader.facts), texts=tuple(reader.texts), files=tuple(reader.files),
        losses=reader.all_losses(),
    )  # fmt: skip


def with_files(record: Record, files: Sequence[FilePart]) -> Record:
    """The record with these files in this order; facts and texts of a file follow it to its new number."""
    numbers = {part.locator: number for number, part in enumerate(files, start=1)}
    moved = {old: numbers.get(part.locator, 0) for old, part in enumerate(record.files, start=1)}
    if all(old == new for old, new in moved.items()):
        return msgspec.structs.replace(record, files=tuple(files))
    return msgspec.structs.replace(
        record,
        files=tuple(files),
        facts=tuple(
            msgspec.structs.replace(fact, person=moved[fact.person]) if fact.role == "file" else fact
            for fact in record.facts
        ),
        texts=tuple(
            msgspec.structs.replace(text, person=moved[text.person]) if text.role == "file" else text
            for text in record.texts
        ),
    )


class _Report:
    """The parts of one `<report>`."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.incident_type = self.platform = self.escalation = self.means = self.batched = ""
        self.incident: Instant | None = None
        self.annotations: list[str] = []
        self.informational: bool | None = None
        self.kinds: list[str] = []
        self.law_enforcement: list[tuple[str, str]] = []

    def read(self, root: etree._Element) -> None:
        reader, seen = self.reader, set[str]()
        for tag, child, locator in reader.children(root, "/report"):
            role = _ROLES.get(tag)
            if role is not None:
                read_holder(reader, child, locator, role)
                continue
            handler = _SECTIONS.get(tag)
            if handler is None:
                reader.unknown(tag, child, locator)
            elif tag in seen and tag != "internetDetails":
                reader.unknown(tag, child, locator, STANDS_TWICE)
            else:
                seen.add(tag)
                handler(self, child, locator)

    def record(self) -> Record:
        reader = self.reader
        return Record(
            FORMAT, VERSION, incident_type=self.incident_type, incident=self.incident, incident_means=self.means,
            platform=self.platform, escalation=self.escalation, annotations=tuple(self.annotations),
            informational=self.informational, batched=self.batched, incident_kinds=tuple(self.kinds),
            law_enforcement=tuple(self.law_enforcement), persons=tuple(reader.persons), facts=tuple(reader.facts),
            places=tuple(reader.places), texts=tuple(reader.texts), files=tuple(reader.files),
            losses=reader.all_losses(),
        )  # fmt: skip

    def _batched(self, element: etree._Element, path: str) -> None:
        self.batched = element.get("reason") or "yes"
        for tag, child, locator in self.reader.children(element, path):
            self.reader.unknown(tag, child, locator)

    def _summary(self, element: etree._Element, path: str) -> None:
        reader, seen = self.reader, set[str]()
        for tag, child, locator in reader.children(element, path):
            if tag in seen or tag not in _SUMMARY:
                reader.unknown(tag, child, locator, *([STANDS_TWICE] if tag in seen else []))
                continue
            seen.add(tag)
            if tag == "reportAnnotations":
                self._annotations(child, locator)
                continue
            text = reader.text(child, locator)
            if tag == "incidentType":
                self.incident_type = text.strip()
            elif tag == "platform":
                self.platform = text.strip()
            elif tag == "escalateToHighPriority":
                self.escalation = text
            elif tag == "incidentDateTime":
                self.incident = read_instant(text)
            else:
                self.means = text

    def _annotations(self, element: etree._Element, path: str) -> None:
        for tag, child, locator in self.reader.children(element, path):
            if tag not in _ANNOTATIONS or tag in self.annotations:
                self.reader.unknown(tag, child, locator)
            elif self.reader.flag(child, locator):
                self.annotations.append(tag)
                self.informational = True if tag == "informational" else self.informational

    def _details(self, element: etree._Element, path: str) -> None:
        for tag, child, locator in self.reader.children(element, path):
            if tag in _INCIDENTS:
                self.kinds.append(tag)
                self._incident(tag, child, locator)
            else:
                self.reader.unknown(tag, child, locator)

    def _incident(self, kind: str, element: etree._Element, path: str) -> None:
        reader, labels = self.reader, _INCIDENTS[kind]
        hosted = element.get("thirdPartyHostedContent")
        said = () if hosted is None else (("thirdPartyHostedContent", hosted),)
        urls = 0
        latitude = longitude = ""
        for tag, child, locator in reader.children(element, path):
            if tag in labels:
                reader.note(labels[tag], child, locator, "incident")
            elif tag == "url" and kind == "webPageIncident":
                urls += 1
                reader.facts.append(Fact("url", reader.text(child, locator), locator, "incident", said=said))
            elif tag == "emailAddress" and kind in {"emailIncident", "newsgroupIncident"}:
                reader.contact("email", child, locator, "incident", 0)
            elif tag == "phoneNumber" and kind == "cellPhoneIncident":
                reader.contact("phone", child, locator, "incident", 0)
            elif tag == "latitude" and kind == "cellPhoneIncident":
                latitude = reader.text(child, locator).strip()
            elif tag == "longitude" and kind == "cellPhoneIncident":
                longitude = reader.text(child, locator).strip()
            elif tag == "incidentAddress" and kind == "nonInternetIncident":
                reader.address(child, locator, "incident", 0)
            elif tag == "ipCaptureEvent" and kind == "peer2peerIncident":
                reader.capture(child, locator, "incident", 0, "ip")
            else:
                reader.unknown(tag, child, locator)
        if latitude or longitude:
            reader.places.append(_coordinates(path, latitude, longitude))
        if said and not urls:
            reader.lose(f"{path}/@thirdPartyHostedContent", "thirdPartyHostedContent", str(hosted), "no url beside it")

    def _law_enforcement(self, element: etree._Element, path: str) -> None:
        """Who was told already. An officer's telephone is no lead: these are no facts, and are never linked."""
        reader = self.reader
        country = element.get("fleaCountry")
        if country is not None:
            self.law_enforcement.append(("fleaCountry", country))
        for tag, child, locator in reader.children(element, path):
            if tag == "officerContact":
                self._officer(child, locator)
            elif tag in _LAW_ENFORCEMENT:
                country = child.get("fleaCountry")
                answer = reader.text(child, locator)
                self.law_enforcement.append((tag, answer + (f" (fleaCountry {country})" if country else "")))
            else:
                reader.unknown(tag, child, locator)

    def _officer(self, element: etree._Element, path: str) -> None:
        """Names and numbers are read as of any contact, and moved out of the facts."""
        aside = Reader()
        read_contact(aside, element, path, label="officer")
        officer = aside.persons[0]
        found = [("officer", officer.name)] if officer.name else []
        found += [(f"officer's {fact.kind}", _with_said(fact)) for fact in aside.facts]
        found += [
            ("officer's address", ", ".join([place.text, *(value for _, value in place.said)]))
            for place in aside.places
        ]
        found += [(f"officer's {label}", value) for label, value in officer.said]
        found += [(f"officer's {text.label}", text.text) for text in aside.texts]
        self.law_enforcement += found
        for loss in aside.losses:
            self.reader.lose(loss.locator, loss.what, loss.text, loss.why)

    def _reporter(self, element: etree._Element, path: str) -> None:
        reader = self.reader
        for tag, child, locator in reader.children(element, path):
            if tag in {"reportingPerson", "contactPerson"}:
                read_contact(reader, child, locator, label=tag)
            elif tag in _REPORTER:
                reader.note(_REPORTER[tag], child, locator, "reporter")
            else:
                reader.unknown(tag, child, locator)

    def _closing(self, element: etree._Element, path: str) -> None:
        self.reader.note("additional information", element, path, "mentioned")


_SECTIONS: dict[str, Callable[[_Report, etree._Element, str], None]] = {
    "batchedReport": _Report._batched,  # noqa: SLF001 — the class's own table of its parts
    "incidentSummary": _Report._summary,  # noqa: SLF001 — as above
    "internetDetails": _Report._details,  # noqa: SLF001 — as above
    "lawEnforcement": _Report._law_enforcement,  # noqa: SLF001 — as above
    "reporter": _Report._reporter,  # noqa: SLF001 — as above
    "additionalInfo": _Report._closing,  # noqa: SLF001 — as above
}
_SUMMARY = frozenset(
    {"incidentType", "platform", "escalateToHighPriority", "reportAnnotations", "incidentDateTime",
     "incidentDateTimeDescription"}
)  # fmt: skip
_ANNOTATIONS = frozenset(
    {"sextortion", "csamSolicitation", "minorToMinorInteraction", "spam", "sadisticOnlineExploitation",
     "informational", "potentialAggravatingFactors", "instrumentalUse"}
)  # fmt: skip
_NOTES = {"additionalInfo": "additional information"}
_CONTENT = {"content": "content", **_NOTES}
_INCIDENTS: dict[str, dict[str, str]] = {  # kind -> its texts and what they are called
    "webPageIncident": _NOTES,
    "emailIncident": _CONTENT,
    "newsgroupIncident": {"name": "newsgroup", **_CONTENT},
    "chatImIncident": {"chatClient": "chat client", "chatRoomName": "chat room", **_CONTENT},
    "onlineGamingIncident": {"gameName": "game", "console": "console", **_CONTENT},
    "cellPhoneIncident": _NOTES,
    "nonInternetIncident": {"locationName": "place", **_NOTES},
    "peer2peerIncident": {"client": "file-sharing client", "fileNames": "file names", **_NOTES},
}
_LAW_ENFORCEMENT = frozenset(
    {"agencyName", "caseNumber", "reportedToLe", "servedLegalProcessDomestic", "servedLegalProcessInternational"}
)
_REPORTER = {
    "companyTemplate": "the company's standing text",
    "termsOfService": "terms of service",
    "legalURL": "the company's legal page",
}


def _coordinates(path: str, latitude: str, longitude: str) -> Place:
    return Place(
        "coordinates", path, "incident", text=f"{latitude}, {longitude}",
        latitude=_degrees(latitude), longitude=_degrees(longitude),
    )  # fmt: skip


def _degrees(text: str) -> float | None:
    """A number as written; `nan`, `inf` and words are none (their text stays beside it)."""
    try:
        number = float(text) if text.isascii() else float("nan")
    except ValueError:
        return None
    return number if abs(number) < 1e6 else None


def _with_said(fact: Fact) -> str:
    more = [fact.calling_code, *(f"{label} {value}" for label, value in fact.said)]
    if fact.verified is not None:
        more.append("verified" if fact.verified else "not verified")
    told = ", ".join(text for text in more if text)
    return f"{fact.raw} ({told})" if told else fact.raw
