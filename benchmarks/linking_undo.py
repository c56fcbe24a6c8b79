"""A report taken back: is what a small part computes what everything computed anew comes to, and how long does it take?"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np
from benchmarks.linking_rivals import edges, union_find
from benchmarks.linking_world import Drawn

from abhaya.linking import weights as w
from abhaya.linking.kernels import Evidence, hold_together, weighed


class Undone(NamedTuple):
    """Of so many reports taken back alone: how many came out exactly as a full recompute; milliseconds of the small part."""

    tried: int
    exact: int
    median_ms: float
    slowest_ms: float


class _Index:
    """Rows by account and by value, how many accounts each value has, links, groups: what a database would hold."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn, self.evidence = drawn, drawn.evidence
        self.by_value = np.argsort(self.evidence.value, kind="stable")
        self.by_account = np.argsort(self.evidence.account, kind="stable")
        accounts, values = len(drawn.person), int(self.evidence.value.max()) + 1
        self.value_start = np.searchsorted(self.evidence.value[self.by_value], np.arange(values + 1))
        self.account_start = np.searchsorted(self.evidence.account[self.by_account], np.arange(accounts + 1))
        every = np.ones(len(self.evidence.kind), np.bool_)
        self.holders = np.bincount(edges(self.evidence, every)[1], minlength=values)
        self.links, self.label = everything(self.evidence, drawn.protected)
        self.component = union_find(self.links[:, 0], self.links[:, 1], accounts)

    def rows_of_accounts(self, wanted: Any) -> Any:
        return _rows(self.account_start, self.by_account, wanted)

    def rows_of_values(self, wanted: Any) -> Any:
        return _rows(self.value_start, self.by_value, wanted)


def _rows(starts: Any, ordered: Any, wanted: Any) -> Any:
    parts = [ordered[starts[one] : starts[one + 1]] for one in wanted.tolist()]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def everything(evidence: Evidence, protected: Any) -> tuple[Any, Any]:
    """Links that groups follow or are compared by, and groups, over all there is."""
    found = weighed(evidence, protected)
    near = found.pairs.outcome >= w.REVIEW
    links = np.stack((found.pairs.a[near], found.pairs.b[near]), axis=1)
    return links, hold_together(len(protected), found, protected=protected).label


def undo(drawn: Drawn, tries: int, seed: int) -> Undone:
    """Takes reports back one at a time, each from the whole world, drawn among those whose accounts stand in groups."""
    index = _Index(drawn)
    grouped = np.bincount(index.label, minlength=len(index.label))[index.label] > 1
    chosen = np.random.default_rng(seed).permutation(np.unique(drawn.report[grouped[drawn.evidence.account]]))[:tries]
    exact, took = 0, []
    for number, report in enumerate([*chosen[:1], *chosen]):  # the first once more: it compiles
        gone = np.flatnonzero(drawn.report == report)
        left = Evidence(*(np.delete(column, gone) for column in drawn.evidence))
        started = time.perf_counter()
        small = _without(index, report, gone)
        if number:
            took.append(1000 * (time.perf_counter() - started))
            exact += bool((small == everything(left, drawn.protected)[1]).all())
    return Undone(len(took), exact, round(float(np.median(took)), 2), round(max(took), 2))


def _without(index: _Index, report: int, gone: Any) -> Any:
    """Groups after one report is taken back, by looking only at those whom it concerns."""
    evidence, holders = index.evidence, index.holders.copy()
    mine = np.unique(evidence.account[gone])
    rows = index.rows_of_accounts(mine)
    values = np.unique(evidence.value[rows])
    before = set(zip(evidence.account[rows].tolist(), evidence.value[rows].tolist(), strict=True))
    rows = rows[index.drawn.report[rows] != report]
    for _, value in before - set(zip(evidence.account[rows].tolist(), evidence.value[rows].tolist(), strict=True)):
        holders[value] -= 1
    own = np.union1d(mine, evidence.account[index.rows_of_values(values[holders[values] <= w.HOLDERS_MAX])])
    members = np.flatnonzero(np.isin(index.component, index.component[own]))
    around = index.rows_of_accounts(members)
    shared = np.unique(evidence.value[around])
    others = index.rows_of_values(shared[holders[shared] <= w.HOLDERS_MAX])
    beside = index.rows_of_accounts(np.setdiff1d(evidence.account[others], members))
    beside = beside[evidence.kind[beside] <= w.DEVICE]
    wide = np.unique(np.concatenate((around, others, beside)))
    wide = wide[index.drawn.report[wide] != report]
    after = index.label.copy()
    after[members] = members  # who shows nothing any more stands alone
    after[members[np.isin(members, evidence.account[wide])]] = _labels(index, wide, members, holders)
    return after


def _labels(index: _Index, wide: Any, members: Any, holders: Any) -> Any:
    """The groups of those members who are in these rows."""
    evidence = index.evidence
    accounts, place = np.unique(evidence.account[wide], return_inverse=True)
    numbers, value = np.unique(evidence.value[wide], return_inverse=True)
    part = Evidence(place, value, *(column[wide] for column in evidence[2:]))
    protected = index.drawn.protected[accounts]
    found = weighed(part, protected, holders=holders[numbers])
    is_member = np.isin(accounts, members)
    counts = is_member[found.pairs.a] & is_member[found.pairs.b]
    label = hold_together(len(accounts), found, counts=counts, protected=protected).label
    return accounts[label[is_member]]
