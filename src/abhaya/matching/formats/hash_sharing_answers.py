"""What our hash-sharing door answers, and what it is sent: NCMEC's API v2 as clients in the field read it (pure).

Namespace `https://hashsharing.ncmec.org/hashsharing/v2`. Three things that a widely used client cannot do without: a
`next` only where there is more, a `maxTimestamp` without fractions wherever there are entries, and the reasons one level
below the root. Source: facebook/ThreatExchange, `exchanges/clients/ncmec`; NCMEC's manual where it is public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from abhaya.errors import SenderError
from abhaya.matching.formats.hash_sharing_xml import NAMESPACE
from abhaya.matching.votes import NAMES, Reason

CONTENT_TYPE = "application/xml;charset=UTF-8"
FEEDBACK_BYTES_MAX = 64 * 1024
FINGERPRINT_CHARACTERS_MAX = 4096  # a longer one is a film's, which the API hands out one by one; left out here
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ELEMENT = {"photodna": "pdna"}  # our name of a fingerprint -> the element's, where they differ
_FEEDBACK_ENDS = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?feedback\s*>")
_NAME = re.compile(r"[a-z][a-z0-9]{0,40}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Member(NamedTuple):
    number: int
    name: str


class Said(NamedTuple):
    """One vote on one fingerprint."""

    by: Member
    hash_type: str
    affirmative: bool
    reasons: Sequence[Reason]
    at: datetime


class Shown(NamedTuple):
    """One entry, or the news that it was taken back."""

    member: Member
    id: str
    is_video: bool
    at: datetime | None  # None: not known, and left out
    withdrawn: bool
    classification: str
    fingerprints: Mapping[str, str]  # our name of it -> its text
    said: Sequence[Said]


class Feedback(NamedTuple):
    """What a client says of a fingerprint; `reasons` are ids."""

    affirmative: bool
    reasons: list[str]


def entries(found: Iterable[Shown], next_page: str) -> bytes:
    """One page of entries and tombstones. `next_page` is relative to the application's root; "" on the last."""
    parts: dict[bool, list[str]] = {False: [], True: []}
    newest: dict[bool, datetime] = {}
    for one in found:
        parts[one.is_video].append(element_of(one))
        if one.at is not None:
            newest[one.is_video] = max(one.at, newest.get(one.is_video, one.at))
    listed = [
        f'<{name} count="{len(parts[key])}" maxTimestamp="{stamp(newest[key])}">{"".join(parts[key])}</{name}>'
        for key, name in ((False, "images"), (True, "videos"))
        if parts[key]
    ]
    paging = f"<paging><next>{_text(next_page)}</next></paging>" if next_page else ""
    return _document("queryResult", "".join(listed) + paging)


def status(address: str, username: str, member: Member) -> bytes:
    return _document(
        "status",
        f"<ipAddress>{_text(address)}</ipAddress><username>{_text(username)}</username>{_member(member)}",
    )


def members(found: Iterable[Member]) -> bytes:
    return _document("members", "".join(map(_member, found)))


def reasons(found: Iterable[Reason], type_name: str) -> bytes:
    listed = "".join(_reason(one, type_name) for one in found)
    wrapped = f"<availableFeedbackReasons>{listed}</availableFeedbackReasons>"
    return _document("feedbackReasons", wrapped)


def submitted() -> bytes:
    return _document("submissionResult", "")


def refusal(sentence: str) -> bytes:
    return _document("error", f"<message>{_text(sentence)}</message>")


def feedback(data: bytes) -> Feedback:
    """What a client submits. Raises SenderError with what is wrong."""
    if b"<!DOCTYPE" in data.upper():
        raise SenderError("The XML has a document type (DOCTYPE), which is not accepted; remove it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise SenderError("The body is not well-formed XML.") from problem
    if root.tag != f"{{{NAMESPACE}}}feedbackSubmission":
        raise SenderError(f"The body is not a feedbackSubmission of {NAMESPACE}.")
    said = [child for child in root if isinstance(child.tag, str)]
    names = [etree.QName(child).localname for child in said]
    if names == ["affirmative"]:
        return Feedback(affirmative=True, reasons=[])
    if names == ["negative"]:
        guids = [one.text or "" for one in said[0].iter(f"{{{NAMESPACE}}}guid")]
        return Feedback(affirmative=False, reasons=guids)
    raise SenderError("A feedbackSubmission holds exactly one of affirmative and negative.")


def stamp(instant: datetime) -> str:
    """An instant in UTC to the second, as `%Y-%m-%dT%H:%M:%SZ`, never later than it is."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def element_of(one: Shown) -> str:
    """One entry or tombstone as its element."""
    kind = "video" if one.is_video else "image"
    timed = f"<timestamp>{stamp(one.at)}</timestamp>" if one.at else ""
    head = f"{_member(one.member)}{timed}<id>{_text(one.id)}</id>"
    if one.withdrawn:
        return f"<deleted{kind.title()}>{head}</deleted{kind.title()}>"
    prints = "".join(
        f"<{name}>{_text(text)}</{name}>"
        for name, text in ((_ELEMENT.get(kind, kind), text) for kind, text in one.fingerprints.items())
        if _NAME.fullmatch(name) and len(text) <= FINGERPRINT_CHARACTERS_MAX
    )
    classified = f"<classification>{_text(one.classification)}</classification>" if one.classification else ""
    return f"<{kind}>{head}{classified}<fingerprints>{prints}</fingerprints>{_feedback(one.said)}</{kind}>"


def _feedback(said: Sequence[Said]) -> str:
    if not said:
        return ""
    newest = stamp(max(one.at for one in said))
    return f'<feedback lastUpdateTimestamp="{newest}">{"".join(_votes(said))}</feedback>'


def voted(element: str, said: Sequence[Said]) -> str:
    """An element of somebody else's with these votes beside those that it has."""
    if not said:
        return element
    ends = list(_FEEDBACK_ENDS.finditer(element))
    at = ends[-1].start() if ends else element.rindex("</")
    return element[:at] + ("".join(_votes(said)) if ends else _feedback(said)) + element[at:]


def _votes(said: Sequence[Said]) -> list[str]:
    parts = []
    for one in said:
        kind, at = NAMES.get(one.hash_type, one.hash_type).title(), stamp(one.at)
        by = f'<members timestamp="{at}">{_member(one.by)}</members>'
        if one.affirmative:
            parts.append(f'<affirmativeFeedback type="{kind}" lastUpdateTimestamp="{at}">{by}</affirmativeFeedback>')
        else:
            # In pairs, as clients read them.
            why = "".join(_reason(reason, kind) + by for reason in one.reasons) or by
            parts.append(
                f'<negativeFeedback type="{kind}" lastUpdateTimestamp="{at}"><reasons>{why}</reasons></negativeFeedback>'
            )
    return parts


def _member(one: Member) -> str:
    return f'<member id="{one.number}">{_text(one.name)}</member>'


def _reason(one: Reason, type_name: str) -> str:
    return f'<reason guid="{one.guid}" name={quoteattr(one.name)} type={quoteattr(type_name)}/>'


def _document(root: str, inner: str) -> bytes:
    return f'{HEAD}<{root} xmlns="{NAMESPACE}">{inner}</{root}>\n'.encode()


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
