"""What a witness knows and decides: it signs only what continues what it signed before. Files in one folder, no server.

C2SP: c2sp.org/tlog-witness v1 (request, answers), /tlog-cosignature (what is signed).
"""

from __future__ import annotations

import base64
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verify.notes import STAMPED, Checkpoint, Key, Unreadable, from_base64, read_checkpoint, read_key, stamped_text
from verify.tree import follows

PROOF_LINES_MAX = 63
REQUEST_BYTES_MAX = 64 * 1024
EVIDENCE_MAX = 1000  # requests kept of one ledger that was refused


@dataclass(frozen=True)
class Answer:
    """What the witness says: a signature line, or why not. `size` is set where the asker's idea of it was wrong."""

    status: HTTPStatus
    text: str
    size: int | None = None
    is_evidence: bool = False  # the ledger signed what contradicts it


@dataclass(frozen=True)
class Request:
    """`old SIZE`, the consistency proof, an empty line, the checkpoint."""

    old: int
    proof: list[bytes]
    checkpoint: Checkpoint
    note: str


class Witness:
    """One folder: `name`, `key` (the secret), and for each ledger `ledgers/ID/{key.txt, checkpoint, refused/}`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            seed = bytes.fromhex((folder / "key").read_text(encoding="ascii").strip())
            self.private = Ed25519PrivateKey.from_private_bytes(seed)
            name = (folder / "name").read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise Unreadable(f"{folder} is not a witness's folder: make one with `init`") from None
        self.key = Key(name, self.private.public_key().public_bytes_raw())

    def trust(self, line: str) -> Key:
        """From now on this ledger's checkpoints are looked at. Another key for a ledger that is known is refused."""
        key = read_key(line)
        folder = self._folder(key.name)
        with self._alone():
            known = folder / "key.txt"
            if known.exists() and read_key(known.read_text(encoding="utf-8")) != key:
                raise Unreadable(f"{key.name} is known here under another key")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write(known, line.strip() + "\n")
        return key

    def add(self, data: bytes) -> Answer:
        """Answers one request. What it signs is on disk before it is said: check and record are one step."""
        try:
            asked = read_request(data)
        except Unreadable as error:
            return Answer(HTTPStatus.BAD_REQUEST, f"{error}.")
        folder = self._folder(asked.checkpoint.origin)
        with self._alone():
            refusal = _not_the_ledgers(asked, folder) or _does_not_continue(asked, self.newest(asked.checkpoint.origin))
            if refusal is not None:
                if refusal.is_evidence:
                    self._keep(folder, data)
                return refusal
            line = self._sign(asked.checkpoint)
            write(folder / "checkpoint", asked.note + line)
            return Answer(HTTPStatus.OK, line)

    def restart(self, line: str, reason: str) -> None:
        """Its holder says that the ledger was restored from a backup, and we believe them: what was signed is set aside."""
        key = read_key(line)
        folder = self._folder(key.name)
        with self._alone():
            old = folder / "checkpoint"
            if not reason.strip() or not old.exists():
                raise Unreadable("there is nothing to set aside, or no reason to")
            refused = folder / "refused"
            refused.mkdir(mode=0o700, exist_ok=True)
            write(refused / f"before-restart-{int(time.time())}.txt", f"{reason.strip()}\n\n{old.read_text('utf-8')}")
            old.unlink()

    def newest(self, origin: str) -> Checkpoint | None:
        """What this witness signed last for a ledger."""
        note = self.newest_note(sha256(origin.encode()).hexdigest())
        return read_checkpoint(note) if note else None

    def newest_note(self, identifier: str) -> str | None:
        try:
            return (self.folder / "ledgers" / identifier / "checkpoint").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def _folder(self, origin: str) -> Path:
        return self.folder / "ledgers" / sha256(origin.encode()).hexdigest()

    def _sign(self, checkpoint: Checkpoint) -> str:
        seconds = int(time.time())
        signature = self.private.sign(stamped_text(seconds, checkpoint.text).encode())
        blob = self.key.id(STAMPED) + seconds.to_bytes(8, "big") + signature
        return f"— {self.key.name} {base64.b64encode(blob).decode()}\n"

    def _keep(self, folder: Path, data: bytes) -> None:
        """A request that the ledger signed and that contradicts what it signed before: proof against whoever made it."""
        refused = folder / "refused"
        refused.mkdir(mode=0o700, exist_ok=True)
        path = refused / f"{sha256(data).hexdigest()[:32]}.txt"
        if not path.exists() and len(list(refused.iterdir())) < EVIDENCE_MAX:
            write(path, data.decode())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One request at a time, over all threads and processes of this folder."""
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def read_request(data: bytes) -> Request:
    """A request as c2sp.org/tlog-witness writes it."""
    if len(data) > REQUEST_BYTES_MAX:
        raise Unreadable(f"a request is at most {REQUEST_BYTES_MAX} bytes")
    try:
        head, blank, note = data.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise Unreadable("a request is UTF-8 text") from None
    if not note.endswith("\n"):
        raise Unreadable("a request ends with a whole line")
    first, *lines = head.split("\n")
    word, _, size = first.partition(" ")
    if (
        not blank
        or word != "old"
        or not (size.isascii() and size.isdigit())
        or len(size) > 18
        or str(int(size)) != size
    ):
        raise Unreadable("a request begins with “old” and a size, and has an empty line before the checkpoint")
    if len(lines) > PROOF_LINES_MAX:
        raise Unreadable(f"a proof has at most {PROOF_LINES_MAX} lines")
    proof = [from_base64(line) for line in lines]
    if any(len(node) != 32 for node in proof):
        raise Unreadable("a line of a proof is 32 bytes in base64")
    return Request(int(size), proof, read_checkpoint(note), note)


def init(folder: Path, name: str) -> Witness:
    """A new witness with a key of its own."""
    if (
        not name
        or len(name) > 200
        or any(letter.isspace() or letter == "+" or not letter.isprintable() for letter in name)
    ):
        raise Unreadable("a witness's name has letters and signs, no spaces and no +: witness.example/pune")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "key").exists():
        raise Unreadable(f"{folder} holds a witness already")
    write(folder / "name", name + "\n")
    write(folder / "key", os.urandom(32).hex() + "\n")
    return Witness(folder)


def _not_the_ledgers(asked: Request, folder: Path) -> Answer | None:
    """Why the checkpoint is not one of a ledger known here."""
    try:
        key = read_key((folder / "key.txt").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Answer(HTTPStatus.NOT_FOUND, "This witness does not know that ledger.\n")
    try:
        key.signed_at(asked.checkpoint)
    except Unreadable as error:
        return Answer(HTTPStatus.FORBIDDEN, f"The checkpoint is not the ledger's: {error}.\n")
    return None


def _does_not_continue(asked: Request, newest: Checkpoint | None) -> Answer | None:
    """Why the checkpoint does not continue what was signed last."""
    size, root = asked.checkpoint.size, asked.checkpoint.root
    known, known_root = (newest.size, newest.root) if newest else (0, b"")
    if asked.old > size:
        return Answer(HTTPStatus.BAD_REQUEST, f"The old size {asked.old} is larger than the checkpoint's {size}.\n")
    if asked.old != known:
        return Answer(HTTPStatus.CONFLICT, f"{known}\n", size=known)
    if size == known and newest is not None and root != known_root:
        said = f"it now has another root for these {known} entries"
        return Answer(HTTPStatus.CONFLICT, _split(known, said), is_evidence=True)
    if not follows(known, known_root, size, root, asked.proof):
        said = f"no proof shows that the ledger of {size} entries continues it"
        return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, _split(known, said), is_evidence=True)
    return None


def _split(known: int, said: str) -> str:
    return (
        f"SPLIT VIEW: this witness signed the ledger at {known} entries, and {said}. It was rewritten or rolled back, or"
        " others are shown another one. Nothing is signed, and the request is kept.\n"
    )


def write(path: Path, text: str) -> None:
    """Whole or not at all, and on disk when it returns."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 — the descriptor carries the mode
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
