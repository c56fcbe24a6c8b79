"""`abhaya demo`: a new installation set up, an invented world sent through its real door, one address to look at.

The world has a data folder of its own and never stands beside real reports. Begun again, it is shown again; left
half-way, it is begun anew.
"""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from argparse import Namespace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from abhaya.commands.demo_cases import lend_a_report, work_undercover
from abhaya.commands.demo_family import family_arrives, wrongly_joined
from abhaya.commands.demo_lists import are_compared, list_arrives
from abhaya.commands.demo_network import network_arrives, network_is_taken_down
from abhaya.commands.demo_safeguards import act_out
from abhaya.commands.progress import Progress
from abhaya.commands.up import supervise
from abhaya.errors import OperatorError
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared import road
from abhaya.shared.identity import on_the_road
from abhaya.shared.migrate import migrate
from abhaya.shared.sql import value
from abhaya.training.demo import Prepared, prepare, send
from abhaya.training.parameters import TINY, Parameters
from abhaya.training.place import SENT
from abhaya.training.world import World

HOST = "127.0.0.1"
DOOR = "/ispws"
ANSWER_SECONDS_MAX = 60.0
ROAD_SECONDS_MAX = 300.0
LOOK_SECONDS = 0.2


# A platform reports what happened hours ago, not months; and where its clock or zone is wrong, what it writes still lies in the
# past: the door refuses a time to come.
REPORTED_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Size:
    parameters: Parameters
    reports: int
    has_network: bool = False  # the founding documents' fifty groups too


WORLDS = {"tiny": Size(TINY, 20), "small": Size(Parameters(days=2), 240, has_network=True)}


def demo(arguments: Namespace) -> int:
    """Shows the world until Ctrl-C, or, with `--until-ready`, until every report has reached its desk."""
    size = WORLDS[arguments.world]
    address = f"http://{HOST}:{arguments.port}"
    marker = Path(settings.DATA_DIR) / SENT
    migrate(verbosity=0)
    prepared = None if marker.exists() else _prepare(size.parameters)

    def story(stop: threading.Event) -> None:
        _wait_for_an_answer(address, stop)
        if prepared is not None:
            until = datetime.now(UTC).replace(microsecond=0) - REPORTED_AFTER
            family_arrives(address + DOOR, prepared.credentials, until)
            _send(address, prepared, World(arguments.seed, size.parameters, until=until), size.reports)
            _wait_for_the_road(stop)
            list_arrives()
            if size.has_network:
                network_arrives(arguments.seed)
            _wait_for_the_road(stop)
            if size.has_network:
                network_is_taken_down(arguments.seed)
            act_out()
            work_undercover()
            lend_a_report()
            wrongly_joined()
            marker.touch()
        print(
            f"\n  The training world is ready: {address}\n"
            "  Step into an officer on its first page. Everything in it is invented. Ctrl-C ends it.\n",
            flush=True,
        )
        if arguments.until_ready:
            stop.set()

    serve = ["serve", "--host", HOST, "--port", str(arguments.port)]
    return supervise([serve, ["worker"]], meanwhile=story)


def _prepare(parameters: Parameters) -> Prepared:
    with on_the_road("operator:demo"):
        if value("select exists (select 1 from access_unit)"):
            raise OperatorError("This database holds something already; the demo needs an empty one.")
    print("setting up: units, officers, places, senders", flush=True)
    return prepare(parameters)


def _wait_for_an_answer(address: str, stop: threading.Event) -> None:
    until = time.monotonic() + ANSWER_SECONDS_MAX
    while not stop.is_set():
        try:
            urllib.request.urlopen(address, timeout=ANSWER_SECONDS_MAX).close()  # noqa: S310 — our own address
        except urllib.error.HTTPError as answer:
            answer.close()  # whatever it says, it answers
        except OSError as error:
            if time.monotonic() > until:
                raise OperatorError(f"The web server does not answer at {address}.") from error
            stop.wait(LOOK_SECONDS)
            continue
        return


def _send(address: str, prepared: Prepared, world: World, count: int) -> None:
    print(f"sending {count} invented reports through {address}{DOOR}", flush=True)
    with Progress("accepted", count) as progress:
        send(address + DOOR, prepared.credentials, list(world.reports(count)), lambda _report: progress.step())


def _wait_for_the_road(stop: threading.Event) -> None:
    """Until every report that was sent has reached a desk, its pictures compared, or stands where an operator must look."""
    until = time.monotonic() + ROAD_SECONDS_MAX
    while not stop.is_set() and (
        road.waiting() or not are_compared() or road.waiting()
    ):  # comparing may send some on again
        if time.monotonic() > until:
            raise OperatorError("The reports were accepted, and still wait on the road; `abhaya check` says where.")
        stop.wait(LOOK_SECONDS)
    sequence_all()
