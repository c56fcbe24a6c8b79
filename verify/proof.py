"""A proof file: single entries, each with its way up to a signed checkpoint. Written for who asks about one report.

It proves that these entries stand in the ledger as they are, under the checkpoint. It cannot prove that there are no
others: that takes the whole ledger (`--about`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from verify.files import hexadecimal, opened, row_of
from verify.notes import Checkpoint, Key, Unreadable, read_checkpoint, read_key
from verify.pieces import COMMITMENT_DOMAIN, look, read_body
from verify.tree import hash_of_leaf, root_above

FORMAT = "abhaya-proof-1"
PROOF_BYTES_MAX = 256 * 1024 * 1024
FILE: dict[str, type] = {"format": str, "origin": str, "key": str, "checkpoint": str, "asked": str, "entries": list}
ENTRY: dict[str, type] = {"index": int, "entry": str, "salt": str, "body": str, "path": list}


@dataclass
class Proof:
    """What a proof file shows, and what in it does not hold."""

    origin: str
    asked: str
    key: Key
    checkpoint: Checkpoint
    looks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(path: Path, key: Key | None) -> Proof:
    """Checks a proof file against the key it brings, or against the one the reader holds."""
    with opened(path) as file:
        data = file.read(PROOF_BYTES_MAX + 1)
    if len(data) > PROOF_BYTES_MAX:
        raise Unreadable(f"{path.name} is larger than {PROOF_BYTES_MAX} bytes")
    found = row_of(data, path.name, FILE)
    if found["format"] != FORMAT:
        raise Unreadable(f"this is format {found['format']!r}; this verifier reads {FORMAT!r}")
    own = read_key(found["key"])
    proof = Proof(found["origin"], found["asked"], key or own, read_checkpoint(found["checkpoint"]))
    if key is not None and key != own:
        proof.faults.append("The proof was signed by another key than the one you hold.")
    try:
        proof.key.signed_at(proof.checkpoint)
    except Unreadable as error:
        proof.faults.append(f"The checkpoint does not stand: {error}.")
    if proof.checkpoint.origin != proof.origin or proof.key.name != proof.origin:
        proof.faults.append("The checkpoint is another ledger's.")
    for number, row in enumerate(found["entries"]):
        _entry(proof, row_of(json.dumps(row).encode(), f"entry {number} of {path.name}", ENTRY))
    return proof


def _entry(proof: Proof, row: dict[str, Any]) -> None:
    index, stated = row["index"], proof.checkpoint
    if not all(isinstance(node, str) for node in row["path"]):
        raise Unreadable(f"the proof of entry {index} is not a list of hashes")
    path = [hexadecimal(node, f"the proof of entry {index}") for node in row["path"]]
    salt = hexadecimal(row["salt"], f"the salt of entry {index}")
    try:
        body = row["body"].encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        body = b""
    said = read_body(body)
    leaf = hash_of_leaf(sha256(COMMITMENT_DOMAIN + salt + body).digest())
    if len(salt) != 32 or root_above(index, stated.size, leaf, path) != stated.root:
        proof.faults.append(f"Entry {index} is not in the ledger as it stands here: its way up leads to another root.")
    elif said is None or said["id"] != row["entry"]:
        proof.faults.append(f"Entry {index} is not an entry: its text does not say what an entry says.")
    else:
        proof.looks.append(look(index, said))
