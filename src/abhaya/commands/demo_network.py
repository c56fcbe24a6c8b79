"""What the training world shows of networks: the founding documents' groups come in as raw files, fifty of them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from abhaya.commands.demo_cast import SERVICE, playing, ready_made
from abhaya.intake.drops import Line, open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.intake.senders import receiving_hub
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking.actions.personas import protect
from abhaya.linking.actions.takedowns import say
from abhaya.linking.network_queries import groups, reports_of
from abhaya.linking.network_rules import successor
from abhaya.selectors.phone import normalise
from abhaya.shared.identity import on_the_road
from abhaya.training.founding import founding
from abhaya.training.group_files import write_group
from abhaya.training.groups import Group, conduct

SAID_BY = "The platform’s notice of removal, invented"


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


def network_is_taken_down(seed: int) -> None:
    """One of the groups that ended by a takedown, and who says so, as an analyst wrote it down: its actors went on in
    another. Run once, when the groups were read.
    """
    fallen, analyst = _with_most_who_went_on(founding(seed).groups), ready_made("hub.analyst")
    with playing(analyst):
        told = next(group for group in groups() if group.name == fallen.name)
        report = reports_of(told.id)[0].report_id
        until = fallen.taken_down or fallen.events[-1].at
        say(told.id, report, until.date() + timedelta(days=1), SAID_BY, analyst, now=datetime.now(UTC))


def _with_most_who_went_on(network: Sequence[Group]) -> Group:
    """Of the groups that were taken down that of whose actors most went on in its successor, first those of which a fifth did."""
    after = {group.successor_of: _acted(group) for group in network if group.successor_of}

    def how_far(group: Group) -> tuple[bool, int]:
        acted = _acted(group)
        shared = len(acted & after[group.id])
        strength = successor(shared, 100 * shared // max(1, len(acted)), shared, is_later=True)
        return strength == "strong", shared

    return max((group for group in network if group.id in after), key=how_far)


def _acted(group: Group) -> set[str]:
    return {member for member, did in conduct(group).items() if did == "acted"}


def _tell_nobody(line: Line) -> None:
    """The page of the load says what became of each file."""
