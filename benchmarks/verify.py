"""The verifier on an invented export, beside the bare hashing that nobody can do without.

    .venv/bin/python benchmarks/verify.py [--entries 1000000] [--processes 2]

Writes an export of so many entries (about 0.8 kB each) into a folder beside the working directory, without a database,
verifies it as a court would, and removes it. The aim: ten million entries in minutes on two cores, flat in memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from abhaya.ledger.canonical import commitment, instant
from abhaya.ledger.merkle import Frontier, leaf_hash
from abhaya.ledger.note import Checkpoint, Key

TEN_MILLION = 10_000_000
ROUND_ENTRIES = 1400  # what a busy sequencer signs at a time: 2,000 entries/s, a round every 0.7 s
ERASED_EVERY = 50
BEGAN = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
PEAK_MEMORY = Path(__file__).with_name("peak_memory.py")
VERIFIER = Path(__file__).resolve().parent.parent / "verify"


def write_export(folder: Path, count: int) -> None:
    """An export as `abhaya export ledger` writes it; every fiftieth text is erased, on record."""
    key = Key("abhaya-ledger/benchmark", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
    edge, texts, note = Frontier(), 0, ""
    gone: list[str] = []
    with (
        (folder / "leaves.jsonl").open("w", encoding="ascii") as leaves,
        (folder / "entries.jsonl").open("w", encoding="ascii") as entries,
        (folder / "checkpoints.jsonl").open("w", encoding="ascii") as checkpoints,
    ):
        for index in range(count):
            entry = str(UUID(int=(1 << 100) + index))
            at = instant(BEGAN + timedelta(milliseconds=index // 2))
            event, facts = "intake:report:received", '{"channel":"ispws","files":2,"number":"%d","sender":"Example"}'
            facts = facts % (4503599627370497 + index)
            if len(gone) == 200 or (gone and index == count - 1):
                event, facts = (
                    "ledger:entry:erased",
                    json.dumps({"basis": "clock", "entries": gone}, separators=(",", ":")),
                )
                gone = []
            body = (
                f'{{"actor":null,"actor_name":"road:intake","at":"{at}","compartment":"{UUID(int=index)}","event":"{event}",'
                f'"facts":{facts},"id":"{entry}","purpose":"","subject":"{UUID(int=index + 7)}","v":1}}'
            )
            salt = sha256(index.to_bytes(8, "big")).digest()
            sealed = commitment(salt, body.encode())
            leaf = leaf_hash(sealed)
            edge.append(leaf)
            leaves.write(f'{{"index":{index},"entry":"{entry}","leaf":"{leaf.hex()}"}}\n')
            if index % ERASED_EVERY == 0 and event != "ledger:entry:erased" and index < count - 2:
                gone.append(entry)
            else:
                texts += 1
                line = {"index": index, "entry": entry, "commitment": sealed.hex(), "salt": salt.hex(), "body": body}
                entries.write(json.dumps(line, separators=(",", ":")) + "\n")
            if edge.size % ROUND_ENTRIES == 0 or edge.size == count:
                seconds = int((BEGAN + timedelta(milliseconds=index // 2)).timestamp())
                note = key.sign(Checkpoint(key.name, edge.size, edge.root()), seconds)
                checkpoints.write(json.dumps({"size": edge.size, "note": note}, separators=(",", ":")) + "\n")
    about = {"format": "abhaya-ledger-1", "origin": key.name, "size": count, "entries": texts,
             "exported_at": instant(BEGAN), "recipient": "benchmark"}  # fmt: skip
    (folder / "ledger.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "key.txt").write_text(key.verifier() + "\n", encoding="utf-8")
    (folder / "checkpoint").write_text(note, encoding="utf-8")
    (folder / "departures.jsonl").touch()


def bare_hashing(count: int) -> float:
    """Entries a second in one thread: commitment, leaf and tree over texts of this size, and nothing else."""
    salt, body, edge = b"s" * 32, b"b" * 390, Frontier()
    start = time.perf_counter()
    for _ in range(count):
        edge.append(leaf_hash(commitment(salt, body)))
    return count / (time.perf_counter() - start)


def _cpu_seconds() -> float:
    """What ended children used: on a busy machine it tells more than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--entries", type=int, default=1_000_000)
    asked.add_argument("--processes", type=int, default=2)
    given = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
    try:
        export = folder / "export"
        export.mkdir()
        write_export(export, given.entries)
        size = sum(path.stat().st_size for path in export.iterdir())
        print(f"verify, {given.entries:,} entries, {size / 1e9:.1f} GB, {given.processes} processes")
        print(
            f"  bare hashing (commitment, leaf, tree), one thread  {bare_hashing(min(given.entries, 1_000_000)):>10,.0f} /s"
        )
        peak = folder / "peak"
        command: list[str | Path] = [sys.executable, PEAK_MEMORY, peak, sys.executable, VERIFIER, export]
        used, start = _cpu_seconds(), time.perf_counter()
        done = subprocess.run(
            [*command, "--processes", str(given.processes)], capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - start
        used = _cpu_seconds() - used
        assert done.returncode == 0, done.stdout + done.stderr
        largest = int(peak.read_text(encoding="utf-8")) / 1024
        minutes = TEN_MILLION * seconds / given.entries / 60
        print(f"  verified  {given.entries / seconds:>10,.0f} /s  {seconds:.0f} s; 10 million: {minutes:.1f} min;"
              f" {used:.0f} s of processor; largest process {largest:.0f} MiB")  # fmt: skip
        print(done.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
