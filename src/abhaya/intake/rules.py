"""What a schema cannot say of a submission: the reporting API's own rules, and what is taken although it looks wrong.

Pure. A *refusal* is a rule of the CyberTipline manual that a sender can put right (code 4100). A *notice* is kept with the
answer: the report is taken, and the sender learns what would have made it better. Sources: the manual's validation rules
(`docs/formats.md`), and what clients in the field send, which must not be refused.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from abhaya.intake.formats.record import Fact, FilePart, Instant, Person, Place, Record, Text
from abhaya.selectors import ip

CLOCK_SKEW_MAX = timedelta(minutes=10)  # a sender's clock may run ahead by this much
EMAIL_LOCAL_CHARACTERS_MAX = 64  # RFC 5321 §4.5.3.1.1, and the manual
SUPPLEMENTAL = "Supplemental Reported"
BATCH_ANNOTATIONS = frozenset({"viral", "potentialMeme"})
QUOTED_CHARACTERS_MAX = 60
NOTICES_SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a submission. `refused`: it must be put right; else it is a notice."""

    sentence: str
    refused: bool = True


def report_findings(record: Record, now: datetime) -> list[Finding]:
    """Every rule on a `<report>` as it is submitted. `now` is aware."""
    return [finding for rule in _REPORT_RULES for finding in rule(record, now)]


def file_findings(record: Record, now: datetime) -> list[Finding]:
    """Every rule on one `<fileDetails>`, read by `ncmec_xml.read_details`."""
    return [finding for rule in _FILE_RULES for finding in rule(record, now)]


def refusal(findings: Sequence[Finding]) -> str:
    """The refusals as one text, empty if there are none."""
    return " ".join(finding.sentence for finding in findings if finding.refused)


def notices(findings: Sequence[Finding], record: Record) -> list[str]:
    """What the sender should know of a document that was taken, what we did not understand first."""
    unknown = [
        f"Kept but not understood: {_quoted(loss.what)} at {loss.locator}."
        for loss in record.losses[:NOTICES_SHOWN_MAX]
    ]
    return [*unknown, *(finding.sentence for finding in findings if not finding.refused)][:NOTICES_SHOWN_MAX]


def finish_refusal(record: Record, files: Sequence[FilePart]) -> str:
    """Why this report cannot be finished with these files; empty if it can. Only batched reports have such rules."""
    if not record.batched or not files:
        return ""
    if len(files) > 1:
        return (
            f"A batched report takes one file, and {len(files)} were uploaded."
            " Retract it and submit it again with one file."
        )
    file = files[0]
    told = [label for label, is_told in _told_of_batched_file(record, file) if is_told]
    others = sorted(set(file.annotations) - BATCH_ANNOTATIONS)
    if told:
        why = f"its details may not tell: {', '.join(told)}"
    elif others:
        why = f"it may not be annotated {', '.join(others)}"
    elif not BATCH_ANNOTATIONS & set(file.annotations):
        why = "its details must annotate it as viral or potentialMeme"
    elif file.relevance not in {"", "Reported"}:
        why = f"its relevance must be Reported, not {_quoted(file.relevance)}"
    else:
        return ""
    return f"This is not a file for a batched report: {why}. Retract the report and submit it again."


def _told_of_batched_file(record: Record, file: FilePart) -> list[tuple[str, bool]]:
    facts = {fact.kind for fact in record.facts if fact.role == "file"}
    return [
        ("originalFileName", bool(file.original_name)),
        ("locationOfFile", bool(file.location)),
        ("originalFileHash", bool(file.hashes)),
        ("ipCaptureEvent", "ip" in facts),
        ("deviceId", "device" in facts),
        ("details", bool(file.details)),
        ("additionalInfo", any(text.role == "file" for text in record.texts)),
    ]


# ---- times ----


def _incident_time(record: Record, now: datetime) -> Iterator[Finding]:
    incident = record.incident
    if incident is None:
        return
    if not incident.zone_known:
        yield Finding(
            f"incidentDateTime {_quoted(incident.original)} has no time zone; write Z or an offset such as +05:30."
        )
    yield from _in_the_past("incidentDateTime", incident, now)


def _captured_times(record: Record, now: datetime) -> Iterator[Finding]:
    for fact in record.facts:
        if fact.instant is not None:
            yield from _in_the_past(f"dateTime at {fact.locator}", fact.instant, now)
            if not fact.instant.zone_known:
                yield Finding(
                    f"The time at {fact.locator} has no time zone and is taken as UTC; who held the address depends on it.",
                    refused=False,
                )


def _births(record: Record, now: datetime) -> Iterator[Finding]:
    latest = (now + timedelta(days=1)).date()
    for person in record.persons:
        born = _day(person.date_of_birth)
        if born is not None and born > latest:
            yield Finding(f"dateOfBirth {_quoted(person.date_of_birth)} at {person.locator} lies in the future.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _in_the_past(named: str, instant: Instant, now: datetime) -> Iterator[Finding]:
    if instant.at is not None and instant.at > now + CLOCK_SKEW_MAX:
        written = _quoted(instant.original)
        yield Finding(
            f"{named} is {written}, which lies in the future; it is now {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}."
        )


# ---- identifiers ----


def _addresses(record: Record, _: datetime) -> Iterator[Finding]:
    for fact in record.facts:
        if fact.kind != "ip":
            continue
        reading = ip.read(fact.raw)
        if reading.normal.value is None and _is_address(fact.raw):
            yield Finding(f"ipAddress {_quoted(fact.raw)} at {fact.locator} names nobody.", refused=False)
        elif reading.normal.value is None:
            yield Finding(f"ipAddress {_quoted(fact.raw)} at {fact.locator} is not an IPv4 or IPv6 address.")
        elif reading.port is not None and fact.port is None:
            yield Finding(
                f"ipAddress {_quoted(fact.raw)} at {fact.locator} holds a port; it was read, but write it in port.",
                refused=False,
            )


def _is_address(text: str) -> bool:
    """An address that no host has, such as 0.0.0.0, is one all the same."""
    try:
        ipaddress.ip_address(text.strip())
    except ValueError:
        return False
    return True


def _contacts(record: Record, _: datetime) -> Iterator[Finding]:
    for fact in record.facts:
        if fact.kind not in {"email", "phone"}:
            continue
        if any(label == "verificationDate" for label, _ in fact.said) and fact.verified is not True:
            yield Finding(f"{fact.kind} at {fact.locator} has a verificationDate, so verified must be true.")
        if fact.kind == "email":
            yield from _email(fact)
        elif fact.calling_code and fact.raw.strip().startswith(fact.calling_code):
            yield Finding(f"phone at {fact.locator} repeats its countryCallingCode {fact.calling_code}.", refused=False)


def _email(fact: Fact) -> Iterator[Finding]:
    local = fact.raw.strip().rpartition("@")[0]
    if len(local) > EMAIL_LOCAL_CHARACTERS_MAX:
        yield Finding(
            f"email at {fact.locator} has {len(local)} characters before the @; at most {EMAIL_LOCAL_CHARACTERS_MAX} are taken."
        )
    elif fact.raw.strip() and not local:
        yield Finding(
            f"email {_quoted(fact.raw)} at {fact.locator} is no address; it was kept as written.", refused=False
        )


def _urls(record: Record, _: datetime) -> Iterator[Finding]:
    for fact in record.facts:
        if fact.kind == "url" and "://" not in fact.raw:
            yield Finding(f"{_quoted(fact.raw)} at {fact.locator} has no scheme such as https://.", refused=False)


def _incident_emails(record: Record, _: datetime) -> Iterator[Finding]:
    held = {
        fact.raw.strip().lower()
        for fact in record.facts
        if fact.kind == "email" and fact.role in {"reported", "recipient", "victim"}
    }
    for fact in record.facts:
        if fact.kind == "email" and fact.role == "incident" and fact.raw.strip().lower() not in held:
            yield Finding(f"The address at {fact.locator} stands with nobody: say whose it is.", refused=False)


# ---- persons and places ----


def _places(record: Record, _: datetime) -> Iterator[Finding]:
    for place in record.places:
        if place.kind == "coordinates":
            yield from _coordinates(place)
        elif place.kind == "estimated" and not place.country:
            yield Finding(f"estimatedLocation at {place.locator} has no countryCode.", refused=False)
        elif place.kind == "estimated" and place.country == "US" and place.city and not place.region:
            yield Finding(f"estimatedLocation at {place.locator} has a city but no region.", refused=False)


def _coordinates(place: Place) -> Iterator[Finding]:
    if place.latitude is None or place.longitude is None or abs(place.latitude) > 90 or abs(place.longitude) > 180:
        yield Finding(
            f"{_quoted(place.text)} at {place.locator} is no point on earth; it was kept as written.", refused=False
        )


def _persons(record: Record, _: datetime) -> Iterator[Finding]:
    reported = sum(person.role == "reported" for person in record.persons)
    if reported > 1 and not record.batched:
        yield Finding(f"{reported} persons are reported; the manual asks for one report each.", refused=False)
    for person in record.persons:
        if person.role == "associated" and person.age is not None and person.date_of_birth:
            yield Finding(f"{person.locator} has approximateAge and dateOfBirth; one is enough.", refused=False)


def _reporter(record: Record, _: datetime) -> Iterator[Finding]:
    if not any(fact.role == "reporter" and fact.kind == "email" for fact in record.facts):
        yield Finding("reportingPerson has no email: nobody can be asked about this report.", refused=False)


# ---- batched reports ----


def _batched(record: Record, _: datetime) -> Iterator[Finding]:
    """Many accounts that spread one viral file: only who they are."""
    if not record.batched:
        return
    roles = {person.role for person in record.persons}
    for name, is_there in (
        ("escalateToHighPriority", bool(record.escalation)),
        ("internetDetails", bool(record.incident_kinds)),
        ("lawEnforcement", bool(record.law_enforcement)),
        ("intendedRecipient", "recipient" in roles),
        ("victim", "victim" in roles),
        ("additionalInfo", any(text.role == "mentioned" for text in record.texts)),
    ):
        if is_there:
            yield Finding(f"A batched report takes no {name}.")
    items: list[Fact | Place | Text] = [*record.facts, *record.places, *record.texts]
    told = {
        item.locator
        for item in items
        if item.role == "associated" or (item.role == "reported" and getattr(item, "kind", "") != "account")
    }
    told |= {person.locator for person in record.persons if person.role == "reported" and _says_more(person)}
    if told:
        yield Finding(f"A batched report takes only espIdentifier of each personOrUserReported; see {min(told)}.")


def _says_more(person: Person) -> bool:
    bare = Person(person.role, person.number, person.locator)
    return person != bare


# ---- files ----


def _file_answers(record: Record, now: datetime) -> Iterator[Finding]:
    file = record.files[0]
    if file.exif_viewed_by_sender and not file.viewed_by_sender:
        yield Finding("exifViewedByEsp is true, so fileViewedByEsp must be true.")
    if file.relevance == SUPPLEMENTAL and "potentialMeme" in file.annotations:
        yield Finding(f"A file that is {SUPPLEMENTAL} cannot be a potentialMeme.")
    if file.relevance == SUPPLEMENTAL and file.classification:
        yield Finding(f"A file that is {SUPPLEMENTAL} takes no industryClassification.")
    if file.uploaded is not None:
        yield from _in_the_past("uploadedToEspTimestamp", file.uploaded, now)
    if file.viewed_by_sender is None:
        yield Finding(
            "fileViewedByEsp is not said: it decides who may open the file without further authority.", refused=False
        )


_Rule = Callable[[Record, datetime], Iterator[Finding]]
_REPORT_RULES: tuple[_Rule, ...] = (
    _incident_time,
    _captured_times,
    _births,
    _addresses,
    _contacts,
    _batched,
    _persons,
    _reporter,
    _incident_emails,
    _urls,
    _places,
)
_FILE_RULES: tuple[_Rule, ...] = (_file_answers, _captured_times, _addresses)


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return "'" + (plain if len(plain) <= QUOTED_CHARACTERS_MAX else plain[:QUOTED_CHARACTERS_MAX] + "…") + "'"
