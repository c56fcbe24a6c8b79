"""What a pair may be, by all that it shares, as machine code; without numba the same functions run as they stand, slower."""

from __future__ import annotations

from typing import Any

import numpy as np

from abhaya.linking.kernels.pairs_compiled import (
    CROWD_BIT,
    GOOD_LINE_BIT,
    KIND_BITS,
    ONCE_BIT,
    RECYCLED_BIT,
    SOFT_BIT,
    TURNS_BIT,
)
from abhaya.linking.weights import (
    BANK,
    CRYPTO,
    DEVICE,
    EMAIL,
    IP,
    KIND_COUNT,
    KINDS_ENOUGH,
    PHONE,
    RELATED,
    REVIEW,
    SAME,
    UPI,
    URL,
    WHY_ADDRESS,
    WHY_ALONE,
    WHY_HOUSEHOLD,
    WHY_LENT,
    WHY_ONCE,
    WHY_PASSED_ON,
    WHY_PLACE_ONLY,
    WHY_PROTECTED,
    WHY_RECYCLED,
    WHY_SOFT,
)
from abhaya.matching.kernels.compiled import compiled


@compiled()
def weigh(
    a: Any, b: Any, bits: Any, says: Any, present: Any, protected: Any, difference: Any, alone: Any, scalars: Any
) -> Any:
    """One row per pair, what is against it counted too: (a, b, millibits, outcome, why)."""
    rows, pairs = len(a), 0
    for row in range(rows):
        if row == 0 or a[row] != a[row - 1] or b[row] != b[row - 1]:
            pairs += 1
    left = np.empty(pairs, dtype=np.int32)
    right = np.empty(pairs, dtype=np.int32)
    millibits = np.empty(pairs, dtype=np.int32)
    outcome = np.empty(pairs, dtype=np.int8)
    why = np.empty(pairs, dtype=np.int16)
    made, row = 0, 0
    while row < rows:
        one, other = a[row], b[row]
        agreed, address, shared, values = np.int64(0), np.int64(0), 0, 0
        every, any_good_line, turns, top = SOFT_BIT | RECYCLED_BIT | CROWD_BIT | ONCE_BIT, 0, 0, 0
        while row < rows and a[row] == one and b[row] == other:
            kind = says[row] & KIND_BITS
            if kind >= IP:
                address = max(address, np.int64(bits[row]))
                any_good_line |= says[row] & GOOD_LINE_BIT
            else:
                agreed += bits[row]
                every &= says[row] | (CROWD_BIT if alone[kind] <= RELATED else 0)
                shared |= 1 << kind
                turns |= says[row] & TURNS_BIT
                if alone[kind] > RELATED:
                    values += 1
                top = max(top, alone[kind])
            row += 1
        if (shared == 0 and any_good_line == 0) or agreed < 0:
            continue
        total = agreed
        differ = present[one] & present[other] & ~shared
        for kind in range(1, KIND_COUNT):
            if differ & (1 << kind):
                total += difference[kind]
        total += scalars[9] if shared else 0
        decided, reason = _decide(total, shared, values, every | turns, top, differ, scalars)
        if protected[one] != protected[other] and shared:
            decided, reason = RELATED, reason | WHY_PROTECTED
        left[made], right[made], millibits[made] = one, other, total + address
        outcome[made], why[made] = decided, reason
        made += 1
    return left[:made], right[:made], millibits[:made], outcome[:made], why[:made]


@compiled()
def _kinds(shared: Any) -> Any:
    """How many kinds of identifiers of a person: telephone, mailbox, device, payee of any kind."""
    payee = shared & ((1 << UPI) | (1 << BANK) | (1 << CRYPTO))
    count = 1 if payee else 0
    for kind in (PHONE, EMAIL, DEVICE):
        count += (shared >> kind) & 1
    return count


@compiled()
def _decide(total: Any, shared: Any, values: Any, every: Any, top: Any, differ: Any, scalars: Any) -> Any:
    """What a pair may be: by its number without the addresses, then what caps it."""
    if shared == 0:
        return RELATED, WHY_ADDRESS
    decided = SAME if total >= scalars[0] else REVIEW if total >= scalars[1] else RELATED
    why = 0
    if values == 0:
        return RELATED, WHY_PLACE_ONLY
    persons = shared & ~(1 << URL)
    kinds = _kinds(persons)
    if kinds >= KINDS_ENOUGH:
        decided = SAME
    if values == 1 and (top < SAME or every & CROWD_BIT):
        decided, why = min(decided, top, REVIEW), why | WHY_ALONE
    if every & SOFT_BIT:
        decided, why = min(decided, REVIEW), why | WHY_SOFT
    if every & RECYCLED_BIT:
        decided, why = min(decided, REVIEW), why | WHY_RECYCLED
    if every & ONCE_BIT and kinds < KINDS_ENOUGH and decided == SAME:
        decided, why = REVIEW, why | WHY_ONCE
    in_turns = every & TURNS_BIT
    if persons == (1 << PHONE) | (1 << DEVICE) and not in_turns:
        decided, why = min(decided, REVIEW), why | WHY_PASSED_ON
    if persons == (1 << EMAIL) | (1 << DEVICE) and (not in_turns or differ & (1 << PHONE)):
        decided, why = min(decided, REVIEW), why | WHY_LENT
    mails = (1 << PHONE) | (1 << EMAIL)
    if shared & (1 << DEVICE) and differ & mails == mails:
        decided, why = min(decided, REVIEW), why | WHY_HOUSEHOLD
    return decided, why
