"""PDQ's samples with every rounding of the reference, for the few pictures where rounding decides a bit.

The reference blurs with running sums in single precision: first along the rows, then down the columns, both twice. Here
eight rows go through all but the last of these while they are in the cache, side by side, because a running sum alone
waits for itself; only the columns that are sampled come out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abhaya.matching.kernels.compiled import IS_COMPILED, compiled
from abhaya.matching.kernels.pdq_bands import LUMA_BLUE, LUMA_GREEN, LUMA_RED, SIDE, Pixels

LANES = 8  # rows side by side
ROWS_AT_ONCE = 256  # of luma in double precision, so that memory stays small


def samples_exactly(pixels: Pixels, *, is_nearest: bool) -> NDArray[np.float32]:
    """64 × 64 of them. `is_nearest`: with the luma of the C++ family, which multiplies in single precision."""
    height, width = pixels.shape[:2]
    if (height, width) == (SIDE, SIDE):  # samples already, as the reference too has it
        return _luma(pixels, is_nearest=is_nearest)
    across, down = ((length + 2 * SIDE - 1) // (2 * SIDE) for length in (width, height))
    rows, columns = (((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64) for length in (height, width))
    if IS_COMPILED:
        flat = np.ascontiguousarray(pixels).reshape(height, -1)
        thrice = _blurred_thrice(flat, flat.shape[1] // width, is_nearest, columns, across, down)
        blurred = _boxed_rows(thrice, down)
    else:
        luma = _boxed(np.ascontiguousarray(_luma(pixels, is_nearest=is_nearest).T), across)
        luma = _boxed(np.ascontiguousarray(luma.T), down)
        blurred = _boxed(np.ascontiguousarray(_boxed(np.ascontiguousarray(luma.T), across)[columns].T), down)
    return np.ascontiguousarray(blurred[rows])


@compiled()
def _blurred_thrice(
    rows: NDArray[np.uint8], channels: int, is_nearest: bool, columns: NDArray[np.int64], across: int, down: int,
) -> NDArray[np.float32]:  # fmt: skip
    """All but the last blur, at the columns that are sampled: (height, 64). `across`, `down`: the windows."""
    height, width = rows.shape[0], rows.shape[1] // channels
    right = (down + 2) // 2 - 1
    kept = np.empty((down + LANES, width), np.float32)  # rows blurred once, as long as the window down needs them
    line, total = np.empty(width, np.float32), np.zeros(width, np.float32)
    coming, blurred = np.empty((width, LANES), np.float32), np.empty((width, LANES), np.float32)
    leaving = np.empty((width, LANES), np.float32)
    found = np.empty((height, len(columns)), np.float32)
    count = 0
    for step in range(height + right):
        if step < height and step % LANES == 0:
            most = min(LANES, height - step)
            for lane in range(most):
                _luma_of_row(rows[step + lane], channels, is_nearest, line)
                for x in range(width):
                    coming[x, lane] = line[x]
            _boxed_lines(coming, across, blurred)
            _rows_of_lanes(blurred, most, step, kept)
        if step < height:
            _add(total, kept[step % (down + LANES)])
            count += 1
        if step >= down:
            _subtract(total, kept[(step - down) % (down + LANES)])
            count -= 1
        if step >= right:
            lane = (step - right) % LANES
            for x in range(width):
                leaving[x, lane] = total[x] / np.float32(count)
            if lane == LANES - 1 or step == height + right - 1:
                _boxed_lines(leaving, across, blurred)
                first = step - right - lane
                for of in range(lane + 1):
                    found[first + of] = blurred[columns, of]
    return found


@compiled()
def _rows_of_lanes(lanes: NDArray[np.float32], most: int, step: int, kept: NDArray[np.float32]) -> None:
    """The first `most` lanes as rows of a ring, from row `step` on."""
    for lane in range(most):
        row = kept[(step + lane) % len(kept)]
        for x in range(len(row)):
            row[x] = lanes[x, lane]


@compiled()
def _add(total: NDArray[np.float32], row: NDArray[np.float32]) -> None:
    """In a loop of its own: an expression over whole arrays makes one more of them each time."""
    for x in range(len(total)):
        total[x] += row[x]


@compiled()
def _subtract(total: NDArray[np.float32], row: NDArray[np.float32]) -> None:
    for x in range(len(total)):
        total[x] -= row[x]


@compiled()
def _luma_of_row(row: NDArray[np.uint8], channels: int, is_nearest: bool, line: NDArray[np.float32]) -> None:
    for x in range(len(line)):
        if channels == 1:
            line[x] = np.float32(row[x])
        elif is_nearest:
            red = np.float32(LUMA_RED) * np.float32(row[3 * x])
            green = np.float32(LUMA_GREEN) * np.float32(row[3 * x + 1])
            line[x] = red + green + np.float32(LUMA_BLUE) * np.float32(row[3 * x + 2])
        else:
            line[x] = np.float32(
                np.float64(row[3 * x]) * LUMA_RED
                + np.float64(row[3 * x + 1]) * LUMA_GREEN
                + np.float64(row[3 * x + 2]) * LUMA_BLUE
            )


@compiled()
def _boxed_lines(lines: NDArray[np.float32], window: int, blurred: NDArray[np.float32]) -> None:
    """The mean over a window along each of the lines, (width, `LANES`), as running sums."""
    length = len(lines)
    right = (window + 2) // 2 - 1
    total, count = np.zeros(LANES, np.float32), 0
    for place in range(length + right):
        if place < length:
            for lane in range(LANES):
                total[lane] += lines[place, lane]
            count += 1
        if place >= window:
            for lane in range(LANES):
                total[lane] -= lines[place - window, lane]
            count -= 1
        if place >= right:
            for lane in range(LANES):
                blurred[place - right, lane] = total[lane] / np.float32(count)


@compiled()
def _boxed_rows(across: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """As `_boxed`, compiled."""
    length, width = across.shape
    blurred, total = np.empty((length, width), np.float32), np.zeros(width, np.float32)
    right = (window + 2) // 2 - 1
    count = 0
    for step in range(length + right):
        if step < length:
            _add(total, across[step])
            count += 1
        if step >= window:
            _subtract(total, across[step - window])
            count -= 1
        if step >= right:
            for x in range(width):
                blurred[step - right, x] = total[x] / np.float32(count)
    return blurred


def _boxed(across: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """The mean over a window along the first axis, kept as a running sum, in the reference's order of roundings."""
    length, width = across.shape
    blurred = np.empty_like(across)
    total = np.zeros(width, np.float32)
    right = (window + 2) // 2 - 1
    for place in range(right):
        total += across[place]
    count = right
    for place in range(length):
        coming, going = place + right, place + right - window
        if coming < length:
            total += across[coming]
            count += 1
        if going >= 0:
            total -= across[going]
            count -= 1
        blurred[place] = total / np.float32(count)
    return blurred


def _luma(pixels: Pixels, *, is_nearest: bool) -> NDArray[np.float32]:
    """The C++ family multiplies in single precision, the other rounds once at the end."""
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    kind = np.dtype(np.float32 if is_nearest else np.float64)
    luma = np.empty(pixels.shape[:2], np.float32)
    for top in range(0, len(luma), ROWS_AT_ONCE):
        red, green, blue = (
            pixels[top : top + ROWS_AT_ONCE, :, channel].astype(kind) * np.asarray(factor, kind)
            for channel, factor in enumerate((LUMA_RED, LUMA_GREEN, LUMA_BLUE))
        )
        luma[top : top + ROWS_AT_ONCE] = red + green + blue
    return luma
