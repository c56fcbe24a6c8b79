"""Persons and accounts of a `<report>`: reported, recipient, victim, reporter, and the accounts associated with them.

An identifier is a fact of its person; what was said about the person stands in `Person`. Nothing is merged here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from lxml import etree

from abhaya.intake.formats.ncmec_xml_parts import STANDS_TWICE, Reader, said_of
from abhaya.intake.formats.record import Fact, Person

_DISABLED = {"accountTemporarilyDisabled": "temporarily", "accountPermanentlyDisabled": "permanently"}
_DISABLED_ATTRIBUTES = ("disabledDate", "userNotified", "userNotifiedDate", "reenabledDate")


class Holder:
    """One person or account holder while its element is read."""

    __slots__ = (
        "accounts",
        "disabled",
        "known",
        "locator",
        "names",
        "number",
        "person",
        "reader",
        "role",
        "said",
        "seen",
    )

    def __init__(self, reader: Reader, role: str, locator: str) -> None:
        self.reader, self.role, self.locator = reader, role, locator
        self.number = reader.next_of(role)
        self.known: dict[str, Any] = {}  # fields of Person
        self.accounts: list[
            tuple[str, str, tuple[tuple[str, str], ...]]
        ] = []  # identifier, locator, what else was said
        self.names: dict[str, str] = {}
        self.disabled: list[str] = []
        self.said: list[tuple[str, str]] = []
        self.seen: set[str] = set()

    def read(self, element: etree._Element, path: str, handlers: dict[str, Handler]) -> None:
        """Each child by its handler; an unknown one, or a second where one may stand, is a loss."""
        reader = self.reader
        for tag, child, locator in reader.children(element, path):
            handler = handlers.get(tag)
            if handler is None:
                reader.unknown(tag, child, locator)
            elif tag in self.seen and tag not in _MANY:
                reader.unknown(tag, child, locator, STANDS_TWICE)
            else:
                self.seen.add(tag)
                handler(self, child, locator, tag)

    def close(self) -> None:
        """Writes the accounts, now that their service is known, and the person."""
        service = self.known.get("service", "")
        platform = self.known.pop("platform", "") or service
        for identifier, locator, said in self.accounts:
            self.fact("account", identifier, locator, platform=platform, said=said)
        name = " ".join(self.names[part] for part in ("firstName", "middleName", "lastName") if self.names.get(part))
        self.reader.persons.append(
            Person(
                self.role, self.number, self.locator, name=name, disabled="; ".join(self.disabled),
                said=tuple(self.said), **self.known,
            )
        )  # fmt: skip

    def fact(self, kind: str, raw: str, locator: str, **more: Any) -> None:
        if raw.strip():
            self.reader.facts.append(Fact(kind, raw, locator, self.role, self.number, **more))

    def append(self, name: str, value: str) -> None:
        if value:
            self.known[name] = (*self.known.get(name, ()), value)

    def say(self, label: str, value: str) -> None:
        if value:
            self.said.append((label, value))


Handler: TypeAlias = "Callable[[Holder, etree._Element, str, str], None]"  # noqa: SLF001 — lxml's only name for it


def read_holder(reader: Reader, element: etree._Element, path: str, role: str) -> None:
    """A personOrUserReported, intendedRecipient or victim."""
    holder = Holder(reader, role, path)
    holder.read(element, path, _BY_ROLE[role])
    holder.close()


def read_contact(reader: Reader, element: etree._Element, path: str, *, label: str) -> None:
    """The reporter's reportingPerson or contactPerson."""
    holder = Holder(reader, "reporter", path)
    holder.known["note"] = label
    holder.read(element, path, _PERSON)
    holder.close()


# ---- one handler per element ----


def _name(holder: Holder, element: etree._Element, locator: str, tag: str) -> None:
    holder.names[tag] = holder.reader.text(element, locator).strip()


def _phone(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.reader.contact("phone", element, locator, holder.role, holder.number)


def _email(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.reader.contact("email", element, locator, holder.role, holder.number)


def _address(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.reader.address(element, locator, holder.role, holder.number)


def _age(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    age = holder.reader.whole(element, locator)
    if age is not None:
        holder.known["age"] = age


def _discrepancy(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.known["age_discrepancy"] = holder.reader.yes_no(element, locator)


def _born(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.known["date_of_birth"] = holder.reader.text(element, locator).strip()


def _person(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.read(element, locator, _PERSON)


def _account(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.accounts.append((holder.reader.text(element, locator), locator, ()))


def _service(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.known["service"] = holder.reader.text(element, locator).strip()


def _platform(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.known["platform"] = name = holder.reader.text(element, locator).strip()
    holder.say("platform", name)
    third = element.get("thirdPartyUser")
    if third is not None:
        holder.say("thirdPartyUser", third)


def _screen_name(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.fact("screen_name", holder.reader.text(element, locator), locator)


def _display_name(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.append("display_names", holder.reader.text(element, locator))


def _profile_url(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.fact("url", holder.reader.text(element, locator), locator)


def _ip(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.reader.capture(element, locator, holder.role, holder.number, "ip")


def _device(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.reader.capture(element, locator, holder.role, holder.number, "device")


def _third_party(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.known["third_party"] = holder.reader.yes_no(element, locator)


def _school(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.known["school"] = holder.reader.text(element, locator)


def _prior(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.append("prior_reports", holder.reader.text(element, locator).strip())


def _group(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.known["group"] = holder.reader.text(element, locator)


def _disabled(holder: Holder, element: etree._Element, locator: str, tag: str) -> None:
    answer = holder.reader.text(element, locator).strip()
    told = ", ".join(f"{name} {value}" for name, value in said_of(element, *_DISABLED_ATTRIBUTES))
    holder.disabled.append(f"{_DISABLED[tag]}: {answer}" + (f" ({told})" if told else ""))


def _location(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    holder.reader.estimated(element, locator, holder.role, holder.number)


def _said(holder: Holder, element: etree._Element, locator: str, tag: str) -> None:
    holder.say(tag, holder.reader.text(element, locator).strip())


def _note(label: str) -> Handler:
    def handle(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
        holder.reader.note(label, element, locator, holder.role, holder.number)

    return handle


def _associated(holder: Holder, element: etree._Element, locator: str, _: str) -> None:
    """An account of another kind or platform: a holder of its own, tied to this one by its locator and a word."""
    other = Holder(holder.reader, "associated", locator)
    kind = element.get("type") or element.get("accountType") or ""
    other.known["note"] = f"{kind} account of {holder.role} {holder.number}".strip()
    for name, value in said_of(element, "type", "accountType", "thirdPartyUser"):
        other.say(name, value)
    other.read(element, locator, _ASSOCIATED)
    other.close()


_MANY = frozenset(
    {"phone", "email", "address", "displayName", "profileUrl", "ipCaptureEvent", "deviceId", "priorCTReports",
     "priorCTReport", "associatedAccount", "additionalInfo"}
)  # fmt: skip
_PERSON: dict[str, Handler] = {
    "firstName": _name,
    "lastName": _name,
    "phone": _phone,
    "email": _email,
    "address": _address,
    "age": _age,
    "ageAssertionDiscrepancy": _discrepancy,
    "dateOfBirth": _born,
}
_ACCOUNT: dict[str, Handler] = {
    "espIdentifier": _account,
    "espService": _service,
    "compromisedAccount": _said,
    "screenName": _screen_name,
    "displayName": _display_name,
    "profileUrl": _profile_url,
    "profileBio": _note("profile text"),
    "ipCaptureEvent": _ip,
    "deviceId": _device,
    "priorCTReports": _prior,
    "priorCTReport": _prior,
    "groupIdentifier": _group,
    "accountTemporarilyDisabled": _disabled,
    "accountPermanentlyDisabled": _disabled,
    "estimatedLocation": _location,
    "allEmailsReported": _said,
    "additionalInfo": _note("additional information"),
}
_ASSOCIATED: dict[str, Handler] = {
    **_PERSON,
    **_ACCOUNT,
    "middleName": _name,
    "approximateAge": _age,
    "platform": _platform,
}
_BY_ROLE: dict[str, dict[str, Handler]] = {
    "reported": {
        **_ACCOUNT,
        "personOrUserReportedPerson": _person,
        "vehicleDescription": _note("vehicle"),
        "thirdPartyUserReported": _third_party,
        "associatedAccount": _associated,
    },
    "recipient": {**_ACCOUNT, "intendedRecipientPerson": _person},
    "victim": {**_ACCOUNT, "victimPerson": _person, "schoolName": _school, "associatedAccount": _associated},
}
