"""Is everything that was taken in still there, and still what it was? Used by `abhaya check`.

Every object is decrypted and hashed again, under each of its wraps; the folder is held against the table and the items
against the holdings. What does not hold is a finding in words. Nothing is repaired and nothing removed: that is for a
person to decide. The work goes in parts, each in a transaction of its own, so that a check of hours holds nobody up.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple
from uuid import UUID

from abhaya.custody.actions import note_check
from abhaya.custody.damage import OriginalDamaged, opened, unwrapped
from abhaya.custody.queries import SQL as QUERIES
from abhaya.custody.sealing import Digests
from abhaya.custody.stores import Kept
from abhaya.custody.vault import Vault, vault
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import NamedSql, fetch, values

PART_OBJECTS = 200  # of up to 32 KiB each in memory
FOLDER_PART = 1000
FINDINGS_MAX = 1000  # of one kind; a lost disk is one fact, not ten million lines
SERVICE = "operator:check"
NOWHERE = UUID(int=0)
SQL = PARTED = NamedSql(__file__, "check.sql")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. `what` is one word, as counted in the ledger."""

    what: str  # missing | torn | changed | key | name | unheld | item | row | orphan | draft
    sentence: str
    object_id: UUID | None = None


@dataclass(slots=True)
class Checked:
    """The result of one check."""

    objects: int = 0
    size_bytes: int = 0
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # of every kind, also beyond FINDINGS_MAX

    @property
    def holds(self) -> bool:
        """Whether everything is as it was received. A young vault's left-over drafts harm nothing."""
        return not set(self.counts) - {"draft"}

    def add(self, findings: Iterator[Finding]) -> None:
        for finding in findings:
            count = self.counts[finding.what] = self.counts.get(finding.what, 0) + 1
            if count <= FINDINGS_MAX:
                self.findings.append(finding)


@dataclass(frozen=True, slots=True)
class Object:
    """An original as it is checked: its record, every wrap of its key, and its sealed bytes where they lie in a row."""

    id: UUID
    name: bytes
    known_key: bytes
    sha256: bytes
    sha1: bytes
    md5: bytes
    size_bytes: int
    kept: str
    compartments: list[UUID]
    wraps: list[bytes | None]
    sealed: bytes | None


class _Edges(NamedTuple):
    first: str | None
    last: str | None


class _Unheld(NamedTuple):
    item_id: UUID
    object_id: UUID


def check(*, sample: int | None = None) -> Checked:
    """Checks everything, or `sample` objects taken at random instants of the vault's life and everything but bytes.

    Opens its own transactions as `operator:check`, the last of which writes the check and its result to the ledger.
    """
    checked = Checked()
    for part in _everything() if sample is None else _sampled(sample):
        checked.objects += len(part)
        checked.size_bytes += sum(one.size_bytes for one in part)
        home = vault()  # a check takes hours, and meanwhile the vault may have moved
        for one in part:
            found = list(findings_of(home, one))
            if found and _named([one.id]):  # else it was shredded while we looked
                checked.add(iter(found))
    checked.add(_items())
    checked.add(_rows())
    checked.add(_folder(vault()))
    checked.add(_drafts(vault()))
    with on_the_road(SERVICE):
        note_check(checked.objects, checked.size_bytes, sample, checked.counts)
    return checked


def _everything() -> Iterator[list[Object]]:
    after = NOWHERE
    while True:
        with on_the_road(SERVICE):
            part = fetch(Object, SQL["objects_after"], {"after": after, "most": PART_OBJECTS})
        if not part:
            return
        yield part
        after = part[-1].id


def _sampled(sample: int) -> Iterator[list[Object]]:
    with on_the_road(SERVICE):
        (edges,) = fetch(_Edges, SQL["first_and_last"])
        if edges.first is None or edges.last is None:
            return
        low, high = UUID(edges.first).int, UUID(edges.last).int
        points = [UUID(int=low + secrets.randbelow(high - low + 1)) for _ in range(sample)]
        chosen = values(SQL["objects_at"], {"points": points})
    for start in range(0, len(chosen), PART_OBJECTS):
        yield _named(chosen[start : start + PART_OBJECTS])


def _named(objects: list[UUID]) -> list[Object]:
    with on_the_road(SERVICE):
        return fetch(Object, SQL["objects_named"], {"objects": objects})


def findings_of(home: Vault, one: Object) -> Iterator[Finding]:
    """What does not hold of one object."""
    sha256 = bytes(one.sha256)
    if bytes(one.name) != home.key.storage_name(sha256):
        yield Finding("name", f"The original {one.id} is not filed under the name its SHA-256 gives.", one.id)
        return
    try:
        key = unwrapped(one.id, partial(home.key.unwrap_known, bytes(one.known_key), one.id, sha256))
        _compare(home, one, key)
    except OriginalDamaged as damaged:
        yield Finding(damaged.how, damaged.sentence, one.id)
        return
    if not any(one.wraps):
        yield Finding("unheld", f"The original {one.id} is held by no compartment: nobody can open it.", one.id)
    for compartment, wrapped in zip(one.compartments, one.wraps, strict=True):
        if wrapped is None:
            continue
        try:
            theirs = unwrapped(one.id, partial(home.key.unwrap, bytes(wrapped), one.id, compartment))
        except OriginalDamaged as damaged:
            yield Finding(damaged.how, f"{damaged.sentence} Compartment {compartment}.", one.id)
            continue
        if theirs != key:
            yield Finding("key", f"Compartment {compartment} has a key that does not open {one.id}.", one.id)


def _compare(home: Vault, one: Object, key: bytes) -> None:
    """Decrypts and hashes the bytes again. Raises `OriginalDamaged`."""
    if one.kept == "row" and one.sealed is None:
        raise OriginalDamaged(one.id, "missing", f"The original {one.id} is missing: it has no row in the database.")
    blocks = home.read(bytes(one.name), one.id, one.size_bytes) if one.sealed is None else [bytes(one.sealed)]
    digests = Digests()
    for piece in opened(blocks, key, one.id):
        digests.update(piece)
    was = (bytes(one.sha256), bytes(one.sha1), bytes(one.md5), one.size_bytes)
    if (digests.sha256, digests.sha1, digests.md5, digests.size_bytes) != was:
        raise OriginalDamaged(
            one.id, "changed", f"The original {one.id} does not have the hashes it was received with."
        )


def _items() -> Iterator[Finding]:
    after = NOWHERE
    while True:
        with on_the_road(SERVICE):
            part = fetch(_Unheld, SQL["items_unheld"], {"after": after, "most": FINDINGS_MAX})
        for one in part:
            yield Finding("item", f"The item {one.item_id} has no key to its original {one.object_id}.", one.object_id)
        if not part:
            return
        after = part[-1].item_id


def _rows() -> Iterator[Finding]:
    with on_the_road(SERVICE):
        lost = values(SQL["bytes_of_nobody"], {"most": FINDINGS_MAX})
    for identifier in lost:
        yield Finding("row", f"Sealed bytes {identifier} in the database belong to no original.", identifier)


def _folder(home: Vault) -> Iterator[Finding]:
    """Files that no row knows. A young one may be of a transaction that has not ended."""
    files: Iterator[Kept] = home.kept()
    while part := list(islice(files, FOLDER_PART)):
        with on_the_road(SERVICE):
            known = set(values(QUERIES["kept_as_files"], {"objects": [file.object_id for file in part]}))
        for file in part:
            if file.object_id in known or not file.is_old:
                continue
            yield (
                _left_over(file.path)
                if file.is_new
                else Finding(
                    "orphan",
                    f"The file {file.path} belongs to no original that the database knows. A database restored from an older"
                    " backup leaves such files: keep it until you know why it is here.",
                    file.object_id,
                )
            )


def _drafts(home: Vault) -> Iterator[Finding]:
    for path in home.old_drafts():
        yield _left_over(path)


def _left_over(path: PurePath) -> Finding:
    return Finding(
        "draft", f"An upload that never ended left {path}. Nobody can read it; the worker's sweep removes it."
    )
