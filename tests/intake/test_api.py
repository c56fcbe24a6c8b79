"""The door over real HTTP: every call, every leniency, every refusal, and that nothing is ever half-stored."""

import base64
import gzip
import hashlib
import http.client
import json
import re
import socket
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from tests.intake import documents
from tests.intake.http import Platform, multipart

from abhaya.intake import drafts
from abhaya.intake.formats.ispws_grammar import SCHEMA_PATH
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value


@pytest.fixture(scope="session")
def alice(live):
    """A platform that most tests can share: each opens reports of its own."""
    return Platform(live.url)


def ask(sql, *params):
    with on_the_road("test:ask"):
        return value(sql, list(params))


def as_owner(bench, sql, *params):
    """What no program of ours may do: turn a clock, set a limit."""
    with bench.connect("abhaya_owner") as owner:
        owner.execute(sql, list(params))


def limited(bench, live, column, most):
    platform = Platform(live.url)
    as_owner(bench, f"update intake_sender set {column} = %s where id = %s", most, platform.id)
    return platform


def drafts_of(platform):
    return ask("select count(*) from intake_draft where sender_id = %s", platform.id)


def details(number, file_id, inner=""):
    return f"<fileDetails><reportId>{number}</reportId><fileId>{file_id}</fileId>{inner}</fileDetails>"


def refused(answer, status, code, words):
    assert (answer.status, answer.code) == (status, code), answer.sentence
    assert words in answer.sentence, answer.sentence


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
    for path in ("/submission", "/submit/now", "", "/../x"):
        refused(alice.call("GET", path), 404, 1210, "the calls are fileinfo, finish, retract, status, submit, upload")


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


# ---- upload ----

CONTENT = bytes(range(256)) * 800  # 200 kB


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"file_first": True},
        {"chunked": True},
        {"filename": "चित्र 1.png"},
        {"filename": ""},
        {"filename": "../../etc/x"},
    ],
)
def test_a_file_is_stored_and_its_hash_is_that_of_what_we_hold(alice, more):
    number = alice.opened(documents.MINIMAL_REPORT)
    answer = alice.upload(number, CONTENT, **more)
    assert answer.code == 0
    assert answer.report_id == number
    assert re.fullmatch("[0-9a-f]{32}", answer.text("fileId"))
    assert answer.text("hash") == hashlib.md5(CONTENT).hexdigest()
    assert alice.finish(number).text("files/fileId") == answer.text("fileId")
    assert ask("select name from intake_file where file_ref = %s", answer.text("fileId")) == more.get(
        "filename", "IMG 1.png"
    )


def test_files_are_listed_in_the_order_of_their_upload(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    ids = [alice.upload(number, b"file %d" % index).text("fileId") for index in range(5)]
    answer = alice.finish(number)
    assert re.findall("<fileId>([0-9a-f]{32})</fileId>", answer.body.decode()) == ids
    assert answer.report_id == number


@pytest.mark.parametrize(
    ("body", "content_type", "code", "words"),
    [
        (multipart(1, b"x")[0].replace(b'name="file"; filename="IMG 1.png"', b'name="note"'), "multipart/form-data; boundary=limit", 4200, "holds no file"),
        (multipart(1, b"")[0], "multipart/form-data; boundary=limit", 4200, "holds no file"),
        (multipart("seven", b"x")[0], "multipart/form-data; boundary=limit", 4000, "'id' is not a number"),
        (multipart("", b"x")[0], "multipart/form-data; boundary=limit", 4000, "'id' is missing"),
        (b"--b\r\n" + multipart(1, b"x")[0].split(b"--limit\r\n")[2] + b"--b--", "multipart/form-data; boundary=b", 4000, "does not say to which report"),
        (b"id=1&file=x", "application/x-www-form-urlencoded", 4200, "not multipart/form-data"),
        (multipart(1, b"x" * 100)[0][:-60], "multipart/form-data; boundary=limit", 4200, "the connection was lost, or the body cut off"),
        (multipart(1, b"x")[0].replace(b"Content-Type: image/png", b"Content-Transfer-Encoding: base64"), "multipart/form-data; boundary=limit", 4200, "encoded as 'base64'"),
    ],
)  # fmt: skip
def test_an_upload_that_is_none_is_told_what_is_missing(alice, body, content_type, code, words):
    refused(alice.call("POST", "/upload", body, content_type), 400, code, words)


def test_two_files_in_one_call_are_refused_and_neither_is_kept(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    one, _ = multipart(number, b"one")
    two = one.replace(
        b"--limit--", b'--limit\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\ntwo\r\n--limit--'
    )
    refused(
        alice.call("POST", "/upload", two, "multipart/form-data; boundary=limit"), 400, 4000, "One call takes one file"
    )
    assert ask("select count(*) from intake_draft_file where draft_id = %s", number) == 0


def test_an_upload_to_a_report_that_is_not_there_is_5001(alice):
    for number in (1, 2**53, 2**63, 10**30):
        refused(alice.upload(number, b"x"), 404, 5001, "does not exist")


def test_a_report_of_another_sender_does_not_exist(alice, live):
    charlie = Platform(live.url)
    number = alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(number, b"x").text("fileId")
    for answer in (
        charlie.upload(number, b"x"),
        charlie.finish(number),
        charlie.retract(number),
        charlie.fileinfo(details(number, file_id)),
    ):
        refused(answer, 404, 5001, "does not exist")
    assert alice.finish(number).code == 0


def test_a_file_above_the_senders_limit_is_refused_and_nothing_of_it_is_kept(live, bench):
    small = limited(bench, live, "file_bytes_max", 100_000)
    number = small.opened(documents.MINIMAL_REPORT)
    refused(small.upload(number, CONTENT), 413, 4200, "larger than the 100000 bytes that this sender may upload")
    refused(small.upload(number, CONTENT, chunked=True, file_first=True), 413, 4200, "larger than")
    assert small.upload(number, b"x" * 100_000).code == 0
    assert list((live.data / "vault" / "drafts").iterdir()) == []


def test_a_connection_lost_in_mid_upload_leaves_nothing_and_the_retry_is_whole(alice, live):
    number = alice.opened(documents.MINIMAL_REPORT)
    body, content_type = multipart(number, CONTENT * 5)
    head = (
        f"POST /ispws/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: {alice.authorization}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    for cut in (10, 300, 70_000, 500_000):
        with socket.create_connection((alice.url.hostname, alice.url.port)) as line:
            line.sendall(head + body[:cut])
    deadline = time.monotonic() + 10
    while list((live.data / "vault" / "drafts").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list((live.data / "vault" / "drafts").iterdir()) == []
    assert ask("select count(*) from intake_draft_file where draft_id = %s", number) == 0
    answer = alice.upload(number, CONTENT * 5)
    assert answer.text("hash") == hashlib.md5(CONTENT * 5).hexdigest()
    assert re.findall("<fileId>", alice.finish(number).body.decode()) == ["<fileId>"]


def memory_mb(served):
    """The largest memory of the web server's processes now, in MB."""
    (server,) = [process for process in served.processes if "serve" in process.args]
    family = [server.pid]
    for task in family:
        family += map(int, Path(f"/proc/{task}/task/{task}/children").read_text().split())
    sizes = [int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{task}/status").read_text()).group(1)) for task in family]
    return max(sizes) // 1024


def pieces(boundary_body, size_mb):
    head, tail = boundary_body.split(b"BYTES")
    yield head
    block = bytes(1024 * 1024)
    for _ in range(size_mb):
        yield block
    yield tail


def test_a_large_upload_streams_to_the_vault(alice, live):
    number = alice.opened(documents.MINIMAL_REPORT)
    alice.upload(number, b"warm")
    before = memory_mb(live)
    body, content_type = multipart(number, b"BYTES")
    with closing(http.client.HTTPConnection(alice.url.hostname, alice.url.port, timeout=120)) as connection:
        headers = {"Authorization": alice.authorization, "Content-Type": content_type}
        connection.request("POST", "/ispws/upload", pieces(body, 400), headers, encode_chunked=True)
        with connection.getresponse() as response:
            answer = response.read().decode()
    digest = hashlib.md5()
    for _ in range(400):
        digest.update(bytes(1024 * 1024))
    assert digest.hexdigest() in answer
    assert memory_mb(live) - before < 60


# ---- fileinfo ----


def test_details_become_part_of_the_report(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    bare, described = (alice.upload(number, content).text("fileId") for content in (b"one", b"two"))
    full = documents.FULL_FILE_DETAILS.replace("4500000000000001", str(number)).replace(
        "0123456789abcdef0123456789abcdef", described
    )
    answer = alice.fileinfo(full)
    assert (answer.code, answer.report_id) == (0, number)
    assert alice.finish(number).code == 0
    row = "select {} from intake_file where file_ref = %s"
    assert ask(row.format("viewed_by_sender"), described) is True
    assert ask(row.format("classification"), described) == "B2"
    assert ask(row.format("viewed_by_sender"), bare) is None
    assert (
        ask("select record->'files'->1->>'original_name' from intake_report where number = %s", number)
        == "IMG_0001.jpg"
    )


def test_details_of_a_file_that_was_never_uploaded_are_5002(alice):
    one, two = alice.opened(documents.MINIMAL_REPORT), alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(one, b"x").text("fileId")
    refused(alice.fileinfo(details(one, "0" * 32)), 404, 5002, "No file")
    refused(alice.fileinfo(details(two, file_id)), 404, 5002, "No file")
    refused(alice.fileinfo(details(3, file_id)), 404, 5001, "does not exist")


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<exifViewedByEsp>true</exifViewedByEsp>", "fileViewedByEsp must be true"),
        ("<industryClassification>C1</industryClassification>", "allowed are 'A1', 'A2', 'B1', 'B2'"),
        ("<fileAnnotations><viral>false</viral></fileAnnotations>", "leave the element out to say no"),
        ("<fileRelevance>Supplemental Reported</fileRelevance><industryClassification>A1</industryClassification>", "takes no industryClassification"),
    ],
)  # fmt: skip
def test_details_that_are_wrong_are_told_why(alice, inner, words):
    number = alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(number, b"x").text("fileId")
    refused(alice.fileinfo(details(number, file_id, inner)), 400, 4100, words)
    assert ask("select details_item_id from intake_draft_file where file_ref = %s", file_id) is None


def test_whether_a_file_was_viewed_is_asked_for_in_the_answer(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(number, b"x").text("fileId")
    assert "fileViewedByEsp is not said" in alice.fileinfo(details(number, file_id)).sentence
    assert alice.fileinfo(details(number, file_id, "<fileViewedByEsp>false</fileViewedByEsp>")).sentence == "Success"


# ---- finish and retract ----


@pytest.mark.parametrize(
    "more", [{}, {"as_multipart": True}, {"chunked": True}, {"as_multipart": True, "chunked": True}]
)
@pytest.mark.parametrize("path", ["/finish", "/retract"])
def test_the_id_may_come_in_either_kind_of_form(alice, path, more):
    number = alice.opened(documents.MINIMAL_REPORT)
    answer = alice.with_id(path, number, **more)
    assert (answer.status, answer.code, answer.report_id) == (200, 0, number)


def test_a_finished_report_without_files_lists_none(alice):
    assert b"<files/>" in alice.finish(alice.opened(documents.MINIMAL_REPORT)).body


@pytest.mark.parametrize(("body", "code", "words"), [(b"", 4000, "'id' is missing"), (b"id=x", 4000, "not a number"), (b"x" * 70_000, 4000, "at most 65536"), (b"id=0", 5001, "does not exist")])  # fmt: skip
def test_an_id_that_is_none_is_told_so(alice, body, code, words):
    for path in ("/finish", "/retract"):
        answer = alice.call("POST", path, body, "application/x-www-form-urlencoded")
        assert answer.code == code
        assert words in answer.sentence


def everything_on(platform, number, file_id):
    return {
        answer.code
        for answer in (
            platform.finish(number),
            platform.retract(number),
            platform.upload(number, b"late"),
            platform.upload(number, b"late" * 400_000),
            platform.fileinfo(details(number, file_id)),
        )
    }


def test_a_finished_report_answers_5102_for_good(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(number, b"x").text("fileId")
    alice.finish(number)
    assert everything_on(alice, number, file_id) == {5102}
    refused(alice.finish(number), 409, 5102, "need not be sent again")
    assert ask("select count(*) from intake_report where number = %s", number) == 1
    assert ask("select file_count from intake_report where number = %s", number) == 1


def test_a_retracted_report_answers_5101_for_good_and_is_no_report(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(number, b"x").text("fileId")
    assert alice.retract(number).code == 0
    assert everything_on(alice, number, file_id) == {5101}
    refused(alice.retract(number), 409, 5101, "was retracted")
    assert ask("select count(*) from intake_report where number = %s", number) == 0


@pytest.mark.parametrize(
    ("opened_hours", "touched_hours", "expired"),
    [(23.9, 23.9, False), (30, 0.9, False), (24.1, 1.1, True), (0.5, 0.5, False), (2, 1.5, False)],
)
def test_a_report_expires_24_hours_after_opening_or_1_hour_after_the_last_change_whichever_is_later(
    alice, bench, opened_hours, touched_hours, expired
):
    number = alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(number, b"x").text("fileId")
    now = datetime.now(UTC)
    as_owner(
        bench, "update intake_draft set opened_at = %s, touched_at = %s where number = %s",
        now - timedelta(hours=opened_hours), now - timedelta(hours=touched_hours), number,
    )  # fmt: skip
    if expired:
        assert everything_on(alice, number, file_id) == {5001}
        with on_the_road("road:intake"):
            drafts.expire_drafts()
        assert ask("select state from intake_draft where number = %s", number) == "expired"
        assert everything_on(alice, number, file_id) == {5001}
    else:
        assert alice.finish(number).code == 0


def test_two_finishes_at_once_make_one_report(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    answers, ready = [], threading.Barrier(4)

    def finish():
        ready.wait()
        answers.append(alice.finish(number).code)

    threads = [threading.Thread(target=finish) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answers) == [0, 5102, 5102, 5102]
    assert ask("select count(*) from intake_report where number = %s", number) == 1


def test_the_ledger_holds_every_act(alice):
    number = alice.opened(documents.MINIMAL_REPORT)
    file_id = alice.upload(number, b"x").text("fileId")
    alice.fileinfo(details(number, file_id))
    alice.finish(number)
    with on_the_road("test:ask"):
        report = value("select report_id from intake_draft where number = %s", [number])
        events = value("select array_agg(event order by id) from ledger_entry where subject_id = %s", [report])
        actors = value("select array_agg(distinct actor_name) from ledger_entry where subject_id = %s", [report])
    assert events == ["intake:draft:opened", "intake:file:uploaded", "intake:file:detailed", "intake:report:received"]
    assert actors == [f"sender:{alice.name}"]


def test_a_test_credential_gives_reports_that_are_marked_and_go_nowhere(live):
    trial = Platform(live.url, is_test=True)
    number = trial.opened(documents.MINIMAL_REPORT)
    assert trial.finish(number).code == 0
    with on_the_road("test:ask"):
        report, is_test = value("select array[id::text, is_test::text] from intake_report where number = %s", [number])
        assert is_test == "true"
        assert value("select count(*) from shared_waypoint where report_id = %s", [report]) == 0


# ---- batched reports ----

VIRAL = "<fileAnnotations><viral/></fileAnnotations>"


def test_a_batched_report_is_finished_with_its_one_viral_file(alice):
    number = alice.opened(documents.BATCHED_REPORT)
    file_id = alice.upload(number, b"clip").text("fileId")
    assert alice.fileinfo(details(number, file_id, VIRAL)).code == 0
    assert alice.finish(number).code == 0
    assert ask("select is_batched from intake_report where number = %s", number) is True


def test_a_batched_report_with_two_files_cannot_be_finished_but_retracted_and_sent_again(alice):
    number = alice.opened(documents.BATCHED_REPORT)
    for content in (b"one", b"two"):
        alice.fileinfo(details(number, alice.upload(number, content).text("fileId"), VIRAL))
    refused(alice.finish(number), 400, 4100, "takes one file, and 2 were uploaded. Retract it and submit it again")
    assert ask("select state from intake_draft where number = %s", number) == "open"
    assert alice.retract(number).code == 0


def test_a_batched_report_whose_file_nobody_annotated_cannot_be_finished(alice):
    number = alice.opened(documents.BATCHED_REPORT)
    alice.upload(number, b"clip")
    refused(alice.finish(number), 400, 4100, "must annotate it as viral or potentialMeme")
