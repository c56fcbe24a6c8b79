"""Background tasks of the room."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from abhaya.intake.loads import run_kept_load
from abhaya.shared.jobs import Asked

LOAD = "intake.load"


def load(asked: Asked, ids: Mapping[str, str]) -> None:
    """Takes in what an officer brought on the load page; a load that a crash stopped is taken up again."""
    del asked  # the load knows its officer; the queue has asked whether they still may
    run_kept_load(UUID(ids["load_id"]), lambda _: None)  # its page reads the counts
