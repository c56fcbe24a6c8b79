"""How well names are known again across scripts, beside libraries alone, on invented persons whose truth is written down.

    python benchmarks/names.py [--misses]

`names.csv` holds each person's name in several spellings and scripts, many chosen to be confused (Sunil and Sunita, Hasan and
Hussain, Rajesh and Rakesh). Every pair of two spellings is compared: pairs of one person should be proposed, pairs of two
persons not. `tune` was looked at while the tables were written; `held` was written before and first looked at after, and
then a few general rules were mended (first sight: recall 0.84 proposed, 0.95 shown, precision 0.96). Both are
small and by one hand: they find what breaks, and say nothing about a country's names.

*Proposed* is `same` or `alike`, *shown* also `possible`; frequency is left out of account here. Rivals: `token_sort_ratio` and
`WRatio` of rapidfuzz (MIT) on the folded text, each at the threshold that is best for it on these very pairs; rigour (MIT) where
it can be imported (it asks for ICU and a compiler): share of a name's parts that its symbols or its residue distance
explain, at its best threshold too. What a look-up among many names costs: `names_lookup.py`.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from rapidfuzz import fuzz

from abhaya.linking.names.compare import Band, compare
from abhaya.linking.names.parts import keys, sought
from abhaya.selectors.normal import fold

FORMS = Path(__file__).with_suffix(".csv")
PROPOSED = frozenset({Band.SAME, Band.ALIKE})
SHOWN = PROPOSED | {Band.POSSIBLE}


class Form(NamedTuple):
    part: str
    person: str
    script: str
    name: str


class Counts(NamedTuple):
    right: int
    wrong: int
    pairs: int  # of one person

    @property
    def text(self) -> str:
        precision = self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0
        return f"{precision:9.3f} {self.right / self.pairs if self.pairs else 1.0:7.3f}"


Pair = tuple[Form, Form]
Scored = list[tuple[float, bool]]


def read(part: str) -> list[Form]:
    with FORMS.open(encoding="utf-8", newline="") as file:
        return [form for row in csv.DictReader(file) if (form := Form(**row)).part == part]


def counted(answers: Iterable[tuple[bool, bool]]) -> Counts:
    """From (said yes, is one person)."""
    told = list(answers)
    right = sum(yes and same for yes, same in told)
    return Counts(right, sum(yes and not same for yes, same in told), sum(same for _, same in told))


def best(scored: Scored) -> tuple[float, Counts]:
    """The threshold with the highest F1 on these very pairs: as kind to a rival as can be."""

    def quality(counts: Counts) -> float:
        return 2 * counts.right / (counts.pairs + counts.right + counts.wrong)

    steps = sorted({round(score, 2) for score, _ in scored})
    found = [(step, counted((score >= step, same) for score, same in scored)) for step in steps]
    return max(found, key=lambda each: quality(each[1]))


def rapid(scorer: Callable[..., float]) -> Callable[[str, str], float]:
    return lambda one, other: scorer(fold(one), fold(other)) / 100


def rigour() -> Callable[[str, str], float] | None:
    try:
        names = import_module("rigour.names")
    except ImportError:
        return None

    def score(one: str, other: str) -> float:
        mine = max(names.analyze_names(names.NameTypeTag.PER, [one]), key=lambda name: len(name.parts))
        theirs = max(names.analyze_names(names.NameTypeTag.PER, [other]), key=lambda name: len(name.parts))
        met = max(names.pair_symbols(mine, theirs), key=lambda pairing: sum(len(each.qps) for each in pairing))
        used = {(side, part.index) for each in met for side, parts in ((0, each.qps), (1, each.rps)) for part in parts}
        rest = [
            [part for part in name.parts if (side, part.index) not in used] for side, name in enumerate((mine, theirs))
        ]
        residue = sum(each.score * (len(each.qps) + len(each.rps)) for each in names.compare_parts(*rest))
        return float((len(used) + residue) / (len(mine.parts) + len(theirs.parts)))

    return score


def by_script(pairs: list[Pair]) -> dict[str, list[Pair]]:
    """Pairs under both of their scripts: a row shows how well names in that script meet all the others."""
    found: defaultdict[str, list[Pair]] = defaultdict(list)
    for one, other in pairs:
        for script in {one.script, other.script}:
            found[script].append((one, other))
    return dict(sorted(found.items()))


def show(part: str, misses: bool) -> None:
    pairs = list(combinations(read(part), 2))
    started = perf_counter()
    answers = {pair: compare(pair[0].name, pair[1].name) for pair in pairs}
    seconds = perf_counter() - started
    print(f"\n{part}: {len(pairs):,} pairs, {seconds / len(pairs) * 1e6:.0f} µs each")
    print(f"{'':14}{'proposed':>17}{'shown':>18}{'pairs of one person':>22}{'a key in common':>18}")
    print(f"{'script':14}precision  recall precision  recall")
    for script, some in {**by_script(pairs), "all": pairs}.items():
        told = [
            counted((answers[pair].band in bands, pair[0].person == pair[1].person) for pair in some)
            for bands in (PROPOSED, SHOWN)
        ]
        same = [pair for pair in some if pair[0].person == pair[1].person]
        met = sum(bool(sought(one.name).keys() & keys(other.name)) for one, other in same)
        print(f"{script:14}{told[0].text} {told[1].text}{len(same):22}{met / max(1, len(same)):18.3f}")
    rivals = {"rapidfuzz token_sort_ratio": rapid(fuzz.token_sort_ratio), "rapidfuzz WRatio": rapid(fuzz.WRatio)}
    other = rigour()
    for name, score in {**rivals, **({"rigour": other} if other else {})}.items():
        step, counts = best([(score(a.name, b.name), a.person == b.person) for a, b in pairs])
        print(f"{name:28} at its best threshold here, {step:.2f}: {counts.text}")
    if other is None:
        print("rigour: not installed here")
    if misses:
        for one, two in pairs:
            wrong = (one.person == two.person) != (answers[one, two].band in PROPOSED)
            print(
                *([answers[one, two].band, one.name, two.name, *answers[one, two].reasons] if wrong else []), sep=" | "
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print each pair that was answered wrongly")
    misses = parser.parse_args().misses
    for part in ("tune", "held"):
        show(part, misses)


if __name__ == "__main__":
    main()
