"""The certificate of a deletion: what went, when, by whom and on which ground, without saying what it was (pure).

Originals stand in it as commitments: SHA-256 of a domain, a random salt of this deletion and the original's SHA-256.
Who has the file and the salt shows that this very file was deleted; who has only the certificate learns nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

DOMAIN = b"abhaya erased original v1\n"
TITLE = "Abhaya deletion certificate, version 1"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a certificate states. No content: ids, codes, counts, instants and names of officers."""

    deletion: UUID
    compartment: UUID
    kind: str
    rule: str
    ground: str
    reference: str
    asked_by: str
    asked_at: datetime
    approved_by: str
    decided_at: datetime
    erased_at: datetime
    rows: Mapping[str, int]
    entries: int  # of the ledger, whose text went
    commitments: tuple[str, ...]
    salt: bytes


def commitment(salt: bytes, sha256: bytes) -> str:
    """What stands for an original, as hexadecimal digits."""
    return hashlib.sha256(DOMAIN + salt + sha256).hexdigest()


def text_of(facts: Facts) -> str:
    """The text that is signed: one fact a line, in a fixed order."""
    lines = [
        TITLE,
        f"deletion: {facts.deletion}",
        f"record: {facts.compartment}",
        f"kind: {facts.kind}",
        f"rule: {facts.rule}",
        f"ground: {facts.ground}",
        f"reference: {_one_line(facts.reference)}",
        f"asked by: {_one_line(facts.asked_by)}, {_instant(facts.asked_at)}",
        f"decided by: {_one_line(facts.approved_by) or 'the rule'}, {_instant(facts.decided_at)}",
        f"erased at: {_instant(facts.erased_at)}",
        f"rows deleted: {sum(facts.rows.values())}",
        *(f"  {table}: {count}" for table, count in sorted(facts.rows.items())),
        f"ledger entries whose text was erased: {facts.entries}",
        f"originals whose key was destroyed: {len(facts.commitments)}",
        f"salt: {facts.salt.hex()}",
        *(f"  {one}" for one in facts.commitments),
    ]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
