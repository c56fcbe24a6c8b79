"""The frame of a page: rooms one may enter and no others, nothing inline, everything named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.template import engines
from django.test import RequestFactory, override_settings
from django.urls import path

from abhaya.access.pages.account import language
from abhaya.access.permissions import PERMISSIONS, Permission, Role
from abhaya.web import rooms

WEB = Path(rooms.__file__).parent
ROOT = WEB.parents[2]
urlpatterns = [
    path("language", language, name="web-language"),
    *[path(room.url_name, language, name=room.url_name) for room in rooms.ROOMS],
]


def officer(role: Role) -> SimpleNamespace:
    return SimpleNamespace(id=uuid4(), name="Alice", unit_id=uuid4(), unit_name="Unit", permissions=PERMISSIONS[role])


def names(who: SimpleNamespace | None) -> set[str]:
    return {entry.room.url_name for _, entries in rooms.rail(who, "") for entry in entries}


@pytest.fixture(autouse=True)
def _addresses():
    with override_settings(ROOT_URLCONF=__name__):
        yield


class TestTheRail:
    def test_shows_nobody_anything_before_sign_in(self):
        assert names(None) == set()

    @pytest.mark.parametrize("role", list(Role))
    def test_shows_what_one_may_use_and_nothing_else(self, role):
        allowed = {room.url_name for room in rooms.ROOMS if room.permission in PERMISSIONS[role]}
        assert names(officer(role)) == allowed
        assert allowed

    def test_asks_for_permissions_that_exist(self):
        assert {room.permission for room in rooms.ROOMS} <= set(Permission)

    def test_draws_only_what_is_in_the_sheet_of_icons(self):
        drawn = set(re.findall(r'<symbol id="(\w+)"', (WEB / "static/icons.svg").read_text(encoding="utf-8")))
        assert {room.icon for room in rooms.ROOMS} <= drawn

    def test_says_at_least_a_thousand_rather_than_counting_on(self, monkeypatch):
        monkeypatch.setitem(rooms._counts, "desk-queue", rooms._Count(f"select {rooms.COUNT_SHOWN_MAX}", ""))
        page = render(
            "{% include 'web/rail_entry.html' %}",
            {
                "entry": next(
                    e for _, es in rooms.rail(officer(Role.ANALYST), "") for e in es if e.room.url_name == "desk-queue"
                )
            },
        )
        assert "1,000+" in page

    def test_counts_nothing_on_an_error_page(self, monkeypatch):
        monkeypatch.setitem(rooms._counts, "desk-queue", rooms._Count("select 1 / 0", ""))
        assert rooms.rail(officer(Role.ANALYST), "", with_counts=False)


def render(source: str, context: dict | None = None) -> str:
    request = RequestFactory().get("/")
    return engines["django"].from_string(source).render(context or {}, request)


class TestTheTags:
    def test_an_instant_carries_utc_and_what_was_written(self):
        source = "{% received_instant at original 'second' zone_known=False %}"
        from datetime import UTC, datetime

        page = render(
            source, {"at": datetime(2026, 11, 21, 17, 1, 7, tzinfo=UTC), "original": "21.11.2026 17:01:07 <b>"}
        )
        assert 'datetime="2026-11-21T17:01:07+00:00"' in page
        assert "no time zone given" in page
        assert "&lt;b&gt;" in page

    def test_a_time_that_could_not_be_read_says_so(self):
        assert "31.02.2026" in render("{% received_instant None '31.02.2026' why_not='no such day' %}")

    def test_what_is_masked_is_not_in_the_page(self):
        assert render("{% masked %}").strip() == '<span class="masked">masked</span>'

    def test_a_reason_is_said_in_the_language_of_the_page(self):
        reason = {"code": "age", "values": {"age": 13}}
        assert render("{% said r s %}", {"r": reason, "s": {"age": ("says {age}", "कहा {age}")}}) == "says 13"

    def test_hostile_text_stays_text(self):
        page = render("{{ v|pretty_json }}{% said r s %}", {"v": {"a": "<script>"}, "r": {"code": "<script>"}, "s": {}})
        assert "<script>" not in page


class TestTheFiles:
    TEMPLATES = [*(ROOT / "src/abhaya").glob("*/templates/**/*.html")]

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
    def test_hold_nothing_inline(self, template):
        text = template.read_text(encoding="utf-8")
        assert not re.search(
            r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:|hx-on|https?://(?!www\.w3\.org)", text
        )

    def test_styles_and_scripts_ask_nothing_of_another_host(self):
        for file in [*(WEB / "static").glob("*.css"), *(WEB / "static").glob("*.js")]:
            assert not re.search(r"https?://|@import", file.read_text(encoding="utf-8"))

    def test_everything_vendored_is_pinned_to_a_version(self):
        package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
        for version in (package["dependencies"] | package["devDependencies"]).values():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        css = (WEB / "static/abhaya.css").read_text(encoding="utf-8")
        for asked in re.findall(r'url\("vendor/([^"]+)"\)', css):
            assert asked in package["vendor"]
