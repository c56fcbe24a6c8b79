"""Looking at a file in a real browser: nothing unasked, one step at a time, gone at once by key, by clock, by turning away."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.custody import films
from tests.desk.test_looking import a_file
from tests.desk.world import Desk
from tests.factory import make_officer, make_unit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk() -> Desk:
    made = Desk(unit=make_unit("hub", place="IN"))
    made.viewer = make_officer(made.unit, "analyst", "supervisor", "media-viewer", called="Vera")
    return made


@pytest.mark.parametrize(("size", "language"), [(DESK, "en"), (TELEPHONE, "hi")], ids=["desk", "telephone"])
def test_a_look_from_its_question_to_its_result(desk, live, chromium, size, language):
    file = a_file(desk, classification="B2", viewed_by_sender=False)
    with signed_in(chromium, live.url, desk.viewer, size=size) as page:

        def looks_right() -> None:
            is_as_wide_as_its_window(page)
            is_accessible(page)

        page.goto(f"{live.url}/account/viewing")
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        looks_right()
        for address in ("/viewing", "/lawful-basis", f"/files/{file}"):
            page.goto(live.url + address)
            looks_right()
        followed(page, f"a[href='/files/{file}/look']")
        looks_right()
        page.fill("input[name=purpose]", "to see whether it bears on the report")
        page.fill("input[name=reference]", "FIR 12/2026")
        followed(page, "main form button.main")
        assert "/looks/" in page.url
        expect(page.locator("main img")).to_have_count(0)
        looks_right()
        page.click("button[value=blurred]")
        picture = page.locator("[data-stage] img")
        expect(picture).to_be_visible()
        assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 200
        looks_right()
        page.keyboard.press("Escape")
        expect(page.locator("main img")).to_have_count(0)
        page.click("button[value=clear]")
        expect(picture).to_be_visible()
        looks_right()
        page.locator("body").press("Space")
        expect(page.locator("main img")).to_have_count(0)
        page.check("input[name=result][value=not-relevant]")
        followed(page, "main form[action$='/end'] button")
        assert page.url.endswith(f"/files/{file}")
        looks_right()
        page.goto(f"{live.url}/files/{file}/pass-on")
        looks_right()


def test_it_hides_by_itself_when_its_seconds_are_over(desk, live, chromium):
    file = a_file(desk)
    with signed_in(chromium, live.url, desk.viewer) as page:
        page.clock.install()
        page.goto(f"{live.url}/files/{file}/look")
        page.fill("input[name=purpose]", "to see whether it bears on the report")
        page.fill("input[name=reference]", "FIR 12/2026")
        page.click("main form button.main")
        page.click("button[value=blurred]")
        expect(page.locator("main img")).to_be_visible()
        page.locator("main img").evaluate("picture => picture.decode()")
        page.clock.run_for(21_000)
        expect(page.locator("main img")).to_have_count(0)


def test_without_scripts_it_hides_by_its_button(desk, live, chromium):
    file = a_file(desk)
    with signed_in(chromium, live.url, desk.viewer, scripts=False) as page:
        page.goto(f"{live.url}/files/{file}/look")
        page.fill("input[name=purpose]", "to see whether it bears on the report")
        page.fill("input[name=reference]", "FIR 12/2026")
        page.click("main form button.main")
        page.click("button[value=blurred]")
        expect(page.locator("main img")).to_be_visible()
        page.click("form[data-hide] button")
        expect(page.locator("main img")).to_have_count(0)


def opened_in(page, live, file) -> None:
    page.goto(f"{live.url}/files/{file}/look")
    page.fill("input[name=purpose]", "to see whether it bears on the report")
    page.fill("input[name=reference]", "FIR 12/2026")
    page.click("main form button.main")
    page.wait_for_url(re.compile("/looks/"))


def seen(page) -> tuple[float, float]:
    """How coloured and how sharp the picture on the screen is: the spread of its channels, the step between neighbours."""
    page.locator("[data-stage] img").evaluate("picture => picture.decode()")
    shot = np.asarray(Image.open(io.BytesIO(page.locator("[data-stage] img").screenshot())).convert("RGB")).astype(int)
    return float((shot.max(2) - shot.min(2)).mean()), float(np.abs(np.diff(shot.mean(2), axis=1)).mean())


def test_a_film_is_a_mute_sheet_of_stills_blurred_and_grey_until_more_is_asked_for(desk, live, chromium):
    viewer = make_officer(desk.unit, "analyst", "media-viewer")
    file = a_file(desk, films.with_sound())
    with signed_in(chromium, live.url, viewer) as page:
        types = []
        page.on("response", lambda answer: types.append(answer.headers.get("content-type", "")))
        opened_in(page, live, file)
        expect(page.locator("main img")).to_have_count(0)
        looks = {}
        for step in ("blurred", "clear", "colour", "full"):
            page.click(f"button[value={step}]")
            expect(page.locator("[data-stage] img")).to_be_visible()
            looks[step] = seen(page)
            is_as_wide_as_its_window(page)
            page.keyboard.press("Escape")
            expect(page.locator("main img")).to_have_count(0)
        is_accessible(page)
        expect(page.locator("video, audio, embed, object, iframe")).to_have_count(0)
        assert not [kind for kind in types if kind.startswith(("video", "audio"))]
        assert max(looks["blurred"][0], looks["clear"][0]) < 6
        assert min(looks["colour"][0], looks["full"][0]) > 20
        assert looks["blurred"][1] * 3 < looks["clear"][1]
        page.goto(f"{live.url}/account/viewing")
        assert re.search(r"1 file, \d+ minutes?", page.locator("section[aria-labelledby=meter]").inner_text())


def test_a_film_that_cannot_be_read_says_so_and_is_not_counted(desk, live, chromium):
    viewer = make_officer(desk.unit, "analyst", "media-viewer")
    whole = films.film()
    file = a_file(desk, whole[: len(whole) // 2])
    with signed_in(chromium, live.url, viewer) as page:
        opened_in(page, live, file)
        page.click("button[value=blurred]")
        page.reload()
        expect(page.locator("main")).to_contain_text("damaged or cut short")
        expect(page.locator("main img")).to_have_count(0)
        page.goto(f"{live.url}/account/viewing")
        expect(page.locator("section[aria-labelledby=meter]")).to_contain_text("0 files")
