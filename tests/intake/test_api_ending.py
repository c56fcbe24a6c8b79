"""How a report at the door ends: finished, retracted, expired, and what its number answers for good."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from tests.intake import documents
from tests.intake.http import Platform, as_owner, ask, details, refused

from abhaya.intake import drafts
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value

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
