"""Promise 5, at the pages: media never appear unasked. Every address is walked as everybody, new ones by themselves."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.urls import reverse
from tests.factory import browser_of
from tests.promises.test_default_deny import ALL, METHODS, ask
from tests.promises.world import PICTURE, World, sample, the_world

SHOWS = re.compile(
    rb"<(img|video|audio|picture|source|embed|object|iframe|image)\b|background-image|srcset=|data:image", re.IGNORECASE
)
# How such files begin; each is longer than what a form's random token may happen to spell.
MAGIC = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"WEBPVP8",
    b"ftypavif",
    b"\x1aE\xdf\xa3",
    b"ID3\x03",
    b"ID3\x04",
)
EVERYBODY = ("alice", "bob", "gita", "reader", "charlie", "administrator", "auditor")


@pytest.fixture
def world() -> World:
    return the_world()


@pytest.fixture
def parts(world, owner) -> dict[str, object]:
    return {part: sample(owner, part, world) for address in ALL for part in address.parts}


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_shows_a_picture_nobody_asked_for(who, world, parts):
    browser = browser_of(getattr(world, who))
    for address, method in product(ALL, METHODS):
        answer = ask(browser, method, address.filled(parts))
        body, kind = body_of(answer), answer.headers.get("Content-Type", "")
        assert not kind.startswith(("image/", "video/", "audio/")), (address, method)
        assert not any(magic in body for magic in MAGIC), (address, method)
        assert PICTURE[64:128] not in body, (address, method)
        if kind.startswith("text/html"):
            assert not SHOWS.search(body), (address, method, SHOWS.search(body))


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_lets_pictures_come_from_here_alone_and_no_film_or_sound_from_anywhere(who, world, parts):
    browser = browser_of(getattr(world, who))
    for address in ALL:
        policy = browser.get(address.filled(parts)).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), address
        said = dict(part.split(" ", 1) for part in policy.split("; ") if " " in part)
        assert said.get("img-src", "'none'") in {"'self'", "'none'"}, address
        assert said.get("media-src", "'none'") == "'none'", address


@pytest.mark.parametrize("who", ["bob", "reader", "charlie", "administrator", "auditor"])
def test_nobody_else_is_shown_what_alice_opened(who, world):
    browser = browser_of(getattr(world, who))
    answer = browser.post(reverse("desk-look", args=[world.look]), {"step": "blurred"})
    assert answer.status_code in {403, 404}
    assert not SHOWS.search(answer.content)


def test_alice_who_asks_is_shown_it_so_that_the_rest_means_something(world):
    browser = browser_of(world.alice)
    page = browser.post(reverse("desk-look", args=[world.look]), {"step": "blurred"}).content
    assert SHOWS.search(page)
    (address,) = re.findall(r'<img src="([^"]+)"', page.decode())
    answer = browser.get(address)
    assert answer.headers["Content-Type"] == "image/webp"
    assert any(magic in answer.content for magic in MAGIC)
    assert PICTURE[64:128] not in answer.content
