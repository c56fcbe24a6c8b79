"""What may be said of an entry's hash at the hash-sharing door, and for which reasons against it (pure).

The words of the fingerprints are those of NCMEC's API v2; the reasons are ours, with ids that never change.
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

# NCMEC's name of a fingerprint -> ours. SHA256 is not one of theirs; whoever has one may say so.
KINDS = {
    "MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PDQ": "pdq", "PDNA": "photodna", "NETCLEAN": "netclean",
    "VIDENTIFIER": "videntifier", "TMK_PDQF": "tmk", "SSVH_PDNA": "ssvhpdna", "SSVH_SAFER_HASH": "ssvhsaferhash",
}  # fmt: skip
NAMES = {kind: name for name, kind in KINDS.items()}


class Reason(NamedTuple):
    """Why somebody is against an entry."""

    guid: UUID
    name: str


def _reason(name: str) -> Reason:
    return Reason(uuid5(NAMESPACE_URL, f"urn:abhaya:feedback:{name}"), name)


REASONS = tuple(
    map(
        _reason,
        (
            "The file is ordinary and known to many",
            "The file is not what the classification says",
            "The file is not unlawful",
            "The hash is damaged or belongs to another file",
        ),
    )
)


def kind_of(name: str) -> str | None:
    """Our name of a fingerprint that an address or an element names; None: no kind of ours."""
    return KINDS.get(name.upper().replace("-", "_"))


def reasons_of(guids: list[str]) -> list[str] | None:
    """The names of the reasons with these ids; None if one of them is none."""
    known = {str(reason.guid): reason.name for reason in REASONS}
    names = [known.get(guid.strip().lower()) for guid in guids]
    return None if None in names else [name for name in names if name]
