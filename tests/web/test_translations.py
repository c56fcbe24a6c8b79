"""Every sentence on the pages of these rooms has its Hindi, with the same values in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[2] / "src/abhaya"
ROOMS = ["web", "desk", "triage", "routing", "places"]
VALUE = re.compile(r"%\((\w+)\)[sd]")


def catalogue(room: str) -> dict[str, object]:
    with (SOURCE / room / "locale/hi/LC_MESSAGES/django.po").open("rb") as file:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(file)
            if message.id
        }


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_is_in_hindi_with_its_values(room):
    for message in catalogue(room).values():
        written = [message.string] if isinstance(message.string, str) else list(message.string)
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        assert not message.fuzzy, message.id
        for source, hindi in zip(sources, written, strict=True):
            assert re.search("[ऀ-ॿ]", hindi), source
            assert set(VALUE.findall(source)) == set(VALUE.findall(hindi)), source
