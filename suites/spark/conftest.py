"""The run's own PostgreSQL, as for `tests/`."""

from tests.conftest import _database_at_first_use, ask_as, bench, pytest_unconfigure
from tests.matching.conftest import closed_road

__all__ = ["_database_at_first_use", "ask_as", "bench", "closed_road", "pytest_unconfigure"]
