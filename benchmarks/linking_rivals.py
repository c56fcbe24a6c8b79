"""Others on the same evidence: connected components on whatever is shared, a bare union-find, Splink where installed."""

from __future__ import annotations

import logging
import time
from collections import Counter
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from abhaya.linking import weights as w
from abhaya.linking.kernels import Evidence
from abhaya.matching.kernels.compiled import compiled

SPLINK_KINDS = {w.PHONE: "phone", w.EMAIL: "email", w.DEVICE: "device"}
SPLINK_PROBABILITY = 0.95


def components(evidence: Evidence, accounts: int, *, addresses: bool, holders_max: int | None) -> Any:
    """Groups of accounts that hang together by any shared value, whatever it is worth."""
    kept = evidence.kind < (w.IP if not addresses else w.KIND_COUNT)
    account, value = edges(evidence, kept)
    if holders_max is not None:
        kept = np.bincount(value)[value] <= holders_max
        account, value = account[kept], value[kept]
    return union_find(account, value + accounts, accounts + int(evidence.value.max()) + 1)[:accounts]


def edges(evidence: Evidence, kept: Any) -> tuple[Any, Any]:
    """Each account and value once."""
    key = np.unique((evidence.value[kept].astype(np.int64) << 32) | evidence.account[kept])
    return (key & 0xFFFFFFFF).astype(np.int32), (key >> 32).astype(np.int32)


@compiled()
def union_find(a: Any, b: Any, nodes: int) -> Any:
    """Labels of connected components over the edges (a, b)."""
    parent = np.arange(nodes, dtype=np.int32)
    for row in range(len(a)):
        one, other = a[row], b[row]
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        while parent[other] != other:
            parent[other] = parent[parent[other]]
            other = parent[other]
        if one < other:
            parent[other] = one
        elif other < one:
            parent[one] = other
    for one in range(nodes):
        root = one
        while parent[root] != root:
            root = parent[root]
        parent[one] = root
    return parent


def splink(evidence: Evidence, accounts: int) -> tuple[Any, float] | None:
    """(groups, seconds) of Splink on DuckDB with exact comparisons and its adjustment for how often a value is met, untuned;
    None where it is not installed. One row per account with the value of each kind that it shows most often.
    """
    if find_spec("splink") is None or find_spec("duckdb") is None:
        return None
    package, library, arrow = (
        import_module("splink"),
        import_module("splink.comparison_library"),
        import_module("pyarrow"),
    )
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("splink"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    started = time.perf_counter()
    columns: dict[str, Any] = {"unique_id": list(range(accounts))}
    for kind, name in SPLINK_KINDS.items():
        shown: list[Counter[int]] = [Counter() for _ in range(accounts)]
        here = evidence.kind == kind
        for account, value in zip(evidence.account[here].tolist(), evidence.value[here].tolist(), strict=True):
            shown[account][value] += 1
        columns[name] = [str(min(one.most_common(1))[0]) if one else None for one in shown]
    names = list(SPLINK_KINDS.values())
    settings = package.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[library.ExactMatch(name).configure(term_frequency_adjustments=True) for name in names],
        blocking_rules_to_generate_predictions=[package.block_on(name) for name in names],
    )
    api = package.DuckDBAPI()
    linker = package.Linker(api.register(arrow.table(columns)), settings)
    linker.training.estimate_probability_two_random_records_match([package.block_on("email")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000)
    for name in ("email", "phone"):
        linker.training.estimate_parameters_using_expectation_maximisation(package.block_on(name))
    pairs = linker.inference.predict(threshold_match_probability=SPLINK_PROBABILITY)
    found = pairs.as_duckdbpyrelation().project("unique_id_l, unique_id_r").fetchnumpy()
    a, b = found["unique_id_l"].astype(np.int32), found["unique_id_r"].astype(np.int32)
    return union_find(a, b, accounts), time.perf_counter() - started
