"""The kernel of `digests` as machine code. Imported only where numba is."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from abhaya.matching.kernels.compiled import compiled

TURN = 32  # keys under way in memory at once
SORT_UPPER_BITS = 8  # of a key's first word: as many places at a time are written to as the caches hold
SORT_LOWER_BITS_MAX = 16
INSERTED_MAX = 24  # keys alike in those bits; more, in a hostile list, are merged
LINEAR_MAX = 16  # rows of one bucket looked at one after the other; hostile lists make longer ones


def _prefetch(_: Any, array: Any, at: Any) -> Any:
    """Asks for a place of memory that will be read soon; a hint, so any place will do."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.gep(make_array(signature.args[0])(context, builder, arguments[0]).data, [arguments[1]])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        ask = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, number, number, number]), "llvm.prefetch.p0"
        )
        builder.call(ask, [builder.bitcast(place, byte), *(ir.Constant(number, how) for how in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


ask_for = intrinsic(_prefetch)


@compiled(inline="always")
def order(keys: Any, row: Any, wanted: Any, number: Any) -> Any:
    """-1, 0 or 1: is the key of this row below, equal to or above the wanted one?"""
    for word in range(keys.shape[1]):
        if keys[row, word] != wanted[number, word]:
            return -1 if keys[row, word] < wanted[number, word] else 1
    return 0


@compiled()
def lookup(keys: Any, fan: Any, shift: int, wanted: Any, rows: Any) -> None:
    """Fills `rows`: where each wanted key lies, or -1."""
    total = np.int64(keys.shape[0])
    flat = keys.reshape(-1)
    begins = np.empty(TURN, np.int64)
    ends = np.empty(TURN, np.int64)
    for turn in range(0, wanted.shape[0], TURN):
        count = min(TURN, wanted.shape[0] - turn)
        for place in range(count):
            bucket = np.int64(wanted[turn + place, 0] >> np.uint64(shift))
            begins[place] = min(np.int64(fan[bucket]), total)
            ends[place] = min(np.int64(fan[bucket + 1]), total)
            ask_for(flat, begins[place] * keys.shape[1])
        for place in range(count):
            number = turn + place
            begin, end = begins[place], ends[place]
            while end - begin > LINEAR_MAX:
                middle = (begin + end) >> 1
                if order(keys, middle, wanted, number) < 0:
                    begin = middle + 1
                else:
                    end = middle + 1
            rows[number] = -1
            while begin < end:
                met = order(keys, begin, wanted, number)
                if met >= 0:
                    if met == 0:
                        rows[number] = begin
                    break
                begin += 1


@compiled()
def by_first_word(keys: Any, ids: Any, lower: int, sorted_keys: Any, sorted_ids: Any) -> None:
    """Keys and their ids in the order of the keys' first word: by its first 8 bits, within those by `lower` more, the few that
    are alike in both one by one. Rows are moved in place: a function for it would count its arrays' holders each time.
    """
    words = keys.shape[1]
    upper_shift = np.uint64(64 - SORT_UPPER_BITS)
    begins = np.zeros((1 << SORT_UPPER_BITS) + 1, np.int64)
    for row in range(keys.shape[0]):
        begins[np.int64(keys[row, 0] >> upper_shift) + 1] += 1
    most = begins.max()
    for one in range(1 << SORT_UPPER_BITS):
        begins[one + 1] += begins[one]
    places = begins.copy()
    for row in range(keys.shape[0]):
        upper = np.int64(keys[row, 0] >> upper_shift)
        place = places[upper]
        places[upper] = place + 1
        for word in range(words):
            sorted_keys[place, word] = keys[row, word]
        sorted_ids[place] = ids[row]
    kept_keys, kept_ids = np.empty((most, words), np.uint64), np.empty(most, np.int64)
    shift, mask = np.uint64(64 - SORT_UPPER_BITS - lower), np.uint64((1 << lower) - 1)
    within = np.empty(1 << lower, np.int64)
    for one in range(1 << SORT_UPPER_BITS):
        begin, end = begins[one], begins[one + 1]
        within[:] = 0
        for row in range(begin, end):
            within[np.int64((sorted_keys[row, 0] >> shift) & mask)] += 1
        first = np.int64(0)
        for low in range(1 << lower):
            count = within[low]
            within[low] = first
            first += count
        for row in range(begin, end):
            key = np.int64((sorted_keys[row, 0] >> shift) & mask)
            place = within[key]
            within[key] = place + 1
            for word in range(words):
                kept_keys[place, word] = sorted_keys[row, word]
            kept_ids[place] = sorted_ids[row]
        put_in_order(kept_keys, kept_ids, within, sorted_keys, sorted_ids, begin)


@compiled()
def put_in_order(keys: Any, ids: Any, ends: Any, to_keys: Any, to_ids: Any, to: int) -> None:
    """Rows that are in order but for their places between two of `ends`, to where they stay, from `to` on."""
    words = keys.shape[1]
    begin = np.int64(0)
    for cell in range(ends.shape[0]):
        end = ends[cell]
        if end - begin > INSERTED_MAX:
            order = np.argsort(keys[begin:end, 0], kind="mergesort")
            for place in range(end - begin):
                for word in range(words):
                    to_keys[to + begin + place, word] = keys[begin + order[place], word]
                to_ids[to + begin + place] = ids[begin + order[place]]
            begin = end
            continue
        for row in range(begin, end):
            at = to + row
            while at > to + begin and to_keys[at - 1, 0] > keys[row, 0]:
                for word in range(words):
                    to_keys[at, word] = to_keys[at - 1, word]
                to_ids[at] = to_ids[at - 1]
                at -= 1
            for word in range(words):
                to_keys[at, word] = keys[row, word]
            to_ids[at] = ids[row]
        begin = end
