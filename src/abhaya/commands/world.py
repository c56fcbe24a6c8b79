"""`abhaya world`: the generator of invented reports, as files."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import fields, replace
from pathlib import Path

from abhaya.commands.progress import Progress
from abhaya.errors import OperatorError
from abhaya.training.emit import write_world
from abhaya.training.founding import write_founding
from abhaya.training.parameters import Parameters
from abhaya.training.world import World


def world(arguments: Namespace) -> int:
    """The same seed, number and parameters write the same bytes."""
    folder = Path(arguments.out)
    if folder.exists() and any(folder.iterdir()):
        raise OperatorError(f"{folder} is not empty; name a new folder.")
    try:
        parameters = _parameters(arguments)
    except ValueError as error:
        raise OperatorError(f"{error}.") from error
    with Progress("writing reports", arguments.reports) as progress:
        for _ in write_world(
            folder, World(arguments.seed, parameters), arguments.reports, as_json_every=arguments.json_every
        ):
            progress.step()
    if arguments.founding:
        network = write_founding(folder / "founding", arguments.seed)
        print(f"{len(network.groups)} groups of {len(network.people)} people in {folder / 'founding'}")
    print(f"{arguments.reports} reports in {folder / 'reports'}, the truth apart in {folder / 'truth'}")
    return 0


def _parameters(arguments: Namespace) -> Parameters:
    """The defaults or a draw from the published ranges; what was said on the command line stands over either."""
    base = Parameters.drawn(arguments.seed) if arguments.drawn else Parameters()
    said = {field.name: getattr(arguments, field.name) for field in fields(Parameters)}
    return replace(base, **{name: value for name, value in said.items() if value is not None})
