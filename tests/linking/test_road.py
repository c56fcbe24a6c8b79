"""From the door to the hit: what is received is matched and compared without anybody asking."""

from __future__ import annotations

import time
from uuid import UUID

from tests.factory import make_officer, make_report, make_sender, make_unit, name

from abhaya.intake.formats.record import Fact
from abhaya.linking import queries as linking
from abhaya.matching import queries as matching
from abhaya.shared import road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

WAIT_SECONDS_MAX = 60


def come_to_the_end_of(stage: str, report: UUID) -> None:
    """Runs the road, beside any worker that may run too, until the report no longer waits before or in the stage."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < deadline:
        road.drain()
        with on_the_road("test"):
            if not value(
                "select count(*) from shared_waypoint where report_id = %s and stage in ('matching', %s)",
                [report, stage],
            ):
                return
    raise AssertionError(f"the report still waits before {stage}")


def test_a_report_that_was_received_is_matched_and_compared_by_the_road():
    hub = make_unit("hub")
    sender, alice, content = make_sender(hub), make_officer(hub), name("gradient").encode()
    facts = (Fact("email", f"{name('p')}@example.org", "/e", "reported", 1),)
    first = make_report(sender, facts=facts, held=[content])
    second = make_report(sender, facts=facts, held=[content])
    come_to_the_end_of("linking", first.report_id)
    come_to_the_end_of("linking", second.report_id)
    with acting(alice.id):
        assert [row.seen_in for row in matching.of_report(second.report_id)] == [[first.report_id]]
        assert [row.seen_in for row in linking.of_report(second.report_id)] == [[first.report_id]]
        assert matching.of_report(first.report_id) == []
