"""The pages of a person as far as known, in a real browser: wide and narrow, both languages, and by keyboard."""

import pytest
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.desk.test_grades import grade
from tests.desk.test_remarks import number_of, written
from tests.desk.test_subject import WHY, Scene
from tests.linking.people import account

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def scene() -> Scene:
    made = Scene()
    assert made.say(made.alice, made.one, made.third, "unsure").status_code == 302
    for kind, text in (("note", "Answers after 23:00, never by day."), ("name", "The accounts of the night")):
        assert written(made, text, made.one, kind=kind, is_whole="on").status_code == 302
    assert grade(made, made.bob, 0, credibility="4").status_code == 302
    return made


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_fits_reads_and_is_named(scene, live, chromium, size, language):
    one, other, far, alone = (account(each) for each in (scene.one, scene.other, scene.far, scene.alone))
    with signed_in(chromium, live.url, scene.alice, size=size) as page:
        page.goto(f"{live.url}/desk")
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        for address in (
            f"/subjects/{one}",
            f"/subjects/{alone}",
            f"/subjects/{one}/remark",
            f"/remarks/{number_of('The accounts of the night')}",
            f"/subjects/why?a={one}&b={far}",
            f"/subjects/why?a={one}&b={alone}",
            "/subjects/why",
            f"/subjects/judge?a={one}&b={other}&answer=different",
            f"/reports/{scene.reports[0].report_id}",
            f"/reports/{scene.reports[0].report_id}/grade",
        ):
            answer = page.goto(live.url + address)
            assert answer is not None
            assert answer.ok, address
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("h1").count() == 1
            is_as_wide_as_its_window(page)
            is_accessible(page)


def test_from_a_report_to_a_word_and_back_by_keyboard(live, chromium):
    scene = Scene()
    with signed_in(chromium, live.url, scene.alice) as page:
        page.goto(f"{live.url}/reports/{scene.reports[0].report_id}")
        followed(page, "a[href^='/subjects/']")
        expect(page.locator("h1")).to_contain_text("3 accounts")
        page.goto(f"{live.url}/subjects/why?a={account(scene.one)}&b={account(scene.other)}")
        with page.expect_navigation():
            page.keyboard.press("a")
        expect(page.locator("input[value=different]")).to_be_checked()
        page.locator("textarea").fill(WHY)
        followed(page, "button.main")
        expect(page.locator("h1")).to_contain_text("stands alone")
        assert scene.other not in page.content()
        followed(page, "a[href^='/judgements/']")
        page.locator("textarea").fill("It was a family telephone after all.")
        followed(page, "button.main")
        expect(page.locator("h1")).to_contain_text("3 accounts")
