"""`abhaya world`: the generator of invented reports, as files."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import fields
from pathlib import Path

from abhaya.commands.progress import Progress
from abhaya.errors import OperatorError
from abhaya.training.emit import write_world
from abhaya.training.parameters import Parameters
from abhaya.training.world import World


def world(arguments: Namespace) -> int:
    """The same seed, number and parameters write the same bytes."""
    folder = Path(arguments.out)
    if folder.exists() and any(folder.iterdir()):
        raise OperatorError(f"{folder} is not empty; name a new folder.")
    try:
        parameters = Parameters(**{field.name: getattr(arguments, field.name) for field in fields(Parameters)})
    except ValueError as error:
        raise OperatorError(f"{error}.") from error
    with Progress("writing reports", arguments.reports) as progress:
        for _ in write_world(
            folder, World(arguments.seed, parameters), arguments.reports, as_json_every=arguments.json_every
        ):
            progress.step()
    print(f"{arguments.reports} reports in {folder / 'reports'}, the truth apart in {folder / 'truth'}")
    return 0
