"""The operator's key split among several people, on paper: any `needed` of them have it, fewer have nothing.

Shamir's scheme (Shamir 1979, “How to share a secret”) over GF(2⁸) with the polynomial of AES, byte by byte: share number x
is the value at x of a random polynomial whose value at 0 is the key. Pure arithmetic on bytes.

On paper a share is five lines of sixteen letters and two letters of check. The letters are Crockford's, so that nothing
can be misread for something else; the check belongs to the line and its number, so that a mistyped line is named.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from abhaya.custody.sealing import KEY_BYTES, KEY_ID_BYTES

SHARES_MAX = 16
VERSION = 1
SET_ID_BYTES = 4
SUM_BYTES = 7
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
LINES = 5
LINE_BYTES = 10
LINE_LETTERS = 16
CHECK_LETTERS = 2
GROUP_LETTERS = 4
_DOMAIN = b"abhaya key share 1\n"
_AES_POLYNOMIAL = 0x11B


class ShareError(ValueError):
    """What is wrong with a share or a set of them, in a sentence for whoever types it."""


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's share. `number` counts from 1; `key_id` says of which key, `set_id` of which splitting."""

    set_id: bytes
    key_id: bytes
    needed: int
    number: int
    value: bytes

    @property
    def lines(self) -> list[str]:
        """As it stands on paper: `XXXX-XXXX-XXXX-XXXX-CC`, five times."""
        head = bytes([VERSION]) + self.set_id + self.key_id + bytes([self.needed, self.number]) + self.value
        body = head + _sum(head)
        return [
            _grouped(_letters(body[at : at + LINE_BYTES]), number)
            for number, at in enumerate(range(0, len(body), LINE_BYTES), start=1)
        ]


def split(key: bytes, key_id: bytes, *, shares: int, needed: int) -> list[Share]:
    """The key in so many shares. ValueError unless 2 ≤ needed ≤ shares ≤ `SHARES_MAX`."""
    if not 2 <= needed <= shares <= SHARES_MAX:
        raise ValueError(
            f"a key is split into 2 to {SHARES_MAX} shares, of which 2 or more are needed, not {needed} of {shares}"
        )
    if len(key) != KEY_BYTES or len(key_id) != KEY_ID_BYTES:
        raise ValueError("this is no operator key")
    set_id = secrets.token_bytes(SET_ID_BYTES)
    polynomials = [bytes([byte]) + secrets.token_bytes(needed - 1) for byte in key]
    return [
        Share(set_id, key_id, needed, number, bytes(_value_at(one, number) for one in polynomials))
        for number in range(1, shares + 1)
    ]


def join(given: Sequence[Share]) -> bytes:
    """The key again. `ShareError` when these shares do not make one; a share given twice counts once.

    That they make *the* key, its id shows: `OperatorKey(join(…)).id` against `Share.key_id`.
    """
    if not given:
        raise ShareError("No share was given.")
    first = given[0]
    for one in given:
        if one.key_id != first.key_id:
            raise ShareError(
                f"Share {one.number} is of another key ({one.key_id.hex()}) than share {first.number}"
                f" ({first.key_id.hex()}). Use sheets that name the same key."
            )
        if (one.set_id, one.needed) != (first.set_id, first.needed):
            raise ShareError(
                f"Share {one.number} belongs to another splitting ({one.set_id.hex()}) than share {first.number}"
                f" ({first.set_id.hex()}). Use sheets of one set: the set stands on each."
            )
    points = {one.number: one.value for one in given}
    for one in given:
        if points[one.number] != one.value:
            raise ShareError(f"Share {one.number} was given twice, and not the same. One of the two sheets is false.")
    if len(points) < first.needed:
        raise ShareError(
            f"{len(points)} of the {first.needed} shares needed were given: {first.needed - len(points)} more."
        )
    chosen = sorted(points)[: first.needed]
    weights = {at: _weight(at, chosen) for at in chosen}
    return bytes(_sum_of([_times(points[at][byte], weights[at]) for at in chosen]) for byte in range(KEY_BYTES))


def read(typed: str) -> Share:
    """A share as somebody typed it from paper: case, spaces, dashes and look-alikes do not matter.

    `ShareError` says which line is mistyped.
    """
    rows = [row for row in (_plain(row) for row in typed.splitlines()) if row]
    whole = "".join(rows)
    each = LINE_LETTERS + CHECK_LETTERS
    if len(whole) != LINES * each:
        wrong = [number for number, row in enumerate(rows, start=1) if len(row) != each]
        if len(rows) == LINES and wrong:
            raise ShareError(
                f"Line {wrong[0]} has {len(rows[wrong[0] - 1])} letters; it should have {each}. Type it again."
            )
        raise ShareError(
            f"A share has {LINES} lines of {each} letters and digits; {len(rows)} lines with {len(whole)} were typed."
        )
    body = b""
    for number in range(1, LINES + 1):
        line = whole[(number - 1) * each : number * each]
        strange = sorted(set(line) - set(LETTERS))
        if strange:
            raise ShareError(f"Line {number} holds “{strange[0]}”, which is in no share. Type it again.")
        if line[LINE_LETTERS:] != _check(line[:LINE_LETTERS], number):
            raise ShareError(
                f"Line {number} is mistyped, or is another line of the sheet. Compare it letter by letter."
            )
        body += _bytes(line[:LINE_LETTERS])
    return _read_body(body)


def _read_body(body: bytes) -> Share:
    head, told = body[:-SUM_BYTES], body[-SUM_BYTES:]
    if head[0] != VERSION:
        raise ShareError("This sheet was written by a newer version, and cannot be read by this one.")
    if _sum(head) != told:
        raise ShareError("Each line is right, but they are not of one sheet. Type all five lines of the same sheet.")
    at = 1 + SET_ID_BYTES
    numbers = head[at + KEY_ID_BYTES : at + KEY_ID_BYTES + 2]
    return Share(head[1:at], head[at : at + KEY_ID_BYTES], numbers[0], numbers[1], head[at + KEY_ID_BYTES + 2 :])


def _sum(head: bytes) -> bytes:
    return sha256(_DOMAIN + head).digest()[:SUM_BYTES]


def _letters(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    return "".join(LETTERS[number >> shift & 31] for shift in range(8 * len(data) - 5, -1, -5))


def _bytes(letters: str) -> bytes:
    number = 0
    for letter in letters:
        number = number << 5 | LETTERS.index(letter)
    return number.to_bytes(LINE_BYTES, "big")


def _check(letters: str, number: int) -> str:
    found = int.from_bytes(sha256(_DOMAIN + bytes([number]) + letters.encode()).digest()[:2], "big") >> 6
    return LETTERS[found >> 5] + LETTERS[found & 31]


def _grouped(letters: str, number: int) -> str:
    groups = [letters[at : at + GROUP_LETTERS] for at in range(0, LINE_LETTERS, GROUP_LETTERS)]
    return "-".join([*groups, _check(letters, number)])


def _plain(row: str) -> str:
    return row.upper().translate(str.maketrans("OIL", "011", "- \t\r.")).strip()


def _value_at(polynomial: bytes, at: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = _times(value, at) ^ coefficient
    return value


def _weight(at: int, chosen: Sequence[int]) -> int:
    """Lagrange's weight of the point `at` for the value at 0."""
    weight = 1
    for other in chosen:
        if other != at:
            weight = _times(weight, _times(other, _inverse(other ^ at)))
    return weight


def _sum_of(values: Sequence[int]) -> int:
    total = 0
    for value in values:
        total ^= value
    return total


def _times(a: int, b: int) -> int:
    """The product in GF(2⁸), by shifting and adding: no table, no branch on the key's bits."""
    product = 0
    for _ in range(8):
        product ^= a & -(b & 1)
        a = (a << 1) ^ (_AES_POLYNOMIAL & -(a >> 7))
        b >>= 1
    return product


def _inverse(a: int) -> int:
    """a²⁵⁴, which is 1/a for every a but 0."""
    result = 1
    for _ in range(254):
        result = _times(result, a)
    return result
