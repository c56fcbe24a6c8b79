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
