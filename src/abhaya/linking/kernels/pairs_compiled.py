"""The steps of `pairs` as machine code; without numba the same functions run as they stand, slower."""

from __future__ import annotations

from typing import Any

import numpy as np

from abhaya.linking.weights import (
    ASSUMED,
    DEVICE,
    FIXED,
    IP,
    IP6,
    MINED,
    NO_TIME,
    PHONE,
    SOLID,
    VERIFIED,
)  # fmt: skip
from abhaya.matching.kernels.compiled import compiled

HELD_BITS = 4  # of what a shared value says: its kind
SOFT_BIT, RECYCLED_BIT, GOOD_LINE_BIT, CROWD_BIT, TURNS_BIT, ONCE_BIT = 16, 32, 64, 128, 256, 512
KIND_BITS = (1 << HELD_BITS) - 1


@compiled()
def by_number(numbers: Any, count: int) -> Any:
    """Counting sort: where each number's rows begin, and the rows in that order (stable)."""
    start = np.zeros(count + 1, dtype=np.int64)
    for row in range(len(numbers)):
        start[numbers[row] + 1] += 1
    for number in range(count):
        start[number + 1] += start[number]
    order = np.empty(len(numbers), dtype=np.int32)
    place = start[:-1].copy()
    for row in range(len(numbers)):
        number = numbers[row]
        order[place[number]] = row
        place[number] += 1
    return start, order


@compiled()
def met(account: Any, value: Any, rows: Any, values: int) -> Any:
    """Which of the rows have a value that a second account has too."""
    first = np.full(values, -1, dtype=np.int32)
    many = np.zeros(values, dtype=np.bool_)
    for row in rows:
        one = value[row]
        if first[one] == -1:
            first[one] = account[row]
        elif first[one] != account[row]:
            many[one] = True
    kept = np.empty(len(rows), dtype=np.bool_)
    for place in range(len(rows)):
        kept[place] = many[value[rows[place]]]
    return kept


@compiled()
def holdings(
    start: Any, order: Any, account: Any, value: Any, kind: Any, first_at: Any, last_at: Any, flags: Any, network: Any,
    known: Any, holders_max: Any,
) -> Any:  # fmt: skip
    """One row per value and account, for values that are not generic: the values, and (begin per group, holders, kind,
    network, account, first, last, flags), the accounts of a value ascending.
    """
    rows, groups = len(order), len(start) - 1
    begin = np.empty(groups + 1, dtype=np.int64)
    number = np.empty(groups, dtype=np.int32)
    holders = np.empty(groups, dtype=np.int32)
    group_kind = np.empty(groups, dtype=np.int8)
    group_network = np.empty(groups, dtype=np.int8)
    who = np.empty(rows, dtype=np.int32)
    first = np.empty(rows, dtype=np.int32)
    last = np.empty(rows, dtype=np.int32)
    what = np.empty(rows, dtype=np.int16)
    made, end = 0, 0
    for group in range(groups):
        if start[group] == start[group + 1]:
            continue
        one = order[start[group]]
        most = holders_max[kind[one]]
        if known[group] > most:
            continue
        low = end
        line = np.int8(127)
        for position in range(start[group], start[group + 1]):
            row = order[position]
            line = min(line, network[row])
            place = low
            while place < end and who[place] < account[row]:
                place += 1
            if place < end and who[place] == account[row]:
                if first_at[row] != NO_TIME and (first[place] == NO_TIME or first_at[row] < first[place]):
                    first[place] = first_at[row]
                last[place] = max(last[place], last_at[row])
                what[place] = _both(what[place], flags[row])
                continue
            if end - low >= most:
                end = low - 1
                break
            for later in range(end, place, -1):
                who[later], first[later] = who[later - 1], first[later - 1]
                last[later], what[later] = last[later - 1], what[later - 1]
            who[place], first[place], last[place] = account[row], first_at[row], last_at[row]
            what[place] = flags[row]
            end += 1
        if end < low:
            end = low
            continue
        begin[made], group_kind[made], group_network[made] = low, kind[one], line
        holders[made], number[made] = max(known[group], end - low), group
        made += 1
    begin[made] = end
    return number[:made], (
        begin[: made + 1], holders[:made], group_kind[:made], group_network[:made], who[:end], first[:end],
        last[:end], what[:end],
    )  # fmt: skip


@compiled()
def _both(one: Any, other: Any) -> Any:
    """Of two sayings of one value by one account: solid and verified where either is; soft marks where both are."""
    return ((one | other) & (SOLID | VERIFIED)) | (one & other & (ASSUMED | MINED))


@compiled()
def crowds(
    numbers: Any, begin: Any, holders: Any, kind: Any, network: Any, who: Any, first: Any, last: Any, what: Any,
    account_start: Any, account_rows: Any, row_value: Any, row_kind: Any, values: int,
) -> Any:  # fmt: skip
    """How many different people each value's accounts look like, by what else they show: as many as accounts where nothing
    is known of two of them; 1 where all hang together by other telephones, mailboxes, devices; between, in proportion.
    """
    looks = holders.copy()
    seen_in = np.full(values, -1, dtype=np.int32)
    seen_by = np.empty(values, dtype=np.int32)
    most = 0
    for group in range(len(holders)):
        most = max(most, begin[group + 1] - begin[group])
    parent = np.empty(most, dtype=np.int32)
    for group in range(len(holders)):
        size = begin[group + 1] - begin[group]
        if kind[group] >= IP or size < 3:
            continue
        showing, apart = 0, 0
        for one in range(size):
            parent[one] = one
            shows = False
            for place in range(account_start[who[begin[group] + one]], account_start[who[begin[group] + one] + 1]):
                row = account_rows[place]
                value = row_value[row]
                if row_kind[row] > DEVICE or value == numbers[group]:
                    continue
                shows = True
                if seen_in[value] != group:
                    seen_in[value], seen_by[value] = group, one
                    continue
                left, right = np.int32(one), seen_by[value]
                while parent[left] != left:
                    left = parent[left]
                while parent[right] != right:
                    right = parent[right]
                if left != right:
                    parent[max(left, right)] = min(left, right)
                    apart -= 1
            showing += shows
            apart += shows
        if showing >= 2:
            looks[group] = 1 - (-(holders[group] - 1) * (apart - 1)) // (showing - 1)  # rounded up
    return looks


@compiled()
def united(
    begin: Any, holders: Any, kind: Any, network: Any, who: Any, first: Any, last: Any, what: Any, label: Any, counts: Any
) -> Any:  # fmt: skip
    """The same holdings with each group of accounts as one, by its label; of groups that count, and without addresses."""
    groups, rows = len(holders), len(who)
    new_begin = np.empty(groups + 1, dtype=np.int64)
    kept = np.empty(groups, dtype=np.int32)
    new_who = np.empty(rows, dtype=np.int32)
    new_first = np.empty(rows, dtype=np.int32)
    new_last = np.empty(rows, dtype=np.int32)
    new_what = np.empty(rows, dtype=np.int16)
    made, end = 0, 0
    for group in range(groups):
        if kind[group] >= IP:
            continue
        low = end
        for row in range(begin[group], begin[group + 1]):
            one = label[who[row]]
            if not counts[one]:
                continue
            place = low
            while place < end and new_who[place] < one:
                place += 1
            if place < end and new_who[place] == one:
                if first[row] != NO_TIME and (new_first[place] == NO_TIME or first[row] < new_first[place]):
                    new_first[place] = first[row]
                new_last[place] = max(new_last[place], last[row])
                new_what[place] = _both(new_what[place], what[row])
                continue
            for later in range(end, place, -1):
                new_who[later], new_first[later] = new_who[later - 1], new_first[later - 1]
                new_last[later], new_what[later] = new_last[later - 1], new_what[later - 1]
            new_who[place], new_first[place], new_last[place] = one, first[row], last[row]
            new_what[place] = what[row]
            end += 1
        if end > low:
            new_begin[made], kept[made] = low, group
            made += 1
    new_begin[made] = end
    chosen = kept[:made]
    return (
        new_begin[: made + 1], holders[chosen], kind[chosen], network[chosen], new_who[:end], new_first[:end],
        new_last[:end], new_what[:end],
    )  # fmt: skip


@compiled()
def presence(
    begin: Any, holders: Any, kind: Any, network: Any, who: Any, first: Any, last: Any, what: Any, accounts: int
) -> Any:
    """Per account a bit for each kind of which it has a solid value that says who somebody is."""
    present = np.zeros(accounts, dtype=np.int16)
    for group in range(len(holders)):
        if kind[group] >= IP:
            continue
        for place in range(begin[group], begin[group + 1]):
            if what[place] & SOLID:
                present[who[place]] |= 1 << kind[group]
    return present


@compiled()
def emit(
    begin: Any, holders: Any, kind: Any, network: Any, who: Any, first: Any, last: Any, what: Any, agreement: Any,
    scalars: Any,
) -> Any:  # fmt: skip
    """One row per value and pair of its accounts: (a, b, millibits, what it is)."""
    count = 0
    for group in range(len(holders)):
        size = begin[group + 1] - begin[group]
        count += size * (size - 1) // 2
    a = np.empty(count, dtype=np.int32)
    b = np.empty(count, dtype=np.int32)
    bits = np.empty(count, dtype=np.int32)
    says = np.empty(count, dtype=np.int16)
    made = 0
    for group in range(len(holders)):
        one_kind = kind[group]
        for left in range(begin[group], begin[group + 1]):
            for right in range(left + 1, begin[group + 1]):
                a[made], b[made] = who[left], who[right]
                mark = np.int16(one_kind)
                if one_kind == IP6:
                    worth = scalars[8]
                    mark |= GOOD_LINE_BIT
                elif one_kind == IP:
                    worth = scalars[7] if network[group] == FIXED else scalars[6]
                    if network[group] == FIXED:
                        mark |= GOOD_LINE_BIT
                else:
                    worth = np.int64(agreement[one_kind, holders[group]])
                    if holders[group] > 1:
                        mark |= CROWD_BIT
                    more, how = _how(one_kind, left, right, first, last, what, scalars)
                    worth += more
                    mark |= how
                bits[made], says[made] = worth, mark
                made += 1
    return a, b, bits, says


@compiled()
def _how(kind: Any, left: Any, right: Any, first: Any, last: Any, what: Any, scalars: Any) -> Any:
    """How two accounts have a value: what that changes of its weight, and marks."""
    more, mark = np.int64(0), 0
    if not (what[left] & what[right] & SOLID):
        more += scalars[2]
        mark |= SOFT_BIT
    elif what[left] & what[right] & VERIFIED:
        more += scalars[3]
    if kind in (PHONE, DEVICE) and _gap(first[left], last[left], first[right], last[right]) > scalars[5]:
        more += scalars[4]
        mark |= RECYCLED_BIT
    if _in_turns(first[left], last[left], first[right], last[right]):
        mark |= TURNS_BIT
    if first[left] == last[left] and first[right] == last[right]:
        mark |= ONCE_BIT
    return more, mark


@compiled()
def _gap(first: Any, last: Any, other_first: Any, other_last: Any) -> Any:
    """Minutes between two periods that do not meet; below 0 where they do or a time is unknown."""
    if NO_TIME in (first, other_first):
        return -1
    return max(other_first - last, first - other_last)


@compiled()
def _in_turns(first: Any, last: Any, other_first: Any, other_last: Any) -> Any:
    """Whether each used it before and after the other did, or all along: it was not handed over once."""
    if NO_TIME in (first, other_first):
        return False
    return first < last and other_first < other_last and first < other_last and other_first < last


@compiled()
def sorted_pairs(a: Any, b: Any, bits: Any, says: Any, accounts: int) -> Any:
    """The rows by (a, b): two stable counting sorts."""
    _, order = by_number(b, accounts)
    a, b, bits, says = a[order], b[order], bits[order], says[order]
    _, order = by_number(a, accounts)
    return a[order], b[order], bits[order], says[order]
