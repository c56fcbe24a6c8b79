"""What the vault costs, beside what it cannot do without: hashing, sealing, the disk and PostgreSQL's own COPY.

    .venv/bin/python benchmarks/vault.py [--blobs 1000] [--megabytes 512] [--rounds 5]

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
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import django
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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


def large(folder: Path, megabytes: int) -> None:
    from abhaya.custody.vault import vault

    print(f"one upload of {megabytes} MB in pieces of 64 KiB, fsynced")
    vault().discard(vault().receive(stream(8)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bare = timed(lambda: bare_write(folder / "bare", megabytes))
    line("bare file: write, fsync", bare, f"{megabytes / bare:,.0f} MB/s")
    kept: list[object] = []
    seconds = timed(lambda: kept.append(vault().receive(stream(megabytes))))
    line("vault: three hashes, seal, write, fsync", seconds, f"{megabytes / seconds:,.0f} MB/s, {seconds / bare:.2f} x bare")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    print(f"  memory grown by {grown / 1024:.1f} MiB")


def small(blobs: int, size: int, rounds: int) -> None:
    from abhaya.custody.actions import Blob, take_in
    from abhaya.shared.identity import on_the_road

    print(f"{blobs} originals of {size} bytes, each in a compartment of its own, until the commit has returned")
    megabytes = blobs * size / 1e6

    def taken(contents: list[bytes]) -> None:
        with on_the_road("benchmark"):
            take_in([Blob(uuid4(), "a", content, "text/xml", "benchmark") for content in contents])

    sets = [[secrets.token_bytes(size) for _ in range(blobs)] for _ in range(rounds)]
    rivals: list[tuple[str, Callable[[list[bytes]], None]]] = [
        ("take_in, new", taken),
        ("take_in, the same again", taken),
        ("bare COPY of the same final rows", copied),
        ("append-only pack, one fsync, and rows without bytes", packed),
        ("one file each, written and fsynced one after the other", filed),
    ]
    for what, work in rivals:
        seconds = statistics.median(timed(lambda contents=contents, work=work: work(contents)) for contents in sets)
        line(what, seconds, f"{blobs / seconds:,.0f} /s, {megabytes / seconds:,.0f} MB/s")


def copied(contents: list[bytes]) -> None:
    """The rows that `take_in` ends with, their bytes sealed and their keys wrapped beforehand, by COPY as the owner."""
    _copy_rows(contents, with_bytes=True)


def packed(contents: list[bytes]) -> None:
    """What packs would do: all sealed bytes appended to one file, fsynced once; rows with a place instead of bytes."""
    from django.conf import settings

    with (settings.DATA_DIR / "pack").open("ab") as pack:
        for content in contents:
            key, object_id = _seal(content)
            pack.write(key + object_id.bytes)
        pack.flush()
        os.fsync(pack.fileno())
    _copy_rows(contents, with_bytes=False)


def filed(contents: list[bytes]) -> None:
    from abhaya.custody.disk import write_new
    from django.conf import settings

    folder = settings.DATA_DIR / "filed"
    folder.mkdir(exist_ok=True)
    for content in contents:
        sealed, object_id = _seal(content)
        write_new(folder / object_id.hex, iter([sealed]), folder=folder, reserve_bytes=0)


def _seal(content: bytes) -> tuple[bytes, UUID]:
    from abhaya.custody.sealing import new_key, seal
    from abhaya.shared.ids import uuid7

    object_id = uuid7()
    return seal(content, new_key(), object_id), object_id


def _copy_rows(contents: list[bytes], *, with_bytes: bool) -> None:
    from abhaya.custody.sealing import Digests
    from abhaya.shared.postgres import connect
    from django.conf import settings

    now = "now"
    with connect(settings.DATA_DIR, "abhaya_owner") as owner, owner.cursor() as cursor:
        made = []
        for content in contents:
            sealed, object_id = _seal(content)
            made.append((object_id, sealed, Digests(content)))
        if with_bytes:
            with cursor.copy("copy custody_bytes (id, sealed) from stdin") as copy:
                for object_id, sealed, _ in made:
                    copy.write_row((object_id, sealed))
        names = "id, name, known_key, sha256, sha1, md5, size_bytes, media_type_seen, kept"
        with cursor.copy(f"copy custody_object ({names}) from stdin") as copy:
            for object_id, _, d in made:
                copy.write_row((object_id, secrets.token_bytes(32), bytes(64), d.sha256, d.sha1, d.md5, d.size_bytes, "", "row"))
        with cursor.copy("copy custody_holding (object_id, compartment, wrapped_key) from stdin") as copy:
            for object_id, _, _ in made:
                copy.write_row((object_id, uuid4(), bytes(64)))
        names = "id, compartment, object_id, name, media_type_claimed, media_type_seen, via, received_at"
        with cursor.copy(f"copy custody_item ({names}) from stdin") as copy:
            for object_id, _, _ in made:
                copy.write_row((object_id, uuid4(), object_id, "a", "text/xml", "text/xml", "benchmark", now))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--blobs", type=int, default=1000)
    words.add_argument("--bytes", type=int, nargs="*", default=[4096, 65536])
    words.add_argument("--megabytes", type=int, default=512)
    words.add_argument("--rounds", type=int, default=5)
    given = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
    os.environ.update({"ABHAYA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "abhaya.settings"})
    os.environ.pop("ABHAYA_DATABASE_URL", None)
    try:
        django.setup()
        from abhaya.shared.migrate import migrate
        from abhaya.shared.postgres import running

        raw_rates()
        with running(folder):
            migrate(verbosity=0)
            large(folder, given.megabytes)
            for size in given.bytes:
                small(given.blobs, size, given.rounds)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
