"""From a report as read to its sightings."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.intake.formats.record import Fact, FilePart, Instant, Person, Place, Record, Text
from abhaya.selectors import kinds, phone
from abhaya.selectors.reading import RAW_CHARACTERS_MAX, WHY_CUT, sightings_of
from abhaya.selectors.sighting import Sighting, selector_id

AT = datetime(2026, 3, 15, 10, 20, 30, tzinfo=UTC)
MD5 = hashlib.md5(b"a gradient", usedforsecurity=False).hexdigest()
COMPARTMENT, REPORT, ITEM = uuid4(), uuid4(), uuid4()


def read(**parts: object) -> list[Sighting]:
    return sightings_of(Record("test", 1, **parts), COMPARTMENT, REPORT, ITEM)  # type: ignore[arg-type]  # parts of a Record


def test_a_fact_becomes_a_sighting_with_everything_the_sender_said_of_it() -> None:
    instant = Instant("2026-03-15T10:20:30Z", AT)
    fact = Fact(
        "ip", "203.0.113.7", "/report/x[1]", "reported", 1, "Login", instant, 51000, possible_proxy=False, verified=True
    )
    assert read(facts=(fact,)) == [
        Sighting(
            COMPARTMENT, REPORT, ITEM, "ip", "203.0.113.7", "203.0.113.7", "reported", 1, "/report/x[1]", "Login", AT, "second",
            "2026-03-15T10:20:30Z", True, 51000, "", False, True,
        )
    ]  # fmt: skip


def test_a_port_written_into_the_address_is_kept_and_one_sent_apart_wins() -> None:
    inside, apart = read(
        facts=(Fact("ip", "203.0.113.7:51000", "a"), Fact("ip", "203.0.113.7:51000", "b", port=443)),
    )
    assert (inside.port, apart.port) == (51000, 443)
    assert inside.value == apart.value == "203.0.113.7"


def test_what_would_not_normalise_is_a_sighting_too_with_its_reason() -> None:
    (sighting,) = read(facts=(Fact("phone", "2025550143", "a", "reported", 1),))
    assert (sighting.value, sighting.raw, sighting.why_not) == (None, "2025550143", phone.WHY_NO_COUNTRY)


def test_the_country_of_a_persons_address_is_the_country_of_their_telephone() -> None:
    place = Place("address", "b", "reported", 1, text="1 High Street", country="US")
    telephone, address = read(facts=(Fact("phone", "2025550143", "a", "reported", 1),), places=(place,))
    assert (telephone.value, telephone.assumed) == ("+12025550143", False)
    assert (address.kind, address.value) == ("address", "1 high street")


def test_an_account_without_a_platform_of_its_own_lives_on_the_senders() -> None:
    record = Record(
        "test", 1, sender_name="Facebook, Inc.", facts=(Fact("account", "100000000000001", "a", "reported", 1),)
    )
    (sighting,) = sightings_of(record, COMPARTMENT, REPORT, None)
    assert sighting.value == "facebook:100000000000001"


def test_every_sighting_of_a_person_knows_the_account_that_person_acted_by() -> None:
    facts = (
        Fact("email", "alice@example.org", "a", "reported", 1),
        Fact("account", "7a", "b", "reported", 1, platform="kik"),
        Fact("email", "bob@example.org", "c", "reported", 2),
        Fact("email", "support@example.org", "d", "incident"),
    )
    text = Text("note", "also carol@example.org", "e", "reported", 1)
    rows = read(facts=facts, texts=(text,))
    account = selector_id("account", "kik:7a")
    assert [row.account_id for row in rows] == [account, account, None, None, account]


def test_names_and_addresses_are_sightings_once_however_they_were_read() -> None:
    person = Person("reported", 1, "p", name="Alice Example", display_names=("ally", "lissy"))
    place = Place("address", "q", "reported", 1, text="12 MG Road, Pune 411001")
    facts = (Fact("name", "Alice Example", "p", "reported", 1), Fact("screen_name", "ally", "p", "reported", 1))
    rows = read(persons=(person,), places=(place,), facts=facts)
    assert [(row.kind, row.raw) for row in rows] == [
        ("name", "Alice Example"), ("screen_name", "ally"), ("screen_name", "lissy"), ("address", "12 MG Road, Pune 411001"),
    ]  # fmt: skip


def test_hashes_that_the_sender_claims_are_numbered_like_the_files() -> None:
    files = (
        FilePart("f1", hashes=(("MD5", MD5.upper()),), location="https://example.org/a"),
        FilePart("f2", hashes=(("SHA-1", "wrong"),)),
    )
    rows = read(files=files)
    assert [(row.kind, row.value, row.role, row.person) for row in rows] == [
        ("file_hash", f"md5:{MD5}", "file", 1), ("url", "https://example.org/a", "file", 1), ("file_hash", None, "file", 2),
    ]  # fmt: skip


def test_texts_are_mined_and_the_finds_are_marked_with_where_they_stand() -> None:
    (sighting,) = read(
        texts=(Text("chat", "login 203.0.113.7:51000 2026-03-15 10:20:30 UTC", "/chat[1]", "victim", 1),)
    )
    assert sighting.mined
    assert (sighting.role, sighting.person, sighting.locator) == ("victim", 1, "/chat[1], characters 7–23")
    assert (sighting.at, sighting.port, sighting.at_original) == (AT, 51000, "2026-03-15 10:20:30 UTC")


def test_a_text_with_too_many_finds_says_so_among_the_sightings() -> None:
    rows = read(texts=(Text("list", " ".join(f"a{number}@example.org" for number in range(600)), "/x"),))
    assert (rows[-1].kind, rows[-1].value, rows[-1].why_not) == ("text", None, WHY_CUT)


def test_raw_text_that_no_database_can_hold_is_shown_as_far_as_it_can_be() -> None:
    nul, lone, long = read(
        facts=(Fact("email", "a\x00b", "a"), Fact("email", "\ud800", "b"), Fact("name", "x" * 9000, "c"))
    )
    assert (nul.raw, lone.raw, len(long.raw)) == ("a\ufffdb", "\ufffd", RAW_CHARACTERS_MAX)


@settings(max_examples=200)
@given(
    st.lists(
        st.builds(
            Fact,
            kind=st.sampled_from([*kinds.KINDS, "unknown"]),
            raw=st.text(max_size=40),
            locator=st.text(max_size=10),
            role=st.sampled_from(["reported", "victim", "file", "mentioned", "x"]),
            person=st.integers(0, 3),
            platform=st.text(max_size=6),
            calling_code=st.text(max_size=4),
        ),
        max_size=6,
    ),
    st.lists(st.builds(Text, label=st.just("t"), text=st.text(max_size=80), locator=st.just("l")), max_size=2),
)
def test_reading_never_raises_and_keeps_every_fact(facts: list[Fact], texts: list[Text]) -> None:
    rows = read(facts=tuple(facts), texts=tuple(texts))
    assert len(rows) >= len(facts)
    for fact, row in zip(facts, rows, strict=False):
        assert row.kind == fact.kind
        assert bool(row.value) != bool(row.why_not)
        assert isinstance(row.account_id, UUID | None)
