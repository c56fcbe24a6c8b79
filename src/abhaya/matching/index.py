"""The two indexes: `Index` of pictures' hashes, by nearness; `Digests` of files' hashes, by equality."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from abhaya.matching import delta
from abhaya.matching.delta import ADDED, Integers, Log, Words
from abhaya.matching.kernels import digests, hamming
from abhaya.matching.kernels.hamming import Tables, padded
from abhaya.matching.kernels.hamming_plain import Found, joined
from abhaya.matching.nearness import RADIUS_BUILT_FOR, RADIUS_MAX
from abhaya.matching.plan import parts_for
from abhaya.matching.segments import Draft, Segment
from abhaya.matching.store import IDS_OF_ONE_KEY_MAX, Shapes, Store, View, expanded


@dataclass(frozen=True, slots=True)
class Flood:
    """More ids under one hash than are listed with an answer: a picture that is everywhere, or a list gone wrong."""

    query: int
    distance: int
    ids: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of one answer, sorted by query, distance and id; each id once for a query."""

    queries: Integers
    ids: Integers
    distances: Integers
    floods: tuple[Flood, ...]


class Index(Store):
    """256-bit hashes, searched exactly within a Hamming distance of 0 to `RADIUS_MAX`."""

    KINDS: ClassVar[frozenset[str]] = frozenset({"pdq", "pdq_512"})

    @classmethod
    def create(
        cls, folder: Path, kind: str, words: Words | None = None, ids: Integers | None = None, generation: int = 0
    ) -> Self:
        return super().create(folder, kind, None if words is None else hamming.reordered(words), ids, generation)

    def search(self, codes: Words, radius: int = RADIUS_BUILT_FOR, *, threads: int | None = None) -> Answer:
        """All ids within the radius of each hash: segments and logs, without what is deleted."""
        if not 0 <= radius <= RADIUS_MAX:
            raise AssertionError(f"A radius is 0 to {RADIUS_MAX}.")
        view = self._refresh()
        queries = hamming.reordered(codes)
        found: list[tuple[Integers, Integers, Integers]] = []
        floods: list[Flood] = []
        for entry, segment in view.segments:
            near = _near_in(segment, entry.keys, queries, radius, threads)
            if len(near[0]):
                found.append(_listed(view, segment, entry.upto, near, floods))
        found += [
            _added(view, log, hamming.scan(log.columns, log.rows, queries, radius)) for log in view.logs if log.rows
        ]
        return answered(found, floods)

    def add(self, words: Words, ids: Integers, generation: int = 0) -> None:
        super().add(hamming.reordered(words), ids, generation)

    @classmethod
    def _shapes(cls, keys: Words, kind: str) -> tuple[dict[str, Any], Shapes]:  # noqa: ARG003 — all its kinds are alike
        rows, widths = len(keys), parts_for(len(keys))
        if not widths:
            return {"widths": (), "keys": rows}, {"columns": ("<u8", (delta.WORDS, hamming.scanned(rows)))}
        return {"widths": widths, "keys": rows}, {
            "codes": ("<u8", keys.shape),
            "offsets": ("<u4", (sum((1 << width) + 1 for width in widths),)),
            "signatures": ("<u2", (len(widths), padded(rows))),
            "rows": ("<u4", (len(widths), padded(rows))),
        }

    @classmethod
    def _fill(cls, draft: Draft, keys: Words, about: dict[str, Any]) -> None:
        widths = about["widths"]
        if not widths:
            draft.put("columns", hamming.columns_of(keys))
            return
        draft.put("codes", keys)
        bucket = 0
        for part, (offsets, signatures, rows) in enumerate(hamming.build_parts(keys, widths)):
            draft.put("offsets", offsets, bucket)
            draft.put("signatures", signatures[None], part)
            draft.put("rows", rows[None], part)
            bucket += len(offsets)

    def _words(self, segment: Segment) -> Words:
        if "codes" in segment:
            return segment["codes"]
        return np.ascontiguousarray(segment["columns"].T)[: segment.about["keys"]]


class Digests(Store):
    """MD5, SHA-1 or SHA-256 of files, and other fingerprints of these lengths that are compared for equality only."""

    KINDS: ClassVar[frozenset[str]] = frozenset({"md5", "sha1", "sha256"})
    BYTES: ClassVar[dict[str, int]] = {"md5": 16, "sha1": 20, "sha256": 32}

    def keys_of(self, hashes: bytes) -> Words:
        """Digests of this index's kind, one after the other, as `add` and `lookup` take them."""
        keys = digests.keys_of(hashes, self.BYTES[self.kind])
        return np.pad(keys, ((0, 0), (0, delta.WORDS - keys.shape[1])))

    def lookup(self, keys: Words) -> Answer:
        """All ids of each key; distances are 0."""
        view = self._refresh()
        found: list[tuple[Integers, Integers, Integers]] = []
        floods: list[Flood] = []
        for entry, segment in view.segments:
            width = segment["keys"].shape[1]
            rows = digests.lookup(segment["keys"], segment["fan"], np.ascontiguousarray(keys[:, :width]))
            hit = np.flatnonzero(rows != digests.NOT_FOUND)
            if len(hit):
                near = hit, rows[hit], np.zeros(len(hit), np.int64)
                found.append(_listed(view, segment, entry.upto, near, floods))
        found += [_added(view, log, log.equal(keys)) for log in view.logs if log.rows]
        return answered(found, floods)

    @classmethod
    def _shapes(cls, keys: Words, kind: str) -> tuple[dict[str, Any], Shapes]:
        words, bits = -(-cls.BYTES[kind] // 8), digests.fan_bits(len(keys))
        return {"words": words, "fan_bits": bits}, {
            "keys": ("<u8", (len(keys), words)),
            "fan": ("<u4", ((1 << bits) + 1,)),
        }

    @classmethod
    def _fill(cls, draft: Draft, keys: Words, about: dict[str, Any]) -> None:
        draft.put("keys", keys[:, : about["words"]])
        draft.put("fan", digests.fan_out(keys, about["fan_bits"]))

    def _words(self, segment: Segment) -> Words:
        keys = segment["keys"]
        return np.pad(keys, ((0, 0), (0, delta.WORDS - keys.shape[1])))


def _near_in(segment: Segment, rows: int, queries: Words, radius: int, threads: int | None) -> Found:
    if "columns" in segment:
        return hamming.scan(segment["columns"], rows, queries, radius)
    tables = Tables(
        tuple(segment.about["widths"]), segment["codes"], segment["offsets"], segment["signatures"], segment["rows"]
    )
    return hamming.query(tables, queries, radius, threads=threads)


def _listed(view: View, segment: Segment, upto: int, near: Found, floods: list[Flood]) -> Found:
    """Ids of the rows found in a segment, without what was deleted since."""
    queries, rows, distances = near
    if "firsts" not in segment:
        ids = segment["ids"][rows]
    else:
        places, ids, counts = expanded(segment["firsts"], segment["ids"], rows)
        floods += [
            Flood(int(queries[row]), int(distances[row]), int(counts[row]))
            for row in np.flatnonzero(counts > IDS_OF_ONE_KEY_MAX)
        ]
        queries, distances = queries[places], distances[places]
    if not view.has_dead:
        return queries, ids, distances
    alive = ~view.are_dead(ids, upto)
    return queries[alive], ids[alive], distances[alive]


def _added(view: View, log: Log, near: Found) -> Found:
    """Ids of the rows found in a log: adds, not deleted since."""
    queries, rows, distances = near
    ids = log.ids[rows]
    alive = (log.kinds[rows] == ADDED) & ~view.are_dead(ids, rows + log.starts + 1)
    return queries[alive], ids[alive], distances[alive]


def answered(found: list[Found], floods: list[Flood]) -> Answer:
    queries, ids, distances = joined(found)
    if len(ids) > 1:
        order = np.lexsort((distances, ids, queries))
        queries, ids, distances = queries[order], ids[order], distances[order]
        nearest = np.ones(len(ids), np.bool_)  # an id may stand in two places: added again after a crash
        nearest[1:] = (queries[1:] != queries[:-1]) | (ids[1:] != ids[:-1])
        order = np.flatnonzero(nearest)
        order = order[np.lexsort((ids[order], distances[order], queries[order]))]
        queries, ids, distances = queries[order], ids[order], distances[order]
    return Answer(queries, ids, distances, tuple(floods))
