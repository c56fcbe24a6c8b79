"""Keccak-256 as Ethereum uses it (padding 0x01), which the standard library's SHA3-256 (padding 0x06) is not.

The permutation is Keccak-f[1600], FIPS 202 §3.2–3.3. For addresses only: slow, and nothing secret passes through it.
"""

from __future__ import annotations

_RATE_BYTES = 136
_LANE = (1 << 64) - 1


def _round_constants() -> list[int]:
    """FIPS 202 §3.2.5: the linear feedback register gives the constants of the 24 rounds."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            if register & 1:
                constant |= 1 << ((1 << bit) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return constants


_CONSTANTS = _round_constants()


def _rotate(lane: int, by: int) -> int:
    by %= 64
    return ((lane << by) | (lane >> (64 - by))) & _LANE


def _permute(state: list[int]) -> None:
    """State as 25 lanes, lane x + 5y."""
    for constant in _CONSTANTS:
        parity = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
        mix = [parity[(x - 1) % 5] ^ _rotate(parity[(x + 1) % 5], 1) for x in range(5)]
        state[:] = [lane ^ mix[place % 5] for place, lane in enumerate(state)]
        x, y, moving = 1, 0, state[1]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            state[x + 5 * y], moving = _rotate(moving, (step + 1) * (step + 2) // 2), state[x + 5 * y]
        for row in range(0, 25, 5):
            lanes = state[row : row + 5]
            for column in range(5):
                state[row + column] = lanes[column] ^ (~lanes[(column + 1) % 5] & lanes[(column + 2) % 5] & _LANE)
        state[0] ^= constant


def keccak_256(message: bytes) -> bytes:
    """32 bytes."""
    padded = bytearray(message) + b"\x01"
    padded += b"\0" * (-len(padded) % _RATE_BYTES)
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), _RATE_BYTES):
        for lane in range(_RATE_BYTES // 8):
            state[lane] ^= int.from_bytes(padded[start + 8 * lane : start + 8 * lane + 8], "little")
        _permute(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])
