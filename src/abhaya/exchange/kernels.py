"""Identifiers as points of Curve25519 that their owner alone can name: the arithmetic of a blinded comparison (pure).

An identifier becomes a point by RFC 9380 (`curve25519_XMD:SHA-512_ELL2_NU_`, its x-coordinate), a point is raised by
X25519 (RFC 7748). Raising commutes, so two sides that raise each other's points meet where they have the same identifier
(Meadows 1986; Huberman, Franklin and Hogg 1999). RFC 9380 clears the cofactor last; every scalar of X25519 is a multiple
of eight and clears it by itself, so the points here are those before it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

POINT_BYTES = SECRET_BYTES = 32
SUITE = b"ABHAYA-V1-CS01-with-curve25519_XMD:SHA-512_ELL2_NU_"

_P = 2**255 - 19
_J = 486_662
_FIELD_BYTES = 48  # RFC 9380 §5.1: ceil((255 + 128) / 8)
_BLOCK = hashlib.sha512(bytes(128))  # Z_pad of expand_message_xmd, taken in once


class NoPoint(ValueError):  # noqa: N818 — reads as what it says at the place of raising
    """These bytes are no point that an honest side could have sent."""


def field_element(message: bytes, domain: bytes) -> int:
    """hash_to_field with one element (RFC 9380 §5.2), by expand_message_xmd with SHA-512 (§5.3.1)."""
    ending = domain + bytes([len(domain)])
    first = _BLOCK.copy()
    first.update(message + _FIELD_BYTES.to_bytes(2, "big") + b"\0" + ending)
    expanded = hashlib.sha512(first.digest() + b"\1" + ending).digest()[:_FIELD_BYTES]
    return int.from_bytes(expanded, "big") % _P


def mapped(elements: Sequence[int]) -> list[int]:
    """Elligator 2 (RFC 9380 §6.7.1, Z = 2): x-coordinates, before the cofactor is cleared. One inversion for all."""
    below = [1 + 2 * element * element for element in elements]  # never zero: -1/2 is no square
    return [_x(-_J * inverse % _P) for inverse in _inverses(below)]


def points(messages: Iterable[bytes], domain: bytes = SUITE) -> list[bytes]:
    """A point for each message, as X25519 takes it."""
    return [x.to_bytes(POINT_BYTES, "little") for x in mapped([field_element(each, domain) for each in messages])]


def fresh_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def raised(given: Iterable[bytes], secret: bytes) -> list[bytes]:
    """Each point raised by the secret, in the given order. NoPoint for one of low order, or not written as it must be."""
    key = X25519PrivateKey.from_private_bytes(secret)
    return [_raised(point, key) for point in given]


def padding(count: int) -> list[bytes]:
    """Points that belong to no identifier. Without the secret nobody tells them from raised ones."""
    return [X25519PrivateKey.generate().public_key().public_bytes_raw() for _ in range(count)]


def _raised(point: bytes, key: X25519PrivateKey) -> bytes:
    if len(point) != POINT_BYTES or int.from_bytes(point, "little") >= _P:
        raise NoPoint("a point is 32 bytes that count less than 2^255 - 19")
    try:
        return key.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:  # all zeros: the point has low order, and would meet every other
        raise NoPoint("a point of low order") from None


def _x(x: int) -> int:
    """`x` where the curve has a point there, else the other x that goes with it: one of the two is a square."""
    other = ((x + _J) * x + 1) * x % _P
    return x if pow(other, (_P - 1) // 2, _P) != _P - 1 else (-x - _J) % _P


def _inverses(numbers: Sequence[int]) -> list[int]:
    """Montgomery's trick: one inversion and three products each."""
    products, product = [], 1
    for number in numbers:
        products.append(product)
        product = product * number % _P
    rest = pow(product, -1, _P)
    found = [0] * len(numbers)
    for at in range(len(numbers) - 1, -1, -1):
        found[at] = rest * products[at] % _P
        rest = rest * numbers[at] % _P
    return found
