"""The platform that the tests of the door share."""

import pytest
from tests.intake.http import Platform


@pytest.fixture(scope="session")
def alice(live):
    """A platform that most tests can share: each opens reports of its own."""
    return Platform(live.url)
