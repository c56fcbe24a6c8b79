"""The common parts of `<report>` and `<fileDetails>`: texts, times, addresses, captures, and what is not understood.

The reader takes whatever order it finds and never fails on a value: a document that our schema refuses can still be read
from a drop. Each element is visited once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from abhaya.intake.formats.ispws_grammar import grammar
from abhaya.intake.formats.record import (
    LOSS_TEXT_CHARACTERS_MAX,
    Fact,
    FilePart,
    Instant,
    Loss,
    Person,
    Place,
    Said,
    Text,
)
from abhaya.selectors import instants

YEAR_MIN, YEAR_MAX = 1900, 2200
SECONDS_CHARACTERS = len("2026-01-01T00:00:00")
LOSSES_MAX = 1000  # per report; the last one says how many more there were

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_XSI_DECLARED = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'  # comes down from the document's root
_NANOSECONDS = re.compile(r"(\.\d{6})\d+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})

NOT_KNOWN = "not known to this version"
STANDS_TWICE = "stands there more than once; the first was read"
NOT_A_VALUE = "not a value of this kind"


def _known_attributes() -> dict[str, frozenset[str]]:
    """By element name, what attributes the schema gives it anywhere."""
    words = grammar()
    found: dict[str, set[str]] = {}
    for shape in words.shapes.values():
        for name, child in shape.children.items():
            found.setdefault(name, set()).update(words.shape(child.type).attributes)
    return {name: frozenset(attributes) for name, attributes in found.items()}


_ATTRIBUTES = _known_attributes()


class Reader:
    """What has been read so far of one report, its files included."""

    __slots__ = ("facts", "files", "losses", "lost", "people", "persons", "places", "texts")

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.files: list[FilePart] = []
        self.losses: list[Loss] = []
        self.lost = 0
        self.people: dict[str, int] = {}  # role -> how many so far
        self.persons: list[Person] = []
        self.places: list[Place] = []
        self.texts: list[Text] = []

    def next_of(self, role: str) -> int:
        number = self.people[role] = self.people.get(role, 0) + 1
        return number

    # ---- walking ----

    def children(self, parent: etree._Element, path: str) -> Iterator[tuple[str, etree._Element, str]]:
        """Each child with its name and locator; unknown attributes and stray texts on the way are losses."""
        text = parent.text
        if text and not text.isspace():
            self.lose(path, "text between elements", text, "only elements may stand here")
        counts: dict[str, int] = {}
        for child in parent:
            tag: str = child.tag
            count = counts[tag] = counts.get(tag, 0) + 1
            locator = f"{path}/{tag}[{count}]" if count > 1 or tag in _REPEATED else f"{path}/{tag}"
            if child.keys():
                self._attributes(child, tag, locator)
            tail = child.tail
            if tail and not tail.isspace():
                self.lose(path, "text between elements", tail, "only elements may stand here")
            yield tag, child, locator

    def _attributes(self, element: etree._Element, tag: str, locator: str) -> None:
        known = _ATTRIBUTES.get(tag)
        if known is None:
            return  # an unknown element is kept whole, attributes included
        for name in map(str, element.keys()):
            if name not in known and not name.startswith(_XSI):
                self.lose(f"{locator}/@{name}", name, str(element.get(name)))

    def text(self, element: etree._Element, locator: str) -> str:
        """The text of a leaf; elements inside it are losses, the text around them stays."""
        if len(element) == 0:
            return element.text or ""
        parts = [element.text or ""]
        for child in element:
            self.unknown(str(child.tag), child, f"{locator}/{child.tag}")
            parts.append(child.tail or "")
        return "".join(parts)

    # ---- losses ----

    def lose(self, locator: str, what: str, text: str, why: str = NOT_KNOWN) -> None:
        self.lost += 1
        if self.lost <= LOSSES_MAX:
            self.losses.append(Loss(locator, what, text[:LOSS_TEXT_CHARACTERS_MAX], why))

    def unknown(self, tag: str, element: etree._Element, locator: str, why: str = NOT_KNOWN) -> None:
        """An element kept as it was written: a leaf as its text, anything more as its XML."""
        if len(element) == 0 and not element.keys():
            text = element.text or ""
        else:
            text = etree.tostring(element, encoding="unicode", with_tail=False).replace(_XSI_DECLARED, "", 1)
        self.lose(locator, tag, text, why)

    def all_losses(self) -> tuple[Loss, ...]:
        if self.lost > LOSSES_MAX:
            why = "too many to list; read the original"
            self.losses.append(Loss("/", f"{self.lost - LOSSES_MAX} more", "", why))
        return tuple(self.losses)

    # ---- values ----

    def yes_no(self, element: etree._Element, locator: str) -> bool | None:
        text = self.text(element, locator).strip()
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        if text:
            self.lose(locator, str(element.tag), text, NOT_A_VALUE)
        return None

    def flag(self, element: etree._Element, locator: str) -> bool:
        """A presence flag: empty, true or 1."""
        text = self.text(element, locator).strip()
        if text and text not in _TRUE:
            self.lose(locator, str(element.tag), text, NOT_A_VALUE)
            return False
        return True

    def whole(self, element: etree._Element, locator: str) -> int | None:
        text = self.text(element, locator).strip()
        if _WHOLE.fullmatch(text):
            return int(text)
        if text:
            self.lose(locator, str(element.tag), text, NOT_A_VALUE)
        return None

    # ---- common elements ----

    def note(self, label: str, element: etree._Element, locator: str, role: str, person: int = 0) -> None:
        """Free text, mined later."""
        text = self.text(element, locator)
        if text.strip():
            self.texts.append(Text(label, text, locator, role, person))

    def contact(self, kind: str, element: etree._Element, locator: str, role: str, person: int) -> None:
        """An e-mail address or telephone number with what the sender said of it."""
        raw = self.text(element, locator)
        if not raw.strip() and not element.keys():
            return
        verified = element.get("verified")
        said = [
            (name, value)
            for name in ("type", "verificationDate", "extension")
            if (value := element.get(name)) is not None
        ]
        known = None if verified is None else verified.strip() in _TRUE if verified.strip() in _TRUE | _FALSE else None
        if verified is not None and known is None:
            said.append(("verified", verified))
        code = element.get("countryCallingCode") or ""
        self.facts.append(Fact(kind, raw, locator, role, person, calling_code=code, verified=known, said=tuple(said)))

    def capture(self, element: etree._Element, path: str, role: str, person: int, kind: str) -> None:
        """An ipCaptureEvent or a deviceId: the address or number, and the event at which it was seen."""
        raw, type_name, event = "", "", ""
        instant: Instant | None = None
        proxy: bool | None = None
        port: int | None = None
        said: list[tuple[str, str]] = []
        for tag, child, locator in self.children(element, path):
            if tag in {"ipAddress", "idValue"} and not raw:
                raw = self.text(child, locator)
            elif tag == "idType" and kind == "device":
                type_name = self.text(child, locator)
            elif tag == "eventName":
                event = self.text(child, locator).strip()
            elif tag == "dateTime" and instant is None:
                instant = read_instant(self.text(child, locator))
            elif tag == "possibleProxy" and kind == "ip":
                proxy = self.yes_no(child, locator)
            elif tag == "port" and kind == "ip":
                port = self.whole(child, locator)
            else:
                self.unknown(tag, child, locator)
        if port is not None and not 0 < port < 65536:
            said.append(("port", str(port)))
            port = None
        self.facts.append(
            Fact(
                kind, raw, path, role, person, event=event, instant=instant, port=port, platform=type_name,
                possible_proxy=proxy, said=tuple(said),
            )
        )  # fmt: skip

    def address(self, element: etree._Element, path: str, role: str, person: int) -> None:
        parts: dict[str, str] = {}
        for tag, child, locator in self.children(element, path):
            if tag in _ADDRESS and tag not in parts:
                parts[tag] = self.text(child, locator).strip()
            else:
                self.unknown(tag, child, locator)
        kind = element.get("type")
        if not any(parts.values()) and kind is None:
            return
        self.places.append(
            Place(
                "address", path, role, person,
                text=", ".join(parts[name] for name in _ADDRESS if parts.get(name)),
                city=parts.get("city", ""),
                region=parts.get("nonUsaState") or parts.get("state", ""),
                postal_code=parts.get("zipCode", ""),
                country=parts.get("country", ""),
                said=(("type", kind),) if kind is not None else (),
            )
        )  # fmt: skip

    def estimated(self, element: etree._Element, path: str, role: str, person: int) -> None:
        parts: dict[str, str] = {}
        for tag, child, locator in self.children(element, path):
            if tag in {"city", "region", "countryCode"} and tag not in parts:
                parts[tag] = self.text(child, locator).strip()
            else:
                self.unknown(tag, child, locator)
        said = said_of(element, "verified", "timestamp")
        if any(parts.values()) or said:
            self.places.append(
                Place(
                    "estimated", path, role, person, text=", ".join(text for text in parts.values() if text),
                    city=parts.get("city", ""), region=parts.get("region", ""), country=parts.get("countryCode", ""),
                    said=said,
                )
            )  # fmt: skip


_ADDRESS = ("address", "city", "zipCode", "state", "nonUsaState", "country")
_REPEATED = frozenset(
    name for shape in grammar().shapes.values() for name, child in shape.children.items() if child.many
)


def said_of(element: etree._Element, *names: str) -> Said:
    """The attributes that are there, as written."""
    return tuple((name, value) for name in names if (value := element.get(name)) is not None)


def read_instant(text: str) -> Instant:
    """An xs:dateTime, to the microsecond that a database holds; the original text keeps the rest."""
    plain = text.strip()
    short = _NANOSECONDS.sub(r"\1", plain) if "." in plain else plain
    try:
        at = datetime.fromisoformat(short)
    except ValueError:
        return Instant(*instants.parse(text))
    if "T" not in plain or len(plain) < SECONDS_CHARACTERS or not YEAR_MIN <= at.year <= YEAR_MAX:
        return Instant(*instants.parse(text))
    if at.tzinfo is None:
        return Instant(text, at.replace(tzinfo=UTC), zone_known=False)
    return Instant(text, at.astimezone(UTC))
