"""What a report shows (pure): the signals that the rules weigh, each with the values its sentence needs.

A signal is a fact somebody stated or a count of our own. Whether it is true is for an officer to find out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from abhaya.intake.formats.record import Fact, Person, Record, Text
from abhaya.matching.rules import WIDELY_SHARED_REPORTS_MIN
from abhaya.triage import wording

CHILD_YEARS_MAX = 17
LINKED_MANY_MIN = 3
LINKED = frozenset({"linked_many", "linked_some", "subject_many", "subject_some"})
CLOCK_SKEW_MAX = timedelta(days=1)  # a sender's clock may run ahead; what is later than this is not believed

# What a report tells of its persons to their other reports: COUNTS, where it is neither covert nor a test.
DANGER, MEET, SOUGHT, COUNTS = TELLS = (1, 2, 4, 8)
# What a person's other reports say in one, as far as they count for everybody.
IN_SOME, IN_MANY, SHOWS_DANGER, SHOWS_MEET, SHOWS_SOUGHT = SAYS = (1, 2, 4, 8, 16)
_SAID = {SHOWS_DANGER: "subject_danger", SHOWS_MEET: "subject_meet", SHOWS_SOUGHT: "subject_sought"}

Values = dict[str, str | int | float]
Signals = dict[str, Values]


@dataclass(frozen=True, slots=True)
class Held:
    """What earlier stages found about a report in what this installation already holds."""

    linked_reports: int = 0  # most earlier reports that share one strong identifier
    files: int = 0
    known_files: int = 0  # files whose bytes were in an earlier report
    most_reports_of_a_file: int = 0  # earlier ones with its bytes
    held_files: int = 0  # of `files`, those whose bytes we hold; the others were only described
    # What hash lists say of them. *Known* is: our own bytes, and an entry that two people verified.
    sought_files: int = 0  # known from a list of what is sought
    sought_later: int = 0  # on such a list, known or not yet verified, that came after the report
    viral_files: int = 0  # known from a list of what everybody passes on, and on no list of what is sought
    widely_files: int = 0  # in many other reports by now, by our own count; `known_files` has them, too
    stands_apart: bool = False  # others bring the same files and tell less: matching's word
    says: int = 0  # `SAYS`: other reports of its persons, whom accounts held to be one person's make

    @property
    def is_widely_shared(self) -> bool:
        return self.widely_files > 0 or self.most_reports_of_a_file >= WIDELY_SHARED_REPORTS_MIN

    @property
    def only_viral(self) -> bool:
        """Every file is held, and every one is known from a list of widely shared files. A file we could not compare,
        or that is on no such list, is new, and what is new is never lowered.
        """
        return 0 < self.files == self.held_files == self.viral_files


def read(
    record: Record, received_at: datetime, held: Held, *, added: Iterable[tuple[Record, datetime]] = ()
) -> Signals:
    """Every signal of one report, and of what came later for it (each with when it came): what one reading shows, the
    report shows. The same records and holdings always give the same signals.
    """
    signals: Signals = {}
    for reading, at in ((record, received_at), *added):
        for code, values in (
            *_stated(reading),
            *_ages(reading, at),
            *_texts(reading),
            *_files(reading, held),
            *_recency(reading, at),
            *_whereabouts(reading),
            *_holdings(held),
        ):
            signals.setdefault(code, values)
    return signals


_TYPES = {
    "Online Enticement of Children for Sexual Acts": "type_enticement",
    "Child Sexual Molestation": "type_molestation",
    "Child Sex Trafficking": "type_trafficking",
    "Child Sex Tourism": "type_tourism",
}
_ANNOTATIONS = {
    "sextortion": "extortion",
    "csamSolicitation": "solicitation",
    "minorToMinorInteraction": "minor_to_minor",
    "sadisticOnlineExploitation": "sadistic",
}


def _stated(record: Record) -> Iterator[tuple[str, Values]]:
    if record.escalation.strip():
        yield "escalated", {"sender": record.sender_name or record.platform or "–"}
    if record.incident_type in _TYPES:
        yield _TYPES[record.incident_type], {}
    for annotation in record.annotations:
        if annotation in _ANNOTATIONS:
            yield _ANNOTATIONS[annotation], {}
    if record.batched:
        yield "batched", {}
    if record.informational:
        yield "informational", {}
    if any(person.group for person in record.persons):
        yield "group", {}
    prior = {number for person in record.persons for number in person.prior_reports}
    if prior:
        yield "prior_reports", {"reports": len(prior)}


def age_of(person: Person, at: datetime) -> int | None:
    """Years, as stated or from the stated date of birth."""
    if person.age is not None:
        return person.age
    try:
        born = date.fromisoformat(person.date_of_birth[:10])
    except ValueError:
        return None
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def is_child(person: Person, at: datetime) -> bool:
    age = age_of(person, at)
    return age is not None and 0 <= age <= CHILD_YEARS_MAX


def _ages(record: Record, received_at: datetime) -> Iterator[tuple[str, Values]]:
    children = [person for person in record.persons if is_child(person, received_at)]
    harmed = [age_of(person, received_at) or 0 for person in children if person.role in {"victim", "recipient"}]
    if harmed:
        youngest = min(harmed)
        yield _age_band("child", youngest), {"age": youngest}
    reported = [age_of(person, received_at) or 0 for person in children if person.role == "reported"]
    if reported:
        yield "reported_is_child", {"age": min(reported)}
    sender = [age_of(person, received_at) or 0 for person in children if person.role == "reporter"]
    if sender:
        yield "sender_is_child", {"age": min(sender)}


def _age_band(prefix: str, age: int) -> str:
    return f"{prefix}_under_13" if age < 13 else f"{prefix}_13_15" if age < 16 else f"{prefix}_16_17"


def joined(texts: Iterable[Text]) -> list[Text]:
    """Texts of one label, role and person that follow each other, as one: the lines of a PDF, the parts of a chat."""
    made: list[Text] = []
    for text in texts:
        last = made[-1] if made else None
        if last is not None and (last.label, last.role, last.person) == (text.label, text.role, text.person):
            made[-1] = Text(text.label, f"{last.text}\n{text.text}", last.locator, text.role, text.person)
        else:
            made.append(text)
    return made


def _texts(record: Record) -> Iterator[tuple[str, Values]]:
    # What a company prints under every report (its terms, its standing text) says nothing of this one.
    told = joined(text for text in record.texts if text.role != "reporter")
    texts = [wording.Words(text.label, text.text) for text in told]
    if record.escalation:
        texts.append(wording.Words("escalation", record.escalation))
    for found in wording.read(texts):
        if found.code == "text_age":
            yield _age_band("text_age", int(found.value)), {"age": int(found.value), "where": found.where}
        elif found.code == "text_deadline":
            yield found.code, {"hours": int(float(found.value)), "where": found.where}
        else:
            yield found.code, {"where": found.where}


_FILE_ANNOTATIONS = {
    "liveStreaming": "file_live",
    "infant": "file_infant",
    "physicalHarm": "file_harm",
    "possibleSelfProduction": "file_self",
    "generativeAi": "file_generated",
    "animeDrawingVirtualHentai": "file_drawn",
    "potentialMeme": "flag_meme",
    "viral": "flag_viral",
}


def _files(record: Record, held: Held) -> Iterator[tuple[str, Values]]:
    for file in record.files:
        for annotation in file.annotations:
            if annotation in _FILE_ANNOTATIONS:
                yield _FILE_ANNOTATIONS[annotation], {}
        if file.classification[:1] == "A":
            yield "class_a", {"classification": file.classification}
        elif file.classification[:1] == "B":
            yield "class_b", {"classification": file.classification}
        if file.publicly_available:
            yield "public", {}
    yield from _known(held, described=bool(record.files))


def _known(held: Held, *, described: bool) -> Iterator[tuple[str, Values]]:
    """What we and the hash lists know of the files."""
    if held.is_widely_shared and held.stands_apart:
        yield "stands_apart", {}
    if held.is_widely_shared:
        yield "viral_file", {"reports": WIDELY_SHARED_REPORTS_MIN}  # not how many: a reader may see fewer
    elif held.only_viral:
        yield "files_viral_list", {"files": held.files}
    elif described:
        yield "not_viral", {}
    if held.sought_later:
        yield "file_sought_later", {"files": held.sought_later}
    elif held.sought_files:
        yield "file_sought", {"files": held.sought_files}
    new = held.files - held.known_files
    if held.only_viral:
        return  # the list says more of them than whether they were here before
    if held.files and new == 0:
        yield "files_known", {"files": held.files}
    elif held.known_files:
        yield "files_part_new", {"new": new, "files": held.files}
    elif held.files:
        yield "files_new", {"files": held.files}


def _recency(record: Record, received_at: datetime) -> Iterator[tuple[str, Values]]:
    instants = [record.incident, *(fact.instant for fact in record.facts), *(file.uploaded for file in record.files)]
    times = [
        instant.at.astimezone(UTC)
        for instant in instants
        if instant is not None and instant.at is not None and instant.at <= received_at + CLOCK_SKEW_MAX
    ]
    if not times:
        return
    hours = max(0.0, (received_at - max(times)).total_seconds() / 3600)
    for limit, code in ((3, "acted_3h"), (24, "acted_24h"), (72, "acted_72h"), (24 * 7, "acted_week")):
        if hours <= limit:
            yield code, {"hours": int(hours)}
            return
    if hours > 24 * 365:
        yield "acted_year_ago", {"days": int(hours // 24)}
    elif hours > 24 * 180:
        yield "acted_half_year_ago", {"days": int(hours // 24)}
    else:
        yield "acted_earlier", {"days": int(hours // 24)}


def _whereabouts(record: Record) -> Iterator[tuple[str, Values]]:
    addresses = [fact for fact in record.facts if fact.kind == "ip" and not fact.mined]
    uploads = [fact for fact in addresses if fact.event == "Upload" or fact.role == "file"]
    if any(_is_traceable(fact) for fact in uploads):
        yield "upload_full", {}
    elif uploads:
        yield "upload_part", {}
    if any(_is_traceable(fact) for fact in addresses):
        yield "address_full", {}
    elif addresses:
        yield "address_part", {}
    strong = [fact for fact in record.facts if fact.kind in {"phone", "email"} and fact.role == "reported"]
    if any(fact.verified for fact in strong):
        yield "identifier_verified", {}
    elif strong:
        yield "identifier", {}
    elif any(fact.kind == "account" and fact.role == "reported" for fact in record.facts):
        yield "account_only", {}
    if record.places or any(fact.kind == "phone" and fact.role != "reporter" for fact in record.facts):
        yield "place", {}


def _is_traceable(fact: Fact) -> bool:
    """An operator can name one subscriber: address, second, zone, and behind carrier NAT the port."""
    instant = fact.instant
    timed = instant is not None and instant.at is not None and instant.zone_known and instant.precision == "second"
    return timed and (fact.port is not None or ":" in fact.raw)


def _holdings(held: Held) -> Iterator[tuple[str, Values]]:
    if held.linked_reports >= LINKED_MANY_MIN:
        yield "linked_many", {}  # without the number: a reader may see fewer of those reports than there are
    elif held.linked_reports:
        yield "linked_some", {}
    else:
        yield "not_linked", {}
    # Nor these: which reports they are, and whether one is open to the reader, is found out at reading (`persons`).
    if held.says & IN_MANY:
        yield "subject_many", {}
    elif held.says & IN_SOME:
        yield "subject_some", {}
    for bit, code in _SAID.items():
        if held.says & bit:
            yield code, {}


def told(signals: Signals, *, is_imminent: bool, is_covert: bool) -> int:
    """What a report tells of its persons to their other reports: `TELLS`. What those say in it is not handed on."""
    if is_covert:
        return 0
    sought = "file_sought" in signals or "file_sought_later" in signals
    return COUNTS | DANGER * is_imminent | MEET * ("text_meet" in signals) | SOUGHT * sought
