"""A long hash list taken in and handed out again, beside a bare COPY of the same rows into the same indexed tables.

    .venv/bin/python benchmarks/matching_lists.py [--rows 10000000] [--form vics]

In a folder of its own beside the working directory, which is removed: a fresh installation, `abhaya lists import` of so many
invented rows (MD5 and SHA-1, every tenth with PDQ), then `abhaya lists export` with its original read again. Prints rows/s,
the processor's seconds of the program itself (PostgreSQL's are beside it) and its largest memory, which is to be flat.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

TEN_MILLION = 10_000_000
HERE = Path(__file__).parent
CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"


def rows(count: int) -> Iterator[tuple[int, str, str, str]]:
    """(number, MD5, SHA-1, PDQ or "")"""
    drawn = random.Random(10)
    for number in range(count):
        pdq = drawn.randbytes(32).hex() if number % 10 == 0 else ""
        yield number, drawn.randbytes(16).hex(), drawn.randbytes(20).hex(), pdq


def write_list(path: Path, form: str, count: int) -> None:
    with path.open("w", encoding="ascii") as file:
        if form == "csv":
            file.write("id,md5,sha1,pdq,category,colour\n")
            file.writelines(f"N-{n},{md5},{sha1},{pdq},2,blue\n" for n, md5, sha1, pdq in rows(count))
            return
        file.write(json.dumps({"@odata.context": CONTEXT})[:-1] + ', "value": [\n')
        for number, md5, sha1, pdq in rows(count):
            media = {"MediaID": number, "MD5": md5.upper(), "SHA1": sha1.upper(), "Category": 2, "Colour": "blue",
                     **({"PDQ": pdq} if pdq else {})}  # fmt: skip
            file.write((",\n" if number else "") + json.dumps(media))
        file.write("\n]}\n")


def timed(folder: Path, *words: object) -> tuple[float, float, float]:
    """`abhaya WORD…`: seconds, the processor's seconds, and the largest process in MiB."""
    peak = folder / "peak"
    command = [sys.executable, HERE / "peak_memory.py", peak, sys.executable, "-m", "abhaya.cli", *words]
    before, start = _cpu_seconds(), time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stderr[-3000:]
    return seconds, _cpu_seconds() - before, int(peak.read_text(encoding="utf-8")) / 1024


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(what: str, count: int, seconds: float, cpu: float, mib: float) -> None:
    print(
        f"  {what:<34} {count / seconds:>9,.0f} rows/s  {seconds:>7.1f} s, {cpu:.1f} s of processor, largest process {mib:.0f} MiB;"
        f" 10 million: {TEN_MILLION * seconds / count / 60:.1f} min"
    )


def bare_copy(folder: Path) -> tuple[int, float]:
    """All rows of the installation into empty tables with the same indexes: (rows, seconds)."""
    done = subprocess.run(
        [sys.executable, HERE / "bare_copy.py", folder / "bare"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    copied, seconds = done.stdout.split()
    return int(copied), float(seconds)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--form", choices=("csv", "vics"), default="csv")
    given = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
    os.environ |= {"ABHAYA_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "abhaya.settings"}
    os.environ.pop("ABHAYA_DATABASE_URL", None)
    try:
        file, units, out = folder / "list", folder / "units.csv", folder / "out"
        write_list(file, given.form, given.rows)
        units.write_text("code,name,kind\nHUB,Invented hub,hub\n", encoding="utf-8")
        timed(folder, "migrate", "--quiet")
        timed(folder, "unit", "import", units)
        print(
            f"hash lists, {given.rows:,} rows as {given.form}, {file.stat().st_size / 1e6:,.0f} MB, load {os.getloadavg()[0]:.1f}"
        )
        told("taken in (lists import)", given.rows, *timed(folder, "lists", "import", file, "--name", "L"))
        told("handed out, original read again", given.rows, *timed(folder, "lists", "export", "L", "--out", out))
        other = "csv" if given.form == "vics" else "vics"
        told(
            f"handed out as {other}",
            given.rows,
            *timed(folder, "lists", "export", "L", "--format", other, "--out", folder / "other"),
        )
        copied, seconds = bare_copy(folder)
        print(f"  {'bare COPY of the same rows':<34} {copied / seconds:>9,.0f} rows/s  {seconds:>7.1f} s")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
