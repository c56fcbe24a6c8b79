"""Looking at a file: never unasked, on a basis, one step at a time, once each, by one officer, recorded and counted."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.urls import reverse
from PIL import Image
from tests.custody.hostile_pictures import claims
from tests.desk.world import Desk
from tests.factory import make_officer, make_unit

from abhaya.access.queries import signed_in
from abhaya.custody import looks
from abhaya.intake.formats.record import FilePart
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, fetch, value, values
from abhaya.training.pictures import png

PURPOSE = {"purpose": "to see whether it bears on the report"}
IMAGE = re.compile(r'<img src="(/looks/[^"]+/picture/[^"]+)"')


@pytest.fixture(scope="module")
def desk() -> Desk:
    made = Desk()
    made.viewer = make_officer(made.unit, "analyst", "media-viewer", called="Vera")
    made.second = make_officer(made.unit, "analyst", "media-viewer", called="Veer")
    made.reader = make_officer(made.unit, "text-reviewer", called="Tara")
    return made


_SEED = iter(range(10_000))


def a_file(desk: Desk, content: bytes | None = None, **part: object):
    """A report with one picture nobody has seen; returns the file's id."""
    content = png(next(_SEED) + 50_000, 200) if content is None else content
    report = desk.report(files=(FilePart("/f[1]", name="one.png", **part),), held=[content])
    with on_the_road("test"):
        return value("select id from intake_file where report_id = %s", [report])


def opened(browser, file, **given):
    answer = browser.post(reverse("desk-look-open", args=[file]), PURPOSE | given)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def step(browser, look, name):
    return browser.post(look, {"step": name})


def pictures_in(page) -> list[str]:
    return IMAGE.findall(page.content.decode())


def shown(browser, look, name):
    (address,) = pictures_in(step(browser, look, name))
    answer = browser.get(address)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content)), address


def entries(event: str, look: str) -> list[dict]:
    with on_the_road("test"):
        bodies = fetch(
            lambda body: json.loads(bytes(body)), "select body from ledger_entry where event = %s order by id", [event]
        )
    return [body for body in bodies if body["facts"].get("look") == look.rpartition("/")[2]]


def test_the_page_of_a_file_and_the_question_before_it_show_no_picture(desk):
    browser, file = desk.browser(desk.viewer), a_file(desk)
    for name in ("desk-file", "desk-look-open"):
        page = browser.get(reverse(name, args=[file]))
        assert page.status_code == 200
        assert "<img" not in page.content.decode()


def test_a_look_begins_with_nothing_on_the_screen_and_goes_one_step_at_a_time(desk):
    browser = desk.browser(desk.viewer)
    look = opened(browser, a_file(desk))
    assert pictures_in(browser.get(look)) == []
    assert step(browser, look, "clear").status_code == 409
    assert step(browser, look, "full").status_code == 409
    blurred, _ = shown(browser, look, "blurred")
    clear, _ = shown(browser, look, "clear")
    coloured, _ = shown(browser, look, "colour")
    whole, _ = shown(browser, look, "full")
    assert blurred.size == clear.size == coloured.size == whole.size == (200, 200)
    assert [entry["facts"]["step"] for entry in entries("custody:item:viewed", look)] == [
        "blurred",
        "clear",
        "colour",
        "full",
    ]
    assert all(entry["purpose"] == PURPOSE["purpose"] for entry in entries("custody:item:viewed", look))


def test_what_is_sent_is_drawn_anew_and_what_was_not_asked_for_is_not_sent(desk):
    browser, content = desk.browser(desk.viewer), png(40_001, 200)
    look = opened(browser, a_file(desk, content))
    blurred, _ = shown(browser, look, "blurred")
    assert blurred.format == "WEBP"
    original = Image.open(io.BytesIO(content)).convert("L").tobytes()
    sent = blurred.convert("L").tobytes()

    def edges(pixels):
        return sum(abs(pixels[at] - pixels[at - 1]) for at in range(1, len(pixels)))

    assert edges(sent) * 8 < edges(original)


def test_an_address_works_once_for_one_officer_and_not_for_long(desk):
    browser = desk.browser(desk.viewer)
    look = opened(browser, a_file(desk))
    (address,) = pictures_in(step(browser, look, "blurred"))
    assert desk.browser(desk.second).get(address).status_code == 404
    first = browser.get(address)
    assert first.headers["Content-Type"] == "image/webp"
    assert "no-store" in first.headers["Cache-Control"]
    assert first.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get(address).status_code == 409
    (late,) = pictures_in(step(browser, look, "blurred"))
    with acting(desk.viewer.id):
        execute("update custody_look set token_until = now() - interval '1 second'")
    assert browser.get(late).status_code == 409


def test_a_picture_is_not_opened_by_itself(desk):
    browser = desk.browser(desk.viewer)
    look = opened(browser, a_file(desk))
    (address,) = pictures_in(step(browser, look, "blurred"))
    assert browser.get(address, headers={"Sec-Fetch-Dest": "document"}).status_code == 403


def test_to_open_a_file_again_and_to_reload_its_page_shows_nothing(desk):
    browser = desk.browser(desk.viewer)
    look = opened(browser, a_file(desk))
    shown(browser, look, "blurred")
    assert pictures_in(browser.get(look)) == []


def test_another_officers_look_is_not_there(desk):
    look = opened(desk.browser(desk.viewer), a_file(desk))
    for person in (desk.second, desk.charlie):
        assert desk.browser(person).get(look).status_code in {403, 404}


@pytest.mark.parametrize("who", ["reader", "alice", "sita"])
def test_who_is_no_media_viewer_is_told_so_and_opens_nothing(desk, who):
    person = getattr(desk, who)
    file = a_file(desk)
    browser = desk.browser(person)
    page = browser.get(reverse("desk-file", args=[file])).content.decode()
    assert "Your role does not look at pictures" in page
    assert "Look at this file" not in page
    assert browser.post(reverse("desk-look-open", args=[file]), PURPOSE).status_code == 403
    with on_the_road("test"):
        assert values("select id from custody_look where file_id = %s", [file]) == []


def test_the_database_itself_lets_no_text_reviewer_write_a_look(desk, ask_as):
    file = a_file(desk)
    look = opened(desk.browser(desk.viewer), file).rpartition("/")[2]
    connection = ask_as("abhaya_app")
    connection.execute("select set_config('abhaya.officer', %s, false)", [str(desk.reader.id)])
    copy = (
        "insert into custody_look (id, compartment, item_id, object_id, file_id, officer_id, officer_name, jurisdiction,"
        " rules_version, viewed, needs, purpose) select gen_random_uuid(), compartment, item_id, object_id, file_id, %s,"
        " 'x', '', '', '', '', '' from custody_look where id = %s"
    )
    with pytest.raises(Exception, match="row-level security"):
        connection.execute(copy, [str(desk.reader.id), look])


def test_what_came_of_a_look_is_offered_first_and_to_look_again_asks_why(desk):
    content = png(40_002, 200)
    first, browser = a_file(desk, content), desk.browser(desk.viewer)
    look = opened(browser, first)
    shown(browser, look, "blurred")
    browser.post(look + "/end", {"result": "not-relevant", "note": "a drawing of circles"})
    again, other = a_file(desk, content), desk.browser(desk.second)
    page = other.get(reverse("desk-file", args=[again])).content.decode()
    assert "Already looked at" in page
    assert "a drawing of circles" in page
    assert desk.viewer.name in page
    assert other.post(reverse("desk-look-open", args=[again]), PURPOSE).status_code == 422
    second = opened(other, again, why_again="the first look was of another report")
    (entry,) = entries("custody:look:repeated", second)
    assert entry["purpose"] == "the first look was of another report"


def test_a_look_elsewhere_is_not_told_to_whoever_may_not_see_it(desk):
    content = png(40_003, 200)
    browser = desk.browser(desk.viewer)
    look = opened(browser, a_file(desk, content))
    browser.post(look + "/end", {"result": "relevant", "note": "kept apart"})
    stranger = Desk()
    stranger.viewer = make_officer(stranger.unit, "analyst", "media-viewer")
    page = (
        stranger.browser(stranger.viewer).get(reverse("desk-file", args=[a_file(stranger, content)])).content.decode()
    )
    assert "kept apart" not in page
    assert "Already looked at" not in page


@pytest.mark.parametrize(
    ("place", "flag", "lacks"),
    [("IN-27", True, {"reference"}), ("US-CA", False, {"reference", "warrant"}), ("US-CA", None, {"reference", "warrant"}),
     ("US-CA", True, set()), ("", None, set())],
)  # fmt: skip
def test_what_is_asked_follows_the_unit_s_place_and_the_sender_s_flag(place, flag, lacks):
    there = Desk(unit=make_unit("hub", place=place))
    viewer = make_officer(there.unit, "analyst", "media-viewer")
    browser, file = there.browser(viewer), a_file(there, viewed_by_sender=flag)
    page = browser.get(reverse("desk-look-open", args=[file])).content.decode()
    assert {name for name in ("reference", "warrant") if f'name="{name}"' in page} == lacks
    assert "A draft for a lawyer" in page
    assert browser.post(reverse("desk-look-open", args=[file]), PURPOSE).status_code == (422 if lacks else 302)
    if lacks:
        look = opened(browser, file, **dict.fromkeys(lacks, "No. 7 of 2026"))
        (entry,) = entries("custody:look:opened", look)
        assert entry["purpose"] == " · ".join([PURPOSE["purpose"], *["No. 7 of 2026"] * len(lacks)])
        assert entry["facts"]["rules"] == "draft-1"


def test_the_meter_counts_for_its_officer_and_answers_nobody_else(desk, ask_as):
    fresh = make_officer(desk.unit, "analyst", "media-viewer")
    browser = desk.browser(fresh)
    look = opened(browser, a_file(desk, classification="A1"))
    shown(browser, look, "blurred")
    with acting(fresh.id):
        execute("update custody_exposure set shown_at = now() - interval '45 seconds'")
    browser.post(look + "/hide", {"beacon": "1"})
    with acting(fresh.id):
        own = looks.meter_of(signed_in(fresh.id))
    assert own.items_today == 1
    assert 45 <= own.seconds_today <= 47
    assert own.by_severity == {"A1": 1}
    for person in (
        desk.sita,
        desk.viewer,
        make_officer(desk.unit, "administrator"),
        make_officer(desk.unit, "auditor"),
    ):
        connection = ask_as("abhaya_app")
        connection.execute("select set_config('abhaya.officer', %s, false)", [str(person.id)])
        asked = "select count(*) from custody_exposure where officer_id = %s"
        assert connection.execute(asked, [str(fresh.id)]).fetchone() == (0,)


def tired(person, minutes: int = 25, **more: object) -> None:
    """So many minutes of looking, just now."""
    with acting(person.id):
        for minute in range(minutes):
            execute(
                "insert into custody_exposure (id, officer_id, look_id, at, seconds) values"
                " (gen_random_uuid(), %s, gen_random_uuid(), now() - make_interval(mins => %s), 60)",
                [person.id, minutes - minute],
            )


def test_a_break_is_kept_or_a_reason_is_given_and_a_child_in_danger_never_waits(desk):
    person = make_officer(desk.unit, "analyst", "media-viewer")
    browser, file = desk.browser(person), a_file(desk)
    tired(person)
    page = browser.get(reverse("desk-look-open", args=[file])).content.decode()
    assert "Time for a pause" in page
    assert browser.post(reverse("desk-look-open", args=[file]), PURPOSE).status_code == 422
    look = opened(browser, file, why_on="nobody else is on duty tonight")
    assert entries("custody:pause:passed", look)[0]["purpose"] == "nobody else is on duty tonight"
    shown(browser, look, "blurred")
    urgent = a_file(desk)
    with on_the_road("test"):
        execute(
            "update triage_queue set lane = 'imminent' where report_id = (select report_id from intake_file where id = %s)",
            [urgent],
        )
    shown(browser, opened(browser, urgent), "blurred")


def test_a_break_that_comes_due_in_the_middle_of_a_look_closes_it_calmly(desk):
    person = make_officer(desk.unit, "analyst", "media-viewer")
    browser = desk.browser(person)
    look = opened(browser, a_file(desk))
    shown(browser, look, "blurred")
    tired(person)
    assert "Time for a pause" in browser.get(look).content.decode()
    refused = step(browser, look, "clear")
    assert refused.status_code == 409
    assert pictures_in(refused) == []


def test_passing_on_asks_no_reason_and_reads_like_any_other(desk):
    browser, file = desk.browser(desk.viewer), a_file(desk)
    with on_the_road("test"):
        report = value("select report_id from intake_file where id = %s", [file])
    browser.get(reverse("desk-report", args=[report]))
    page = browser.get(reverse("desk-pass-on", args=[file])).content.decode()
    assert "reason" not in re.findall(r'name="([^"]+)"', page)
    assert browser.post(reverse("desk-pass-on", args=[file]), {"to": str(desk.second.id)}).status_code == 302
    with on_the_road("test"):
        assert value("select claimed_by from triage_queue where report_id = %s", [report]) == desk.second.id
    assert desk.browser(desk.second).post(reverse("desk-pass-on", args=[file]), {"to": "queue"}).status_code == 302
    assert desk.events(report)[-2:] == ["triage:report:handed-on", "triage:report:released"]
    with on_the_road("test"):
        assert value("select state from triage_queue where report_id = %s", [report]) == "waiting"


def test_it_is_not_passed_on_to_somebody_of_another_unit(desk):
    browser, file = desk.browser(desk.viewer), a_file(desk)
    outside = make_officer(make_unit(), "officer", "media-viewer")
    assert browser.post(reverse("desk-pass-on", args=[file]), {"to": str(outside.id)}).status_code == 422


def test_a_file_that_cannot_be_drawn_says_why_and_is_not_counted(desk):
    browser = desk.browser(desk.viewer)
    look = opened(browser, a_file(desk, claims(7_000, 7_000)))
    (address,) = pictures_in(step(browser, look, "blurred"))
    assert browser.get(address).status_code == 422
    assert "damaged or cut short" in browser.get(look).content.decode()
    assert entries("custody:item:viewed", look) == []
