"""Texts that a ledger's key signed and that are no checkpoints: of a shredded original, a deletion, a night's re-hash.

A signed note (c2sp.org/signed-note): the text, an empty line, one signature. Where the text names an entry with its place
and the way up to a root, the way is walked again.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.notes import PLAIN, Key, Unreadable, code_of, from_base64, text_of
from verify.tree import hash_of_leaf, root_above

TITLES = ("Abhaya shred statement", "Abhaya deletion certificate", "Abhaya re-hash of originals")
STATEMENT_BYTES_MAX = 16 * 1024 * 1024  # a deletion names every original


def is_statement(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).startswith(tuple(title.encode() for title in TITLES))


def check(path: Path, key: Key | None) -> tuple[list[str], list[str], list[str]]:
    """What it says, what holds and what does not. Unreadable when it is no signed text."""
    with path.open("rb") as file:
        raw = file.read(STATEMENT_BYTES_MAX + 1)
    if len(raw) > STATEMENT_BYTES_MAX:
        raise Unreadable("it is too long for a statement")
    try:
        text, blank, line = raw.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise Unreadable("it is not text") from None
    parts = line.strip().split(" ")
    if not blank or len(parts) != 3 or parts[0] != "—":
        raise Unreadable("it is not signed: no signature line at its end")
    text += "\n"
    good, faults = [], []
    if key is not None:
        if _is_signed(text, parts[1], from_base64(parts[2]), key):
            good.append(f"It was signed with the key of {key.name}, and not changed since.")
        else:
            faults.append("It was not signed with this key, or was changed since.")
    facts = dict(row.partition(": ")[::2] for row in text.splitlines()[1:] if not row.startswith(("way: ", "  ")))
    if " of " in facts.get("place", ""):
        _walk(facts, [row[5:] for row in text.splitlines() if row.startswith("way: ")], good, faults)
    return text.splitlines(), good, faults


def _is_signed(text: str, name: str, blob: bytes, key: Key) -> bool:
    if name != key.name or blob[:4] != key.id(PLAIN):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _walk(facts: dict[str, str], way: list[str], good: list[str], faults: list[str]) -> None:
    try:
        index, size = (int(number) for number in facts["place"].split(" of "))
        root = bytes.fromhex(facts["root"])
        leaf = hash_of_leaf(bytes.fromhex(facts["commitment"]))
        found = root_above(index, size, leaf, [bytes.fromhex(step) for step in way])
    except (KeyError, ValueError):
        raise Unreadable("its place in the ledger cannot be read") from None
    if found != root or code_of(text_of(facts["ledger"], size, root)) != facts.get("checkpoint code"):
        faults.append("The entry it names is not where it says in the ledger.")
    else:
        good.append(
            f"Its entry stands at place {index} of the ledger's {size} entries, under code {facts['checkpoint code']}:"
            " compare that with a checkpoint from outside."
        )
