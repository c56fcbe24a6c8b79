"""What one report at the door asks of the database: each trip is time that its sender waits, and others' processor."""

from __future__ import annotations

import re
import secrets

import psycopg
import pytest
from django.test import Client
from tests.intake.http import Platform, multipart

from abhaya.training import wire
from abhaya.training.parameters import Parameters
from abhaya.training.world import World

TRIPS_MAX = 28  # beside begin and commit; it was 46 when each write went by itself


@pytest.fixture
def trips(monkeypatch):
    """Each statement, or message of statements, as it goes."""
    sent: list[str] = []

    def counted(kind, act):
        whole = getattr(kind, act)

        def told(self, query, *words, **more):
            sent.append(f"{act} {str(query)[:80]}")
            return whole(self, query, *words, **more)

        monkeypatch.setattr(kind, act, told)

    for act in ("execute", "executemany", "copy"):
        counted(psycopg.Cursor, act)
    return sent


def test_a_report_with_a_file_takes_few_trips_to_the_database(bench, trips):
    bench.build()
    platform, browser = Platform("http://127.0.0.1/"), Client()
    world = World(5, Parameters(viral_share=0, batched_share=0, thin_share=0, text_only_share=0))
    for report in [one for one in world.reports(20) if one.files][:2]:  # the second one counts: all is warm
        trips.clear()
        _send(browser, platform, report)
    assert len(trips) <= TRIPS_MAX, "\n".join(trips)


def _send(browser, platform, report):
    def call(path, body, content_type, answer):
        said = browser.post("/ispws" + path, body, content_type, headers={"Authorization": platform.authorization})
        assert said.status_code == 200, said.content
        found = re.search(answer, said.content)
        return found[1].decode() if found else ""

    number = int(call("/submit", wire.report_xml(report), "text/xml", rb"<reportId>(\d+)"))
    body, content_type = multipart(number, secrets.token_bytes(200_000))
    file_ref = call("/upload", body, content_type, rb"<fileId>(\w+)")
    call("/fileinfo", wire.file_details_xml(report, 0, report_id=number, file_ref=file_ref), "text/xml", rb"()")
    call("/finish", f"id={number}", "application/x-www-form-urlencoded", rb"()")
