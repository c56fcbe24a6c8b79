"""When does a file count as one that was here before? (pure)

*The same bytes*: we hold both and computed both hashes ourselves. *Claimed*: on one side at least the hash is a sender's
word. A claim is worth saying; it is never "known", since whoever sends a report can write any hash into it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from abhaya.shared.reason import Reason

BYTES, CLAIMED, NEAR = "bytes", "claimed", "near"

# When a report was received (a file that came later: when that came), and its id: the order in which things came.
Arrival = tuple[datetime, UUID]
Arrivals = Mapping[str, Sequence[Arrival]]  # hash ("md5:…") -> reports with it, oldest first, each once


@dataclass(frozen=True, slots=True)
class Earlier:
    """In how many earlier reports, at most as many as were looked at, and which was the first."""

    reports: int
    more: bool
    first: UUID


@dataclass(frozen=True, slots=True)
class Hashes:
    """The hashes of one file: what its sender claims, and what we computed of its bytes (nothing when we hold none)."""

    claimed: Collection[str] = ()
    computed: Collection[str] = ()


def earlier(held_in: Sequence[Arrival], this: Arrival, window: int) -> Earlier | None:
    """`held_in`: reports with the same hash, oldest first, each once, of at most `window` files."""
    count = bisect_left(held_in, this)
    return Earlier(count, count >= window, held_in[0][1]) if count else None


def claimed(
    hashes: Hashes, spoken: Arrivals, kept: Arrivals, same_bytes: Sequence[Arrival], this: Arrival, window: int
) -> list[tuple[str, Earlier]]:
    """The hashes by which a claim meets earlier reports, and those reports, besides the ones with the same bytes.

    `spoken`: reports whose sender claims a hash; `kept`: reports whose bytes have it. What we computed is compared with
    claims only: bytes with bytes is the other question.
    """
    besides = {report for _, report in same_bytes} | {this[1]}  # nor with another file of its own report
    met: list[tuple[str, Earlier]] = []
    for key in sorted({*hashes.claimed, *hashes.computed}):
        others = {*spoken.get(key, ()), *(kept.get(key, ()) if key in hashes.claimed else ())}
        before = {other for other in others if other < this and other[1] not in besides}
        if before:
            met.append((key, Earlier(min(len(before), window), len(before) >= window, min(before)[1])))
    return met


def reason(hash_kind: str, hash_type: str, reports: int, *, more: bool) -> Reason:
    """Why a file is shown as seen before; the sentences stand in `reasons.py`. `reports`: those that the reader may see."""
    code = "same_bytes" if hash_kind == BYTES else "claimed_hash"
    if not reports:
        return Reason(f"{code}_elsewhere", {"type": hash_type.upper()})
    return Reason(code, {"reports": f"{reports:,}{'+' if more else ''}", "type": hash_type.upper()})


ARRIVAL, RECHECK = "arrival", "re-check"  # when a list found a file
WIDELY_SHARED_REPORTS_MIN = 20  # the same bytes in so many other reports: passed on widely, by our own count
KNOWN, LOOKS_KNOWN, NEW = "known", "looks-known", "new"
VOUCHED_MIN = 2  # DESIGN promise 5: known is the same bytes and an entry that two people verified


def answer(hash_kind: str, vouched: int, disputed: int) -> str:
    """*Known* or *looks known*; *new* is a file that no entry names. A claim, a near picture, an entry that one person
    made, and one that anybody disputes are never *known*: one lawful look decides about them.
    """
    return KNOWN if hash_kind == BYTES and vouched >= VOUCHED_MIN and not disputed else LOOKS_KNOWN


def verdict(answers: Collection[str], *, here_before: bool) -> str:
    """One word for a file. `answers`: of the live entries that name it; `here_before`: it was, or somebody claims so, in
    an earlier report. That alone is nobody's verification, so it *looks known*.
    """
    if KNOWN in answers:
        return KNOWN
    return LOOKS_KNOWN if answers or here_before else NEW
