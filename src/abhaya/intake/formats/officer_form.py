"""What an officer took down from somebody who called, came in or wrote: form fields → record, with the source graded.

The grade is the Admiralty system's: reliability of the source A–F, credibility of the information 1–6 (NATO AJP-2.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from abhaya.intake.formats.record import Fact, Instant, Person, Place, Record, Text
from abhaya.intake.formats.times import read_instant

FORMAT, VERSION = "officer_form", 1

# field of the form → (kind of selector, whose)
IDENTIFIER_FIELDS = {
    "reported_accounts": ("account", "reported"),
    "reported_phones": ("phone", "reported"),
    "reported_emails": ("email", "reported"),
    "reported_urls": ("url", "reported"),
    "reported_addresses": ("ip", "reported"),
    "reported_payments": ("upi", "reported"),
    "caller_phone": ("phone", "reporter"),
}
CHILD_IS_SENDER = "childIsSender"  # an annotation of ours beside the sender's own


def read(values: Mapping[str, Any]) -> Record:
    """The record of one filled form. Several identifiers stand one per line; an account is "platform: identifier"."""
    facts = [fact for field, (kind, role) in IDENTIFIER_FIELDS.items() for fact in _facts(field, kind, role, values)]
    child_calls = values.get("caller") == "child"
    persons = [Person("reporter", 1, "form field caller", note=str(values.get("caller", "")))]
    if any(fact.role == "reported" for fact in facts) or values.get("reported_name"):
        persons.append(Person("reported", 1, "form field reported_name", name=_text(values, "reported_name"), age=values.get("reported_age")))  # fmt: skip
    if child_calls or values.get("child_age") is not None or values.get("child_name"):
        persons.append(Person("victim", 1, "form field child", name=_text(values, "child_name"), age=values.get("child_age"), school=_text(values, "child_school")))  # fmt: skip
    texts = [Text("what happened", _text(values, "what_happened"), "form field what_happened", "incident")]
    places: tuple[Place, ...] = ()
    if any(_text(values, field) for field in ("place_address", "place_district", "place_state")):
        whose = "victim" if values.get("place_whose") == "child" else "reported"
        places = (Place("address", "form field place", whose, 1, text=_text(values, "place_address"), city=_text(values, "place_district"), region=_text(values, "place_state"), country="IN"),)  # fmt: skip
    return Record(
        FORMAT, VERSION, external_ref=_text(values, "reference"), sender_name="", incident_type=_text(values, "what_kind"),
        incident=_when(values), incident_means="as told by the caller", platform=_text(values, "platform"),
        escalation=_text(values, "urgent_because"), annotations=(CHILD_IS_SENDER,) if child_calls else (),
        persons=tuple(persons), facts=tuple(facts), places=places, texts=tuple(text for text in texts if text.text),
        source_grade=f"{values.get('source_reliability', 'F')}{values.get('information_credibility', '6')}",
    )  # fmt: skip


def _facts(field: str, kind: str, role: str, values: Mapping[str, Any]) -> list[Fact]:
    facts = []
    for number, line in enumerate(_text(values, field).splitlines(), start=1):
        raw = line.strip()
        if not raw:
            continue
        locator = f"form field {field}, line {number}"
        if kind == "account" and (named := re.match(r"([^:]{2,60}):\s*(\S.*)", raw)) and "//" not in raw:
            facts.append(Fact(kind, named.group(2).strip(), locator, role, 1, platform=named.group(1).strip()))
        elif kind == "account":
            facts.append(Fact("screen_name", raw, locator, role, 1, platform=_text(values, "platform")))
        else:
            facts.append(Fact(kind, raw, locator, role, 1))
    return facts


def _when(values: Mapping[str, Any]) -> Instant | None:
    text = _text(values, "when")
    return read_instant(text, day_first=True) if text else None


def _text(values: Mapping[str, Any], field: str) -> str:
    return str(values.get(field) or "").strip()
