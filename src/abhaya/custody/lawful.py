"""On which basis a file may be opened, by country and by whether the sender looked at it (pure).

The sender's flag has three values: looked, did not look, not said (CyberTipline `fileViewedByEsp`). In some countries the
law makes much of the difference, in others little; so it is a table, which a unit's lawyers write and an administrator
imports. `DRAFT` stands until they have: **a draft for a lawyer to correct, not legal advice.** Its sources are named row by
row; where it does not know better it asks for more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from abhaya.shared.reason import Reason

PURPOSE_CHARACTERS_MIN = 10
TEXT_CHARACTERS_MAX = 500


class Viewed(StrEnum):
    """What the sender says of its own look."""

    YES = "true"
    NO = "false"
    UNKNOWN = "null"

    @classmethod
    def of(cls, flag: bool | None) -> Viewed:
        return cls.UNKNOWN if flag is None else cls.YES if flag else cls.NO


class Needs(StrEnum):
    """What must be given, each with all before it."""

    REASON = "reason"  # a purpose in a sentence
    REFERENCE = "reference"  # and the number of a case or report under which the officer acts
    WARRANT = "warrant"  # and the number of a court's order for this file
    CLOSED = "closed"  # it is not opened at all


class Ask(StrEnum):
    """One thing that an officer gives before a file is opened."""

    PURPOSE = "purpose"
    REFERENCE = "reference"
    WARRANT = "warrant"
    WHY_AGAIN = "why_again"  # the same bytes were looked at before
    WHY_ON = "why_on"  # it is time for a pause


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: in this country or part of it, for this flag, this is needed."""

    jurisdiction: str  # "" for everywhere, else a place code: IN, US, US-TX
    viewed: Viewed
    needs: Needs
    source: str  # where it comes from, in a sentence for the officer
    source_hi: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one version. An entry of the ledger names the version it was opened under."""

    version: str
    rules: tuple[Rule, ...]
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What an officer gave."""

    purpose: str = ""
    reference: str = ""
    warrant: str = ""


def _all(jurisdiction: str, needs: Needs, source: tuple[str, str]) -> tuple[Rule, ...]:
    return tuple(Rule(jurisdiction, viewed, needs, *source) for viewed in Viewed)


_WILSON = (
    "Unviewed needs a warrant: United States v. Wilson, 13 F.4th 961 (9th Cir. 2021), also where no ruling is listed.",
    "बिना देखी फ़ाइल के लिए वारंट: United States v. Wilson, 13 F.4th 961 (9th Cir. 2021); जहाँ कोई निर्णय सूची में नहीं, वहाँ भी।",
)
_LOOKED = (
    "The sender looked. The clearing-house is government: United States v. Ackerman, 831 F.3d 1292 (10th Cir. 2016).",
    "प्रेषक ने पूरी फ़ाइल देखी। सूचना केंद्र को सरकार माना जाता है: United States v. Ackerman, 831 F.3d 1292 (10th Cir. 2016)।",
)
_FIFTH = (
    "United States v. Reddick, 900 F.3d 636 (5th Cir. 2018): no warrant for a file whose hash matched a known one.",
    "United States v. Reddick, 900 F.3d 636 (5th Cir. 2018): जिस फ़ाइल का हैश ज्ञात फ़ाइल से मिला, उसके लिए वारंट नहीं।",
)
_SIXTH = (
    "United States v. Miller, 982 F.3d 412 (6th Cir. 2020): no warrant for a file whose hash matched a known one.",
    "United States v. Miller, 982 F.3d 412 (6th Cir. 2020): जिस फ़ाइल का हैश ज्ञात फ़ाइल से मिला, उसके लिए वारंट नहीं।",
)
_INDIA = (
    "An authorised officer, under the number of a registered case or of this report.",
    "अधिकृत अधिकारी, दर्ज केस या इस रिपोर्ट की संख्या के अंतर्गत।",
)
EVERYWHERE = (
    "No rule of this country is listed here: a purpose is always given and kept.",
    "इस देश का कोई नियम यहाँ सूची में नहीं है: उद्देश्य हमेशा बताया और रखा जाता है।",
)

DRAFT = Table(
    "draft-1",
    (
        *_all("", Needs.REASON, EVERYWHERE),
        *_all("IN", Needs.REFERENCE, _INDIA),
        Rule("US", Viewed.YES, Needs.REASON, *_LOOKED),
        Rule("US", Viewed.NO, Needs.WARRANT, *_WILSON),
        Rule("US", Viewed.UNKNOWN, Needs.WARRANT, *_WILSON),
        *(Rule(f"US-{state}", Viewed.NO, Needs.REFERENCE, *_FIFTH) for state in ("LA", "MS", "TX")),
        *(Rule(f"US-{state}", Viewed.NO, Needs.REFERENCE, *_SIXTH) for state in ("KY", "MI", "OH", "TN")),
    ),
    is_draft=True,
)


def rule_for(table: Table, place: str, viewed: Viewed) -> Rule:
    """The row that fits this place best: its own, its country's, everywhere's; a purpose at least, whatever a table says."""
    rows = {(rule.jurisdiction, rule.viewed): rule for rule in table.rules}
    parts = place.split("-") if place else []
    for length in range(len(parts), -1, -1):
        found = rows.get(("-".join(parts[:length]), viewed))
        if found is not None:
            return found
    return Rule("", viewed, Needs.REASON, *EVERYWHERE)


def asked(rule: Rule) -> tuple[Ask, ...]:
    """What the rule asks an officer for."""
    wanted = [Ask.PURPOSE]
    if rule.needs in {Needs.REFERENCE, Needs.WARRANT}:
        wanted.append(Ask.REFERENCE)
    if rule.needs is Needs.WARRANT:
        wanted.append(Ask.WARRANT)
    return tuple(wanted)


def missing(rule: Rule, basis: Basis) -> tuple[Ask, ...]:
    """What of it was not given."""
    given = {Ask.PURPOSE: basis.purpose, Ask.REFERENCE: basis.reference, Ask.WARRANT: basis.warrant}
    least = {Ask.PURPOSE: PURPOSE_CHARACTERS_MIN}
    return tuple(ask for ask in asked(rule) if len(given[ask].strip()) < least.get(ask, 1))


def faults(rules: tuple[Rule, ...]) -> list[Reason]:
    """What is wrong with a table as a whole: it must answer everywhere, and once."""
    seen: set[tuple[str, Viewed]] = set()
    found = []
    for rule in rules:
        if (rule.jurisdiction, rule.viewed) in seen:
            found.append(Reason("lawful_twice", {"place": rule.jurisdiction or "*", "viewed": rule.viewed.value}))
        seen.add((rule.jurisdiction, rule.viewed))
    lacking = [viewed.value for viewed in Viewed if ("", viewed) not in seen]
    if lacking:
        found.append(Reason("lawful_everywhere", {"viewed": ", ".join(lacking)}))
    return found
