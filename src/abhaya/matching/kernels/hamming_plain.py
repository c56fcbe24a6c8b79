"""The kernels of `hamming` in numpy alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from abhaya.matching.kernels.bits import WORD_BITS, WORDS, Codes

Found = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]  # query, row, distance
Table = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint16], npt.NDArray[np.uint32]]

ROWS_A_TURN = 1 << 20
SIGNATURE_BITS = 16


def reorder(codes: Codes, table: npt.NDArray[np.uint64]) -> Codes:
    made = np.zeros_like(codes)
    for byte in range(WORDS * 8):
        value = (codes[:, byte // 8] >> np.uint64(56 - byte % 8 * 8)) & np.uint64(255)
        made |= table[byte, value.astype(np.int64)]
    return made


def key(codes: Codes, start: int, width: int) -> npt.NDArray[np.int64]:
    """`width` bits from bit `start` on, going round at the end."""
    word, offset = divmod(start, WORD_BITS)
    bits: npt.NDArray[np.uint64] = codes[:, word] << np.uint64(offset)
    if offset + width > WORD_BITS:
        bits |= codes[:, (word + 1) % WORDS] >> np.uint64(WORD_BITS - offset)
    return (bits >> np.uint64(WORD_BITS - width)).astype(np.int64)


def build_part(codes: Codes, start: int, width: int) -> Table:
    keys = key(codes, start, width)
    offsets = np.zeros((1 << width) + 1, np.uint32)
    offsets[1:] = np.cumsum(np.bincount(keys, minlength=1 << width))
    rows = np.argsort(keys, kind="stable")
    signatures = key(codes, (start + width) % (WORDS * WORD_BITS), SIGNATURE_BITS)[rows].astype(np.uint16)
    return offsets, signatures, rows.astype(np.uint32)


def distances(codes: Codes, query: Codes) -> npt.NDArray[np.int64]:
    apart: npt.NDArray[np.int64] = np.bitwise_count(codes ^ query).sum(axis=1, dtype=np.int64)
    return apart


def query(
    codes: Codes,
    offsets: npt.NDArray[np.uint32],
    signatures: npt.NDArray[np.uint16],
    rows: npt.NDArray[np.uint32],
    parts: npt.NDArray[np.int64],
    masks: npt.NDArray[np.int64],
    limits: npt.NDArray[np.uint16],
    firsts: npt.NDArray[np.int64],
    queries: Codes,
    radius: int,
) -> Found:
    """As `hamming.query`, one query at a time, all its buckets at once."""
    found: list[Found] = []
    row_length = signatures.shape[1]
    for number in range(len(queries)):
        one = queries[number : number + 1]
        begins, ends, wanted = [], [], []
        for part, (start, width, first, *_) in enumerate(parts.tolist()):
            bucket = (key(one, start, width) ^ masks[firsts[part] : firsts[part + 1]]) + first
            begins.append(offsets[bucket].astype(np.int64) + part * row_length)
            ends.append(offsets[bucket + 1].astype(np.int64) + part * row_length)
            signature = key(one, (start + width) % (WORDS * WORD_BITS), SIGNATURE_BITS)
            wanted.append(np.repeat(signature, len(bucket)).astype(np.uint16))
        begin, lengths = np.concatenate(begins), np.concatenate(ends) - np.concatenate(begins)
        before = np.cumsum(lengths) - lengths
        places = np.repeat(begin - before, lengths) + np.arange(lengths.sum())
        differ = np.bitwise_count(signatures.reshape(-1)[places] ^ np.repeat(np.concatenate(wanted), lengths))
        candidates = np.unique(rows.reshape(-1)[places[differ <= np.repeat(limits, lengths)]]).astype(np.int64)
        apart = distances(codes[candidates], one)
        near = apart <= radius
        found.append((np.full(int(near.sum()), number, np.int64), candidates[near], apart[near]))
    return joined(found)


def scan(columns: npt.NDArray[np.uint64], queries: Codes, radius: int) -> Found:
    """As `hamming.scan`: the first 128 bits of every row, and the rest where those are near enough."""
    found: list[Found] = []
    for number, one in enumerate(queries):
        for start in range(0, columns.shape[1], ROWS_A_TURN):
            turn = columns[:, start : start + ROWS_A_TURN]
            half = np.bitwise_count(turn[0] ^ one[0]) + np.bitwise_count(turn[1] ^ one[1])
            rows = np.flatnonzero(half <= radius)
            apart = distances(np.ascontiguousarray(turn[:, rows].T), one)
            near = apart <= radius
            found.append((np.full(int(near.sum()), number, np.int64), rows[near] + start, apart[near]))
    return joined(found)


def joined(found: list[Found]) -> Found:
    """Answers one after the other."""
    if not found:
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    queries, rows, apart = zip(*found, strict=True)
    return np.concatenate(queries), np.concatenate(rows), np.concatenate(apart)
