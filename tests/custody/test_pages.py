"""An original before an officer: downloaded or shown as text, recorded each time, never rendered, media never."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from uuid import uuid4

import pytest
from babel.messages.pofile import read_po
from django.urls import reverse
from tests.custody.world import ask, content_of, make_compartment
from tests.factory import browser_of, make_officer, make_unit

from abhaya.custody.actions import Blob, shred, take_in
from abhaya.custody.rules import TEXT_SHOWN_BYTES_MAX, download_name
from abhaya.custody.vault import vault
from abhaya.shared.identity import on_the_road

ROOM = Path(__file__).parents[2] / "src/abhaya/custody"
XML = '<?xml version="1.0"?><report><note>पैसे माँगता है <script>alert(1)</script></note></report>'.encode()


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def alice(unit):
    return make_officer(unit)


def received(unit, content, name="report.xml", claimed="text/xml"):
    compartment = make_compartment(unit)
    with on_the_road("test"):
        (stored,) = take_in([Blob(compartment, name, content, claimed, "ispws")])
    return stored, compartment


def original(stored) -> str:
    return reverse("custody-original", args=[stored.item_id])


def text(stored) -> str:
    return reverse("custody-text", args=[stored.item_id])


def views_of(stored) -> list[tuple[str, str]]:
    rows = ask("select body from ledger_entry where event = 'custody:item:viewed' and subject_id = %s", stored.item_id)
    bodies = [json.loads(bytes(body)) for (body,) in rows]
    return [(body["actor"], body["facts"]["how"]) for body in bodies]


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("size", [5, 200_000, TEXT_SHOWN_BYTES_MAX + 100_000])
def test_an_original_is_downloaded_byte_for_byte_and_recorded(unit, alice, size):
    content = b"%PDF-1.7\n" + content_of(size)
    stored, _ = received(unit, content, "report.pdf", "application/pdf")
    response = browser_of(alice).get(original(stored))
    assert response.status_code == 200
    assert body_of(response) == content
    assert response.headers["Content-Length"] == str(len(content))
    assert views_of(stored) == [(str(alice.id), "downloaded")]


def test_a_download_is_nothing_that_a_browser_would_show(unit, alice):
    stored, _ = received(unit, b"<html><script>alert(1)</script>", "index.html", "text/html")
    headers = browser_of(alice).get(original(stored)).headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == 'attachment; filename="index.html.txt"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in headers["Cache-Control"]


def test_a_text_is_shown_as_it_was_written_and_nothing_in_it_runs(unit, alice):
    stored, _ = received(unit, XML)
    response = browser_of(alice).get(text(stored))
    page = response.content.decode()
    assert response.status_code == 200
    assert "पैसे माँगता है" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert stored.sha256.hex() in page
    assert views_of(stored) == [(str(alice.id), "shown as text")]


def test_a_name_and_a_text_that_try_to_mislead_are_shown_as_they_are(unit, alice):
    stored, _ = received(unit, "asks age \u202egpj.exe".encode(), "note\u202etxt.exe", "text/plain")
    page = browser_of(alice).get(text(stored)).content.decode()
    assert "\u202e" not in page
    assert page.count("⟨U+202E⟩") >= 3


def test_a_text_reviewer_reads_text_and_never_opens_a_document_that_can_hold_pictures(unit):
    reviewer = browser_of(make_officer(unit, "text-reviewer"))
    document, _ = received(unit, b"%PDF-1.7\nasks age", "r.pdf", "application/pdf")
    refused = reviewer.get(original(document))
    assert refused.status_code == 403
    assert "can hold pictures" in refused.content.decode()
    assert views_of(document) == []
    written, _ = received(unit, XML)
    assert reviewer.get(original(written)).status_code == reviewer.get(text(written)).status_code == 200


def test_each_look_is_recorded_anew(unit, alice):
    stored, _ = received(unit, XML)
    browser = browser_of(alice)
    for _ in range(3):
        browser.get(text(stored))
    assert len(views_of(stored)) == 3


@pytest.mark.parametrize(
    ("content", "name", "claimed", "sentence"),
    [
        (b"\xff\xd8\xff\xe0 arithmetic", "a.xml", "text/xml", "Pictures, film and sound"),
        (b"\0\0\0\x20ftypisom", "a.mp4", "video/mp4", "Pictures, film and sound"),
        (b"only words", "a.jpg", "", "Pictures, film and sound"),
        (b"PK\x03\x04 all of it", "all.zip", "application/zip", "may hold pictures"),
        (b"\0\1\2\3", "a.bin", "", "may hold pictures"),
    ],
)
def test_media_and_what_may_hold_media_stay_closed_with_a_plain_sentence(unit, alice, content, name, claimed, sentence):
    stored, _ = received(unit, content + content_of(8), name, claimed)
    for address in (original(stored), text(stored)):
        response = browser_of(alice).get(address)
        assert response.status_code == 403
        assert sentence in response.content.decode()
        assert content not in response.content
    assert views_of(stored) == []


def test_a_long_text_is_downloaded_and_not_shown(unit, alice):
    stored, _ = received(unit, b"asks for money\n" * 100_000, "chat.txt", "text/plain")
    assert browser_of(alice).get(text(stored)).status_code == 409
    assert browser_of(alice).get(original(stored)).status_code == 200


def test_a_document_is_not_shown_as_text(unit, alice):
    stored, _ = received(unit, b"%PDF-1.7\nasks age", "r.pdf", "application/pdf")
    assert browser_of(alice).get(text(stored)).status_code == 409


def test_charlie_gets_the_same_answer_for_what_is_there_and_what_is_not(unit):
    charlie = make_officer(make_unit(), called="Charlie")
    stored, _ = received(unit, XML)
    for name in ("custody-original", "custody-text"):
        there = browser_of(charlie).get(reverse(name, args=[stored.item_id]))
        nowhere = browser_of(charlie).get(reverse(name, args=[uuid4()]))
        assert there.status_code == nowhere.status_code == 404
        assert without_numbers(there.content) == without_numbers(nowhere.content)
    assert views_of(stored) == []


def without_numbers(page: bytes) -> str:
    """The page without what differs from one answer to the next by nature."""
    return re.sub(r"[0-9a-f-]{12,36}|csrfmiddlewaretoken[^>]*", "", page.decode())


def test_a_stranger_is_sent_to_sign_in_and_an_administrator_is_refused(unit):
    stored, _ = received(unit, XML)
    assert browser_of().get(original(stored)).status_code == 302
    for role in ("administrator", "auditor"):
        assert browser_of(make_officer(unit, role)).get(original(stored)).status_code == 403
    assert views_of(stored) == []


@pytest.mark.parametrize("method", ["post", "put", "delete", "head"])
def test_an_original_is_only_ever_got(unit, alice, method):
    stored, _ = received(unit, XML)
    response = getattr(browser_of(alice), method)(original(stored))
    assert response.status_code == 405
    assert views_of(stored) == []


def test_an_erased_original_says_so(unit, alice):
    stored, compartment = received(unit, XML + content_of(5).hex().encode())
    with on_the_road("test"):
        shred(stored.object_id, compartment)
    response = browser_of(alice).get(original(stored))
    assert response.status_code == 404
    assert "were deleted" in response.content.decode()


def test_a_damaged_original_is_told_to_the_officer_without_the_servers_paths(unit, alice, caplog):
    stored, _ = received(unit, b"%PDF-1.7\n" + content_of(3 * TEXT_SHOWN_BYTES_MAX), "r.pdf", "application/pdf")
    path = vault().place(vault().key.storage_name(stored.sha256), stored.object_id)
    before = path.read_bytes()
    path.unlink()
    with caplog.at_level(logging.ERROR, logger="abhaya.custody"):
        response = browser_of(alice).get(original(stored))
    path.write_bytes(before)
    page = response.content.decode()
    assert response.status_code == 503
    assert "Tell your administrator" in page
    assert str(path) not in page
    assert str(path) in caplog.text
    assert views_of(stored) == []


@pytest.mark.parametrize(
    ("name", "seen", "expected"),
    [
        ("report.xml", "text/xml", "report.xml"),
        ("page.html", "text/html", "page.html.txt"),
        ("run.exe", "application/pdf", "run.exe.bin"),
        ("../../etc/cron.d/x.xml", "text/xml", "x.xml"),
        ("C:\\Users\\x.pdf", "application/pdf", "x.pdf"),
        ("a\r\nSet-Cookie: b.txt", "text/plain", "a␍␤Set-Cookie: b.txt"),
        ("", "text/plain", "original.txt"),
        ("...", "application/pdf", "original.bin"),
        ("बयान.csv", "text/plain", "बयान.csv"),
    ],
)
def test_a_downloaded_file_gets_a_name_that_harms_nothing(name, seen, expected):
    assert download_name(name, seen) == expected


def test_every_word_on_this_rooms_pages_has_its_hindi():
    with (ROOM / "locale/hi/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="hi")
    known = {message.id if isinstance(message.id, str) else message.id[0]: message.string for message in catalogue}
    words = set()
    for template in (ROOM / "templates").rglob("*.html"):
        words.update(re.findall(r'{% translate "([^"]+)" %}', template.read_text()))
    for module in ROOM.glob("*.py"):
        for call in re.findall(r"\b_\(\s*((?:\"[^\"]*\"\s*)+)\)", module.read_text()):
            words.add("".join(re.findall(r'"([^"]*)"', call)))
    assert len(words) > 15
    for word in words:
        assert known.get(word), word
