"""Files at the door: uploaded as streams, whole or not at all, and described."""

import hashlib
import http.client
import re
import socket
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.intake import documents
from tests.intake.http import Platform, ask, details, limited, multipart, refused

from abhaya.intake import drafts

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


def test_a_file_id_never_looks_like_a_number_to_a_client_that_guesses_types():
    for _ in range(2000):
        file_id = drafts.new_file_ref()
        assert re.fullmatch("[a-f][0-9a-f]{31}", file_id)
        with pytest.raises(ValueError):
            float(file_id)


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


def drafts_on_disk(served) -> set[str]:
    """Other tests of this worker may have left some of their own."""
    return {path.name for path in (served.data / "vault" / "drafts").glob("*")}


def test_a_file_above_the_senders_limit_is_refused_and_nothing_of_it_is_kept(live, bench):
    before = drafts_on_disk(live)
    small = limited(bench, live, "file_bytes_max", 100_000)
    number = small.opened(documents.MINIMAL_REPORT)
    refused(small.upload(number, CONTENT), 413, 4200, "larger than the 100000 bytes that this sender may upload")
    refused(small.upload(number, CONTENT, chunked=True, file_first=True), 413, 4200, "larger than")
    assert small.upload(number, b"x" * 100_000).code == 0
    assert drafts_on_disk(live) == before


def test_a_connection_lost_in_mid_upload_leaves_nothing_and_the_retry_is_whole(alice, live):
    before = drafts_on_disk(live)
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
    while drafts_on_disk(live) != before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert drafts_on_disk(live) == before
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
