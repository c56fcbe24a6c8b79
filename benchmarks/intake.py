"""What receiving costs: the door under a steady load, and the bulk road beside a bare COPY of the same final rows.

    .venv/bin/python benchmarks/intake.py door --rate 50 --seconds 60
    .venv/bin/python benchmarks/intake.py bulk --reports 100000
    .venv/bin/python benchmarks/intake.py memory --reports 10000 100000

Everything is durable (fsync and checksums on), with the sequencer and the workers running, on a data folder of its own.
The disk's own fsync time stands in the first line, because no commit can be faster. Client and server share the machine.
"""

from __future__ import annotations

import argparse
import os
import queue
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from abhaya.training import wire
from abhaya.training.client import Client
from abhaya.training.emit import write_world
from abhaya.training.parameters import Parameters
from abhaya.training.world import World, WorldReport

ABHAYA = Path(sys.executable).with_name("abhaya")
FILE_BYTES = 200_000
CLIENTS = 12
LATE_SECONDS = 0.05  # a report that starts later than this after its beat waited for a free client


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["door", "bulk", "memory"])
    parser.add_argument("--rate", type=int, default=50, help="reports per second at the door")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--reports", type=int, nargs="+", default=[100_000])
    parser.add_argument("--keep", action="store_true", help="leave the data folder for a look")
    given = parser.parse_args(words)
    folder = Path(tempfile.mkdtemp(prefix="abhaya-benchmark-"))
    print(f"cores {os.cpu_count()}, fsync of this disk: median {fsync_ms(folder):.2f} ms", flush=True)
    try:
        if given.what == "door":
            door(folder, given.rate, given.seconds)
        for count in given.reports if given.what != "door" else []:
            {"bulk": bulk, "memory": memory}[given.what](folder / str(count), count)
    finally:
        if given.keep:
            print("kept:", folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def fsync_ms(folder: Path, rounds: int = 100) -> float:
    """How long this disk takes to make 4 kB durable, in milliseconds (median)."""
    times = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(rounds):
            file.write(b"x" * 4096)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def abhaya(data: Path, *words: str, time_to: Path | None = None) -> None:
    """One run of the program on this data folder; `time_to` takes its peak memory in KiB."""
    command = [str(ABHAYA), *words]
    if time_to is not None:
        command = [sys.executable, str(Path(__file__).with_name("peak_memory.py")), str(time_to), *command]
    done = subprocess.run(
        command, env={**os.environ, "ABHAYA_DATA": str(data)}, check=False, text=True, capture_output=True
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def set_up(data: Path) -> str:
    """A migrated installation with one hub and one sender. Returns the sender's password."""
    data.mkdir(parents=True, exist_ok=True)
    units = data / "units.csv"
    units.write_text("code,name,kind,forward_rule\nHUB,Hub,hub,district\n", encoding="utf-8")
    password = secrets.token_urlsafe(24)
    (data / "password").write_text(password, encoding="utf-8")
    abhaya(data, "migrate")
    abhaya(data, "unit", "import", str(units))
    abhaya(data, "sender", "add", "benchmark", "--password-file", str(data / "password"))
    return password


def door(folder: Path, rate: int, seconds: int) -> None:
    """An open-loop load: reports start on the beat whether or not earlier ones are done."""
    data = folder / "data"
    password = set_up(data)
    port = 18000 + secrets.randbelow(1000)
    environment = {**os.environ, "ABHAYA_DATA": str(data)}
    server = subprocess.Popen([ABHAYA, "up", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/ispws"
        _until_answering(address, password)
        _load(address, password, rate=5, seconds=3)  # warm
        times, late = _load(address, password, rate, seconds)
        _print_door(times, late, rate, seconds)
    finally:
        server.terminate()
        server.wait(60)


def _load(address: str, password: str, rate: int, seconds: int) -> tuple[list[float], int]:
    """(milliseconds of each report's four calls, how many started late because every client was busy)."""
    world = World(secrets.randbelow(10**6), Parameters(viral_share=0, batched_share=0, thin_share=0, text_only_share=0))
    reports = [report for report in world.reports(rate * seconds * 2) if report.files][: rate * seconds]
    waiting: queue.Queue[tuple[float, WorldReport] | None] = queue.Queue()
    times: list[float] = []
    late: list[float] = []

    def client() -> None:
        connection = Client(address, "benchmark", password)
        content = secrets.token_bytes(FILE_BYTES - 8)
        while (job := waiting.get()) is not None:
            due, report = job
            delay = time.perf_counter() - due
            if delay > LATE_SECONDS:
                late.append(delay)
            times.append(1000 * _one(connection, report, content + secrets.token_bytes(8)))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    begin = time.perf_counter()
    for index, report in enumerate(reports):
        due = begin + index / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        waiting.put((due, report))
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    return times, len(late)


def _one(client: Client, report: WorldReport, content: bytes) -> float:
    """Seconds for submit, upload of one 200 kB file, its details and finish."""
    document = wire.report_xml(report)
    start = time.perf_counter()
    report_id = client.submit(document)
    file_ref = client.upload(report_id, "picture.png", content)
    client.fileinfo(wire.file_details_xml(report, 0, report_id=report_id, file_ref=file_ref))
    client.finish(report_id)
    return time.perf_counter() - start


def _print_door(times: list[float], late: int, rate: int, seconds: int) -> None:
    ordered = sorted(times)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    size = FILE_BYTES // 1000
    print(f"door: {len(times)} reports with one {size} kB file each, {rate}/s for {seconds} s, {late} started late")
    print("| submit to finish | p50 | p90 | p99 | max |\n|---|---|---|---|---|")
    print(f"| milliseconds | {at(0.5):.0f} | {at(0.9):.0f} | {at(0.99):.0f} | {ordered[-1]:.0f} |", flush=True)


def _until_answering(address: str, password: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            Client(address, "benchmark", password).call("GET", "/status")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def bulk(folder: Path, count: int) -> None:
    """`abhaya load` of a world and the whole road, against COPY of the final rows into the same indexed tables."""
    data, drop = folder / "data", folder / "drop"
    set_up(data)
    for _ in write_world(drop, World(7, Parameters()), count):
        pass
    size = sum(path.stat().st_size for path in (drop / "reports").rglob("*") if path.is_file())
    start = time.perf_counter()
    abhaya(data, "load", str(drop / "reports"), time_to=folder / "peak")
    spent_seconds = time.perf_counter() - start
    rows, copy_seconds = _bare_copy(data, folder)
    print(f"bulk: {count:,} reports, {size / 1e6:,.0f} MB in files, {rows / count:.1f} rows per report")
    print(f"peak memory of the loading process {int((folder / 'peak').read_text()) / 1024:,.0f} MiB")
    print("| work | seconds | reports/s | × bare COPY |\n|---|---|---|---|")
    parts = (
        ("load: parse, vault, rows, ledger, match, link, triage, route, leaves", spent_seconds),
        ("bare COPY of the same rows", copy_seconds),
    )
    for name, spent in parts:
        print(f"| {name} | {spent:.1f} | {count / spent:,.0f} | {spent / copy_seconds:.1f} |", flush=True)


def _bare_copy(data: Path, folder: Path) -> tuple[int, float]:
    """Copies every row out, then into an empty database with the same schema and indexes."""
    script = Path(__file__).with_name("bare_copy.py")
    environment = {**os.environ, "ABHAYA_DATA": str(data), "DJANGO_SETTINGS_MODULE": "abhaya.settings"}
    words = [sys.executable, str(script), str(folder / "rows")]
    answer = subprocess.run(words, env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    return int(answer[0]), float(answer[1])


def memory(folder: Path, count: int) -> None:
    """Peak memory of the loading process, in MiB."""
    data, drop = folder / "data", folder / "drop"
    set_up(data)
    for _ in write_world(drop, World(7, Parameters()), count):
        pass
    answer = folder / "peak"
    abhaya(data, "load", str(drop / "reports"), time_to=answer)
    print(
        f"memory: {count:,} reports, peak of the loading process {int(answer.read_text()) / 1024:,.0f} MiB", flush=True
    )


if __name__ == "__main__":
    main()
