"""The Merkle tree of RFC 6962 §2.1, written apart from the program that is being checked."""

from __future__ import annotations

from hashlib import sha256

HASH_BYTES = 32


def hash_of_leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def hash_of_node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree. Only the roots of its full parts are kept: (height, root), the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        part = (0, leaf)
        while self._parts and self._parts[-1][0] == part[0]:
            height, left = self._parts.pop()
            part = (height + 1, hash_of_node(left, part[1]))
        self._parts.append(part)
        self.size += 1

    def extend(self, leaves: bytes | bytearray, start: int, end: int) -> None:
        """Adds the leaves from one place to another of a row of hashes."""
        parts, hashed = self._parts, sha256
        for at in range(start * HASH_BYTES, end * HASH_BYTES, HASH_BYTES):
            node, height = leaves[at : at + HASH_BYTES], 0
            while parts and parts[-1][0] == height:
                node = hashed(b"\x01" + parts.pop()[1] + node).digest()
                height += 1
            parts.append((height, bytes(node)))
        self.size += end - start

    def root(self) -> bytes:
        if not self._parts:
            return sha256(b"").digest()
        root = self._parts[-1][1]
        for _, left in reversed(self._parts[:-1]):
            root = hash_of_node(left, root)
        return root


def root_above(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to, from the leaf up (RFC 9162 §2.1.3.2); None if its length is wrong."""
    if not 0 <= index < size:
        return None
    place, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            node = hash_of_node(sibling, node)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            node = hash_of_node(node, sibling)
        place, last = place // 2, last // 2
    return node if last == 0 else None


def follows(old: int, old_root: bytes, size: int, root: bytes, path: list[bytes]) -> bool:
    """Whether a consistency proof shows the tree of `old` leaves to be the beginning of this one (RFC 9162 §2.1.4.2)."""
    if old == 0:
        return not path
    if old == size:
        return not path and old_root == root
    if not 0 < old < size or not path:
        return False
    nodes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    place, last = old - 1, size - 1
    while place % 2:
        place, last = place // 2, last // 2
    before = after = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            before, after = hash_of_node(sibling, before), hash_of_node(sibling, after)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            after = hash_of_node(after, sibling)
        place, last = place // 2, last // 2
    return last == 0 and before == old_root and after == root
