"""A small ledger as an export would hold it, made without a database, to be tampered with."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from verify.program import main

from abhaya.ledger import canonical, merkle, note

ORIGIN = "abhaya-ledger/test"
BEGAN = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


@dataclass
class World:
    """Entries in order, and the sizes at which checkpoints were signed. `write` makes the folder."""

    folder: Path
    key: note.Key
    bodies: list[dict]
    sizes: list[int]
    salts: list[bytes]

    def leaves(self):
        return [merkle.leaf_hash(canonical.commitment(salt, canonical.encode(body)))
                for body, salt in zip(self.bodies, self.salts, strict=True)]  # fmt: skip

    def checkpoint(self, size, leaves=None):
        frontier = merkle.Frontier()
        frontier.extend((leaves or self.leaves())[:size])
        return note.Checkpoint(ORIGIN, size, frontier.root())

    def signed(self, size, leaves=None):
        at = int((BEGAN + timedelta(minutes=size)).timestamp())
        return self.key.sign(self.checkpoint(size, leaves), at)

    def write(self):
        leaves = self.leaves()
        rows = {"leaves": [], "entries": [], "checkpoints": [], "departures": []}
        for index, (body, salt, leaf) in enumerate(zip(self.bodies, self.salts, leaves, strict=True)):
            text = canonical.encode(body)
            commitment = canonical.commitment(salt, text)
            rows["leaves"].append({"index": index, "entry": body["id"], "leaf": leaf.hex()})
            rows["entries"].append({"index": index, "entry": body["id"], "commitment": commitment.hex(),
                                    "salt": salt.hex(), "body": text.decode()})  # fmt: skip
        rows["checkpoints"] = [{"size": size, "note": self.signed(size, leaves)} for size in self.sizes]
        for name, listed in rows.items():
            self.put(name, listed)
        size = len(self.bodies)
        about = {"format": "abhaya-ledger-1", "origin": ORIGIN, "size": size, "entries": size,
                 "exported_at": canonical.instant(BEGAN), "recipient": "Sessions Court"}  # fmt: skip
        (self.folder / "ledger.json").write_text(json.dumps(about))
        (self.folder / "key.txt").write_text(self.key.verifier() + "\n")
        (self.folder / "checkpoint").write_text(self.signed(self.sizes[-1], leaves) if self.sizes else "")
        return self

    def rows(self, name):
        return [json.loads(line) for line in (self.folder / f"{name}.jsonl").read_text().splitlines()]

    def put(self, name, rows):
        (self.folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def about(self, **changes):
        path = self.folder / "ledger.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    def entry(self, event="intake:report:received", **facts):
        """Appends an entry; the caller decides which checkpoint covers it."""
        number = len(self.bodies)
        at = BEGAN + timedelta(minutes=number)
        self.bodies.append({
            "actor": None, "actor_name": "road:intake", "at": canonical.instant(at), "compartment": str(UUID(int=1)),
            "event": event, "facts": facts, "id": str(UUID(int=1000 + number)), "purpose": "", "subject": None, "v": 1,
        })  # fmt: skip
        self.salts.append(bytes([number]) * 32)


@pytest.fixture
def world(tmp_path):
    folder = tmp_path / "ledger"
    folder.mkdir()
    key = note.Key(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"k" * 32))
    made = World(folder, key, [], [4, 9, 12], [])
    for number in range(12):
        made.entry(number=number, sender="उदाहरण मंच")
    return made.write()


@pytest.fixture
def verified(capsys):
    """Runs the verifier and returns its exit code and everything it said."""

    def run(world, *arguments):
        code = main([str(world.folder), *map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run
