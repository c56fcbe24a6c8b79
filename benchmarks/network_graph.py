"""The drawing of a network of 5,000 groups and actors: what laying it out, its page and its files cost, and frames a second.

    .venv/bin/python benchmarks/network_graph.py
    .venv/bin/python benchmarks/network_graph.py --groups 50 --people 950

Frames are counted in the system's Chromium while the wheel turns and while the drawing is dragged; beside it cytoscape, which
draws the charts of cases, with the same things at the same places. The budget: a page at most 200 ms. A data folder of its own.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

sys.path.insert(0, str(Path(__file__).parents[1]))  # its siblings
from benchmarks.ground import FOLDER, installation  # it sets Django up, in a data folder of its own
from benchmarks.intake import abhaya
from benchmarks.network_world import grow
from benchmarks.pages import signed_in
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Page, sync_playwright

from abhaya.access.actions import NewOfficer, add_officer, open_to
from abhaya.linking import network_file, network_graph
from abhaya.linking.formats import gexf, graphml, svg
from abhaya.linking.network_graph import drawn
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value
from abhaya.training.emit import write_world
from abhaya.training.parameters import Parameters
from abhaya.training.world import World

ROUNDS = 15
SECONDS = 4
FRAMES = """async ([how, seconds]) => {
  const canvas = document.querySelector(how.endsWith("cytoscape") ? "#rival" : ".net-canvas");
  const target = how.endsWith("cytoscape") ? canvas.querySelector("canvas") : canvas;
  const box = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => {};
  const at = (n) => ({ clientX: box.x + 300 + (n % 60 < 30 ? n % 60 : 60 - n % 60) * 5, clientY: box.y + 250, bubbles: true, cancelable: true, pointerId: 1, button: 0 });
  const drags = how.startsWith("drag");
  const [down, move] = how.endsWith("cytoscape") ? [(e) => target.dispatchEvent(new MouseEvent("mousedown", e)), (e) => window.dispatchEvent(new MouseEvent("mousemove", e))] : [(e) => target.dispatchEvent(new PointerEvent("pointerdown", e)), (e) => target.dispatchEvent(new PointerEvent("pointermove", e))];
  if (drags) down(at(0));
  const began = performance.now();
  let frames = 0;
  while (performance.now() - began < seconds * 1000) {
    if (drags) move(at(frames));
    else target.dispatchEvent(new WheelEvent("wheel", { ...at(0), deltaY: frames % 40 < 20 ? -25 : 25 }));
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return frames / seconds;
}"""
RIVAL = """() => {
  const data = JSON.parse(document.getElementById("network-data").textContent);
  const host = document.createElement("div");
  host.id = "rival";
  host.className = "net-canvas";
  document.querySelector(".net-sheet").replaceChildren(host);
  const began = performance.now();
  const elements = data.groups.map(([, name,,,, x, y], n) => ({ data: { id: `g${n}`, name }, position: { x, y } }));
  data.people.forEach(([, name,,,,, x, y,, groups], n) => {
    elements.push({ data: { id: `p${n}`, name }, position: { x, y } });
    if (groups.length > 1) for (const group of groups) elements.push({ data: { source: `p${n}`, target: `g${group}` } });
  });
  const drawn = cytoscape({ container: host, elements, layout: { name: "preset" }, style: [{ selector: "node", style: { width: 9, height: 9 } }, { selector: "edge", style: { width: 1, "curve-style": "haystack" } }] });
  drawn.fit();
  return performance.now() - began;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--people", type=int, default=4_800)
    given = parser.parse_args()
    with installation() as data:
        for _ in write_world(FOLDER / "drop", World(7, Parameters()), 1):
            pass
        abhaya(data, "load", str(FOLDER / "drop" / "reports"))
        with on_the_road("benchmark"):
            ((report, compartment),) = fetch(lambda *row: row, "select id, compartment from intake_report limit 1", {})
            hub = value("select id from access_unit where code = 'HUB'")
            open_to([(hub, compartment, "work", "benchmark")])
            officer = add_officer(NewOfficer("drawing", "Drawing", hub, ["analyst"]))
            grow(report, compartment, given.groups, given.people)
        client = signed_in(officer, "Drawing")
        print("| | p50 ms | p95 ms | Python's own ms | bytes |\n|---|---|---|---|---|")
        with acting(officer):
            timed("read and laid out", drawn)
            found = drawn()
            timed(
                "of it laid out",
                lambda: network_graph.placed([one.groups for one in found.people], len(found.groups)),
            )
            graph = network_file.as_graph(found, groups_alone=False)
        timed("page, groups and who acted", lambda: client.get("/networks/graph").content)
        timed("page, groups by shared actors", lambda: client.get("/networks/graph?show=groups").content)
        for form in (graphml, gexf, svg):
            timed(form.__name__.rpartition(".")[2], lambda form=form: form.write(graph))  # type: ignore[misc]  # the form of this turn
        in_a_browser(client.cookies[settings.SESSION_COOKIE_NAME].value)


def timed(what: str, work: Callable[[], object]) -> None:
    made = work()
    times, own = [], time.process_time()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    own_ms = 1000 * (time.process_time() - own) / ROUNDS  # beside other work, p95 says less than this
    size = f"{len(made):,}" if isinstance(made, bytes) else ""
    print(
        f"| {what} | {statistics.median(times):.0f} | {sorted(times)[int(0.95 * ROUNDS)]:.0f} | {own_ms:.0f} | {size} |",
        flush=True,
    )


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_said: object) -> None:
        """Nothing: a table is printed."""


def in_a_browser(session: str) -> None:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, user_agent="benchmark")
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        start = time.perf_counter()
        page.goto(f"{url}/networks/graph", wait_until="commit")
        page.wait_for_selector("[data-drawn]")
        print(f"\ndrawn {1000 * (time.perf_counter() - start):.0f} ms after it was asked for\n")
        print("| | frames/s, wheel | frames/s, dragged |\n|---|---|---|")
        print(f"| this drawing | {frames(page, 'wheel')} | {frames(page, 'drag')} |", flush=True)
        page.add_script_tag(url=f"{url}/static/vendor/cytoscape.min.js")
        ready = page.evaluate(RIVAL)
        print(
            f"| cytoscape, ready after {ready:.0f} ms | {frames(page, 'wheel cytoscape')} | {frames(page, 'drag cytoscape')} |"
        )
        browser.close()
    server.shutdown()


def frames(page: Page, how: str) -> str:
    return f"{page.evaluate(FRAMES, [how, SECONDS]):.1f}"


if __name__ == "__main__":
    main()
