"""docs/journey.md says what journey.py does: the same stages in the same order, and every duty of the clock."""

from __future__ import annotations

import re
from pathlib import Path

from abhaya import journey

PAGE = (Path(__file__).resolve().parents[2] / "docs/journey.md").read_text(encoding="utf-8")
SPANS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}


def test_the_stages_stand_in_their_order():
    stages, _clock = PAGE.split("## What comes round by the clock")
    assert re.findall(r"^\| `([\w-]+)` \|", stages, re.MULTILINE) == [
        journey.RECEIVED,
        *(stage.name for stage in journey.ROAD),
    ]


def test_every_duty_stands_with_how_often_it_comes():
    _stages, clock = PAGE.split("## What comes round by the clock")
    said = {name: SPANS[span] for name, span in re.findall(r"^\| `([\w-]+)` \| (\w+) \|", clock, re.MULTILINE)}
    assert said == {duty.name: duty.every_seconds for duty in journey.DUTIES}
