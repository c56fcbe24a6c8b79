"""The Merkle tree of RFC 6962 §2.1, pure: hashes in, hashes out.

A leaf is hashed with 0x00 in front and an inner node with 0x01, so that neither can be passed off as the other. The
tree over `size` leaves splits at the largest power of two below `size`. `Frontier` holds only the roots of the full
subtrees on the right edge (at most 64 hashes), which is all an appender needs; proofs ask for subtree roots by range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()  # RFC 6962 §2.1: the hash of an empty list

BLOCK_LEAVES = 256  # whose root is kept: a proof over ten million leaves then reads 40,000 roots

Subtree = Callable[[int, int], bytes]  # (start, end) -> root over the leaves start … end-1


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: one root per set bit of `size`, the largest subtree first."""

    __slots__ = ("_roots", "size")

    def __init__(self, size: int = 0, packed: bytes = b"") -> None:
        """Takes the edge back from `packed()`. ValueError when the bytes cannot belong to a tree of that size."""
        if size < 0 or len(packed) != HASH_BYTES * size.bit_count():
            raise ValueError(f"a tree of {size} leaves does not have an edge of {len(packed)} bytes")
        self.size = size
        self._roots = [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)]

    def packed(self) -> bytes:
        return b"".join(self._roots)

    def append(self, leaf: bytes) -> None:
        """Adds one leaf hash."""
        node, full = leaf, self.size
        while full & 1:
            node = sha256(b"\x01" + self._roots.pop() + node).digest()
            full >>= 1
        self._roots.append(node)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        if not self._roots:
            return EMPTY_ROOT
        node = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            node = node_hash(left, node)
        return node


def full_blocks(edge: Frontier, leaves: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """(index, root) of every block of BLOCK_LEAVES that these leaves, appended to a tree with this edge, make full."""
    found = []
    begun = edge.size % BLOCK_LEAVES
    inside = edge.packed()[-HASH_BYTES * begun.bit_count() :] if begun else b""
    block, index = Frontier(begun, inside), edge.size // BLOCK_LEAVES
    for leaf in leaves:
        block.append(leaf)
        if block.size == BLOCK_LEAVES:
            found.append((index, block.root()))
            block, index = Frontier(), index + 1
    return found


def root_over(blocks: Sequence[bytes], leaves: Iterable[bytes]) -> bytes:
    """The root over full blocks, by their roots, followed by single leaves."""
    upper = Frontier()
    upper.extend(blocks)
    whole = Frontier(len(blocks) * BLOCK_LEAVES, upper.packed())
    whole.extend(leaves)
    return whole.root()


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    """Subtree roots over leaf hashes held in memory."""

    def root(start: int, end: int) -> bytes:
        frontier = Frontier()
        frontier.extend(leaves[start:end])
        return frontier.root()

    return root


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1: the siblings from leaf to root. ValueError when the leaf is not in the tree."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962 §2.1.2: that the tree of `old` leaves is the beginning of the tree of `size`."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {old} leaves cannot be the beginning of one of {size}")
    path: list[bytes] = []
    start, end = 0, size
    whole = True  # the old tree's root is known to the verifier as long as we have not turned right
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162 §2.1.3.2), or None when its length cannot be right."""
    if not 0 <= index < size:
        return None
    at, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that `old_root` is the beginning of `root` (RFC 9162 §2.1.4.2)."""
    if old == size:
        return not proof and old_root == root
    if not 0 < old < size or not proof:
        return False
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
