"""Why are two accounts one person, or why not? The kernel's number taken apart into sentences, for an officer and a court.

It takes the very arrays that the kernel takes and works plainly, value by value; that both come to the same number is a
property that tests hold them to.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from abhaya.linking.kernels import Evidence
from abhaya.linking.kernels.groups import AGAINST_PROTECTION, AGAINST_WORD, WEAK_BRIDGE
from abhaya.linking.kernels.pairs import DTYPES, Integers
from abhaya.linking.weights import (
    ASSUMED,
    DEVICE,
    EMAIL,
    FIXED,
    IP,
    IP6,
    JUNK,
    KINDS,
    KINDS_ENOUGH,
    MINED,
    MINUTES_PER_DAY,
    NO_TIME,
    NONE,
    PARAMETERS,
    PHONE,
    RELATED,
    REVIEW,
    SAME,
    SOLID,
    UNKNOWN_NETWORK,
    UPI,
    VERIFIED,
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
    Parameters,
)
from abhaya.shared.reason import Reason

JUDGED_MILLIBITS: Final = 1 << 30
"""The weight of a person's word "same" in a chain: above every link."""
CAPS: Final = {
    WHY_PROTECTED: "link_protected", WHY_ALONE: "link_alone", WHY_RECYCLED: "link_given_again", WHY_SOFT: "link_all_soft",
    WHY_HOUSEHOLD: "link_household", WHY_LENT: "link_lent", WHY_ONCE: "link_once", WHY_PASSED_ON: "link_passed_on", WHY_ADDRESS: "link_address_only", WHY_PLACE_ONLY: "link_place_only",
}  # fmt: skip


class Line(NamedTuple):
    """One step of the waterfall. `reason.weight` in millibits; `value` the position of the value that it speaks of."""

    reason: Reason
    kind: int = 0
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The waterfall: the weights of `lines` sum to `millibits`. `caps`: what keeps the outcome below the number."""

    lines: tuple[Line, ...]
    millibits: int
    outcome: int
    why: int
    caps: tuple[Reason, ...]
    generic: tuple[Line, ...] = ()  # values that both have, and that count for nothing

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (*(line.reason for line in self.lines), *self.caps)


class _Shared(NamedTuple):
    kind: int
    is_soft: bool
    is_apart: bool  # the periods of use do not meet
    is_in_turns: bool  # each used it before and after the other did
    is_once: bool  # seen at one moment only, on both sides
    is_crowd: bool  # its accounts do not look like one person by what else they show


class _Held(NamedTuple):
    first: int
    last: int
    flags: int
    network: int


def explain(
    evidence: Evidence,
    a: int,
    b: int,
    protected: Integers,
    *,
    holders: Integers | None = None,
    sides: tuple[Collection[int], Collection[int]] | None = None,
    parameters: Parameters = PARAMETERS,
) -> Explanation:
    """The waterfall of two accounts by their positions in `evidence`, as `pair_weights` counts it; of the two groups that
    they stand in, without addresses, where those are given (`sides`), as `hold_together` counts it.
    """
    columns = [np.asarray(column).astype(dtype) for column, dtype in zip(evidence, DTYPES, strict=True)]
    side = {one: name for name, group in ((a, sides[0]), (b, sides[1])) for one in group} if sides else {a: a, b: b}
    held, kinds, known = _values(columns, list(side), holders)
    lines: list[Line] = []
    generic: list[Line] = []
    addresses: list[Line] = []
    shared: list[_Shared] = []
    shown: dict[int, set[int]] = {a: set(), b: set()}
    for value in sorted(held):
        every, kind = held[value], kinds[value]
        who = _by_side(every, side)
        count = max(len(every), known.get(value, 0))
        most = parameters.address_holders_max if kind >= IP else parameters.kinds[kind].holders_max
        if count > most:
            if a in who and b in who:
                generic.append(Line(Reason(f"link_{KINDS[kind]}_generic", {"holders": count}), kind, value[0]))
            continue
        if kind < IP:
            for one in (a, b):
                if one in who and who[one].flags & SOLID:
                    shown[one].add(kind)
        if a not in who or b not in who or (sides and kind >= IP):
            continue
        if kind >= IP:
            network = min(one.network for one in every.values())
            addresses.append(_address_line(kind, value[0], count, network, parameters))
            continue
        people = _people(columns, value[0], sorted(every), count)
        steps, how = _agreement(kind, value[0], (count, people), who[a], who[b], parameters)
        lines += steps
        shared.append(how)
    differing = (shown[a] & shown[b]) - {one.kind for one in shared}
    return _summed(lines, addresses, generic, shared, differing, bool(protected[a] != protected[b]), parameters)


def _values(
    columns: Sequence[Integers], accounts: Sequence[int], holders: Integers | None
) -> tuple[dict[tuple[int, int], dict[int, _Held]], dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """(value, hour) -> account -> what it shows; their kinds; how many accounts the caller knows of. Hour 0 but for
    addresses of IPv4.
    """
    near = np.isin(columns[1], columns[1][np.isin(columns[0], accounts)])
    held: defaultdict[tuple[int, int], dict[int, _Held]] = defaultdict(dict)
    kinds: dict[tuple[int, int], int] = {}
    for account, value, kind, first, last, flags, network in zip(
        *(column[near].tolist() for column in columns), strict=True
    ):
        if flags & JUNK or (kind >= IP and network not in {FIXED, UNKNOWN_NETWORK}):
            continue
        for hour in {first // 60, last // 60} if kind == IP else {0}:
            key = (value, max(hour, 0))
            kinds[key] = kind
            new = _Held(first, last, flags, network)
            earlier = held[key].get(account)
            held[key][account] = _merged(earlier, new) if earlier else new
    known = (
        {}
        if holders is None
        else {key: int(holders[key[0]]) for key in held if key[0] < len(holders) and kinds[key] < IP}
    )
    return held, kinds, known


def _by_side(who: Mapping[int, _Held], side: Mapping[int, int]) -> dict[int, _Held]:
    """What each of the two sides shows of a value."""
    found: dict[int, _Held] = {}
    for account, one in who.items():
        if (name := side.get(account)) is not None:
            found[name] = _merged(found[name], one) if name in found else one
    return found


def _merged(one: _Held, other: _Held) -> _Held:
    times = [at for at in (one.first, other.first) if at != NO_TIME]
    flags = ((one.flags | other.flags) & (SOLID | VERIFIED)) | (one.flags & other.flags & (ASSUMED | MINED))
    return _Held(min(times, default=NO_TIME), max(one.last, other.last), flags, min(one.network, other.network))


def _agreement(
    kind: int, value: int, counted: tuple[int, int], one: _Held, other: _Held, parameters: Parameters
) -> tuple[list[Line], _Shared]:
    """Lines for one shared value, and how the two have it."""
    name = KINDS[kind]
    holders, people = counted
    weight = parameters.agreement(kind, people)
    lines = [Line(Reason(f"link_{name}", {"holders": holders, "people": people}, weight), kind, value)]
    soft = not one.flags & other.flags & SOLID
    if soft:
        lines.append(Line(Reason(f"link_{name}_soft", {}, parameters.soft_millibits), kind, value))
    elif one.flags & other.flags & VERIFIED:
        lines.append(Line(Reason(f"link_{name}_verified", {}, parameters.verified_millibits), kind, value))
    dated = NO_TIME not in {one.first, other.first}
    gap = max(other.first - one.last, one.first - other.last) if dated else -1
    apart = kind in {PHONE, DEVICE} and gap > parameters.recycled_gap_days * MINUTES_PER_DAY
    if apart:
        days = {"days": gap // MINUTES_PER_DAY}
        lines.append(Line(Reason(f"link_{name}_apart", dict(days), parameters.recycled_millibits), kind, value))
    in_turns = dated and gap < 0 and one.first < one.last and other.first < other.last
    once = one.first == one.last and other.first == other.last
    return lines, _Shared(kind, soft, apart, in_turns, once, people > 1)


def _people(columns: Sequence[Integers], value: int, accounts: Sequence[int], count: int) -> int:
    """How many people the accounts of a value look like, by what else they show: as `kernels.pairs_compiled.crowds`."""
    if len(accounts) < 3:
        return count
    of_them = (
        np.isin(columns[0], accounts) & (columns[2] <= DEVICE) & (columns[1] != value) & ((columns[5] & JUNK) == 0)
    )
    pairs = set(zip(columns[0][of_them].tolist(), columns[1][of_them].tolist(), strict=True))
    groups: list[set[int]] = []  # values that hang together by accounts
    for account in sorted({account for account, _ in pairs}):
        shown = {other for one, other in pairs if one == account}
        touching = [group for group in groups if group & shown]
        groups = [group for group in groups if not group & shown] + [shown.union(*touching)]
    showing = len({account for account, _ in pairs})
    return count if showing < 2 else 1 + math.ceil((count - 1) * (len(groups) - 1) / (showing - 1))


def _address_line(kind: int, value: int, holders: int, network: int, parameters: Parameters) -> Line:
    if kind == IP6:
        return Line(Reason("link_ip6", {"holders": holders}, parameters.address6_millibits), kind, value)
    if network == FIXED:
        return Line(Reason("link_ip_fixed", {"holders": holders}, parameters.address_fixed_millibits), kind, value)
    return Line(Reason("link_ip", {"holders": holders}, parameters.address_millibits), kind, value)


def _summed(
    lines: list[Line], addresses: list[Line], generic: list[Line], shared: list[_Shared],
    differing: set[int], is_across: bool, parameters: Parameters,
) -> Explanation:  # fmt: skip
    """Everything together, and what the pair may be."""
    good = [line for line in addresses if line.reason.code != "link_ip"]
    agreed = sum(line.reason.weight for line in lines)
    if (not shared and not good) or agreed < 0:
        return Explanation((), 0, NONE, 0, (), tuple(generic))
    if shared:
        rarity = {"bits": parameters.population_bits}
        lines = [
            Line(Reason("link_prior", dict(rarity), parameters.prior_millibits)),
            Line(Reason("link_meeting", dict(rarity), parameters.meeting_millibits)),
            *lines,
        ]
    for kind in sorted(differing):
        if parameters.kinds[kind].differs:
            lines.append(Line(Reason(f"link_{KINDS[kind]}_differs", {}, parameters.difference(kind)), kind))
    decided = sum(line.reason.weight for line in lines)
    best = max(addresses, key=lambda line: line.reason.weight, default=None)
    if best is not None:
        lines.append(best)
    outcome, why = _outcome(decided, shared, differing, parameters)
    if is_across and shared:
        outcome, why = RELATED, why | WHY_PROTECTED
    caps = tuple(Reason(code) for bit, code in CAPS.items() if why & bit)
    return Explanation(tuple(lines), sum(line.reason.weight for line in lines), outcome, why, caps, tuple(generic))


def _outcome(decided: int, shared: list[_Shared], differing: set[int], parameters: Parameters) -> tuple[int, int]:
    """As the kernel decides: by the number without addresses, then what caps it."""
    if not shared:
        return RELATED, WHY_ADDRESS
    persons = [one for one in shared if parameters.kinds[one.kind].alone > RELATED]
    if not persons:
        return RELATED, WHY_PLACE_ONLY
    outcome = (
        SAME if decided >= parameters.same_millibits else REVIEW if decided >= parameters.review_millibits else RELATED
    )
    several = {min(one.kind, UPI) for one in persons}  # payees of every kind count once
    if len(several) >= KINDS_ENOUGH:
        outcome = SAME
    why = 0
    top = parameters.kinds[persons[0].kind].alone
    if len(persons) == 1 and (top < SAME or persons[0].is_crowd):
        outcome, why = min(outcome, top, REVIEW), why | WHY_ALONE
    if all(one.is_soft for one in shared):
        outcome, why = min(outcome, REVIEW), why | WHY_SOFT
    if all(one.is_apart for one in shared):
        outcome, why = min(outcome, REVIEW), why | WHY_RECYCLED
    if len(several) < KINDS_ENOUGH and all(one.is_once for one in shared) and outcome == SAME:
        outcome, why = REVIEW, why | WHY_ONCE
    in_turns = any(one.is_in_turns for one in shared)
    if several == {PHONE, DEVICE} and not in_turns:
        outcome, why = min(outcome, REVIEW), why | WHY_PASSED_ON
    if several == {EMAIL, DEVICE} and (not in_turns or PHONE in differing):
        outcome, why = min(outcome, REVIEW), why | WHY_LENT
    if DEVICE in {one.kind for one in shared} and {PHONE, EMAIL} <= differing:
        outcome, why = min(outcome, REVIEW), why | WHY_HOUSEHOLD
    return outcome, why


class Step(NamedTuple):
    """One link of a chain between two accounts."""

    a: int
    b: int
    millibits: int


class Chain(NamedTuple):
    """The strongest way from one account to another: no other way has a stronger weakest link; of those, the shortest."""

    steps: tuple[Step, ...]

    @property
    def weakest(self) -> Step:
        return min(self.steps, key=lambda step: step.millibits)


def chain(links: Iterable[tuple[int, int, int]], one: int, other: int) -> Chain | None:
    """The widest path over the links (a, b, millibits) of a group; a word "same" stands with `JUDGED_MILLIBITS`. None
    where there is none, or between an account and itself.
    """
    near: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    weights: set[int] = set()
    for a, b, millibits in links:
        near[a].append((b, millibits))
        near[b].append((a, millibits))
        weights.add(millibits)
    if one == other or one not in near or other not in near:
        return None
    for ways in near.values():
        ways.sort()
    choices = sorted(weights)
    low, high, best = 0, len(choices) - 1, None
    while low <= high:  # the greatest weakest link at which there is still a way
        middle = (low + high) // 2
        found = _shortest(near, one, other, choices[middle])
        if found is None:
            high = middle - 1
        else:
            best, low = found, middle + 1
    return Chain(tuple(best)) if best else None


def _shortest(near: defaultdict[int, list[tuple[int, int]]], one: int, other: int, least: int) -> list[Step] | None:
    came: dict[int, Step | None] = {one: None}
    waiting = deque([one])
    while waiting and other not in came:
        here = waiting.popleft()
        for there, millibits in near[here]:
            if millibits >= least and there not in came:
                came[there] = Step(here, there, millibits)
                waiting.append(there)
    if other not in came:
        return None
    steps = []
    step = came[other]
    while step is not None:
        steps.append(step)
        step = came[step.a]
    return steps[::-1]


def why_not(
    explanation: Explanation, *, verdict: int = 0, is_different: bool = False, shown: Sequence[Iterable[int]] = ((), ())
) -> tuple[Reason, ...]:
    """What keeps two accounts apart, first things first. `is_different`: a person said so of these two; `verdict`: what
    became of their link (`kernels.groups`); `shown`: the kinds of values that each shows, to name what is missing.
    """
    found: list[Reason] = []
    if is_different:
        found.append(Reason("link_not_said"))
    elif verdict == AGAINST_WORD:
        found.append(Reason("link_not_word"))
    if verdict == AGAINST_PROTECTION and not explanation.why & WHY_PROTECTED:
        found.append(Reason("link_not_protected_group"))
    if verdict == WEAK_BRIDGE:
        found.append(Reason("link_not_bridge"))
    found += explanation.caps
    found += [line.reason for line in explanation.generic]
    if explanation.outcome == NONE:
        found.append(Reason("link_not_shared"))
    elif explanation.outcome < SAME and not explanation.caps:
        found.append(Reason("link_not_enough", {"bits": explanation.millibits / 1000}))
    found += [line.reason for line in explanation.lines if line.reason.code.endswith("_differs")]
    mine, theirs = (set(kinds) for kinds in shown)
    if explanation.outcome < SAME and (mine or theirs):
        found += [
            Reason(f"link_missing_{KINDS[kind]}") for kind in (PHONE, EMAIL, DEVICE) if not {kind} <= mine & theirs
        ]
    return tuple(found)
