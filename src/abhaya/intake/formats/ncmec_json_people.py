"""Persons of the police JSON, and the captures (addresses, URLs) that stand with persons, incidents and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from abhaya.intake.formats.json_tree import Node
from abhaya.intake.formats.ncmec_xml_parts import read_instant
from abhaya.intake.formats.record import Fact, Person, Place
from abhaya.selectors import ip

if TYPE_CHECKING:
    from abhaya.intake.formats.ncmec_json import Page

_KIND_OF_CAPTURE = {  # captureType in lower case, letters only -> kind of selector
    "ipaddress": "ip",
    "ip": "ip",
    "url": "url",
    "profileurl": "url",
    "webpage": "url",
    "email": "email",
    "emailaddress": "email",
    "phone": "phone",
    "phonenumber": "phone",
    "screenname": "screen_name",
    "username": "screen_name",
    "userid": "account",
    "espuserid": "account",
    "deviceid": "device",
}
_EVENTS = {name.upper(): name for name in ("Login", "Registration", "Purchase", "Upload", "Other", "Unknown")}
_NAME_PARTS = ("firstName", "middleName", "lastName")
_STREET = ("street1", "street2", "address", "city", "state", "nonUsaState", "postalCode", "zipCode", "country")
_TEXTS = {
    "physicalDescription": "physical description",
    "vehicleDescription": "vehicle",
    "additionalContactInformation": "additional contact information",
    "additionalInformations": "additional information",
    "profileBio": "profile text",
}
_SAID = (
    "preferredName", "gender", "preferredPronouns", "vehicleTagNumber", "occupation", "relationshipToReporter",
    "relationshipToChildVictim", "accessToChildVictim", "accessToChildren", "accessToFirearms", "convictedSexOffender",
    "awareOfReport", "gangAffiliation", "languages", "races", "disabilities", "compromisedAccount",
)  # fmt: skip


def read_person(page: Page, node: Node, role: str) -> None:
    """One person of this role, with every identifier as a fact."""
    number = page.next_of(role)
    service = node.text("espService").strip()
    _identifiers(page, node, role, number, service)
    captures(page, node, role, number)
    for address in node.nodes("addresses"):
        _address(page, address, role, number)
    for name, label in _TEXTS.items():
        page.notes(node, name, label, role, number)
    age = node.whole("approximateAge") if node.has("approximateAge") else None
    if age is None and node.has("age"):
        age = node.whole("age")
    names = [node.text(part).strip() for part in _NAME_PARTS]
    known: dict[str, Any] = {
        "name": " ".join(name for name in names if name),
        "date_of_birth": node.text("dateOfBirth").strip(),
        "service": service,
        "school": node.text("schoolName"),
        "display_names": tuple(text for text, _ in node.texts("displayNames")),
        "group": node.text("groupIdentifier"),
        "prior_reports": tuple(text for text, _ in node.texts("priorCTReports")),
        "said": tuple((name, text) for name in _SAID if (text := node.text(name))),
    }
    page.persons.append(Person(role, number, node.path, age=age, **known))
    node.close()


def _identifiers(page: Page, node: Node, role: str, number: int, service: str) -> None:
    for name, kind, platform in (
        ("espUserId", "account", service),
        ("espIdentifier", "account", service),
        ("screenName", "screen_name", service),
        ("screenNames", "screen_name", service),
        ("ipAddress", "ip", ""),
        ("profileUrls", "url", ""),
    ):
        for text, locator in node.texts(name):
            page.facts.append(Fact(kind, text, locator, role, number, platform=platform))
    for name, kind in (("emails", "email"), ("phones", "phone")):
        for contact in node.nodes(name):
            _contact(page, contact, kind, role, number)


def _contact(page: Page, node: Node, kind: str, role: str, number: int) -> None:
    raw = node.text("value")
    verified = node.answer("verified")
    said = tuple((name, text) for name in ("type", "verificationDate", "extension") if (text := node.text(name)))
    code = node.text("countryCallingCode")
    if raw:
        page.facts.append(Fact(kind, raw, node.path, role, number, calling_code=code, verified=verified, said=said))
    else:
        page.losses.add(
            node.path, kind, ", ".join([code, *(text for _, text in said)]).strip(", "), "no value beside it"
        )
    node.close()


def _address(page: Page, node: Node, role: str, number: int) -> None:
    parts = {name: node.text(name).strip() for name in _STREET}
    kind = node.text("type")
    if any(parts.values()) or kind:
        page.places.append(
            Place(
                "address", node.path, role, number, text=", ".join(text for text in parts.values() if text),
                city=parts["city"], region=parts["state"] or parts["nonUsaState"],
                postal_code=parts["postalCode"] or parts["zipCode"], country=parts["country"],
                said=(("type", kind),) if kind else (),
            )
        )  # fmt: skip
    node.close()


def captures(page: Page, node: Node, role: str, number: int) -> None:
    """`sourceInformation.sourceCaptures`: addresses and URLs with the event at which they were seen."""
    source = node.node("sourceInformation")
    for capture in source.nodes("sourceCaptures"):
        _capture(page, capture, role, number)
    source.close()


def _capture(page: Page, node: Node, role: str, number: int) -> None:
    written = node.text("captureType")
    kind = _KIND_OF_CAPTURE.get("".join(letter for letter in written.lower() if letter.isalpha()), "")
    value = node.text("value")
    kind = kind or ("" if written else _kind_by_look(value))
    event = node.text("eventName").strip()
    when = node.text("dateTime")
    port = node.whole("port") if node.has("port") else None
    if not kind:
        page.losses.add(node.path, written or "capture", {"value": value, "dateTime": when, "eventName": event, "port": port}, "a kind of capture not known to this version")  # fmt: skip
        node.close()
        return
    said = (("captureType", written),) if kind == "url" and written.upper() != "URL" else ()
    if port is not None and not 0 < port < 65536:
        said, port = (*said, ("port", str(port))), None
    page.facts.append(
        Fact(
            kind, value, node.path, role, number, event=_EVENTS.get(event.upper(), event),
            instant=read_instant(when) if when else None, port=port, possible_proxy=node.answer("possibleProxy"),
            said=said,
        )
    )  # fmt: skip
    node.close()


def _kind_by_look(value: str) -> str:
    """Where the kind was left out: an address and a URL can be told by themselves."""
    if ip.read(value).normal.value is not None:
        return "ip"
    return "url" if "://" in value else ""
