"""`docs/asvs.md` names every requirement of levels 1 and 2 once, in a known state, and only files that exist."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
# ASVS 5.0.0, levels 1 and 2: section -> its last requirement of these levels; none is skipped before it.
LAST = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
STANDARD = [f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)]
ROW = re.compile(r"^\| ([\d.]+)(?:–([\d.]+))? \| [^|]+ \| \**(met|partly|open|n/a)\** \| (.+) \|$", re.MULTILINE)
PATH = re.compile(r"`([\w./-]+\.(?:py|md|html|js|json|toml|xsd|css|sql))`")
OUTSIDE = ("tests/", "docs/", "scripts/", "verify/", "benchmarks/", "package.json", "pyproject.toml")
MADE = {"SBOM.json"}  # part of a release, not of the source


def rows() -> list[tuple[list[str], str, str]]:
    """Requirements, state and what is said, row by row."""
    found = []
    for first, last, state, said in ROW.findall(PAGE):
        start = STANDARD.index(first)
        found.append((STANDARD[start : STANDARD.index(last or first) + 1], state, said))
    return found


def test_every_requirement_of_both_levels_is_there_once_and_in_order():
    assert len(STANDARD) == 253
    assert [number for numbers, _state, _said in rows() for number in numbers] == STANDARD


def test_the_count_at_the_top_is_the_count_of_the_rows():
    states = Counter()
    for numbers, state, _said in rows():
        states[state] += len(numbers)
    words = (
        f"**{states['met']} met · {states['partly']} partly · {states['open']} open · {states['n/a']} do not apply.**"
    )
    assert words in PAGE


def test_it_names_only_files_that_exist():
    named = set(PATH.findall(PAGE)) - MADE
    assert len(named) > 100
    missing = [
        path
        for path in sorted(named)
        if not (ROOT / ("" if path.startswith(OUTSIDE) else "src/abhaya") / path).is_file()
    ]
    assert not missing
