"""Which reports say the same and fold into one line, and which stand out although they bring the same files? (pure)

A bundle is the reports that bring the same set of bytes; a picture that looks like the first of a stack counts as that first
(`near_rules`). One of them that tells of a child or of another person, or describes a file that we do not hold, has something
of its own: it stays in the bundle and stands apart in it, with the reasons. What its words and its links say is weighed by triage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from abhaya.shared.reason import Reason

_ROLES = {"victim": "tells_of_child", "recipient": "tells_of_recipient", "associated": "tells_of_another"}


class Bundled(NamedTuple):
    """Of which bundle a report is, and why it stands apart in it; no reasons: it folds."""

    bundle_id: UUID
    apart: tuple[Reason, ...]


def bundled(digests: Collection[bytes | None], roles: Mapping[str, int]) -> Bundled | None:
    """`digests`: SHA-256 of each file, or of the first of its stack; None where only described. `roles`: how many identifiers are seen in each role.
    None: the report brings no bytes, so there is nothing by which it could be the same.
    """
    held = sorted({digest for digest in digests if digest})
    if not held:
        return None
    bundle_id = UUID(bytes=hashlib.sha256(b"abhaya bundle\n" + b"".join(held)).digest()[:16])
    apart = [Reason(code, {"count": roles[role]}) for role, code in _ROLES.items() if roles.get(role)]
    not_held = sum(1 for digest in digests if not digest)
    if not_held:
        apart.append(Reason("file_not_held", {"count": not_held}))
    return Bundled(bundle_id, tuple(apart))
