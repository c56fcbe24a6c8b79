"""What the training world shows of networks: the founding documents' groups come in as raw files, fifty of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from abhaya.commands.demo_cast import SERVICE, ready_made
from abhaya.intake.drops import Line, open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.intake.senders import receiving_hub
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking.actions.personas import protect
from abhaya.selectors.phone import normalise
from abhaya.shared.identity import on_the_road
from abhaya.training.founding import founding
from abhaya.training.group_files import write_group


def network_arrives(seed: int) -> None:
    """Loaded as `abhaya load` does, for the hub. The workers read them for groups. The officer under cover who is in some of
    them was named before: nobody but the liaison sees that number there.
    """
    network, liaison = founding(seed), ready_made("hub.supervisor")
    with on_the_road(SERVICE, purpose="an officer under cover"):
        for one in network.people:
            if one.is_persona:
                protect(
                    "phone",
                    normalise(one.number).value or "",
                    liaison.id,
                    liaison.unit_id,
                    "in the founding groups, invented",
                )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for group in network.groups:
            write_group(folder, group)
        with on_the_road(SERVICE, purpose="the training world's groups"):
            drop = open_load(receiving_hub(), "groups", officer=None, service=SERVICE)
        run_load(drop, lambda mappings: on_disk([folder], mappings), _tell_nobody)
    sequence_all()


def _tell_nobody(line: Line) -> None:
    """The page of the load says what became of each file."""
