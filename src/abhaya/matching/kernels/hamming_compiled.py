"""The kernels of `hamming` as machine code. Imported only where numba is.

A search is made of steps in which no read waits for another, so that many are under way in memory at once: offsets of all
buckets; their signatures, 32 a step; row numbers of what those leave; hashes. Nothing read from a file is trusted as a place:
a damaged segment gives a wrong answer until its checksum is asked, never a read outside its arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from abhaya.matching.kernels.compiled import compiled

LANES = 32  # signatures compared in one step: a line of memory
BLOCKS_MAX = 4096  # lines looked at before their survivors are
SURVIVORS_MAX = 4096
BUCKET_BITS = 40  # of a probe: the bucket; above it the part
BUCKET_MASK = (1 << BUCKET_BITS) - 1
ORDERED_BITS = 11  # of a bucket's number: probes of many queries go in this order
SCAN_TILE_ROWS = 2048  # two columns of it stay in the processor's first cache while the queries pass over
u64 = np.uint64


def built_in(generate: Callable[..., Any]) -> Callable[..., Any]:
    """A function of compiled code that is written in LLVM's own words."""
    made: Callable[..., Any] = intrinsic(generate)
    return made


def _near(lanes: int, lane_bits: int, columns: int) -> Any:
    """An intrinsic: which of `lanes` neighbouring numbers (summed over so many rows of the array) lie within a limit of
    the wanted ones? Vectors of LLVM, which every processor it knows can run; one instruction each on AVX-512.
    """
    lane = ir.IntType(lane_bits)
    vector = ir.VectorType(lane, lanes)
    index = ir.IntType(32)

    def spread(builder: Any, value: Any) -> Any:
        empty = ir.Constant(vector, ir.Undefined)
        single = builder.insert_element(empty, value, ir.Constant(index, 0))
        return builder.shuffle_vector(single, empty, ir.Constant(ir.VectorType(index, lanes), [0] * lanes))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        count = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(vector, [vector]), f"llvm.ctpop.v{lanes}i{lane_bits}"
        )
        total = None
        for column in range(columns):
            place = make_array(signature.args[2 * column])(context, builder, arguments[2 * column]).data
            place = builder.bitcast(builder.gep(place, [arguments[-2]]), vector.as_pointer())
            read = builder.load(place, align=lane_bits // 8)
            bits = builder.call(count, [builder.xor(read, spread(builder, arguments[2 * column + 1]))])
            total = bits if total is None else builder.add(total, bits)
        return builder.bitcast(builder.icmp_unsigned("<=", total, spread(builder, arguments[-1])), ir.IntType(lanes))

    return generate


@built_in
def near_signatures(_: Any, signatures: Any, wanted: Any, at: Any, limit: Any) -> Any:
    return types.uint32(signatures, types.uint16, types.int64, types.uint16), _near(LANES, 16, 1)


@built_in
def near_halves(_: Any, first: Any, a: Any, second: Any, b: Any, at: Any, limit: Any) -> Any:
    return types.uint8(first, types.uint64, second, types.uint64, types.int64, types.uint64), _near(8, 64, 2)


@built_in
def ones(_: Any, value: Any) -> Any:
    """How many bits are set."""
    return types.int64(types.uint64), lambda context, builder, signature, arguments: builder.ctpop(arguments[0])


@built_in
def lowest(_: Any, value: Any) -> Any:
    """The place of the lowest bit set; the value is not 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))
        return builder.zext(place, ir.IntType(64))

    return types.int64(types.uint32), generate


@compiled()
def reorder(codes: Any, table: Any) -> Any:
    made = np.zeros_like(codes)
    for row in range(codes.shape[0]):
        for byte in range(32):
            value = (codes[row, byte >> 3] >> u64(56 - (byte & 7) * 8)) & u64(255)
            for word in range(4):
                made[row, word] |= table[byte, value, word]
    return made


@compiled(inline="always")
def bits_at(codes: Any, row: Any, start: Any, width: Any) -> Any:
    word = start >> 6
    offset = start & 63
    bits = codes[row, word] << u64(offset)
    if offset + width > 64:
        bits |= codes[row, (word + 1) & 3] >> u64(64 - offset)
    return np.int64(bits >> u64(64 - width))


@compiled(inline="always")
def distance(codes: Any, row: Any, queries: Any, number: Any) -> Any:
    apart = ones(codes[row, 0] ^ queries[number, 0]) + ones(codes[row, 1] ^ queries[number, 1])
    return apart + ones(codes[row, 2] ^ queries[number, 2]) + ones(codes[row, 3] ^ queries[number, 3])


@compiled()
def build_part(codes: Any, start: int, width: int, offsets: Any, signatures: Any, rows: Any, scratch: Any) -> None:
    """A counting sort in two turns, by the key's upper bits and then within each by its lower 16 at most: both write
    into few enough places at a time for the processor's caches. The 64 bits from the key on are read in place: in a
    function of its own they took twice as long.
    """
    upper = max(min(width, 8), width - 16)
    lower = width - upper
    word, after, offset = start >> 6, ((start >> 6) + 1) & 3, start & 63
    begins = np.zeros((1 << upper) + 1, np.int64)
    for row in range(codes.shape[0]):
        bits = codes[row, word] << u64(offset)
        if offset:
            bits |= codes[row, after] >> u64(64 - offset)
        begins[np.int64(bits >> u64(64 - upper)) + 1] += 1
    for one in range(1 << upper):
        begins[one + 1] += begins[one]
    places = begins.copy()
    for row in range(codes.shape[0]):
        bits = codes[row, word] << u64(offset)
        if offset:
            bits |= codes[row, after] >> u64(64 - offset)
        bucket = np.int64(bits >> u64(64 - upper))
        place = places[bucket]
        places[bucket] = place + 1
        low_and_signature = (bits << u64(upper)) >> u64(48 - lower)
        scratch[place] = u64(row) | (low_and_signature << u64(32))
    within = np.empty(1 << lower, np.int64)
    for one in range(1 << upper):
        within[:] = 0
        for place in range(begins[one], begins[one + 1]):
            within[scratch[place] >> u64(48)] += 1
        at = begins[one]
        for low_key in range(1 << lower):
            offsets[(one << lower) + low_key] = at
            count = within[low_key]
            within[low_key] = at
            at += count
        for place in range(begins[one], begins[one + 1]):
            packed = scratch[place]
            at = within[packed >> u64(48)]
            within[packed >> u64(48)] = at + 1
            rows[at] = np.uint32(packed & u64(0xFFFFFFFF))
            signatures[at] = np.uint16((packed >> u64(32)) & u64(0xFFFF))
    offsets[1 << width] = codes.shape[0]


@compiled(inline="always")
def seen_earlier(codes: Any, row: Any, queries: Any, number: Any, parts: Any, part: Any) -> Any:
    """Does an earlier part lead to this row too? Then it was reported there."""
    for earlier in range(part):
        start, width = parts[earlier, 0], parts[earlier, 1]
        flips = ones(u64(bits_at(codes, row, start, width) ^ bits_at(queries, number, start, width)))
        if flips <= parts[earlier, 3]:
            after = (start + width) & 255
            more = ones(u64(bits_at(codes, row, after, 16) ^ bits_at(queries, number, after, 16)))
            if flips + more <= parts[earlier, 4]:
                return True
    return False


@compiled()
def verify(
    codes: Any, rows: Any, parts: Any, queries: Any, radius: int, survivors: Any, count: int, out: Any, found: int
) -> int:  # fmt: skip
    """Looks at the hashes themselves. Answers how many are found now; past the end of `out` they are only counted."""
    length = rows.shape[1]
    for place in range(count):
        part = survivors[place, 0] // length
        survivors[place, 2] = rows[part, survivors[place, 0] - part * length]
    for place in range(count):
        number, row = survivors[place, 1], survivors[place, 2]
        if row >= codes.shape[0]:
            continue  # a damaged segment
        apart = distance(codes, row, queries, number)
        if apart <= radius and not seen_earlier(codes, row, queries, number, parts, survivors[place, 0] // length):
            if found < out.shape[0]:
                out[found, 0] = number
                out[found, 1] = row
                out[found, 2] = apart
            found += 1
    return found


@compiled()
def look(
    codes: Any, signatures: Any, rows: Any, parts: Any, queries: Any, radius: int, blocks: Any, near: Any, count: int,
    survivors: Any, out: Any, found: int,
) -> int:  # fmt: skip
    """Compares the signatures of the lines gathered in `blocks`, then verifies what they leave."""
    flat = signatures.reshape(-1)
    for block in range(count):
        about = blocks[block, 1]
        mask = near_signatures(flat, np.uint16(about), np.int64(blocks[block, 0]), np.uint16(about >> u64(16)))
        near[block] = mask & np.uint32(about >> u64(32))
    left = 0
    for block in range(count):
        mask = near[block]
        while mask != 0:
            survivors[left, 0] = np.int64(blocks[block, 0]) + lowest(mask)
            survivors[left, 1] = np.int64(blocks[block, 2])
            left += 1
            mask &= mask - np.uint32(1)
        if left > survivors.shape[0] - LANES:
            found = verify(codes, rows, parts, queries, radius, survivors, left, out, found)
            left = 0
    return int(verify(codes, rows, parts, queries, radius, survivors, left, out, found))


@compiled()
def sweep(
    codes: Any, offsets: Any, signatures: Any, rows: Any, parts: Any, queries: Any, radius: int, probes: Any, total: int,
    blocks: Any, near: Any, survivors: Any, out: Any, found: int,
) -> int:  # fmt: skip
    """Visits the buckets that `probes` name: gathers their lines, and looks at those whenever no more fits."""
    length = signatures.shape[1]
    entries = codes.shape[0]
    count = 0
    for place in range(total):
        bucket = np.int64(probes[place, 0] & u64(BUCKET_MASK))
        first = np.int64(probes[place, 0] >> u64(BUCKET_BITS)) * length
        about = probes[place, 1] & u64(0xFFFFFFFF)
        begin = min(np.int64(offsets[bucket]), entries)
        end = min(np.int64(offsets[bucket + 1]), entries)
        line = begin & ~np.int64(LANES - 1)  # whole lines, so that no read straddles two
        while line < end:
            inside = u64(0xFFFFFFFF)
            if line < begin:
                inside = (inside << u64(begin - line)) & u64(0xFFFFFFFF)
            if end - line < LANES:
                inside &= (u64(1) << u64(end - line)) - u64(1)
            blocks[count, 0] = u64(first + line)
            blocks[count, 1] = about | (inside << u64(32))
            blocks[count, 2] = probes[place, 1] >> u64(32)
            count += 1
            line += LANES
            if count == BLOCKS_MAX:
                found = look(
                    codes, signatures, rows, parts, queries, radius, blocks, near, count, survivors, out, found
                )
                count = 0
    return int(look(codes, signatures, rows, parts, queries, radius, blocks, near, count, survivors, out, found))


@compiled()
def query(
    codes: Any, offsets: Any, signatures: Any, rows: Any, parts: Any, masks: Any, limits: Any, firsts: Any,
    queries: Any, radius: int, out: Any,
) -> int:  # fmt: skip
    """One query after the other. Answers how many rows are near; those past the end of `out` are only counted."""
    blocks = np.empty((BLOCKS_MAX, 3), np.uint64)
    near = np.empty(BLOCKS_MAX, np.uint32)
    survivors = np.empty((SURVIVORS_MAX, 3), np.int64)
    probes = np.empty((masks.shape[0], 2), np.uint64)
    found = 0
    for number in range(queries.shape[0]):
        for part in range(parts.shape[0]):
            start, width = parts[part, 0], parts[part, 1]
            key = bits_at(queries, number, start, width)
            wanted = u64(bits_at(queries, number, (start + width) & 255, 16)) | (u64(number) << u64(32))
            for probe in range(firsts[part], firsts[part + 1]):
                probes[probe, 0] = u64(parts[part, 2] + (key ^ masks[probe])) | (u64(part) << u64(BUCKET_BITS))
                probes[probe, 1] = wanted | (u64(limits[probe]) << u64(16))
        found = sweep(codes, offsets, signatures, rows, parts, queries, radius, probes, probes.shape[0], blocks, near,
                      survivors, out, found)  # fmt: skip
    return found


@compiled()
def query_many(
    codes: Any, offsets: Any, signatures: Any, rows: Any, parts: Any, masks: Any, limits: Any, firsts: Any,
    queries: Any, radius: int, out: Any,
) -> int:  # fmt: skip
    """As `query`, one part after the other and its buckets in order: many queries go through memory together."""
    blocks = np.empty((BLOCKS_MAX, 3), np.uint64)
    near = np.empty(BLOCKS_MAX, np.uint32)
    survivors = np.empty((SURVIVORS_MAX, 3), np.int64)
    most = 0
    for part in range(parts.shape[0]):
        most = max(most, firsts[part + 1] - firsts[part])
    probes = np.empty((queries.shape[0] * most, 2), np.uint64)
    found = 0
    for part in range(parts.shape[0]):
        total = order_probes(queries, parts, part, masks, limits, firsts, probes)
        found = sweep(codes, offsets, signatures, rows, parts, queries, radius, probes, total, blocks, near, survivors,
                      out, found)  # fmt: skip
    return found


@compiled()
def order_probes(queries: Any, parts: Any, part: int, masks: Any, limits: Any, firsts: Any, probes: Any) -> int:
    """Fills `probes` with those of one part, of all queries, in the order of the buckets' first bits."""
    start, width = parts[part, 0], parts[part, 1]
    lower = max(width - ORDERED_BITS, 0)
    places = np.zeros((1 << ORDERED_BITS) + 1, np.int64)
    for number in range(queries.shape[0]):
        key = bits_at(queries, number, start, width)
        for probe in range(firsts[part], firsts[part + 1]):
            places[((key ^ masks[probe]) >> lower) + 1] += 1
    for one in range(1 << ORDERED_BITS):
        places[one + 1] += places[one]
    for number in range(queries.shape[0]):
        key = bits_at(queries, number, start, width)
        wanted = u64(bits_at(queries, number, (start + width) & 255, 16)) | (u64(number) << u64(32))
        for probe in range(firsts[part], firsts[part + 1]):
            bucket = key ^ masks[probe]
            place = places[bucket >> lower]
            places[bucket >> lower] = place + 1
            probes[place, 0] = u64(parts[part, 2] + bucket) | (u64(part) << u64(BUCKET_BITS))
            probes[place, 1] = wanted | (u64(limits[probe]) << u64(16))
    return int(queries.shape[0] * (firsts[part + 1] - firsts[part]))


@compiled()
def scan(columns: Any, length: int, queries: Any, radius: int, out: Any) -> int:
    """Answers how many rows are near; those past the end of `out` are only counted. Columns are padded to 8 rows."""
    first, second, third, fourth = columns[0], columns[1], columns[2], columns[3]
    found = 0
    for tile in range(0, length, SCAN_TILE_ROWS):
        end = min(length, tile + SCAN_TILE_ROWS)
        for number in range(queries.shape[0]):
            a, b, c, d = queries[number, 0], queries[number, 1], queries[number, 2], queries[number, 3]
            for at in range(tile, end, 8):
                mask = np.uint32(near_halves(first, a, second, b, np.int64(at), u64(radius)))
                while mask != 0:
                    row = at + lowest(mask)
                    mask &= mask - np.uint32(1)
                    apart = ones(first[row] ^ a) + ones(second[row] ^ b) + ones(third[row] ^ c) + ones(fourth[row] ^ d)
                    if apart <= radius and row < end:
                        if found < out.shape[0]:
                            out[found, 0] = number
                            out[found, 1] = row
                            out[found, 2] = apart
                        found += 1
    return found
