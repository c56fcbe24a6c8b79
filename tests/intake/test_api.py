"""The door over real HTTP: who may enter, what is published, and what becomes of a submitted document."""

import base64
import gzip
import http.client
import json
import re
from contextlib import closing

import pytest
from argon2 import PasswordHasher
from tests.intake import documents
from tests.intake.http import Platform, as_owner, ask, drafts_of, limited, refused

from abhaya.intake.formats.ispws_grammar import SCHEMA_PATH

# ---- who stands at the door ----


def test_status_says_whom_the_server_takes_one_for(alice):
    answer = alice.call("GET", "/status")
    assert answer.code == 0
    assert answer.sentence == f"Remote User : {alice.username}, Remote Ip : 127.0.0.1"


@pytest.mark.parametrize("authorization", ["", "Basic", "Basic !!", "Bearer x", "Basic " + base64.b64encode(b"nobody").decode(), "Basic " + base64.b64encode(b"a\0b:c").decode()])  # fmt: skip
def test_without_credentials_the_answer_is_xml_all_the_same(alice, authorization):
    for method, path in (("GET", "/status"), ("POST", "/submit"), ("GET", "/nothing")):
        answer = alice.call(method, path, b"<report/>" if method == "POST" else b"", authorization=authorization)
        assert (answer.status, answer.code) == (401, 2000)
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_wrong_password_and_an_unknown_name_are_told_alike(alice):
    wrong = "Basic " + base64.b64encode(f"{alice.username}:wrong".encode()).decode()
    unknown = "Basic " + base64.b64encode(b"nobody-here:wrong").decode()
    answers = [alice.call("GET", "/status", authorization=header) for header in (wrong, unknown)]
    assert [(answer.status, answer.code, answer.sentence) for answer in answers] == [
        (401, 2000, "The user name or the password is wrong.")
    ] * 2


def test_a_sender_that_is_switched_off_or_got_a_new_password_is_out_at_once(live, bench):
    bob = Platform(live.url)
    assert bob.call("GET", "/status").code == 0
    as_owner(bench, "update intake_sender set is_active = false where id = %s", bob.id)
    refused(bob.call("GET", "/status"), 403, 3100, "switched off")
    new = PasswordHasher().hash("another password of sixteen")
    as_owner(bench, "update intake_sender set is_active = true, password_hash = %s where id = %s", new, bob.id)
    assert bob.call("GET", "/status").status == 401
    bob.password = "another password of sixteen"
    assert bob.call("GET", "/status").status == 200


def test_a_sender_that_calls_too_often_is_told_when_to_come_back(live, bench):
    hasty = limited(bench, live, "requests_per_minute_max", 2)
    answers = [hasty.call("GET", "/status") for _ in range(12)]
    late = [answer for answer in answers if answer.status == 429]
    assert late
    assert "More than 2 calls in a minute" in late[0].sentence
    assert late[0].headers["retry-after"]


# ---- what is published ----


def test_the_schema_is_served_to_everybody(alice):
    answer = alice.call("GET", "/xsd", authorization="")
    assert answer.body == SCHEMA_PATH.read_bytes()


def test_the_description_of_the_door_names_every_call(alice):
    described = json.loads(alice.call("GET", "/openapi.json", authorization="").body)
    assert set(described["paths"]) == {"/status", "/xsd", "/submit", "/upload", "/fileinfo", "/finish", "/retract"}


def test_an_address_that_is_no_call_is_told_the_calls(alice):
    for path in ("/submission", "/submit/now", "", "/", "/../x"):
        refused(alice.call("GET", path), 404, 1210, "the calls are fileinfo, finish, retract, status, submit, upload")


def test_a_wrong_host_name_is_told_in_xml_too(alice):
    for path in ("/status", "/submit"):
        refused(
            alice.call("GET", path, headers={"Host": "elsewhere.example"}),
            400,
            4000,
            "does not answer to the host name 'elsewhere.example'",
        )
    with closing(http.client.HTTPConnection(alice.url.hostname, alice.url.port)) as connection:
        connection.request("GET", "/sign-in", headers={"Host": "elsewhere.example"})
        with connection.getresponse() as page:
            assert page.status == 400
            assert page.getheader("Content-Type").startswith("text/html")


def test_a_call_with_another_method_is_told_which(alice):
    refused(alice.call("GET", "/submit"), 405, 4000, "/submit takes POST")
    refused(alice.call("POST", "/status", b"x"), 405, 4000, "/status takes GET")
    refused(alice.call("DELETE", "/finish"), 405, 4000, "/finish takes POST")


# ---- submit ----


@pytest.mark.parametrize("document", [documents.MINIMAL_REPORT, documents.FULL_REPORT, documents.BATCHED_REPORT])
def test_a_report_is_opened_under_a_number_that_every_client_can_hold(alice, document):
    number = alice.opened(document)
    assert 0 < number < 2**53


@pytest.mark.parametrize("content_type", ["text/xml; charset=utf-8", "text/xml", "text/plain;charset=UTF-8", "application/xml", "application/octet-stream", "", "multipart/form-data; boundary=x"])  # fmt: skip
def test_the_content_type_decides_nothing(alice, content_type):
    assert alice.submit(documents.MINIMAL_REPORT, content_type).code == 0


@pytest.mark.parametrize(
    "document",
    [
        documents.MINIMAL_REPORT.split("\n", 1)[1],
        documents.MINIMAL_REPORT.replace("\n", "\r\n"),
        "\ufeff" + documents.MINIMAL_REPORT,
        documents.MINIMAL_REPORT.replace("UTF-8", "UTF-16").encode("utf-16"),
        documents.MINIMAL_REPORT.replace("</incidentSummary>", "<incidentDateTimeDescription>é</incidentDateTimeDescription></incidentSummary>").replace("UTF-8", "ISO-8859-1").encode("latin-1"),
    ],
)  # fmt: skip
def test_a_document_may_be_written_in_many_ways(alice, document):
    assert alice.submit(document).code == 0


def test_a_body_may_come_in_chunks_without_a_length(alice):
    assert alice.submit(documents.FULL_REPORT, chunked=True).code == 0


def test_what_was_not_understood_is_told_to_the_sender_and_kept(alice):
    answer = alice.submit(documents.MINIMAL_REPORT.replace("</incidentSummary>", "<mood>calm</mood></incidentSummary>"))
    assert answer.code == 0
    assert "Kept but not understood: 'mood' at /report/incidentSummary/mood." in answer.sentence
    assert alice.finish(answer.report_id).code == 0
    record = ask("select record::text from intake_report where number = %s", answer.report_id)
    assert json.loads(record)["losses"][0]["text"] == "calm"


@pytest.mark.parametrize(
    ("document", "status", "code", "words"),
    [
        (b"", 400, 4110, "does not begin with an element"),
        (b"<report>", 400, 4110, "is closed (line 1, column 9)"),
        (b"\xff\xfe", 400, 4110, "does not begin with an element"),
        (b"\x80<report/>", 400, 4110, "is not UTF-8 (line 1, column 1)"),
        (b'<!DOCTYPE report [<!ENTITY a SYSTEM "file:///etc/hostname">]><report>&a;</report>', 400, 4110, "DOCTYPE"),
        (b"<a>" * 100 + b"</a>" * 100, 400, 4110, "more than 64 deep"),
        (b"<report/>", 400, 4100, "'report' lacks 'incidentSummary', which is required (line 1)"),
        (b"<fileDetails/>", 400, 4100, "here it must be 'report'"),
        (documents.MINIMAL_REPORT.replace("Sexual Acts", "Sexual Act").encode(), 400, 4100, "the nearest is 'Online Enticement of Children for Sexual Acts'"),
        (documents.MINIMAL_REPORT.replace("2026-02-03", "2126-02-03").encode(), 400, 4100, "lies in the future"),
        (documents.MINIMAL_REPORT.replace("06.789Z", "06").encode(), 400, 4100, "has no time zone"),
        (documents.BATCHED_REPORT.replace("</report>", "<victim><victimPerson/></victim></report>").encode(), 400, 4100, "A batched report takes no victim"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_told_which_element_and_why_and_leaves_nothing(alice, document, status, code, words):
    before = drafts_of(alice)
    refused(alice.submit(document), status, code, words)
    assert drafts_of(alice) == before


def test_reporter_before_summary_is_told_as_such(alice):
    document = re.sub(
        r"(<incidentSummary>.*</incidentSummary>)(.*</reporter>)", r"\2\1", documents.MINIMAL_REPORT, flags=re.DOTALL
    )
    refused(
        alice.submit(document),
        400,
        4100,
        "Element 'reporter' stands before 'incidentSummary', which is required first (line 4)",
    )


def test_a_body_above_the_limit_is_refused_and_the_client_hears_it(alice):
    huge = b"<report>" + b" " * (21 * 1024 * 1024)
    refused(alice.submit(huge), 413, 4000, "at most 20971520 are taken")
    refused(alice.submit(huge, chunked=True), 413, 4000, "at most 20971520 are taken")


def test_a_compressed_body_is_refused_by_name(alice):
    body = gzip.compress(documents.MINIMAL_REPORT.encode())
    refused(alice.submit(body, headers={"Content-Encoding": "gzip"}), 415, 4000, "compressed body")
