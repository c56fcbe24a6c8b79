"""One `<fileDetails>`: what the sender says of one file. Answers have three values: yes, no, not said."""

from __future__ import annotations

from typing import Any

from lxml import etree

from abhaya.errors import SenderError
from abhaya.intake.formats.ispws_schema import INVALID
from abhaya.intake.formats.ncmec_xml_parts import STANDS_TWICE, Reader, read_instant
from abhaya.intake.formats.record import FilePart

_TEXTS = {
    "fileId": "file_ref",
    "fileName": "name",
    "originalFileName": "original_name",
    "locationOfFile": "location",
    "fileRelevance": "relevance",
    "industryClassification": "classification",
}
_ANSWERS = {
    "fileViewedByEsp": "viewed_by_sender",
    "exifViewedByEsp": "exif_viewed_by_sender",
    "publiclyAvailable": "publicly_available",
}
ANNOTATIONS = frozenset(
    {"animeDrawingVirtualHentai", "potentialMeme", "viral", "possibleSelfProduction", "physicalHarm", "violenceGore",
     "bestiality", "liveStreaming", "infant", "generativeAi"}
)  # fmt: skip
_MANY = frozenset({"originalFileHash", "deviceId", "details", "additionalInfo"})


def read_file(reader: Reader, root: etree._Element, number: int) -> None:
    """Adds the file and its facts; `number` is its place in `Record.files`, from 1."""
    if root.tag != "fileDetails":
        raise SenderError(f"This XML is no fileDetails: its first element is {str(root.tag)[:60]!r}.", code=INVALID)
    _File(reader, f"/fileDetails[{number}]", number).read(root)


class _File:
    def __init__(self, reader: Reader, path: str, number: int) -> None:
        self.reader, self.path, self.number = reader, path, number
        self.known: dict[str, Any] = {}
        self.annotations: list[str] = []
        self.hashes: list[tuple[str, str]] = []
        self.details: list[tuple[str, str, str]] = []
        self.said: list[tuple[str, str]] = []

    def read(self, root: etree._Element) -> None:
        reader, seen = self.reader, set[str]()
        for tag, child, locator in reader.children(root, self.path):
            if tag in seen and tag not in _MANY:
                reader.unknown(tag, child, locator, STANDS_TWICE)
                continue
            seen.add(tag)
            if tag in _TEXTS:
                self.known[_TEXTS[tag]] = reader.text(child, locator).strip()
            elif tag in _ANSWERS:
                self.known[_ANSWERS[tag]] = reader.yes_no(child, locator)
            else:
                self._other(tag, child, locator)
        reader.files.append(
            FilePart(
                self.path, annotations=tuple(self.annotations), hashes=tuple(self.hashes),
                details=tuple(self.details), said=tuple(self.said), **self.known,
            )
        )  # fmt: skip

    def _other(self, tag: str, child: etree._Element, locator: str) -> None:
        reader = self.reader
        if tag == "reportId":
            self.said.append((tag, reader.text(child, locator).strip()))
        elif tag == "uploadedToEspTimestamp":
            self.known["uploaded"] = read_instant(reader.text(child, locator))
        elif tag == "potentialMeme":
            self._legacy_meme(child, locator)
        elif tag == "fileAnnotations":
            self._annotations(child, locator)
        elif tag == "originalFileHash":
            self.hashes.append((child.get("hashType") or "", reader.text(child, locator)))
        elif tag == "ipCaptureEvent":
            reader.capture(child, locator, "file", self.number, "ip")
        elif tag == "deviceId":
            reader.capture(child, locator, "file", self.number, "device")
        elif tag == "details":
            self._details(child, locator)
        elif tag == "additionalInfo":
            reader.note("additional information", child, locator, "file", self.number)
        else:
            reader.unknown(tag, child, locator)

    def _legacy_meme(self, element: etree._Element, locator: str) -> None:
        answer = self.reader.yes_no(element, locator)
        if answer:
            self.annotations.append("potentialMeme")
        elif answer is False:
            self.said.append(("potentialMeme", "false"))

    def _annotations(self, element: etree._Element, path: str) -> None:
        for tag, child, locator in self.reader.children(element, path):
            if tag not in ANNOTATIONS or tag in self.annotations:
                self.reader.unknown(tag, child, locator)
            elif self.reader.flag(child, locator):
                self.annotations.append(tag)

    def _details(self, element: etree._Element, path: str) -> None:
        group = element.get("type") or ""
        for tag, child, locator in self.reader.children(element, path):
            if tag != "nameValuePair":
                self.reader.unknown(tag, child, locator)
                continue
            kind = child.get("type") or group
            name = value = ""
            for part, leaf, place in self.reader.children(child, locator):
                if part == "name" and not name:
                    name = self.reader.text(leaf, place)
                elif part == "value" and not value:
                    value = self.reader.text(leaf, place)
                else:
                    self.reader.unknown(part, leaf, place)
            self.details.append((kind, name, value))
