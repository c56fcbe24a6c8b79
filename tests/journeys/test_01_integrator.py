"""Journey 1, the integrator: a platform engineer points the client they already have at our door.

Holds when every answer told them what to do next, and the hub sees each report once, with what was missing.
"""

import hashlib
import socket

import pytest
from tests.factory import browser_of, make_officer
from tests.intake import documents
from tests.intake.http import Platform, multipart

from abhaya.access.permissions import Role
from abhaya.intake import queries
from abhaya.shared.identity import acting
from abhaya.shared.sql import value
from abhaya.training.client import Client, Refused

PICTURE = bytes(number * 7 % 256 for number in range(200_000))


@pytest.fixture(scope="module")
def platform(live):
    return Platform(live.url)


@pytest.fixture(scope="module")
def alice(platform):
    """An analyst at the hub that receives the platform's reports."""
    return make_officer(platform.unit, Role.ANALYST)


@pytest.fixture(scope="module")
def charlie(live):
    """An analyst at another hub."""
    return make_officer(Platform(live.url).unit, Role.ANALYST)


def seen_by(officer, number):
    with acting(officer.id):
        return value("select count(*) from intake_report where number = %s", [number])


def missing_in(officer, number):
    with acting(officer.id):
        return queries.report(queries.report_numbered(number)).missing


def test_first_they_ask_who_they_are(platform):
    assert platform.call("GET", "/status").sentence.startswith(f"Remote User : {platform.username}")
    stranger = platform.call("GET", "/status", authorization="")
    assert "send HTTP Basic credentials with each call" in stranger.sentence


def test_a_minimal_report_arrives_once_and_the_hub_sees_all_that_is_missing(platform, alice, charlie):
    number = platform.opened(documents.MINIMAL_REPORT)
    assert platform.finish(number).code == 0
    assert seen_by(alice, number) == 1
    assert seen_by(charlie, number) == 0
    assert {"offender_identifier", "place_or_address", "file_or_text", "victim"} <= set(missing_in(alice, number))


def test_a_full_report_with_its_file_lacks_little(platform, alice):
    number = platform.opened(documents.FULL_REPORT)
    uploaded = platform.upload(number, PICTURE)
    assert uploaded.text("hash") == hashlib.md5(PICTURE).hexdigest()
    details = documents.FULL_FILE_DETAILS.replace("4500000000000001", str(number))
    details = details.replace("0123456789abcdef0123456789abcdef", uploaded.text("fileId"))
    assert platform.fileinfo(details).code == 0
    done = platform.finish(number)
    assert done.text("files/fileId") == uploaded.text("fileId")
    assert missing_in(alice, number) == []


def test_a_batched_report_arrives_with_its_one_file(platform, alice):
    number = platform.opened(documents.BATCHED_REPORT)
    file_id = platform.upload(number, PICTURE).text("fileId")
    marked = f"<fileDetails><reportId>{number}</reportId><fileId>{file_id}</fileId><fileAnnotations><viral/></fileAnnotations></fileDetails>"
    assert platform.fileinfo(marked).code == 0
    assert platform.finish(number).code == 0
    with acting(alice.id):
        assert queries.report(queries.report_numbered(number)).is_batched


def test_they_forget_an_element_and_are_told_which_and_then_it_works(platform, alice):
    forgotten = documents.MINIMAL_REPORT.replace("<incidentDateTime>2026-02-03T04:05:06.789Z</incidentDateTime>", "")
    answer = platform.submit(forgotten)
    assert (answer.status, answer.code) == (400, 4100)
    assert (
        answer.sentence == "Validation failed. 'incidentSummary' lacks 'incidentDateTime', which is required (line 3)."
    )
    number = platform.opened(documents.MINIMAL_REPORT)
    assert platform.finish(number).code == 0
    assert seen_by(alice, number) == 1


def test_they_lose_the_connection_in_mid_upload_retry_and_finish_twice(platform, alice):
    number = platform.opened(documents.FULL_REPORT)
    body, content_type = multipart(number, PICTURE)
    with socket.create_connection((platform.url.hostname, platform.url.port)) as line:
        head = (
            f"POST /ispws/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: {platform.authorization}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.sendall(head.encode() + body[:120_000])
    assert platform.upload(number, PICTURE).code == 0
    first = platform.finish(number)
    assert first.body.count(b"<fileId>") == 1  # the half upload is nowhere
    again = platform.finish(number)
    assert (again.status, again.code) == (409, 5102)
    assert "need not be sent again" in again.sentence
    assert seen_by(alice, number) == 1
    with acting(alice.id):
        (file,) = queries.files(queries.report_numbered(number))
    assert bytes(file.md5) == hashlib.md5(PICTURE).digest()


def test_their_client_crashed_and_the_old_number_tells_what_became_of_it(platform, alice):
    unfinished, finished = platform.opened(documents.MINIMAL_REPORT), platform.opened(documents.MINIMAL_REPORT)
    platform.finish(finished)
    assert platform.retract(unfinished).code == 0
    assert platform.retract(finished).code == 5102
    assert platform.retract(unfinished).code == 5101
    assert platform.retract(2**52 + 1).code == 5001
    assert (seen_by(alice, unfinished), seen_by(alice, finished)) == (0, 1)


def test_a_client_that_knows_nothing_of_our_code_gets_through(platform, alice, live):
    client = Client(f"{live.url}/ispws", platform.username, platform.password)
    number = client.submit(documents.FULL_REPORT.encode())
    client.upload(number, "a.png", PICTURE)
    client.finish(number)
    with pytest.raises(Refused) as caught:
        client.upload(number, "late.png", PICTURE)
    client.close()
    assert caught.value.code == 5102
    assert seen_by(alice, number) == 1


def test_the_hub_reads_on_the_senders_page_what_its_reports_lack(platform, alice):
    platform.finish(platform.opened(documents.MINIMAL_REPORT))
    page = browser_of(alice).get(f"/senders/{platform.id}")
    assert page.status_code == 200
    assert platform.name in page.content.decode()
    with acting(alice.id):
        lacks = {lack.code: (lack.missing, lack.reports) for lack in queries.quality(platform.id)}
    assert lacks["offender_identifier"][0] > 0
    assert lacks["offender_identifier"][1] >= lacks["offender_identifier"][0]
