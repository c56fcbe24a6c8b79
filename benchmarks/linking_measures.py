"""How good is a grouping, when it is known whose every account is?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

PER_REPORTS = 100_000


@dataclass(frozen=True, slots=True)
class Quality:
    """Of pairs of appearances in reports, unless said. `innocents`: accounts that stand in a group most of whose reports are
    another person's. `child_merges`: groups that hold a child's account and one that is nobody's who is a child.
    """

    precision: float
    recall: float
    linkable_recall: float  # of pairs whose accounts hang together by any identifier that is not generic
    account_precision: float
    account_recall: float
    account_linkable_recall: float
    b_cubed: float
    largest_false: int  # reports in the largest group of several persons
    innocents: float  # per 100,000 reports
    child_merges: int


def quality(label: Any, person: Any, appeared: Any, child: Any, reachable: Any, reports: int) -> Quality:
    """`label`, `person`, `appeared` (in how many reports), `child` (truth): per account. `reachable`: groups by anything shared."""
    ones = np.ones(len(label), np.int64)
    precision, recall = _pairs(label, person, appeared)
    account_precision, account_recall = _pairs(label, person, ones)
    cell, group, size = _cells(label, person, appeared)
    group_total = np.bincount(group, weights=size)
    person_total = np.bincount(person, weights=appeared)
    cell_person = person[cell]
    b_precision = float((size * size / group_total[group]).sum() / appeared.sum())
    b_recall = float((size * size / person_total[cell_person]).sum() / appeared.sum())
    # In each group the person with most reports; everybody else's accounts are there in error.
    order = np.lexsort((cell_person, -size, group))
    first = np.unique(group[order], return_index=True)[1]
    owner = np.full(len(group_total), -1)
    owner[group[order][first]] = cell_person[order][first]
    _, of_account = np.unique(label, return_inverse=True)
    wrong = owner[of_account] != person
    mixed = np.bincount(group, minlength=len(group_total)) > 1
    children = np.bincount(of_account, weights=child)
    count = np.bincount(of_account)
    return Quality(
        precision, recall, _pairs(label, person, appeared, within=reachable)[1],
        account_precision, account_recall, _pairs(label, person, ones, within=reachable)[1],
        2 * b_precision * b_recall / (b_precision + b_recall), int(group_total[mixed].max(initial=0)),
        float(wrong.sum() * PER_REPORTS / reports), int(((children > 0) & (children < count)).sum()),
    )  # fmt: skip


def _pairs(label: Any, person: Any, weight: Any, within: Any | None = None) -> tuple[float, float]:
    """Precision and recall of pairs, each account standing for so many reports (or for one). `within`: only true pairs
    that one grouping could have brought together count as missed.
    """
    joined = _two(np.bincount(label, weights=weight))
    truth = np.bincount(person, weights=weight) if within is None else _cells(within, person, weight)[2]
    right = _two(_cells(label, person, weight)[2])
    return right / joined if joined else 1.0, right / _two(truth) if _two(truth) else 1.0


def _two(counts: Any) -> float:
    return float((counts * (counts - 1) / 2).sum())


def _cells(label: Any, person: Any, weight: Any) -> tuple[Any, Any, Any]:
    """(an account of each group and person, its group as a number without gaps, the weight there)."""
    key = label.astype(np.int64) * (int(person.max()) + 1) + person
    _, cell, place = np.unique(key, return_index=True, return_inverse=True)
    group = np.unique(label[cell], return_inverse=True)[1]
    return cell, group, np.bincount(place, weights=weight)
