"""The whole road, with the stages as `journey` has them: a received report stands in the district's inbox, with why."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.factory import name
from tests.routing.conftest import make_country

from abhaya import journey
from abhaya.intake.actions import Arrival, Original, number_key, receive
from abhaya.intake.formats.record import Fact, Instant, Person, Record, Text
from abhaya.routing import queries
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import values
from abhaya.triage import queries as triage


def test_a_report_that_came_in_stands_in_the_inbox_of_the_district_it_points_to():
    country = make_country()
    at = datetime.now(UTC)
    upload = Fact("ip", f"{country.jalgaon_range}9", "/report/ip", "reported", 1, event="Upload", instant=Instant(at.isoformat(), at), port=40001)  # fmt: skip
    record = Record(
        "ncmec_xml", 1, external_ref=name("r"), incident_type="Online Enticement of Children for Sexual Acts", platform="Example Chat",
        persons=(Person("reported", 1, "/report/person"),), facts=(upload,), texts=(Text("chat", "asks age, asks for a picture", "/chat"),),
    )  # fmt: skip
    arrival = Arrival(record, country.sender, "ispws", number_key("road", record.external_ref), (Original("r.xml", b"<r/>"),))  # fmt: skip
    with on_the_road("road:intake"):
        [receipt] = receive([arrival])
    for stage in journey.ROAD:
        with on_the_road(f"road:{stage.name}"):
            stage.run([receipt.report_id])
    alice = country.officer(country.jalgaon, "Alice", "officer")
    with acting(alice.id):
        [row] = queries.inbox(country.jalgaon, after=None, limit=5)
        titled = triage.titles([receipt.report_id])[receipt.report_id]
        events = values("select event from ledger_entry where subject_id = %s order by id", [receipt.report_id])
    assert (row.report_id, row.platform, row.why.code) == (receipt.report_id, "Example Chat", "to_district")
    assert titled.lane
    assert events[-2:] == ["routing:report:placed", "routing:referral:offered"]
    assert [stage.name for stage in journey.ROAD] == ["matching", "linking", "triage", "routing", "cases"]
