"""What every format yields: one `Record` per report, each fact with the locator of where it stands in the original.

Formats are pure: bytes in, records out; they touch no database, and they never drop what they do not understand — that
goes into `losses`. A `Fact` is one identifier as it was written, before normalisation; `selectors` normalises it.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

Said = tuple[tuple[str, str], ...]
"""What else the sender said of a thing, where it has no field of its own here: (label as they write it, value as written)."""


class Instant(msgspec.Struct, frozen=True, omit_defaults=True):
    """A time as received. `at` is UTC, or None when `why_not` says why it could not be read."""

    original: str
    at: datetime | None = None
    precision: str = "second"  # second | minute | hour | day | month | year
    zone_known: bool = True  # False: the text gave no zone; `at` then assumes UTC and every page says so
    why_not: str = ""


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One identifier as written. `kind` is a module name of `selectors` (phone, email, account, ip, …)."""

    kind: str
    raw: str
    locator: str  # "/report/personOrUserReported[1]/ipCaptureEvent[2]", "row 17, column C", "page 2, line 14"
    role: str = "mentioned"  # reported | recipient | victim | reporter | associated | incident | file | mentioned | actor | member
    person: int = 0  # which person of that role in this report, from 1; 0 = none
    event: str = ""  # Login | Registration | Purchase | Upload | Other | Unknown, as the sender said
    instant: Instant | None = None
    port: int | None = None
    platform: str = ""  # account, screen name: the service it lives on; device: its type as written ("IMEI")
    calling_code: str = ""  # phone: "+91" where the sender gave it apart
    possible_proxy: bool | None = None
    verified: bool | None = None
    mined: bool = False  # found in free text, not in a field of its own
    said: Said = ()  # verification date, kind of telephone, …


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place as stated: an address, an estimated location, coordinates."""

    kind: str  # address | estimated | coordinates
    locator: str
    role: str
    person: int = 0
    text: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""  # ISO 3166-1 alpha-2 as written
    latitude: float | None = None
    longitude: float | None = None
    said: Said = ()


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person or account holder as the sender described them. Identifiers are in `Record.facts`, by role and number."""

    role: str  # reported | recipient | victim | reporter | associated
    number: int  # from 1 within the role
    locator: str
    name: str = ""
    age: int | None = None
    date_of_birth: str = ""
    age_discrepancy: bool | None = None
    school: str = ""
    service: str = ""
    display_names: tuple[str, ...] = ()
    disabled: str = ""  # "temporarily", "permanently", with date as written
    third_party: bool | None = None
    group: str = ""
    prior_reports: tuple[str, ...] = ()
    note: str = ""
    said: Said = ()


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """Free text with its place; mined for selectors, shown as text, never rendered."""

    label: str  # "additional information", "chat content", "incident time means", …
    text: str
    locator: str
    role: str = "mentioned"
    person: int = 0


class FilePart(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reported file as described. Three-valued answers stay three-valued: None is "not said"."""

    locator: str
    file_ref: str = ""  # the sender's or our file id
    name: str = ""
    original_name: str = ""
    viewed_by_sender: bool | None = None
    exif_viewed_by_sender: bool | None = None
    publicly_available: bool | None = None
    relevance: str = ""  # Reported | Supplemental Reported
    classification: str = ""  # A1 | A2 | B1 | B2
    annotations: tuple[str, ...] = ()
    location: str = ""  # URL where it was found
    uploaded: Instant | None = None
    hashes: tuple[tuple[str, str], ...] = ()  # (type as written, value as written), claimed by the sender
    details: tuple[tuple[str, str, str], ...] = ()  # (EXIF|HASH|…, name, value)
    note: str = ""
    said: Said = ()


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """A group, channel or room that the source tells of. Members and acts name it by its number."""

    number: int  # from 1 within the record
    platform: str
    locator: str
    identifier: str = ""  # what tells it from every other on its platform; "" where the source says nothing that does
    name: str = ""
    kind: str = ""  # group | channel | private (two people who talk)
    former_names: tuple[str, ...] = ()
    invite: str = ""  # the link by which one joins, as written


class GroupMember(msgspec.Struct, frozen=True, omit_defaults=True):
    """One member of one group, as the source names them. Facts of role `actor` or `member` carry the same number."""

    number: int  # from 1 within the record
    group: int
    label: str
    locator: str
    account: str = ""  # the platform's own id
    phones: tuple[str, ...] = ()  # as written; the first is the one they came by
    standing: str = ""  # "admin", as the source says
    line: str = ""  # prepaid | postpaid, as the source says
    ported: bool | None = None
    is_holder: bool = False  # whose telephone made the copy; the source calls them "You"


class GroupAct(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one member did in a group, or what was done to them. `other`: by or to which member."""

    group: int
    member: int
    act: str  # a key of ACTS
    locator: str
    at: Instant | None = None
    other: int = 0
    word: str = ""  # the word of the line by which a machine took it for this act; a person reads the line


ACTING = frozenset({"posted", "offered", "asked", "paid", "forwarded", "administered", "created"})
"""Acts that make a member an actor. Talk (`said`), coming and going do not."""
ACTS = ACTING | {"said", "joined", "added_by_another", "left", "removed"}


class Loss(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something the parser did not understand, kept as it was written."""

    locator: str
    what: str  # element or key or column name
    text: str  # the original, at most LOSS_TEXT_CHARACTERS_MAX
    why: str = "not known to this version"


LOSS_TEXT_CHARACTERS_MAX = 2000


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One report as read from its original bytes by one version of one format."""

    format: str  # module name: ncmec_xml | ncmec_json | workbook | officer_form | chat_text | chat_json | member_list
    format_version: int
    external_ref: str = ""  # the sender's or NCMEC's report number, as written
    sender_name: str = ""  # who sent it to whom we have it from (the platform), as written
    received_elsewhere: Instant | None = None  # when NCMEC or another hub had it
    incident_type: str = ""
    incident: Instant | None = None
    incident_means: str = ""  # what the sender says its incident time means
    platform: str = ""
    escalation: str = ""  # the sender's words; their presence escalates
    annotations: tuple[str, ...] = ()  # sextortion, csamSolicitation, minorToMinorInteraction, spam, …
    informational: bool | None = None
    batched: str = ""  # VIRAL_POTENTIAL_MEME
    incident_kinds: tuple[str, ...] = ()  # webPageIncident, chatImIncident, …
    law_enforcement: tuple[tuple[str, str], ...] = ()  # (label, value): who was told already
    persons: tuple[Person, ...] = ()
    facts: tuple[Fact, ...] = ()
    places: tuple[Place, ...] = ()
    texts: tuple[Text, ...] = ()
    files: tuple[FilePart, ...] = ()
    losses: tuple[Loss, ...] = ()
    groups: tuple[Group, ...] = ()
    members: tuple[GroupMember, ...] = ()
    acts: tuple[GroupAct, ...] = ()
    source_grade: str = ""  # officer's form: A–F × 1–6 (Admiralty), "" elsewhere


def encode(record: Record) -> bytes:
    """The record as JSON bytes, for the report's row."""
    return msgspec.json.encode(record)


def decode(data: bytes | str) -> Record:
    """The record back from its JSON."""
    return msgspec.json.decode(data, type=Record)
