"""Every pair of ink and ground that the style sheet uses reads at WCAG 2.2 AA, in light and in dark (SC 1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "src/abhaya/web/static/abhaya.css").read_text(encoding="utf-8")
TEXT_RATIO_MIN, PART_RATIO_MIN = 4.5, 3.0

GROUNDS = ["paper", "sheet", "sunk"]
TEXT = [
    *[("ink", ground) for ground in [*GROUNDS, "accent-soft", "danger-soft", "warn-soft", "good-soft"]],
    *[("quiet", ground) for ground in [*GROUNDS, "line", "accent-soft"]],
    *[("accent", ground) for ground in [*GROUNDS, "accent-soft"]],
    *[(state, ground) for state in ("danger", "warn", "good") for ground in [*GROUNDS, f"{state}-soft", "accent-soft"]],
    ("accent-ink", "accent"),
    ("paper", "ink"),
]
PARTS = [("edge", ground) for ground in GROUNDS] + [("accent", ground) for ground in GROUNDS]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def schemes() -> dict[str, dict[str, str]]:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    light_tokens = tokens(light)
    dark_tokens = tokens(dark.split("@layer base", 1)[0])
    assert dark_tokens.keys() == light_tokens.keys()
    return {"light": light_tokens, "dark": dark_tokens}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme, ink, ground):
    colours = schemes()[scheme]
    assert ratio(colours[ink], colours[ground]) >= TEXT_RATIO_MIN


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_edges_of_fields_and_buttons_can_be_seen(scheme, part, ground):
    colours = schemes()[scheme]
    assert ratio(colours[part], colours[ground]) >= PART_RATIO_MIN


def test_no_colour_stands_outside_the_tokens():
    rules = CSS.split("@layer base {", 1)[1].split("@layer print", 1)[0]
    assert not re.findall(r":[^;{]*#[0-9a-f]{3,6}\b", rules)


def test_nothing_is_placed_by_left_or_right():
    assert not re.findall(
        r"[{;\s](?:margin|padding|border|inset)-(?:left|right)|[{;\s](?:left|right):|text-align: (?:left|right)", CSS
    )
