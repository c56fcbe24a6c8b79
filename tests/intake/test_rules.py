"""The reporting API's own rules: what is refused, what is only noted, and what a batched report may hold."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.intake import documents

from abhaya.intake import rules
from abhaya.intake.formats import ncmec_xml, safe_xml
from abhaya.intake.formats.record import FilePart

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)


def report(summary="", body="", at="2026-02-03T04:05:06Z"):
    text = documents.MINIMAL_REPORT.replace("2026-02-03T04:05:06.789Z", at)
    text = text.replace("</incidentSummary>", summary + "</incidentSummary>")
    return ncmec_xml.read(text.replace("</report>", body + "</report>").encode())


def file(inner):
    text = f"<fileDetails><reportId>1</reportId><fileId>a</fileId>{inner}</fileDetails>"
    return ncmec_xml.read_details(safe_xml.parse(text.encode()))


def refused(record):
    return rules.refusal(rules.report_findings(record, NOW))


def noted(record):
    return rules.notices(rules.report_findings(record, NOW), record)


def person(inner, role="victim"):
    return f"<{role}><{role}Person>{inner}</{role}Person></{role}>"


def captured(address, **more):
    rest = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    return f"<victim><victimPerson/><ipCaptureEvent><ipAddress>{address}</ipAddress>{rest}</ipCaptureEvent></victim>"


def test_the_full_and_the_minimal_report_break_no_rule():
    assert refused(ncmec_xml.read(documents.FULL_REPORT.encode())) == ""
    assert refused(ncmec_xml.read(documents.MINIMAL_REPORT.encode())) == ""
    assert refused(ncmec_xml.read(documents.BATCHED_REPORT.encode())) == ""


def test_an_incident_of_now_is_taken_and_so_is_a_clock_that_runs_a_little_ahead():
    assert refused(report(at="2026-02-10T12:00:00Z")) == ""
    assert refused(report(at="2026-02-10T12:09:59Z")) == ""


def test_an_incident_in_the_future_is_refused_with_both_clocks():
    assert refused(report(at="2026-02-10T17:41:00+05:30")) == (
        "incidentDateTime is '2026-02-10T17:41:00+05:30', which lies in the future; it is now 2026-02-10T12:00:00Z."
    )


def test_an_incident_without_zone_is_refused():
    assert "has no time zone; write Z" in refused(report(at="2026-02-03T04:05:06"))


def test_a_capture_in_the_future_is_refused_and_one_without_zone_is_noted():
    assert "dateTime at /report/victim[1]/ipCaptureEvent[1] is" in refused(
        report(body=captured("192.0.2.1", dateTime="2027-01-01T00:00:00Z"))
    )
    silent = report(body=captured("192.0.2.1", dateTime="2026-01-01T00:00:00"))
    assert refused(silent) == ""
    assert any("taken as UTC" in notice for notice in noted(silent))


def test_a_birth_in_the_future_is_refused():
    assert "dateOfBirth '2026-03-01'" in refused(report(body=person("<dateOfBirth>2026-03-01</dateOfBirth>")))


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
def test_the_three_writings_of_an_address_are_taken(address):
    record = report(body=captured(address))
    assert refused(record) == ""
    assert not any("ipAddress" in notice for notice in noted(record))


@pytest.mark.parametrize(
    "address", ["192.0.2.1:5000", "192.0.2.1 port 5000", "[2001:db8::1]:5000", "192.0.2.1#5000", "192.0.2.1, 5000"]
)
def test_an_address_with_its_port_is_taken_and_noted(address):
    record = report(body=captured(address))
    assert refused(record) == ""
    assert any("holds a port; it was read" in notice for notice in noted(record))


@pytest.mark.parametrize("address", ["", "unknown", "somewhere", "300.1.1.1", "192.0.2", "192.0.2.0/24"])
def test_what_is_no_address_is_refused(address):
    assert "is not an IPv4 or IPv6 address" in refused(report(body=captured(address)))


def test_a_verification_date_says_that_it_was_verified():
    dated = 'verificationDate="2026-01-01T00:00:00Z"'
    for rest in ("", 'verified="false"'):
        record = report(body=person(f"<email {dated} {rest}>a@mail.example</email>"))
        assert "has a verificationDate, so verified must be true" in refused(record)
    assert refused(report(body=person(f'<email {dated} verified="true">a@mail.example</email>'))) == ""


def test_a_local_part_above_64_characters_is_refused():
    assert refused(report(body=person(f"<email>{'a' * 64}@mail.example</email>"))) == ""
    assert "65 characters before the @" in refused(report(body=person(f"<email>{'a' * 65}@mail.example</email>")))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<internetDetails><cellPhoneIncident><latitude>-123.456</latitude><longitude>1</longitude></cellPhoneIncident></internetDetails>", "no point on earth"),
        ("<internetDetails><webPageIncident><url>page.example</url></webPageIncident></internetDetails>", "no scheme"),
        ("<internetDetails><emailIncident><emailAddress>x@mail.example</emailAddress></emailIncident></internetDetails>", "stands with nobody"),
        (person('<phone countryCallingCode="+91">+91 90000 00001</phone>'), "repeats its countryCallingCode +91"),
        (person("<email>not an address</email>"), "is no address"),
        ("<personOrUserReported/><personOrUserReported/>", "2 persons are reported"),
        ("<personOrUserReported><estimatedLocation><city>Pune</city></estimatedLocation></personOrUserReported>", "no countryCode"),
        (captured("0.0.0.0"), "names nobody"),
    ],
)  # fmt: skip
def test_what_clients_in_the_field_send_is_taken_and_noted(body, words):
    record = report(body=body)
    assert refused(record) == ""
    assert any(words in notice for notice in noted(record))


def test_what_was_not_understood_is_the_first_thing_a_sender_hears():
    record = report("<escalateToHighPriorty>now</escalateToHighPriorty>")
    assert (
        noted(record)[0]
        == "Kept but not understood: 'escalateToHighPriorty' at /report/incidentSummary/escalateToHighPriorty."
    )


def batched(summary="", body="", inner=""):
    text = documents.BATCHED_REPORT.replace("<incidentDateTime>", summary + "<incidentDateTime>", 1)
    text = text.replace("<espIdentifier>sharer-2</espIdentifier>", f"<espIdentifier>sharer-2</espIdentifier>{inner}")
    return ncmec_xml.read(text.replace("</report>", body + "</report>").encode())


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"summary": "<escalateToHighPriority>now</escalateToHighPriority>"}, "escalateToHighPriority"),
        ({"body": "<internetDetails><webPageIncident/></internetDetails>"}, "internetDetails"),
        ({"body": "<lawEnforcement><agencyName>P</agencyName></lawEnforcement>"}, "lawEnforcement"),
        ({"body": "<intendedRecipient/>"}, "intendedRecipient"),
        ({"body": "<victim><victimPerson/></victim>"}, "victim"),
        ({"body": "<additionalInfo>x</additionalInfo>"}, "additionalInfo"),
    ],
)
def test_a_batched_report_tells_only_who(parts, name):
    assert refused(batched(**parts)) == f"A batched report takes no {name}."


@pytest.mark.parametrize("inner", ["<screenName>s</screenName>", "<espService>s</espService>", "<compromisedAccount>true</compromisedAccount>", "<additionalInfo>x</additionalInfo>", "<associatedAccount><espIdentifier>x</espIdentifier></associatedAccount>"])  # fmt: skip
def test_a_batched_report_tells_only_the_identifier_of_each(inner):
    assert "only espIdentifier of each personOrUserReported; see /report/personOrUserReported[2]" in refused(
        batched(inner=inner)
    )


MEME = "<fileAnnotations><viral/><potentialMeme/></fileAnnotations><industryClassification>B2</industryClassification>"
BATCH = ncmec_xml.read(documents.BATCHED_REPORT.encode())


def finished(inner, count=1):
    text = f"<fileDetails><reportId>1</reportId><fileId>a</fileId>{inner}</fileDetails>"
    record = ncmec_xml.read(documents.BATCHED_REPORT.encode(), [text.encode()] * count)
    return rules.finish_refusal(record, record.files)


def test_a_batched_report_is_finished_with_one_viral_file_or_none():
    assert finished(MEME) == ""
    assert rules.finish_refusal(BATCH, ()) == ""


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ("", "must annotate it as viral or potentialMeme"),
        ("<originalFileName>a</originalFileName>" + MEME, "may not tell: originalFileName"),
        (MEME.replace("<viral/>", "<viral/><infant/>"), "may not be annotated infant"),
        ("<fileRelevance>Supplemental Reported</fileRelevance>" + MEME, "relevance must be Reported"),
        (MEME + '<originalFileHash hashType="MD5">00</originalFileHash>', "originalFileHash"),
        (MEME + "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>", "ipCaptureEvent"),
        (MEME + "<deviceId><idType>IMEI</idType><idValue>1</idValue></deviceId>", "deviceId"),
        (MEME + "<details><nameValuePair><name>a</name><value>b</value></nameValuePair></details>", "details"),
        (MEME + "<additionalInfo>x</additionalInfo>", "additionalInfo"),
        ("<locationOfFile>https://files.example/</locationOfFile>" + MEME, "locationOfFile"),
    ],
)
def test_another_file_cannot_finish_a_batched_report(inner, why):
    assert why in finished(inner)


def test_two_files_cannot_finish_a_batched_report():
    assert finished(MEME, 2).startswith("A batched report takes one file, and 2 were uploaded. Retract it")


def test_a_file_without_details_cannot_finish_a_batched_report():
    assert "must annotate" in rules.finish_refusal(BATCH, (FilePart("upload 1"),))


def test_any_files_finish_an_ordinary_report():
    record = ncmec_xml.read(documents.FULL_REPORT.encode(), [documents.FULL_FILE_DETAILS.encode()] * 3)
    assert rules.finish_refusal(record, record.files) == ""


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ("<exifViewedByEsp>true</exifViewedByEsp>", "exifViewedByEsp is true, so fileViewedByEsp must be true"),
        ("<fileViewedByEsp>false</fileViewedByEsp><exifViewedByEsp>true</exifViewedByEsp>", "must be true"),
        ("<fileRelevance>Supplemental Reported</fileRelevance><fileAnnotations><potentialMeme/></fileAnnotations>", "cannot be a potentialMeme"),
        ("<fileRelevance>Supplemental Reported</fileRelevance><industryClassification>A1</industryClassification>", "takes no industryClassification"),
        ("<uploadedToEspTimestamp>2027-01-01T00:00:00Z</uploadedToEspTimestamp>", "lies in the future"),
        ("<ipCaptureEvent><ipAddress>x</ipAddress></ipCaptureEvent>", "is not an IPv4 or IPv6 address"),
    ],
)  # fmt: skip
def test_details_that_contradict_themselves_are_refused(inner, why):
    assert why in rules.refusal(rules.file_findings(file(inner), NOW))


def test_a_file_of_which_nobody_says_whether_it_was_viewed_is_noted():
    found = rules.file_findings(file(""), NOW)
    assert rules.refusal(found) == ""
    assert "fileViewedByEsp is not said" in rules.notices(found, file(""))[0]


@given(st.text(max_size=40), st.text(max_size=30))
def test_no_text_makes_a_rule_fail(raw, when):
    body = captured(
        "".join(c for c in raw if c.isalnum() or c in ".:[]# "),
        dateTime="".join(c for c in when if c.isalnum() or c in "-:TZ."),
    )
    findings = rules.report_findings(report(body=body), NOW)
    assert all(finding.sentence.endswith(".") for finding in findings)
