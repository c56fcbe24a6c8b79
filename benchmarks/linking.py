"""Linking, measured: who is put together rightly, who wrongly, what a person is asked, what undoing gives, how fast.

python benchmarks/linking.py SEED [--reports 100000] [--world-reports 30000] [--rows 10000000] [--only PART]

Two invented worlds, from the same seed. *crowd*: arrays (`linking_world.py`), as public sources have it, drawn apart from the
world of the demo. *world*: `abhaya.training`, with its households, burners and closures; harder: of its pairs hardly four in
five share anything at all. Parameters were set on seeds 1 to 3. Any other seed is unseen.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.linking_measures import quality
from benchmarks.linking_rivals import components, splink, union_find
from benchmarks.linking_taken import Taken
from benchmarks.linking_undo import undo
from benchmarks.linking_world import Crowd, Drawn, draw

from abhaya.linking import weights as w
from abhaya.linking.kernels import Pairs, hold_together, weighed
from abhaya.training.parameters import Parameters
from abhaya.training.world import World

PARTS = ("quality", "curves", "rivals", "undo", "speed")
UNDONE = 100
ROUNDS = 5
DAYS = 365
ROWS_PER_REPORT = 3.35  # of evidence, in the crowd
HEAD = (
    f"{'':34} {'pair P':>8} {'R all':>7} {'R link.':>7} {'acc. P':>8} {'acc. R':>7} {'B3 F':>6} {'largest':>7} {'innoc.':>7}"
    f" {'child':>5} {'review':>7} {'true':>6}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("--reports", type=int, default=100_000, help="of the crowd")
    parser.add_argument("--world-reports", type=int, default=30_000, help="of the world of training")
    parser.add_argument("--rows", type=int, default=10_000_000, help="of evidence, for speed")
    parser.add_argument("--nat-share", type=float, default=0.95)
    parser.add_argument("--drawn", action="store_true", help="draw the world's parameters from their ranges, too")
    parser.add_argument("--only", choices=PARTS)
    given = parser.parse_args()
    print(f"seed {given.seed}, rules {w.RULE_VERSION}, carrier NAT {given.nat_share:.0%}")
    crowd = Crowd(reports=given.reports, nat_share=given.nat_share)
    world = Parameters.drawn(given.seed) if given.drawn else Parameters(days=DAYS)
    world = replace(world, mobile_share=given.nat_share)
    for part in PARTS if given.only is None else (given.only,):
        print(f"\n== {part}", flush=True)
        if part == "quality":
            _quality(given.seed, crowd, world, given.world_reports)
        elif part == "curves":
            _curves(given.seed, crowd, world, given.world_reports // 3)
        elif part == "rivals":
            _rivals(draw(given.seed, crowd))
        elif part == "undo":
            for name, drawn in (
                ("crowd", draw(given.seed, crowd)),
                ("world", _taken(given.seed, world, given.world_reports)),
            ):
                print(f"{name}: {undo(drawn, UNDONE, given.seed)}", flush=True)
        else:
            _speed(given.seed, given.rows)


def _taken(seed: int, parameters: Parameters, count: int, *, networks_known: bool = True) -> Drawn:
    return Taken(networks_known=networks_known).all(World(seed, parameters), count)


def _quality(seed: int, crowd: Crowd, world: Parameters, world_reports: int) -> None:
    print(HEAD)
    _measure(f"crowd, {crowd.reports:,} reports", draw(seed, crowd))
    _measure("  networks unknown", draw(seed, replace(crowd, networks_known=False)))
    _measure("  0.05 % with another's mailbox", draw(seed, replace(crowd, family_mailbox_share=0.0005)))
    _measure("  5,000 reports", draw(seed, replace(crowd, reports=5000)))
    _measure(f"world, {world_reports:,} reports", _taken(seed, world, world_reports))
    _measure("  networks unknown", _taken(seed, world, world_reports, networks_known=False))
    for name, drawn in (("crowd", draw(seed, crowd)), ("world", _taken(seed, world, world_reports))):
        for share in (0.0, 0.02):
            _answered(f"{name}, all answered, {share:.0%} wrongly", drawn, seed, share)


def _curves(seed: int, crowd: Crowd, world: Parameters, world_reports: int) -> None:
    print(HEAD)
    for share in (0.0, 0.5, 0.75, 0.95, 0.98):
        _measure(f"crowd, NAT {share:.0%}", draw(seed, replace(crowd, nat_share=share)))
    for share in (0.0, 0.2, 0.4, 0.7):
        _measure(f"crowd, telephones in {share:.0%}", draw(seed, replace(crowd, phone_share=share)))
    for share in (0.0, 0.02, 0.05, 0.1):
        _measure(f"crowd, given out again {share:.0%}", draw(seed, replace(crowd, recycled_share=share)))
        at_once = replace(crowd, recycled_share=share, recycled_in_time=False)
        _measure("  and without a pause", draw(seed, at_once))
    for share in (0.0, 0.0005, 0.002):
        _measure(f"crowd, another's mailbox {share:.2%}", draw(seed, replace(crowd, family_mailbox_share=share)))
    for share in (0.0, 0.5, 0.75, 0.95, 0.98):
        _measure(f"world, NAT {share:.0%}", _taken(seed, replace(world, mobile_share=share), world_reports))
    for share in (0.1, 0.5, 0.7):
        _measure(f"world, telephones in {share:.0%}", _taken(seed, replace(world, phone_share=share), world_reports))
    for share in (0.005, 0.02, 0.06):
        _measure(
            f"world, given out again {share:.1%}",
            _taken(seed, replace(world, phone_recycled_share=share), world_reports),
        )


def _linked(drawn: Drawn) -> tuple[Pairs, Any]:
    found = weighed(drawn.evidence, drawn.protected)
    return found.pairs, hold_together(len(drawn.person), found, protected=drawn.protected).label


def _questions(drawn: Drawn, pairs: Pairs, label: Any) -> tuple[Any, Any]:
    """The pairs that a person is asked about, a row each, and what is true of them."""
    asked = (pairs.outcome == w.REVIEW) & (label[pairs.a] != label[pairs.b])
    both = np.stack((pairs.a[asked], pairs.b[asked]), axis=1)
    return both, drawn.person[both[:, 0]] == drawn.person[both[:, 1]]


def _measure(name: str, drawn: Drawn) -> None:
    pairs, label = _linked(drawn)
    _, true = _questions(drawn, pairs, label)
    _line(name, drawn, label, f"{len(true):7,} {true.mean() if len(true) else 1:6.3f}")


def _answered(name: str, drawn: Drawn, seed: int, wrong_share: float) -> None:
    """When officers have answered every question, so many of them wrongly, and the questions that their answers lead to."""
    found = weighed(drawn.evidence, drawn.protected)
    drawn_from = np.random.default_rng(seed)
    said = np.zeros((0, 2), np.int32)
    yes = np.zeros(0, np.bool_)
    label = hold_together(len(drawn.person), found, protected=drawn.protected).label
    for _ in range(ROUNDS):
        asked, true = _questions(drawn, found.pairs, label)
        new = ~np.isin(asked[:, 0].astype(np.int64) << 32 | asked[:, 1], said[:, 0].astype(np.int64) << 32 | said[:, 1])
        if not new.any():
            break
        said = np.concatenate((said, asked[new]))
        yes = np.concatenate((yes, true[new] ^ (drawn_from.random(int(new.sum())) < wrong_share)))
        label = hold_together(
            len(drawn.person), found, same=said[yes], different=said[~yes], protected=drawn.protected
        ).label
    _line(name, drawn, label, f"{len(said):7,}")


def _line(name: str, drawn: Drawn, label: Any, rest: str = "") -> None:
    appeared = np.bincount(drawn.appeared, minlength=len(label))
    reachable = components(drawn.evidence, len(label), addresses=False, holders_max=w.HOLDERS_MAX)
    found = quality(label, drawn.person, appeared, drawn.child, reachable, int(drawn.report.max()) + 1)
    print(
        f"{name:34} {found.precision:8.5f} {found.recall:7.4f} {found.linkable_recall:7.4f} {found.account_precision:8.5f}"
        f" {found.account_recall:7.4f} {found.b_cubed:6.4f} {found.largest_false:7,} {found.innocents:7.1f}"
        f" {found.child_merges:5} {rest}",
        flush=True,
    )


def _rivals(drawn: Drawn) -> None:
    print(HEAD)
    accounts = len(drawn.person)
    started = time.perf_counter()
    _, label = _linked(drawn)
    _line(f"ours, {time.perf_counter() - started:.2f} s", drawn, label)
    for name, addresses, most in (
        ("anything shared", True, None), ("anything but addresses", False, None),
        ("  of at most 10 accounts", False, 10),
        (f"  of at most {w.HOLDERS_MAX} accounts", False, w.HOLDERS_MAX),
        (f"  of at most {w.HOLDERS_MAX}, and addresses", True, w.HOLDERS_MAX),
    ):  # fmt: skip
        _line(name, drawn, components(drawn.evidence, accounts, addresses=addresses, holders_max=most))
    found = splink(drawn.evidence, accounts)
    if found is None:
        print("Splink: not installed (pip install -e '.[benchmarks]').")
    else:
        _line(f"Splink, untuned, {found[1]:.1f} s", drawn, found[0])


def _speed(seed: int, rows: int) -> None:
    """Weights and groups of so many rows, beside a bare union-find over the same accounts and values; and of a handful."""
    drawn = draw(seed, Crowd(reports=int(rows / ROWS_PER_REPORT)))
    accounts = len(drawn.person)
    _linked(draw(seed, Crowd(reports=1000)))
    union_find(drawn.evidence.account[:1], drawn.evidence.account[:1], accounts)
    took = _best(lambda: _linked(drawn))
    a, b = drawn.evidence.account, drawn.evidence.value + accounts
    nodes = accounts + int(drawn.evidence.value.max()) + 1
    bare = _best(lambda: union_find(a, b, nodes))
    plain = drawn.evidence.kind < w.IP
    a_plain, b_plain = a[plain], b[plain]
    strong = _best(lambda: union_find(a_plain, b_plain, nodes))
    print(f"{len(a):,} rows, {accounts:,} accounts, {nodes - accounts:,} values")
    print(f"weights and groups {took:.2f} s; bare union-find {bare:.2f} s, without addresses {strong:.2f} s")
    few = draw(seed, Crowd(reports=40))
    once = _best(lambda: _linked(few), range(200))
    print(f"{len(few.evidence.account)} rows of {len(few.person)} accounts, as after one report: {1000 * once:.3f} ms")


def _best(call: Any, times: Iterable[int] = range(3)) -> float:
    took = []
    for _ in times:
        started = time.perf_counter()
        call()
        took.append(time.perf_counter() - started)
    return min(took)


if __name__ == "__main__":
    main()
