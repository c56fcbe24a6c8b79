"""A link chart of 500 things in a real browser: time until it is drawn, and what a frame costs while it is moved.

    .venv/bin/python benchmarks/chart.py
    .venv/bin/python benchmarks/chart.py --reports 40

The limit is a screen's own frame, 16.7 ms; the rival is the same chart in the drawing library's own settings. The numbers are
milliseconds of the page's own thread for each frame that was drawn, under gestures of a real pointer: a pan, a zoom by the
wheel, and a thing dragged. Drawing is by software where the machine has no graphics card. A database of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' server, factories and browser
from tests.server import join_bench

BENCH = join_bench()  # before Django reads its settings

import django  # noqa: E402 — as above

django.setup()
from playwright.sync_api import Page  # noqa: E402 — as above
from tests.browser import chromium_started, signed_in  # noqa: E402 — as above
from tests.cases.world import attach, make_case  # noqa: E402 — as above
from tests.factory import Person, make_officer, make_sender, make_unit, name  # noqa: E402 — as above
from tests.linking.people import report, walk, who  # noqa: E402 — as above

FRAME_MS = 16.7
REPORTS_PER_MAILBOX = 4  # so that persons meet, and some links wait for a look
STEPS = 60  # of a gesture
FRAMES = """
window.frames_ms = [];
const asked = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (draw) => asked((at) => {
  const began = performance.now();
  window.has_drawn = false;
  draw(at);
  if (window.has_drawn) window.frames_ms.push(performance.now() - began);
});
"""
WATCHED = "document.querySelector('[data-chart]').chart.on('render', () => { window.has_drawn = true; })"
PLAIN = """
const shown = document.querySelector('[data-chart]').chart;
const renderer = shown.renderer();
renderer.textureOnViewport = false;
renderer.forcedPixelRatio = null;
shown.style().selector('edge').style({'curve-style': 'bezier'}).selector('node').style({'min-zoomed-font-size': 0}).update();
shown.resize();
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--reports", type=int, default=150)
    asked = arguments.parse_args()
    BENCH.build()
    served = BENCH.own()
    try:
        served.serve()
        person, case = _case(asked.reports)
        with chromium_started() as browser, signed_in(browser, served.url, person) as page:
            page.add_init_script(FRAMES)
            page.goto(f"{served.url}/cases/{case}/chart")  # once unmeasured: what is read once for a program's life
            _measured(page)
    finally:
        served.stop()
        BENCH.leave(is_last=True)


def _measured(page: Page) -> None:
    page.reload()
    page.wait_for_function("performance.getEntriesByName('chart-drawn').length")
    drawn = page.evaluate("performance.getEntriesByName('chart-drawn')[0].startTime")
    answered = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    page.evaluate(f"() => {{ {WATCHED}; }}")
    counts = page.evaluate(
        "(() => { const c = document.querySelector('[data-chart]').chart; return [c.nodes().length, c.edges().length]; })()"
    )
    print(f"{counts[0]} things and boxes, {counts[1]} lines and ties")
    print(f"answered after {answered:.0f} ms, drawn after {drawn:.0f} ms, both since the page was asked for")
    print(f"{'milliseconds a frame':30} {'median':>8} {'p95':>8} {'frames':>7}   limit {FRAME_MS}")
    for words, script in (("as it is", None), ("the library's own settings", PLAIN)):
        if script:
            page.evaluate(f"() => {{ {script} }}")
        for gesture, make in (("pan", _pan), ("zoom", _zoom), ("drag a thing", _drag)):
            page.evaluate("() => { document.querySelector('[data-chart]').chart.fit(); }")
            page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            page.evaluate("() => { window.frames_ms.length = 0; }")
            make(page)
            took = sorted(page.evaluate("window.frames_ms"))
            p95 = took[int(len(took) * 0.95)]
            print(f"{words + ': ' + gesture:30} {statistics.median(took):8.1f} {p95:8.1f} {len(took):7}")


def _pan(page: Page) -> None:
    x, y = _corner(page)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(x + 2 * step, y + step)
    page.mouse.up()


def _zoom(page: Page) -> None:
    x, y = _corner(page)
    page.mouse.move(x + 200, y + 200)
    for step in range(STEPS):
        page.mouse.wheel(0, -30 if step < STEPS // 2 else 30)


def _drag(page: Page) -> None:
    """The thing with most lines."""
    chart = "document.querySelector('[data-chart]').chart"
    where = f"(() => {{ const n = {chart}.nodes('[kind != \"box\"]').max(one => one.degree()).ele; const p = n.renderedPosition();"
    x, y = page.evaluate(
        where + f" const b = {chart}.container().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }})()"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(x + step, y + step // 2)
    page.mouse.up()


def _corner(page: Page) -> tuple[float, float]:
    """An empty place of the sheet."""
    box = page.locator(".chart-canvas").bounding_box()
    assert box is not None
    return box["x"] + 6, box["y"] + 6


def _case(reports: int) -> tuple[Person, UUID]:
    """A case of so many reports, each of a person with an address of their own, and one that a few have together."""
    person = make_officer(make_unit("hub"), "officer", "supervisor")
    sender, made = make_sender(person.unit), []
    for number in range(reports):
        shared = f"{name('s')[:1]}{number // REPORTS_PER_MAILBOX}.{person.unit.hex[:8]}@example.org"
        made.append(report(sender, who(name("p"), email=[shared, f"{name('o')}@example.com"], day=number % 90)))
    walk(*made)
    case = make_case(person)
    for one in made:
        attach(person, case, one.report_id)
    return person, case


if __name__ == "__main__":
    main()
