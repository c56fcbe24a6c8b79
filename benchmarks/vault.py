"""What the vault costs, beside what it cannot do without: hashing, sealing, the disk and PostgreSQL's own COPY.

    .venv/bin/python benchmarks/vault.py [--blobs 1000] [--megabytes 512] [--rounds 5] [--wraps 20000] [--only PART]

Runs its own private PostgreSQL with every fsync on, in a folder beside the working directory, and removes it again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID, uuid4

import django
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FOLDER = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
os.environ.update({"ABHAYA_DATA": str(FOLDER), "DJANGO_SETTINGS_MODULE": "abhaya.settings"})
os.environ.pop("ABHAYA_DATABASE_URL", None)
django.setup()

from abhaya.custody.actions import Blob, take_in  # noqa: E402 — after Django knows where its data is
from abhaya.custody.disk import write_new  # noqa: E402 — as above
from abhaya.custody.rotation import retire, rotate  # noqa: E402 — as above
from abhaya.custody.s3.client import Client  # noqa: E402 — as above
from abhaya.custody.s3.signing import Keys  # noqa: E402 — as above
from abhaya.custody.s3.store import S3Store  # noqa: E402 — as above
from abhaya.custody.sealing import Digests, new_key, seal  # noqa: E402 — as above
from abhaya.custody.vault import Draft, Vault, vault  # noqa: E402 — as above
from abhaya.shared.durable import fsync_folder  # noqa: E402 — as above
from abhaya.shared.identity import on_the_road  # noqa: E402 — as above
from abhaya.shared.ids import uuid7  # noqa: E402 — as above
from abhaya.shared.migrate import migrate  # noqa: E402 — as above
from abhaya.shared.postgres import connect, running  # noqa: E402 — as above

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.custody.s3_server import S3Process  # noqa: E402 — from the repository's own folder

PIECE_BYTES = 64 * 1024
CHUNK_BYTES = 256 * 1024


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(what: str, seconds: float, amount: str) -> None:
    print(f"  {what:<66} {seconds * 1000:>9.1f} ms   {amount}")


def raw_rates() -> None:
    print("raw rates, one thread, chunks of 256 KiB")
    chunk, key, chunks = secrets.token_bytes(CHUNK_BYTES), AESGCM(secrets.token_bytes(32)), 400
    megabytes = chunks * CHUNK_BYTES / 1e6
    works: dict[str, Callable[[], object]] = {
        "AES-256-GCM": lambda: [key.encrypt(bytes(12), chunk, b"") for _ in range(chunks)],
        "SHA-256": lambda: [hashlib.sha256(chunk).digest() for _ in range(chunks)],
        "SHA-1": lambda: [hashlib.sha1(chunk).digest() for _ in range(chunks)],
        "MD5": lambda: [hashlib.md5(chunk).digest() for _ in range(chunks)],
    }
    total = 0.0
    for what, work in works.items():
        total += (seconds := timed(work))
        line(what, seconds, f"{megabytes / seconds:,.0f} MB/s")
    line("all four, one after the other: the floor for a stream", total, f"{megabytes / total:,.0f} MB/s")


def stream(megabytes: int) -> Iterator[bytes]:
    piece = secrets.token_bytes(PIECE_BYTES)
    for number in range(megabytes * 1_000_000 // PIECE_BYTES):
        yield number.to_bytes(8, "big") + piece[8:]


def bare_write(path: Path, megabytes: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    for piece in stream(megabytes):
        os.write(descriptor, piece)
    os.fsync(descriptor)
    os.close(descriptor)
    path.unlink()


def large(megabytes: int) -> None:
    print(f"one upload of {megabytes} MB in pieces of 64 KiB, fsynced")
    vault().discard(vault().receive(stream(8)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bare = timed(lambda: bare_write(FOLDER / "bare", megabytes))
    line("bare file: write, fsync", bare, f"{megabytes / bare:,.0f} MB/s")
    kept: list[object] = []
    seconds = timed(lambda: kept.append(vault().receive(stream(megabytes))))
    line(
        "vault: three hashes, seal, write, fsync",
        seconds,
        f"{megabytes / seconds:,.0f} MB/s, {seconds / bare:.2f} x bare",
    )
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    print(f"  memory grown by {grown / 1024:.1f} MiB")


@dataclass(frozen=True)
class Ready:
    """An original hashed and sealed beforehand: what remains is to keep it."""

    object_id: UUID
    sealed: bytes
    digests: Digests

    @classmethod
    def of(cls, content: bytes) -> Ready:
        object_id = uuid7()
        return cls(object_id, seal(content, new_key(), object_id), Digests(content))


def small(blobs: int, size: int, rounds: int) -> None:
    print(f"{blobs} originals of {size} bytes, each in a compartment of its own, until the commit has returned")
    sets = [[secrets.token_bytes(size) for _ in range(blobs)] for _ in range(rounds)]
    compare("take_in: hash, seal, wrap, rows, commit", taken, sets)
    compare("take_in of the same again, in other compartments", taken, sets)
    for what, work in (
        ("bare COPY of the same final rows, sealed beforehand", copied),
        ("append-only pack: one file, one fsync, and COPY of rows without bytes", packed),
        ("a file each, eight writers, and COPY of rows without bytes", filed),
    ):
        compare(what, work, [[Ready.of(content) for content in contents] for contents in sets])


def smalls(given: argparse.Namespace) -> None:
    for size in given.bytes:
        small(given.blobs, size, given.rounds)


def compare(what: str, work: Callable[[list[Any]], None], sets: Sequence[list[Any]]) -> None:
    """The median over the sets."""
    seconds = statistics.median([timed(partial(work, one)) for one in sets])
    line(what, seconds, f"{len(sets[0]) / seconds:,.0f} /s")


def taken(contents: list[bytes]) -> None:
    with on_the_road("benchmark"):
        take_in([Blob(uuid4(), "a", content, "text/xml", "benchmark") for content in contents])


def copied(ready: list[Ready]) -> None:
    copy_rows(ready, with_bytes=True)


def packed(ready: list[Ready]) -> None:
    with (FOLDER / "pack").open("ab") as pack:
        for one in ready:
            pack.write(one.object_id.bytes + len(one.sealed).to_bytes(4, "big") + one.sealed)
        pack.flush()
        os.fsync(pack.fileno())
    copy_rows(ready, with_bytes=False)


def filed(ready: list[Ready]) -> None:
    folder = FOLDER / "filed"
    folder.mkdir(exist_ok=True)

    def write(one: Ready) -> None:
        write_new(folder / one.object_id.hex, iter([one.sealed]), folder=folder, reserve_bytes=0)

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, ready))
    fsync_folder(folder)
    copy_rows(ready, with_bytes=False)


def copy_rows(ready: list[Ready], *, with_bytes: bool) -> None:
    """The rows that `take_in` ends with, into the same indexed tables, as their owner: no row security, no questions."""
    tables: dict[LiteralString, list[tuple[Any, ...]]] = {
        "custody_object (id, name, known_key, sha256, sha1, md5, size_bytes, media_type_seen, kept)": [
            (one.object_id, secrets.token_bytes(32), bytes(64), one.digests.sha256, one.digests.sha1, one.digests.md5,
             one.digests.size_bytes, "", "row")
            for one in ready
        ],
        "custody_holding (object_id, compartment, wrapped_key)": [
            (one.object_id, uuid4(), bytes(64)) for one in ready
        ],
        "custody_item (id, compartment, object_id, name, media_type_claimed, media_type_seen, via, received_at)": [
            (one.object_id, uuid4(), one.object_id, "a", "text/xml", "text/xml", "benchmark", "now") for one in ready
        ],
    }  # fmt: skip
    with connect(FOLDER, "abhaya_owner") as owner, owner.cursor() as cursor:
        if with_bytes:
            with cursor.copy("copy custody_bytes (id, sealed) from stdin with (format binary)") as copy:
                copy.set_types(["uuid", "bytea"])
                for one in ready:
                    copy.write_row((one.object_id, one.sealed))
        for table, rows in tables.items():
            with cursor.copy(f"copy {table} from stdin") as copy:
                for row in rows:
                    copy.write_row(row)


def rotation(wraps: int) -> None:
    """Every wrap and every known key under a new operator key, beside the bare exchange of as many rows."""
    print(f"a new operator key: {wraps} originals, so {2 * wraps} wraps (of the compartment, and of known bytes)")
    for start in range(0, wraps, 2000):
        taken([secrets.token_bytes(40) for _ in range(min(2000, wraps - start))])
    seconds = timed(rotate)
    line("abhaya key rotate", seconds, f"{2 * wraps / seconds:,.0f} wraps/s")
    with connect(FOLDER, "abhaya_owner") as owner:
        bare = timed(lambda: exchanged(owner))
    line(
        "the floor: PostgreSQL exchanging as many rows, in two statements",
        bare,
        f"{2 * wraps / bare:,.0f} /s, {seconds / bare:.1f} x",
    )
    retire()


def exchanged(owner: Any) -> None:
    owner.execute("update custody_holding set wrapped_key = overlay(wrapped_key placing wrapped_key from 1)")
    owner.execute("update custody_object set known_key = overlay(known_key placing known_key from 1)")
    owner.commit()


def stores(megabytes: int) -> None:
    """One upload and one reading back, in the folder and in an S3 server process on this machine (moto, in Python)."""
    print(
        f"the same {megabytes} MB in a folder and in an S3 server process; the server is moto, far slower than a real one"
    )
    server = S3Process()
    server.start()
    try:
        client = Client(server.endpoint, "benchmark", Keys("a", "b"))
        client.put("", b"")
        for what, home in (("folder", vault()), ("S3", Vault(S3Store(client, ""), vault().key))):
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            kept: list[Draft] = []
            up = timed(lambda home=home, kept=kept: kept.append(home.receive(stream(megabytes))))  # type: ignore[misc]  # bound in the loop
            (draft,) = kept
            home.settle([draft])
            name = home.key.storage_name(draft.sha256)
            down = timed(lambda home=home, draft=draft, name=name: [  # type: ignore[misc]  # as above
                None for _ in home.read(name, draft.object_id, draft.size_bytes)])  # fmt: skip
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
            line(f"{what}: hashed, sealed, durable", up, f"{megabytes / up:,.0f} MB/s, memory grown by {grown:.1f} MiB")
            line(f"{what}: read back", down, f"{megabytes / down:,.0f} MB/s")
        client.close()
    finally:
        server.kill()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--blobs", type=int, default=1000)
    words.add_argument("--bytes", type=int, nargs="*", default=[4096, 16384, 32768, 65536])
    words.add_argument("--megabytes", type=int, default=512)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--wraps", type=int, default=20_000)
    words.add_argument("--only", choices=["rates", "large", "small", "rotation", "stores"])
    given = words.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "rates": raw_rates,
        "large": lambda: large(given.megabytes),
        "small": lambda: smalls(given),
        "rotation": lambda: rotation(given.wraps),
        "stores": lambda: stores(given.megabytes),
    }
    try:
        with running(FOLDER):
            migrate(verbosity=0)
            for name, part in parts.items():
                if given.only in {None, name}:
                    part()
    finally:
        shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
