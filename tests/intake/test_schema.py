"""Our schema takes and refuses what the schema of November 2025 takes and refuses; where not, it is meant and written here."""

import json
import threading
from pathlib import Path

import pytest
from lxml import etree
from tests.intake import documents
from tests.intake.schema_corpus import cases

from abhaya.errors import SenderError
from abhaya.intake.formats import ispws_schema, safe_xml

VERDICTS = [
    json.loads(line)
    for line in Path(__file__).with_name("schema_verdicts.jsonl").read_text("utf-8").rstrip("\n").split("\n")
]
DOCS = Path(__file__).parents[2] / "docs" / "formats.md"

# rule -> (what we do when not strict, what we do when strict, why). The same table stands in docs/formats.md.
DIFFERENCES = {
    "length": (False, False, "The manual states the length; the schema of 2025 leaves it to the server behind it."),
    "range": (False, False, "The manual states the range: ages 0 to 150, ports 1 to 65535."),
    "blank-reason": (False, False, "escalateToHighPriority escalates by being there, so a blank one is a mistake that would page people."),
    "url-space": (False, False, "The production server answers 4100 to white space or control characters in a url."),
    "flag-written": (True, True, "XML Schema allows 1 for true, and white space around it; libxml2 does not see that when a value is fixed."),
    "added-2026": (True, True, "Additions of 2026, sent by clients today."),
    "variant-attribute": (True, True, "Attributes that clients in the field write in another place than the schema of 2025."),
    "account-type": (True, True, "The manual makes the type of an associated account optional and calls it accountType."),
    "unknown-element": (True, False, "What no part of the schema knows is kept and shown, so that a newer client loses nothing."),
    "unknown-attribute": (True, False, "As for unknown elements."),
}  # fmt: skip


def ours(document, *, strict):
    root = etree.fromstring(document.encode())
    return ispws_schema.check(root, str(root.tag), strict=strict) == []


def root_is_known(document):
    return etree.fromstring(document.encode()).tag in {"report", "fileDetails"}


def test_the_committed_corpus_is_the_one_that_the_generator_makes():
    made = {case.document: case.rule for case in reversed(list(cases()))}
    assert {line["document"]: line["rule"] for line in VERDICTS} == made


@pytest.mark.parametrize("strict", [False, True])
def test_every_verdict_equals_the_reference_but_for_the_differences_that_are_meant(strict):
    wrong = []
    for line in VERDICTS:
        if line["rule"] == "root":
            continue  # the caller says which root it expects; see below
        expected = line["valid"]
        if line["rule"] in DIFFERENCES:
            expected = DIFFERENCES[line["rule"]][1 if strict else 0]
        if ours(line["document"], strict=strict) is not expected:
            wrong.append((line["rule"], expected, line["document"]))
    assert wrong == []


def test_a_difference_is_only_claimed_where_there_is_one():
    differing = {
        line["rule"]
        for line in VERDICTS
        if line["rule"] != "root" and ours(line["document"], strict=False) is not line["valid"]
    }
    assert differing == set(DIFFERENCES)


def test_the_differences_are_published():
    text = DOCS.read_text(encoding="utf-8")
    for _, _, why in DIFFERENCES.values():
        assert why in text


def test_a_document_with_another_root_is_refused_by_name():
    assert not root_is_known("<reports/>")
    for root, why in (
        ("<reports/>", "'reports'"),
        ('<report xmlns="urn:invented"/>', "urn:invented"),
        ("<fileDetails/>", "'fileDetails'"),
    ):
        (refusal,) = ispws_schema.check(etree.fromstring(root), "report")
        assert why in refusal.sentence


def refused(summary="", before="", after="", *, strict=False):
    document = (
        f"<report>\n<incidentSummary>\n<incidentType>Child Sex Tourism</incidentType>{summary}"
        f"<incidentDateTime>2026-01-01T00:00:00Z</incidentDateTime></incidentSummary>\n{before}"
        f"<reporter><reportingPerson/></reporter>\n{after}</report>"
    )
    with pytest.raises(SenderError) as caught:
        ispws_schema.require(safe_xml.parse(document.encode()), "report", strict=strict)
    assert caught.value.code == 4100
    assert caught.value.status == 400
    return caught.value.sentence.removeprefix("Validation failed. ")


def test_an_element_that_comes_before_a_required_one_is_named_with_its_line():
    assert refused(before="<victim><victimPerson/></victim>") == (
        "Element 'victim' stands before 'reporter', which is required first (line 4)."
    )


def test_an_optional_element_in_the_wrong_order_is_told_its_place():
    summary = "<escalateToHighPriority>now</escalateToHighPriority><platform>p</platform>"
    assert refused(summary) == (
        "Element 'platform' stands after 'escalateToHighPriority'; in 'incidentSummary' it must stand before it (line 3)."
    )


def test_a_misspelt_incident_type_is_told_the_nearest_one():
    document = documents.MINIMAL_REPORT.replace("Sexual Acts", "Sexual Act")
    (refusal,) = ispws_schema.check(safe_xml.parse(document.encode()), "report")
    assert "the nearest is 'Online Enticement of Children for Sexual Acts'" in refusal.sentence
    assert refusal.line == 4


def test_a_missing_element_is_named_and_so_is_what_may_have_been_meant():
    document = documents.MINIMAL_REPORT.replace("incidentDateTime", "incidentDatetime")
    (refusal,) = ispws_schema.check(safe_xml.parse(document.encode()), "report")
    assert refusal.sentence == (
        "'incidentSummary' lacks 'incidentDateTime', which is required; 'incidentDatetime' is not known"
    )


def test_a_known_element_in_the_wrong_parent_is_refused_because_it_may_be_another_persons():
    assert "'age' does not belong in 'incidentSummary', but in" in refused("<age>12</age>")


def test_what_stands_twice_beside_or_between_is_told():
    assert "'platform' stands twice in 'incidentSummary'" in refused("<platform/><platform/>")
    both = "<internetDetails><webPageIncident/><chatImIncident/></internetDetails>"
    assert "'chatImIncident' stands beside 'webPageIncident' in 'internetDetails', which takes one" in refused(
        before=both
    )
    assert "'internetDetails' is empty; it takes one of" in refused(before="<internetDetails/>")
    assert "'report' holds text between its elements" in refused(after="hello")


@pytest.mark.parametrize(
    ("after", "why"),
    [
        ("<victim><victimPerson><age>200</age></victimPerson></victim>", "'age' is '200'; it must be a whole number of years from 0 to 150"),
        ("<victim><victimPerson><dateOfBirth>x</dateOfBirth></victimPerson></victim>", "'dateOfBirth' is 'x'; it must be a date such as 2010-12-31"),
        ("<victim><victimPerson><email verified='maybe'>a</email></victimPerson></victim>", "'verified' of 'email' is 'maybe'; it must be true or false"),
        ("<victim><victimPerson><phone countryCallingCode='91'>a</phone></victimPerson></victim>", "it must be a plus sign and one to three digits, such as +91"),
        ("<victim><victimPerson><firstName>" + "n" * 101 + "</firstName></victimPerson></victim>", "'firstName' has 101 characters; at most 100 are taken"),
        ("<victim><victimPerson/><ipCaptureEvent><ipAddress>a</ipAddress><eventName>Logon</eventName></ipCaptureEvent></victim>", "the nearest is 'Login'"),
        ("<victim><victimPerson/><ipCaptureEvent><ipAddress>a</ipAddress><dateTime>yesterday</dateTime></ipCaptureEvent></victim>", "it must be a date and time with its zone, such as 2026-01-31T17:05:00Z"),
        ("<personOrUserReported><estimatedLocation><countryCode>India</countryCode></estimatedLocation></personOrUserReported>", "it must be two letters of ISO 3166-1, such as IN"),
        ("<victim/>", "'victim' lacks 'victimPerson', which is required"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_taken_is_told_what_it_should_be(after, why):
    assert why in refused(after=after)


def test_a_senders_own_words_come_back_short_and_without_control_characters():
    sentence = refused(after="<victim><victimPerson><age>" + "9\n\u0085" * 500 + "</age></victimPerson></victim>")
    assert len(sentence) < 300
    assert "\n" not in sentence


def test_many_faults_are_counted_and_the_first_ones_told():
    sentence = refused(after="<victim/>" * 30)
    assert sentence.endswith("And 25 more.")


def test_strict_names_the_unknown_element_and_the_nearest():
    assert (
        "'escalateToHighPriorty' is not an element of this format; the nearest is 'escalateToHighPriority'"
        in refused("<escalateToHighPriorty/>", strict=True)
    )


def test_text_around_an_unknown_element_is_still_checked():
    assert "'report' holds text between its elements" in refused(after="<later/>stray")


def test_one_schema_serves_many_threads():
    """lxml's XMLSchema breaks when shared between threads; each has its own."""
    verdicts = []
    good, bad = safe_xml.parse(documents.FULL_REPORT.encode()), safe_xml.parse(b"<report>\n<reporter/></report>")

    def work():
        verdicts.extend(bool(ispws_schema.check(root, "report")) for _ in range(100) for root in (good, bad))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts.count(True) == verdicts.count(False) == 400


def test_the_schema_location_that_clients_write_is_never_fetched(tmp_path):
    other = tmp_path / "other.xsd"
    other.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="nothing"/></xs:schema>')
    document = documents.MINIMAL_REPORT.replace("https://report.cybertip.org/ispws/xsd", other.as_uri())
    assert ispws_schema.check(safe_xml.parse(document.encode()), "report") == []
