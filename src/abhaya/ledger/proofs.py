"""Proofs over the tree as it stands: that a leaf is in it, and that it continues an earlier one.

They are made from the kept roots of full blocks and held against the signed root before anybody gets them; a table of
blocks that was bent, or that begins late, costs time and never a wrong proof. The caller's transaction must see every
leaf: the road's does, an officer's does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from abhaya.errors import OperatorError
from abhaya.ledger.merkle import (
    BLOCK_LEAVES,
    HASH_BYTES,
    Subtree,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    root_from_inclusion,
    root_over,
)
from abhaya.ledger.note import Checkpoint
from abhaya.shared.sql import NamedSql, value, values

SQL = NamedSql(__file__, "proofs.sql")
BENT = "The leaves do not add up to the signed checkpoint at {size} entries. Run the ledger's check: it says what was changed."


def inclusions(indexes: Sequence[int], checkpoint: Checkpoint) -> list[list[bytes]]:
    """The ways from these leaves up to the checkpoint's root. OperatorError when a leaf does not lead there.

    What the ways share is computed once.
    """
    ways = [cache(_by_blocks), cache(_by_leaves)]
    return [_inclusion(index, checkpoint, ways) for index in indexes]


def _inclusion(index: int, checkpoint: Checkpoint, ways: Sequence[Subtree]) -> list[bytes]:
    leaf = value(SQL["leaf"], {"index": index})
    for subtree in ways:
        proof = inclusion_proof(index, checkpoint.size, subtree)
        if leaf is not None and root_from_inclusion(index, checkpoint.size, bytes(leaf), proof) == checkpoint.root:
            return proof
    raise OperatorError(BENT.format(size=checkpoint.size))


def consistency(old: int, checkpoint: Checkpoint) -> list[bytes]:
    """That the tree of `old` leaves is the beginning of the checkpoint's; empty for none and for the same."""
    if old in {0, checkpoint.size}:
        return []
    for subtree in (_by_blocks, _by_leaves):
        proof = consistency_proof(old, checkpoint.size, subtree)
        if is_consistent(old, subtree(0, old), checkpoint.size, checkpoint.root, proof):
            return proof
    raise OperatorError(BENT.format(size=checkpoint.size))


def _by_blocks(start: int, end: int) -> bytes:
    full = (end - start) // BLOCK_LEAVES
    first = start // BLOCK_LEAVES
    roots = values(SQL["blocks"], {"first": first, "end": first + full}) if full else []
    if len(roots) != full or any(len(root) != HASH_BYTES for root in roots):
        return _by_leaves(start, end)
    rest = values(SQL["leaves"], {"first": start + full * BLOCK_LEAVES, "end": end})
    return root_over([bytes(root) for root in roots], map(bytes, rest))


def _by_leaves(start: int, end: int) -> bytes:
    return root_over([], map(bytes, values(SQL["leaves"], {"first": start, "end": end})))
