"""Background tasks of the room."""

from __future__ import annotations

from uuid import UUID

from abhaya.intake.loads import run_kept_load
from abhaya.shared.jobs import job

LOAD_JOB = "intake.load"


@job(LOAD_JOB)
def load(load_id: str) -> None:
    """Takes in what an officer brought on the load page."""
    run_kept_load(UUID(load_id), lambda line: None)  # noqa: ARG005 — its page reads the counts
