"""Two sets of hashes as the world has them: copies near and far, one hash that is everywhere, several hashes of one id."""

from __future__ import annotations

import numpy as np
from tests.matching.test_hamming import crowd, flip

from abhaya.matching.bulk import Side
from abhaya.matching.index import Answer, Index
from abhaya.matching.store import IDS_OF_ONE_KEY_MAX

EVERYWHERE = IDS_OF_ONE_KEY_MAX + 50


def two_sides(seed: int, rows: int, *, everywhere: int = 0) -> tuple[Side, Side]:
    """(queries, entries): in clusters, and queries planted at every distance from 0 to 60 of an entry. `everywhere`: so many
    entries, and a few queries, are one and the same hash, each under an id of its own.
    """
    entries = Side(crowd(seed, rows), np.sort(np.random.default_rng(seed).integers(0, rows, rows)) * 7)
    rng = np.random.default_rng(seed + 1)
    planted = entries.codes[rng.integers(0, rows, 122)].copy()
    for number, code in enumerate(planted):
        flip(code, rng.choice(256, number // 2, replace=False))
    queries = np.concatenate([planted, crowd(seed, 60)])
    if everywhere:
        one = entries.codes[:1]
        flood = Side(np.repeat(one, everywhere, axis=0), np.arange(everywhere) + rows * 7)
        entries = Side(np.concatenate([entries.codes, flood.codes]), np.concatenate([entries.ids, flood.ids]))
        near = np.repeat(one, 3, axis=0)
        flip(near[1], np.arange(31))
        flip(near[2], np.arange(32))
        queries = np.concatenate([queries, near])
    return Side(queries, np.arange(len(queries)) // 2), entries


def of_index(folder, queries: Side, entries: Side, radius: int) -> list[tuple[int, int, int]]:
    """The single machine's answer, by the index that the road asks, as triples in order."""
    index = Index.create(folder, "pdq", entries.codes, entries.ids)
    nearest: dict[tuple[int, int], int] = {}
    found = index.search(queries.codes, radius)
    for number, entry, distance in zip(
        found.queries.tolist(), found.ids.tolist(), found.distances.tolist(), strict=True
    ):
        key = int(queries.ids[number]), entry
        nearest[key] = min(distance, nearest.get(key, 256))
    return sorted(
        ((query, entry, bits) for (query, entry), bits in nearest.items()), key=lambda row: (row[0], row[2], row[1])
    )


def triples(*answers: Answer) -> list[tuple[int, int, int]]:
    return [
        row
        for answer in answers
        for row in zip(answer.queries.tolist(), answer.ids.tolist(), answer.distances.tolist(), strict=True)
    ]
