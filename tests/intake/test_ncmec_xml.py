"""A submission becomes one record: every fact with its place, every unknown thing kept, nothing lost."""

import json
import random
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.intake import documents
from tests.intake.schema_corpus import Maker, _random_element

from abhaya.errors import SenderError
from abhaya.intake.formats import ncmec_xml
from abhaya.intake.formats.ncmec_xml_parts import LOSSES_MAX, read_instant
from abhaya.intake.formats.record import FilePart, Instant, decode, encode

FULL = ncmec_xml.read(documents.FULL_REPORT.encode(), [documents.FULL_FILE_DETAILS.encode()])
MINIMAL = ncmec_xml.read(documents.MINIMAL_REPORT.encode())


def facts(record, kind, role):
    return [fact for fact in record.facts if (fact.kind, fact.role) == (kind, role)]


def test_a_minimal_report_is_read():
    assert MINIMAL.incident_type == "Online Enticement of Children for Sexual Acts"
    assert MINIMAL.incident == Instant("2026-02-03T04:05:06.789Z", datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=UTC))
    assert [(fact.kind, fact.raw, fact.role) for fact in MINIMAL.facts] == [("email", "trust@chat.example", "reporter")]
    assert MINIMAL.losses == ()


def test_the_full_report_leaves_nothing_behind():
    assert FULL.losses == ()
    assert lost_leaves(documents.FULL_REPORT, FULL) == []
    assert lost_leaves(documents.FULL_FILE_DETAILS, FULL) == []


def test_the_summary_stands_in_its_own_fields():
    assert FULL.platform == "Chat Example for phones"
    assert FULL.escalation == "threatens to post tonight"
    assert FULL.annotations == (
        "sextortion",
        "csamSolicitation",
        "minorToMinorInteraction",
        "spam",
        "sadisticOnlineExploitation",
    )
    assert FULL.incident == Instant("2026-02-03T09:35:06+05:30", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))
    assert FULL.incident_means == "time of the upload"
    assert FULL.incident_kinds == tuple(documents.INCIDENTS)


def test_an_address_captured_at_an_upload_keeps_event_instant_port_and_place():
    upload, login = facts(FULL, "ip", "reported")
    assert (upload.raw, upload.event, upload.port, upload.possible_proxy) == ("203.0.113.21", "Upload", 521, False)
    assert upload.instant.at == datetime(2026, 2, 3, 4, 5, 1, 123456, tzinfo=UTC)
    assert upload.instant.original == "2026-02-03T04:05:01.123456789Z"
    assert upload.locator == "/report/personOrUserReported[1]/ipCaptureEvent[1]"
    assert upload.person == 1
    assert (login.raw, login.event, login.instant, login.port) == ("2001:db8::21", "Login", None, None)


def test_an_account_knows_its_service_although_that_comes_later():
    (account, second) = facts(FULL, "account", "reported")
    assert (account.raw, account.platform, account.person) == ("user-21", "Chat Example", 1)
    assert (second.raw, second.platform, second.person) == ("user-22", "", 2)
    assert [fact.platform for fact in facts(FULL, "account", "associated")] == [
        "Pay Example 1",
        "Pay Example 2",
        "Pay Example 3",
    ]


def test_a_telephone_keeps_calling_code_and_what_was_said_of_it():
    phone = facts(FULL, "phone", "reported")[0]
    assert (phone.raw, phone.calling_code, phone.verified) == ("98765 021", "+91", True)
    assert dict(phone.said) == {"type": "Mobile", "verificationDate": "2025-01-02T03:04:05Z", "extension": "12"}


def test_a_device_keeps_its_type():
    device = facts(FULL, "device", "victim")[0]
    assert (device.raw, device.platform, device.event) == ("4901542032324", "IMEI", "Registration")


def test_persons_are_numbered_within_their_role():
    assert [(person.role, person.number) for person in FULL.persons if person.role != "associated"] == [
        ("reporter", 1), ("reporter", 2), ("reported", 1), ("reported", 2), ("recipient", 1), ("victim", 1), ("victim", 2),
    ]  # fmt: skip
    child = next(person for person in FULL.persons if person.role == "victim")
    assert (child.name, child.age, child.school, child.date_of_birth) == (
        "tara Example",
        13,
        "Invented School",
        "2001-12-24",
    )
    assert child.prior_reports == ("100024", "200024")
    assert child.disabled.startswith("temporarily: true (disabledDate 2026-02-04T00:00:03Z, userNotified true")


def test_an_associated_account_is_a_person_of_its_own_that_says_whose_it_is():
    notes = [person.note for person in FULL.persons if person.role == "associated"]
    assert notes == [
        "Billing account of reported 1",
        "Parent/Guardian account of reported 1",
        "Linked account of victim 1",
    ]


def test_the_officers_own_telephone_is_no_fact_because_it_must_never_link_two_reports():
    assert ("agencyName", "Invented State Police") in FULL.law_enforcement
    assert any("officer.71@mail.example" in value for _, value in FULL.law_enforcement)
    assert not any("officer" in fact.raw for fact in FULL.facts)


def test_places_come_from_addresses_estimates_and_coordinates():
    home = next(place for place in FULL.places if place.role == "victim" and place.kind == "address")
    assert (home.text, home.city, home.region, home.postal_code, home.country) == (
        "24 Invented Road, Pune, 411024, Maharashtra, IN", "Pune", "Maharashtra", "411024", "IN",
    )  # fmt: skip
    guess = next(place for place in FULL.places if place.kind == "estimated")
    assert (guess.city, guess.region, guess.country) == ("Nagpur 21", "Maharashtra", "IN")
    assert dict(guess.said) == {"verified": "false", "timestamp": "2026-02-07T00:00:01Z"}
    (point,) = [place for place in FULL.places if place.kind == "coordinates"]
    assert (point.latitude, point.longitude, point.text) == (18.5204, 73.8567, "18.5204, 73.8567")


def test_texts_say_what_they_are_and_whose():
    texts = {(text.label, text.role, text.person) for text in FULL.texts}
    assert ("content", "incident", 0) in texts
    assert ("vehicle", "reported", 1) in texts
    assert ("profile text", "victim", 1) in texts
    assert ("the company's standing text", "reporter", 0) in texts
    assert ("additional information", "mentioned", 0) in texts


def test_a_file_keeps_three_valued_answers_hashes_and_annotations():
    (file,) = FULL.files
    assert (file.viewed_by_sender, file.exif_viewed_by_sender, file.publicly_available) == (True, False, True)
    assert (file.file_ref, file.original_name, file.classification, file.relevance) == (
        "0123456789abcdef0123456789abcdef", "IMG_0001.jpg", "B2", "Reported",
    )  # fmt: skip
    assert file.hashes[0] == ("MD5", "00000000000000000000000000000001")
    assert ("EXIF", "Make", "Camera Maker") in file.details
    assert "viral" in file.annotations
    assert facts(FULL, "ip", "file")[0].person == 1
    (silent,) = ncmec_xml.read_details(etree.fromstring(documents.MINIMAL_FILE_DETAILS)).files
    assert (silent.viewed_by_sender, silent.publicly_available) == (None, None)


def test_a_batched_report_names_many_accounts():
    record = ncmec_xml.read(documents.BATCHED_REPORT.encode())
    assert record.batched == "VIRAL_POTENTIAL_MEME"
    assert [(fact.raw, fact.person) for fact in facts(record, "account", "reported")] == [
        ("sharer-1", 1),
        ("sharer-2", 2),
        ("sharer-3", 3),
    ]


def report_with(summary="", body=""):
    text = documents.MINIMAL_REPORT.replace("</incidentSummary>", summary + "</incidentSummary>")
    return ncmec_xml.read(text.replace("</report>", body + "</report>").encode())


def test_an_unknown_element_is_kept_with_its_place_and_original():
    record = report_with(body='<victim><victimPerson/><mood level="3">calm <b>now</b></mood></victim>')
    (loss,) = record.losses
    assert (loss.locator, loss.what) == ("/report/victim[1]/mood", "mood")
    assert loss.text == '<mood level="3">calm <b>now</b></mood>'


def test_an_unknown_attribute_is_kept_but_the_schema_location_is_none():
    record = report_with(body='<victim><victimPerson colour="red"/></victim>')
    assert [(loss.locator, loss.text) for loss in record.losses] == [("/report/victim[1]/victimPerson/@colour", "red")]


def test_the_variants_of_clients_in_the_field_are_read():
    record = report_with(
        body='<personOrUserReported><associatedAccount accountType="Creator" thirdPartyUser="true"/></personOrUserReported>'
    )
    (other,) = [person for person in record.persons if person.role == "associated"]
    assert other.note == "Creator account of reported 1"
    assert record.losses == ()
    (part,) = ncmec_xml.read_details(
        etree.fromstring(
            "<fileDetails><reportId>1</reportId><fileId>a</fileId><fileAnnotations/><details>"
            '<nameValuePair type="EXIF"><name>Make</name><value>M</value></nameValuePair></details></fileDetails>'
        )
    ).files
    assert part.details == (("EXIF", "Make", "M"),)


def test_the_additions_of_2026_are_read():
    record = report_with(
        "<reportAnnotations><informational/><potentialAggravatingFactors/><instrumentalUse>1</instrumentalUse></reportAnnotations>",
        "<victim><victimPerson><ageAssertionDiscrepancy>true</ageAssertionDiscrepancy></victimPerson></victim>",
    )
    assert record.annotations == ("informational", "potentialAggravatingFactors", "instrumentalUse")
    assert record.informational is True
    assert [person.age_discrepancy for person in record.persons if person.role == "victim"] == [True]
    assert record.losses == ()


def test_what_stands_twice_or_has_no_meaning_is_kept_as_a_loss():
    record = report_with(
        "<platform>one</platform><platform>two</platform><reportAnnotations><spam>false</spam></reportAnnotations>",
        "<victim><victimPerson><age>teen</age></victimPerson></victim>stray words",
    )
    assert record.platform == "one"
    assert {loss.text for loss in record.losses} == {"two", "false", "teen", "stray words"}


def test_elements_in_another_order_are_read_all_the_same():
    text = "<report><victim><victimPerson><age>9</age></victimPerson></victim><incidentSummary/></report>"
    record = ncmec_xml.read(text.encode())
    assert [(person.role, person.age) for person in record.persons] == [("victim", 9)]


@pytest.mark.parametrize("text", ["<report/>", "<fileDetails/>", "<other><incidentSummary/></other>"])
def test_what_is_no_report_is_refused(text):
    with pytest.raises(SenderError, match="no incidentSummary within a report"):
        ncmec_xml.read(text.encode())


def test_details_that_are_none_are_refused():
    with pytest.raises(SenderError, match="is no fileDetails"):
        ncmec_xml.read(documents.MINIMAL_REPORT.encode(), [b"<details/>"])


def test_facts_of_a_file_follow_it_to_its_new_number():
    other = documents.FULL_FILE_DETAILS.replace("203.0.113.99", "203.0.113.98").replace(
        "0123456789abcdef0", "f123456789abcdef0"
    )
    read = ncmec_xml.read(documents.MINIMAL_REPORT.encode(), [documents.FULL_FILE_DETAILS.encode(), other.encode()])
    one, two = read.files
    bare = FilePart("upload 1", file_ref="x")
    moved = ncmec_xml.with_files(read, (bare, two, one))
    assert [part.file_ref for part in moved.files] == ["x", two.file_ref, one.file_ref]
    assert {(fact.raw, fact.person) for fact in moved.facts if fact.kind == "ip"} == {
        ("203.0.113.98", 2),
        ("203.0.113.99", 3),
    }
    assert {text.person for text in moved.texts if text.role == "file"} == {2, 3}
    assert ncmec_xml.with_files(read, read.files) == read


def test_thousands_of_unknown_elements_are_counted_not_all_listed():
    record = report_with(body="<later/>" * (LOSSES_MAX + 7))
    assert len(record.losses) == LOSSES_MAX + 1
    assert record.losses[-1].what == "7 more"


def test_a_record_survives_its_row():
    assert decode(encode(FULL)) == FULL


@pytest.mark.parametrize(
    ("text", "at", "zone_known"),
    [
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC), True),
        ("2026-01-31T10:00:00.123456789+05:30", datetime(2026, 1, 31, 4, 30, 0, 123456, tzinfo=UTC), True),
        ("2026-01-31T10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC), False),
        (" 2026-01-31T10:00:00Z\n", datetime(2026, 1, 31, 10, tzinfo=UTC), True),
        ("0001-01-01T00:00:00Z", None, True),
        ("9999-12-31T23:59:59-14:00", None, True),
    ],
)
def test_a_time_is_read_to_utc_and_keeps_its_words(text, at, zone_known):
    instant = read_instant(text)
    assert (instant.original, instant.at, instant.zone_known) == (text, at, zone_known)
    assert (instant.why_not == "") is (at is not None)


# ---- nothing is lost, whatever comes ----


def words_of(record):
    """Every string and number of a record, with its booleans as the words they were."""
    found = set()

    def collect(value):
        if isinstance(value, dict):
            list(map(collect, value.values()))
        elif isinstance(value, list):
            list(map(collect, value))
        else:
            found.add(str(value).lower() if isinstance(value, bool) else str(value))

    collect(json.loads(encode(record)))
    return found


def lost_leaves(document, record):
    """Texts and attribute values of the document that stand nowhere in the record."""
    root = etree.fromstring(document.encode() if isinstance(document, str) else document)
    texts = []
    for element in root.iter():
        pieces = [element.text, element.tail, *(v for k, v in element.attrib.items() if "XMLSchema" not in k)]
        texts += [piece.strip() for piece in pieces if piece and piece.strip()]
    heap = "\n".join(words_of(record))
    plain = heap.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return [text for text in texts if text not in plain and text not in heap and not _is_said(text, plain)]


def _is_said(text, plain):
    """Flags, yes and no, and numbers are kept as what they mean."""
    return text in {"true", "false", "1", "0"} or (text.lstrip("+0").isdigit() and text.lstrip("+0") in plain)


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), strangers=st.integers(0, 4))
def test_every_text_of_a_valid_document_stands_in_its_record(seed, strangers):
    maker = Maker(random.Random(seed))
    root = _random_element(maker, "report", "report", 0)
    details = _random_element(maker, "fileDetails", "fileDetails", 0)
    mark(root, "r")
    mark(details, "f")
    holders = [*root.iter(), *details.iter()]
    for number in range(strangers):
        stranger = etree.SubElement(maker.rng.choice(holders), f"stranger{number}", note=f"kept-{number}")
        stranger.text = f"unknown text {number}"
    record = ncmec_xml.read_tree(root, [details])
    for document in (root, details):
        assert lost_leaves(etree.tostring(document), record) == []


def mark(root, letter):
    """Gives every free text a value of its own, so that none can hide behind another."""
    for number, element in enumerate(root.iter()):
        if len(element) == 0 and element.text in {"a", "b c", "ठीक"}:
            element.text = f"{element.text} {letter}{number}"


pieces = st.sampled_from([
    "<victim>", "</victim>", "<victimPerson>", "</victimPerson>", "<age>", "</age>", "7", "x", "<ipCaptureEvent>",
    "</ipCaptureEvent>", "<ipAddress>1.2.3.4</ipAddress>", "<port>", "</port>", "<dateTime>2026</dateTime>", "<later/>",
    "<incidentSummary>", "</incidentSummary>", "<internetDetails>", "</internetDetails>", "<cellPhoneIncident>",
    "</cellPhoneIncident>", "<latitude>nan</latitude>", "<additionalInfo>t</additionalInfo>", "<dateTime>9999-12-31T23:59:59-14:00</dateTime>",
])  # fmt: skip


@given(st.lists(pieces, max_size=14), st.binary(max_size=20))
def test_whatever_stands_in_a_report_it_is_read_or_refused(parts, noise):
    for body in ("".join(parts).encode(), noise):
        document = documents.MINIMAL_REPORT.encode().replace(b"</report>", body + b"</report>")
        try:
            record = ncmec_xml.read(document)
        except SenderError:
            continue
        assert decode(encode(record)) == record
        assert msgspec.json.decode(encode(record))["format"] == "ncmec_xml"
