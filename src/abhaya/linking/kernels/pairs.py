"""From evidence to weighted pairs of accounts: each value counted once per pair, whatever how often it was reported.

Memory and time grow with the rows and with the pairs, never with rows squared: a value that too many accounts have emits
no pair. No step depends on the order of the rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abhaya.linking.kernels import pairs_compiled as steps
from abhaya.linking.kernels.pairs_decided import weigh
from abhaya.linking.weights import FIXED, IP, IP6, JUNK, PARAMETERS, UNKNOWN_NETWORK, Parameters, Tables

Integers = npt.NDArray[Any]
Holdings = tuple[Integers, ...]
HOUR_BITS = 20  # of a key of address and hour: hours since 1970 until the year 2089


class Evidence(NamedTuple):
    """One row per report, account and value (a row per account and value does as well), columns of one length.

    `account` and `value` are positions in the caller's own lists, from 0. Positions of accounts must ascend with the
    accounts' ids: ties are broken by them. A value is one position in whichever kind; for IPv6 the value is the /64 network
    (`values.key_of`). Minutes are since 1970, `NO_TIME` where unknown. `network` is the class of an address's network.
    """

    account: Integers  # int32
    value: Integers  # int32
    kind: Integers  # int8
    first_at: Integers  # int32, minutes
    last_at: Integers  # int32, minutes
    flags: Integers  # int16: SOLID | VERIFIED | ASSUMED | MINED | JUNK
    network: Integers  # int8

    @classmethod
    def of(cls, rows: Any) -> Evidence:
        """From rows (account, value, kind, first_at, last_at, flags, network)."""
        table = np.array(list(rows), dtype=np.int64).reshape(-1, len(DTYPES))
        return cls(*(np.ascontiguousarray(table[:, place], dtype=dtype) for place, dtype in enumerate(DTYPES)))


DTYPES = (np.int32, np.int32, np.int8, np.int32, np.int32, np.int16, np.int8)


class Pairs(NamedTuple):
    """One row per pair of accounts that share anything that counts, by (a, b), a < b."""

    a: Integers  # int32
    b: Integers  # int32
    millibits: Integers  # int32
    outcome: Integers  # int8: RELATED | REVIEW | SAME
    why: Integers  # int16: WHY_… bits


class Weighed(NamedTuple):
    """Pairs, and what they were weighed from: per value that is not generic its accounts, with when and how each has it."""

    pairs: Pairs
    held: Holdings  # begin per value, people, kind, network, then per value and account: who, first, last, flags


def pair_weights(
    evidence: Evidence,
    protected: Integers,
    *,
    holders: Integers | None = None,
    parameters: Parameters = PARAMETERS,
) -> Pairs:
    """`weighed` without what it was weighed from."""
    return weighed(evidence, protected, holders=holders, parameters=parameters).pairs


def weighed(
    evidence: Evidence,
    protected: Integers,
    *,
    holders: Integers | None = None,
    parameters: Parameters = PARAMETERS,
) -> Weighed:
    """Every pair of accounts that share a value, with its weight and outcome.

    `protected`: per account, whether some report calls it a victim or possible minor (also where another calls it
    reported: a child stays a child). `holders`: per value, how many accounts have it in all, where the rows may not show
    all of them; a count above `HOLDERS_MAX` may be cut there. Not a pair is made where what is shared weighs nothing.

    For a part of the accounts the answer is that of the whole, if with all rows of each of these there are those rows of others
    that have a value of theirs, and all telephones, e-mail addresses and devices of those others: by them it is seen how
    many people the accounts of one value look like.
    """
    protected = np.ascontiguousarray(protected, dtype=np.bool_)
    tables = tables_of(parameters)
    accounts = len(protected)
    rows, values = _grouped(evidence, 0 if holders is None else len(holders))
    known = np.zeros(values, dtype=np.int32)
    if holders is not None:
        known[: len(holders)] = holders
    if not len(rows.account):
        nothing = Pairs(*(np.zeros(0, dtype) for dtype in (np.int32, np.int32, np.int32, np.int8, np.int16)))
        return Weighed(nothing, ())
    start, order = steps.by_number(rows.value, values)
    numbers, held = steps.holdings(start, order, *rows, known, tables.holders_max)
    by_account = steps.by_number(rows.account, accounts)
    held = (held[0], steps.crowds(numbers, *held, *by_account, rows.value, rows.kind, values), *held[2:])
    return Weighed(weigh_held(held, accounts, protected, parameters), held)


def united(held: Holdings, label: Integers, counts: Integers) -> Holdings:
    """What groups of accounts hold, each as one account by its label: of those groups that count, and without addresses."""
    return tuple(steps.united(*held, label, counts))


def renumbered(held: Holdings, place: Integers) -> Holdings:
    """The same under other numbers of accounts, which keep the order."""
    return (*held[:4], place[held[4]], *held[5:])


def weigh_held(held: Holdings, accounts: int, protected: Integers, parameters: Parameters) -> Pairs:
    """The pairs of those who hold these values."""
    tables = tables_of(parameters)
    present = steps.presence(*held, accounts)
    shared = steps.emit(*held, tables.agreement, tables.scalars)
    # The least number first, then the greatest: a stable sort by both.
    shared = steps.sorted_pairs(*shared, accounts)
    return Pairs(*weigh(*shared, present, protected, tables.difference, tables.alone, tables.scalars))


_TABLES: dict[int, tuple[Parameters, Tables]] = {}


def tables_of(parameters: Parameters) -> Tables:
    """The arrays of these parameters, made once."""
    kept = _TABLES.get(id(parameters))
    if kept is None or kept[0] is not parameters:
        kept = _TABLES[id(parameters)] = (parameters, parameters.tables())
    return kept[1]


def _grouped(evidence: Evidence, values_min: int) -> tuple[Evidence, int]:
    """The rows that count; an address becomes a value for each hour in which an account had it."""
    columns = Evidence(*(np.ascontiguousarray(c, dtype=t) for c, t in zip(evidence, DTYPES, strict=True)))
    values = max(int(columns.value.max()) + 1 if len(columns.value) else 0, values_min)
    counts = (columns.flags & JUNK) == 0
    is_address = columns.kind >= IP
    plain = np.flatnonzero(counts & ~is_address)
    open_network = (columns.network == FIXED) | (columns.network == UNKNOWN_NETWORK)
    address = np.flatnonzero(counts & is_address & open_network)
    if not len(address):
        return (columns if len(plain) == len(columns.kind) else _take(columns, plain)), values
    address = address[steps.met(columns.account, columns.value, address, values)]
    hours, made = _hours(_take(columns, address), values)
    both = Evidence(*(np.concatenate(pair) for pair in zip(_take(columns, plain), hours, strict=True)))
    return both, values + made


def _hours(rows: Evidence, offset: int) -> tuple[Evidence, int]:
    """The value of each address row: the address in that hour (a row of two hours twice), or the /64 network."""
    first, last = rows.first_at // 60, rows.last_at // 60
    wide = rows.kind == IP6
    again = np.flatnonzero((last != first) & ~wide)
    rows = Evidence(*(np.concatenate((column, column[again])) for column in rows))
    hour = np.concatenate((np.where(wide, 0, first), last[again])).astype(np.int64)
    keys = (rows.value.astype(np.int64) << HOUR_BITS) | np.maximum(hour, 0)
    unique, place = np.unique(keys, return_inverse=True)
    return rows._replace(value=(place + offset).astype(np.int32)), len(unique)


def _take(rows: Evidence, places: Integers) -> Evidence:
    return Evidence(*(column[places] for column in rows))
