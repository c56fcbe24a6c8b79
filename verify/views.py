"""Two exports of one ledger that do not agree: a split view. Whoever signed both told two people two histories."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from verify.files import rows
from verify.ledger import Report
from verify.notes import Checkpoint
from verify.pieces import LEAF

Shown = tuple[Path, Checkpoint, Report]


def compare_views(one: Shown, other: Shown, size: int) -> str | None:
    """What differs between them within the first `size` entries, which both cover; None where nothing does."""
    if one[2].roots.get(size) == other[2].roots.get(size):
        return None
    parted = _parted(one[0], other[0])
    return (
        f"SPLIT VIEW: two histories of this ledger are signed with its key, and part at entry {parted}. {_said(one)};"
        f" {_said(other)}. Keep both exports: together they prove it."
    )


def _said(shown: Shown) -> str:
    folder, newest, _ = shown
    return f"{folder} was signed at {newest.size} entries with root {newest.root.hex()}, code {newest.code()}"


def _parted(one: Path, other: Path) -> int:
    """The first leaf that is not the same in both."""
    both = (rows(folder, "leaves.jsonl", LEAF) for folder in (one, other))
    pairs = enumerate(zip_longest(*both))
    return next(
        (at for at, (first, second) in pairs if first is None or second is None or first["leaf"] != second["leaf"]), 0
    )
