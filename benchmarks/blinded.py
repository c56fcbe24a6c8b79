"""A blinded comparison of 10,000 identifiers on each side, beside the bare X25519 calls that nobody can do without.

    python3 benchmarks/blinded.py [--values 10000] [--rounds 3]

Each step as a side does it: own identifiers to points and raised, filled up and shuffled; the other side's points raised;
what met. The limit is OpenSSL's X25519 through the same library, called as often as the step raises a point, one core.
The least of the rounds counts, because other work on the machine only adds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from abhaya.exchange import kernels, rules

COMPARISON = bytes(32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    count: int = given.values
    own = [("email", f"person{number}@example.com") for number in range(count)]
    theirs = [("email", f"person{number}@example.com") for number in range(count // 2, count // 2 + count)]
    a, b = kernels.fresh_secret(), kernels.fresh_secret()
    messages = [rules.message(COMPARISON, kind, value) for kind, value in own]
    made = kernels.points(messages)
    question, answer = rules.blinded(COMPARISON, own, a), rules.blinded(COMPARISON, theirs, b)
    asked, answered = rules.given_back(question.points, b), rules.given_back(answer.points, a)
    met = rules.met(question.places, asked, answered)
    assert len(met) == count - count // 2, "each side learns exactly what both have"
    size = len(question.points)
    steps: Sequence[tuple[str, int, Callable[[], object]]] = (
        ("bare X25519, as a limit", count, lambda: bare(made, a)),
        ("identifiers to points", count, lambda: kernels.points(messages)),
        ("raised, low order refused", count, lambda: kernels.raised(made, a)),
        ("points of nothing", count, lambda: kernels.padding(count)),
        ("question: own to points, raised, filled", count, lambda: rules.blinded(COMPARISON, own, a)),
        ("given back: the other's list raised", size, lambda: rules.given_back(question.points, b)),
        ("what met", size, lambda: rules.met(question.places, asked, answered)),
    )
    print(f"{count:,} identifiers, lists of {size:,} points, {len(met):,} in common; one core")
    print(f"{'step':<42}{'points':>8}{'seconds':>10}{'a second':>12}{'x limit':>9}")
    limit = 0.0
    for name, points, step in steps:
        seconds = min(timed(step) for _ in range(given.rounds))
        each = seconds / points
        limit = limit or each
        print(f"{name:<42}{points:>8,}{seconds:>10.3f}{points / seconds:>12,.0f}{each / limit:>9.2f}")


def bare(points: Sequence[bytes], secret: bytes) -> None:
    key = X25519PrivateKey.from_private_bytes(secret)
    for point in points:
        key.exchange(X25519PublicKey.from_public_bytes(point))


def timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
