"""Where the groups and actors of a network stand when it is drawn: memberships as arrays in, places in pixels out. (numpy, numba)

Groups are discs as large as the actors that are in them alone need; discs of groups that share actors pull at each other and
all push each other away (Fruchterman and Reingold 1991), then those that still overlap are moved apart. Within its disc an
actor has a seat of a sunflower (Vogel 1979), whoever comes first in the arrays nearest to the middle. Who acts in several
groups stands between them, together with all who are in the same ones. Parts that nothing joins are laid out apart and packed
in rows. Nothing is drawn by lot: the same memberships give the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from abhaya.linking.network_kernels import Floats, Ints, components, project
from abhaya.matching.kernels.compiled import compiled

SEAT_PIXELS = 13.0  # from one actor to the next
GAP_PIXELS = 46.0  # between discs: who stands between groups needs room
LONE_GAP_PIXELS = 18.0  # between parts
ROUNDS, PASSES = 160, 60
FIRST_ROW_MAX = 40  # boxes tried side by side
SHEET_RATIO = 1.6  # as wide as this many times the height: a screen's shape
GOLDEN = np.pi * (3 - np.sqrt(5.0))  # radians from seat to seat


@dataclass(frozen=True, slots=True)
class Places:
    """`radius` is a group's disc; `part` numbers the connected parts, the largest 0."""

    group_x: Floats
    group_y: Floats
    radius: Floats
    person_x: Floats
    person_y: Floats
    group_part: Ints
    person_part: Ints


def places(person: Ints, group: Ints, persons: int, groups: int) -> Places:
    """`person[i]` acted in `group[i]`; pairs are distinct, every person is in a group."""
    body, members = _bodies(person, group, persons, groups)
    homes = np.bincount(body[body < groups], minlength=groups)[:groups]
    sets = len(members) - groups
    seats = np.bincount(body, minlength=groups + sets)
    radius = SEAT_PIXELS * np.sqrt(seats + 1.0)
    radius[:groups] = SEAT_PIXELS * (np.sqrt(homes + 2.0) + 0.5)
    several = body[person] >= groups
    x, y, part = settle(radius[:groups], group[several], person[several], persons)
    between_x = np.array([x[each].mean() for each in members[groups:]])
    between_y = np.array([y[each].mean() for each in members[groups:]])
    between_x, between_y = _between(between_x, between_y, radius[groups:], x, y, radius[:groups], PASSES)
    x, y = np.concatenate((x, between_x)), np.concatenate((y, between_y))
    part = np.concatenate((part, [part[each[0]] for each in members[groups:]])).astype(np.int64)
    x, y, part = packed(x, y, radius, part)
    offset = np.where(np.arange(groups + sets) < groups, 2.0, 0.0)
    order = np.argsort(body, kind="stable")
    starts = np.searchsorted(body[order], np.arange(groups + sets))
    seat = np.empty(persons, np.int64)
    seat[order] = np.arange(persons) - starts[body[order]]
    far = SEAT_PIXELS * np.sqrt(seat + offset[body])
    return Places(
        x[:groups], y[:groups], radius[:groups], x[body] + far * np.cos(seat * GOLDEN), y[body] + far * np.sin(seat * GOLDEN),
        part[:groups], part[body],
    )  # fmt: skip


def settle(radius: Floats, group: Ints, person: Ints, persons: int) -> tuple[Floats, Floats, Ints]:
    """Groups alone: their places part by part, not yet packed, and the part of each. `person[i]` joins `group[i]` to others."""
    groups = len(radius)
    root = components(group, person, groups, persons)
    x, y = np.zeros(groups), np.zeros(groups)
    left, right, weight = project(group, person, persons) if len(group) else (group, group, np.empty(0))
    for each in np.unique(root):
        inside = np.flatnonzero(root == each)
        if len(inside) == 1:
            continue
        place = np.full(groups, -1)
        place[inside] = np.arange(len(inside))
        kept = root[left] == each
        x[inside], y[inside] = _settled(radius[inside], place[left[kept]], place[right[kept]], weight[kept])
    return x, y, root


def _settled(radius: Floats, left: Ints, right: Ints, weight: Floats) -> tuple[Floats, Floats]:
    """One connected part, from a sunflower with the largest in the middle."""
    count = len(radius)
    seat = np.empty(count)
    seat[np.lexsort((np.arange(count), -radius))] = np.arange(count)
    far = (radius.mean() * 2 + GAP_PIXELS) * np.sqrt(seat)
    pull = np.sqrt(weight / weight.max()) if len(weight) else weight
    x, y = _moved(
        far * np.cos(seat * GOLDEN), far * np.sin(seat * GOLDEN), radius, left.astype(np.int64), right.astype(np.int64),
        pull, ROUNDS, GAP_PIXELS,
    )  # fmt: skip
    return _lying(*_apart(x, y, radius, GAP_PIXELS, PASSES))


def _lying(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Turned so that it is widest from left to right, as screens are (its first principal axis)."""
    x, y = x - x.mean(), y - y.mean()
    turn = np.arctan2(2 * (x * y).mean(), (x * x - y * y).mean()) / 2
    return x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)


@compiled()
def _moved(x: Any, y: Any, radius: Any, left: Any, right: Any, pull: Any, rounds: Any, gap: Any) -> Any:
    count = len(x)
    heat = radius.mean() * 2 + gap
    for turn in range(rounds):
        move_x, move_y = np.zeros(count), np.zeros(count)
        for one in range(count):
            for two in range(one + 1, count):
                dx, dy = x[one] - x[two], y[one] - y[two]
                want = radius[one] + radius[two] + gap
                push = want * want / (dx * dx + dy * dy + 1.0)
                move_x[one] += dx * push
                move_y[one] += dy * push
                move_x[two] -= dx * push
                move_y[two] -= dy * push
        for at in range(len(left)):
            one, two = left[at], right[at]
            dx, dy = x[one] - x[two], y[one] - y[two]
            far = np.sqrt(dx * dx + dy * dy)
            hold = pull[at] * far / (radius[one] + radius[two] + gap)
            move_x[one] -= dx * hold
            move_y[one] -= dy * hold
            move_x[two] += dx * hold
            move_y[two] += dy * hold
        limit = heat * (1.0 - turn / rounds)
        for one in range(count):
            dx, dy = move_x[one] - x[one] * 0.4, move_y[one] - y[one] * 0.4  # a little towards the middle
            far = np.sqrt(dx * dx + dy * dy) + 1e-9
            step = min(far, limit) / far
            x[one] += dx * step
            y[one] += dy * step
    return x, y


@compiled()
def _apart(x: Any, y: Any, radius: Any, gap: Any, passes: Any) -> Any:
    """Moves overlapping discs away from each other, half the way each, until none overlaps or the passes are over."""
    for _ in range(passes):
        is_still = True
        for one in range(len(x)):
            for two in range(one + 1, len(x)):
                dx, dy = x[two] - x[one], y[two] - y[one]
                need = radius[one] + radius[two] + gap
                if dx * dx + dy * dy >= need * need:
                    continue
                far = np.sqrt(dx * dx + dy * dy) + 1e-9
                over = (need * 1.001 - far) / far / 2
                x[one] -= dx * over
                y[one] -= dy * over
                x[two] += dx * over
                y[two] += dy * over
                is_still = False
        if is_still:
            break
    return x, y


@compiled()
def _between(x: Any, y: Any, radius: Any, group_x: Any, group_y: Any, group_radius: Any, passes: Any) -> Any:
    """Whoever stands between groups: out of every group's disc, and not upon each other. The groups stay."""
    widest = 0.0
    for one in range(len(x)):
        widest = max(widest, radius[one])
        x[one] += 0.5 * np.cos(one * 2.4)  # who stands at the same place goes different ways
        y[one] += 0.5 * np.sin(one * 2.4)
    for _ in range(passes):
        is_still = True
        order = np.argsort(x)
        for place in range(len(x)):
            one = order[place]
            for later in range(place + 1, len(x)):
                two = order[later]
                dx, dy = x[two] - x[one], y[two] - y[one]
                if dx > radius[one] + widest:
                    break
                need = radius[one] + radius[two]
                if dx * dx + dy * dy >= need * need:
                    continue
                far = np.sqrt(dx * dx + dy * dy) + 1e-9
                over = (need * 1.001 - far) / far / 2
                x[one] -= dx * over
                y[one] -= dy * over
                x[two] += dx * over
                y[two] += dy * over
                is_still = False
        for one in range(len(x)):
            for two in range(len(group_x)):
                dx, dy = x[one] - group_x[two], y[one] - group_y[two]
                need = radius[one] + group_radius[two]
                if dx * dx + dy * dy < need * need:
                    far = np.sqrt(dx * dx + dy * dy) + 1e-9
                    over = (need * 1.001 - far) / far
                    x[one] += dx * over
                    y[one] += dy * over
                    is_still = False
        if is_still:
            break
    return x, y


def _bodies(person: Ints, group: Ints, persons: int, groups: int) -> tuple[Ints, list[list[int]]]:
    """What each person stands in: the disc of their only group, or that of all who are in the same several groups; and the
    groups of every such disc, the groups' own first.
    """
    of: list[list[int]] = [[] for _ in range(persons)]
    for one, joined in zip(person.tolist(), group.tolist(), strict=True):
        of[one].append(joined)
    members, known = [[each] for each in range(groups)], dict[tuple[int, ...], int]()
    body = np.empty(persons, np.int64)
    for one, joined in enumerate(of):
        if len(joined) == 1:
            body[one] = joined[0]
            continue
        key = tuple(sorted(joined))
        if key not in known:
            known[key] = len(members)
            members.append(list(key))
        body[one] = known[key]
    return body, members


def packed(x: Floats, y: Floats, radius: Floats, part: Ints) -> tuple[Floats, Floats, Ints]:
    """Parts in rows, the one with most discs first, on a sheet of a screen's shape; parts numbered in that order."""
    x, y, number = x.copy(), y.copy(), np.empty(len(x), np.int64)
    roots, counts = np.unique(part, return_counts=True)
    inside = [np.flatnonzero(part == each) for each in roots]
    boxes = [
        ((x[each] - radius[each]).min(), (y[each] - radius[each]).min(), (x[each] + radius[each]).max(), (y[each] + radius[each]).max())
        for each in inside
    ]  # fmt: skip
    sizes = [(right - left + LONE_GAP_PIXELS, low - top + LONE_GAP_PIXELS) for left, top, right, low in boxes]
    order = sorted(range(len(roots)), key=lambda each: (-counts[each], -sizes[each][1], int(roots[each])))
    corners = _rows([sizes[each] for each in order])
    for place, (each, (left, top)) in enumerate(zip(order, corners, strict=True)):
        x[inside[each]] += left - boxes[each][0]
        y[inside[each]] += top - boxes[each][1]
        number[inside[each]] = place
    return x, y, number


def _rows(sizes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The corner of each box, row by row in their order, as many in the first row as make the sheet most like a screen."""
    best, least, broadest = list[tuple[float, float]](), np.inf, max(wide for wide, _ in sizes) if sizes else 0.0
    for first in range(1, min(len(sizes), FIRST_ROW_MAX) + 1):
        limit = max(broadest, sum(wide for wide, _ in sizes[:first])) + 0.5
        corners, left, top, row, widest = list[tuple[float, float]](), 0.0, 0.0, 0.0, 0.0
        for wide, high in sizes:
            if left and left + wide > limit:
                left, top, row = 0.0, top + row, 0.0
            corners.append((left, top))
            left, row = left + wide, max(row, high)
            widest = max(widest, left)
        if (size := max(widest / SHEET_RATIO, top + row)) < least:
            best, least = corners, size
    return best
