"""Same bytes and a claimed hash are two different things."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.matching import rules
from abhaya.matching.reasons import SENTENCES
from abhaya.matching.rules import BYTES, CLAIMED, Arrival, Earlier, Hashes
from abhaya.shared.reason import sentence

AT = datetime(2026, 3, 1, tzinfo=UTC)


def came(number: int) -> Arrival:
    return AT + timedelta(minutes=number), UUID(int=number)


A, B, C, D = (came(number) for number in range(1, 5))
MD5, SHA1 = "md5:" + "ab" * 16, "sha1:" + "cd" * 20


def test_only_reports_before_this_one_count() -> None:
    assert rules.earlier([A, B, C], B, 10) == Earlier(1, False, A[1])
    assert rules.earlier([A, B, C], A, 10) is None
    assert rules.earlier([], A, 10) is None


def test_a_count_that_reaches_the_window_says_that_there_may_be_more() -> None:
    assert rules.earlier([A, B, C], D, 3) == Earlier(3, True, A[1])
    assert rules.earlier([A, B, C], C, 3) == Earlier(2, False, A[1])


def test_a_claim_meets_claims_and_the_bytes_we_hold() -> None:
    hashes = Hashes(claimed={MD5})
    assert rules.claimed(hashes, {MD5: [A]}, {MD5: [B]}, (), D, 10) == [(MD5, Earlier(2, False, A[1]))]


def test_our_own_hash_meets_claims_but_never_bytes_by_this_way() -> None:
    hashes = Hashes(computed={MD5})
    assert rules.claimed(hashes, {MD5: [A]}, {}, (), D, 10) == [(MD5, Earlier(1, False, A[1]))]
    assert rules.claimed(hashes, {}, {MD5: [A]}, (), D, 10) == []


def test_reports_with_the_same_bytes_are_not_said_again_as_claims() -> None:
    hashes = Hashes(claimed={MD5}, computed={SHA1})
    assert rules.claimed(hashes, {MD5: [A, B]}, {MD5: [A]}, [A], D, 10) == [(MD5, Earlier(1, False, B[1]))]
    assert rules.claimed(hashes, {MD5: [A]}, {}, [A], D, 10) == []


def test_each_hash_that_met_stands_by_itself() -> None:
    hashes = Hashes(claimed={MD5, SHA1})
    assert rules.claimed(hashes, {MD5: [A], SHA1: [A, B]}, {}, (), D, 10) == [
        (MD5, Earlier(1, False, A[1])), (SHA1, Earlier(2, False, A[1])),
    ]  # fmt: skip


REPORTS = st.lists(st.integers(1, 30).map(came), unique=True, max_size=12).map(sorted)


@given(REPORTS, REPORTS, REPORTS, st.integers(1, 30), st.integers(1, 15))
def test_claims_are_counted_once_earlier_only_and_besides_the_same_bytes(
    spoken: list[Arrival], kept: list[Arrival], same: list[Arrival], report: int, window: int
) -> None:
    this = came(report)
    expected = {other for other in (*spoken, *kept) if other < this and other not in same}
    found = rules.claimed(Hashes(claimed={MD5}), {MD5: spoken}, {MD5: kept}, same, this, window)
    if not expected:
        assert found == []
        return
    [(key, earlier)] = found
    assert (key, earlier.reports, earlier.first) == (MD5, min(len(expected), window), min(expected)[1])
    assert earlier.more == (len(expected) >= window)


@pytest.mark.parametrize(
    ("hash_kind", "words"), [(BYTES, "The same bytes"), (CLAIMED, "Nobody here has compared the bytes")]
)
def test_the_sentence_never_calls_a_claim_the_same_bytes(hash_kind: str, words: str) -> None:
    reason = rules.reason(hash_kind, "md5", 3, more=False)
    assert words in sentence(reason, SENTENCES, "en")
    assert ": 3." in sentence(reason, SENTENCES, "en")
    assert re.search(r"[\u0900-\u097f]", sentence(reason, SENTENCES, "hi"))
    assert "1,000+" in sentence(rules.reason(hash_kind, "md5", 1000, more=True), SENTENCES, "hi")
