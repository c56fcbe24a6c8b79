"""Six in the morning, a district: an officer on a telephone, in Hindi, with what platforms sent during the night.

Holds when what is theirs stands first, one report is in one pair of hands, the clock stops at acceptance, what is not
theirs goes back with a reason, and the hub knows all of it. Reports come through the real door of the real program.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser import DESK, TELEPHONE, is_accessible, is_as_wide_as_its_window
from tests.server import Bench, free_port

pytestmark = pytest.mark.browser

READY_SECONDS_MAX = 600  # the machine may be busy; a demo that cannot start ends, and is noticed at once
WORLD, SEED = "tiny", "250"  # nine of its twenty reports point to one district
WHY_BACK = "पता हमारे ज़िले का नहीं है, ऑपरेटर ने दूसरा ज़िला बताया।"


@pytest.fixture(scope="module")
def night(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The training world: its reports have come in over HTTP and stand where the rules sent them."""
    served, port = bench.fresh(tmp_path_factory.mktemp("night")), free_port()
    world = served.data / f"demo-{WORLD}-{SEED}"  # the demo keeps its world in a folder of its own
    shutil.copytree(served.data / "secrets", world / "secrets")
    process = served.start("demo", "--world", WORLD, "--seed", SEED, "--port", str(port))
    log, until = served.data / "demo.log", time.monotonic() + READY_SECONDS_MAX
    while "is ready" not in log.read_text(encoding="utf-8", errors="replace"):
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        assert time.monotonic() < until, log.read_text(errors="replace")[-3000:]
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    served.stop()


@contextmanager
def stepping_into(chromium: Browser, url: str, officer: str, *, size: dict[str, int] = DESK) -> Iterator[Page]:
    context = chromium.new_context(viewport=size, locale="en-IN")
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name=re.compile(officer)).click()
    page.wait_for_url(re.compile(r"/desk$"))
    yield page
    context.close()


def offered(page: Page) -> list[str]:
    """Addresses of what was forwarded to the unit, as my desk lists them."""
    links = page.locator("section[aria-labelledby=offered] a.whole")
    return [links.nth(index).get_attribute("href") or "" for index in range(links.count())]


def not_in_a_case(page: Page, night: str, addresses: list[str]) -> str:
    """Opens the first of these reports that no case of the officer's has to do with: one that a case holds stays open to its
    members when their unit returns it. The training world attaches one of the district's reports to a covert case.
    """
    for address in addresses:
        page.goto(night + address)
        if page.locator("main .message a[href^='/cases/']").count() == 0:
            return address
    pytest.fail("every report of the district stands in a case of the officer's")


def test_what_is_mine_opens_for_one_is_accepted_and_what_is_not_goes_back(night, chromium):
    with stepping_into(chromium, night, "Anil", size=TELEPHONE) as anil:
        expect(anil.locator("html")).to_have_attribute("lang", "hi")
        expect(anil.get_by_role("heading", name="मेरी मेज़")).to_be_visible()
        mine = offered(anil)
        assert len(mine) >= 2
        expect(anil.locator("section[aria-labelledby=offered] .waiting").first).to_contain_text("देय")
        is_as_wide_as_its_window(anil)
        is_accessible(anil)

        anil.locator("a.main[data-key=a]").click()
        anil.wait_for_url(re.compile("/reports/"))
        accepted = anil.url
        assert accepted.endswith(mine[0])
        expect(anil.locator("#whose")).to_be_visible()
        is_as_wide_as_its_window(anil)
        is_accessible(anil)

        anil.locator("button.main[data-key=a]").click()
        anil.wait_for_url(accepted)
        expect(anil.locator(".message.success")).to_contain_text("स्वीकार")
        expect(anil.locator(".kicker b")).to_contain_text("तक केवल आपकी")
        expect(anil.locator("section[aria-labelledby=whose] .tag.good")).to_have_text("स्वीकार")

        with stepping_into(chromium, night, "Sunita") as sunita:
            sunita.goto(accepted)
            expect(sunita.get_by_role("heading", level=1)).to_have_text("Anil Namunekar has this report in hand")

        anil.goto(f"{night}/desk")
        assert mine[0] not in offered(anil)
        expect(anil.locator("section[aria-labelledby=mine] a.whole").first).to_have_attribute("href", mine[0])

        returned = not_in_a_case(anil, night, mine[1:])
        anil.locator("[data-dialog=return]").click()
        expect(anil.locator("dialog#return")).to_be_visible()
        anil.locator("dialog#return textarea").fill(WHY_BACK)
        anil.locator("dialog#return button.main").click()
        anil.wait_for_url(re.compile(r"/referrals(\?|$)"))
        expect(anil.locator(".message.success")).to_be_visible()
        anil.goto(night + returned)
        expect(anil.locator("h1")).to_have_text("यहाँ आपके लिए कुछ नहीं है।")

    with stepping_into(chromium, night, "Asha") as asha:
        asha.goto(f"{night}/referrals/sent?show=decided")
        expect(asha.locator("main")).to_contain_text(WHY_BACK)
        asha.goto(night + returned)
        expect(asha.locator("section[aria-labelledby=whose]")).to_contain_text(WHY_BACK)
        expect(asha.locator("section[aria-labelledby=road]")).to_contain_text("Returned")
        asha.goto(f"{night}/lists")
        expect(asha.locator("main")).to_contain_text(re.compile(r"Invented partner.*[1-9]\d* files?", re.DOTALL))
        asha.goto(accepted)
        expect(asha.locator("section[aria-labelledby=whose] .tag.good")).to_have_text("accepted")
        expect(asha.locator("section[aria-labelledby=road]")).to_contain_text("Anil Namunekar")
        expect(asha.locator(".kicker").nth(1)).to_contain_text("Jalgaon")


def test_a_district_that_was_not_asked_finds_nothing(night, chromium):
    with stepping_into(chromium, night, "Anil") as anil:
        [address, *_] = offered(anil)
    with stepping_into(chromium, night, "Meera") as meera:
        meera.goto(night + address)
        expect(meera.locator("h1")).not_to_have_text("There is nothing here for you.")  # the state above watches
    stranger = chromium.new_page()
    stranger.goto(night + address)
    assert "/sign-in" in stranger.url
    stranger.close()
