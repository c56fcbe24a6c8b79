"""These tests run the stage by hand: what they receive is not also taken up by a worker of the road."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from abhaya import journey
from abhaya.shared import road


@pytest.fixture
def closed_road() -> Iterator[None]:
    road.set_road(journey.RECEIVED, ())
    yield
    journey.open_road()
