"""The Merkle tree of RFC 6962 §2.1, written apart from the program that is being checked."""

from __future__ import annotations

from hashlib import sha256


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

    def root(self) -> bytes:
        if not self._parts:
            return sha256(b"").digest()
        root = self._parts[-1][1]
        for _, left in reversed(self._parts[:-1]):
            root = hash_of_node(left, root)
        return root
