"""Turns the published address tables into compact arrays, once, at set-up: `python -m abhaya.places.prepare FOLDER`.

FOLDER is where npm put `@ip-location-db/geo-whois-asn-country` (country; CC0 and NRO) and `@ip-location-db/asn`
(operator; CC-BY 4.0 by RouteViews, DB-IP and the NRO). Each table becomes `.npy` files that every process maps instead
of loading, and `about.json` with versions, dates, licences and what was left out. No MaxMind data, here or ever.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import file_digest
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abhaya.places.kernels import keys_of, pairs_of

PREPARED = Path(__file__).with_name("data") / "networks"
ABOUT = "about.json"
FORMAT_VERSION = 2
COUNTRY_PACKAGE = "geo-whois-asn-country"
OPERATOR_PACKAGE = "asn"
DISPUTE = "|"
RANGES_MIN = 1000  # a table with fewer is a broken download

_VERSION_DATE = re.compile(r"(20\d\d)(\d\d)(\d\d)")


class Table(NamedTuple):
    """One family of one table: inclusive ranges, sorted, without overlap, and a value for each."""

    first: npt.NDArray[np.generic]
    last: npt.NDArray[np.generic]
    values: list[str]  # where published ranges overlap and disagree, every value said there: "BE|DE"
    disputed: int  # how many such ranges


def prepare(packages: Path, target: Path = PREPARED, *, ranges_min: int = RANGES_MIN) -> dict[str, object]:
    """Writes the arrays under `target` and returns `about.json`. `packages` holds the two package folders."""
    target.mkdir(parents=True, exist_ok=True)
    about: dict[str, object] = {
        "format": FORMAT_VERSION,
        "prepared_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    about["tables"] = [
        _prepare_package(packages / COUNTRY_PACKAGE, target, "country", ranges_min),
        _prepare_package(packages / OPERATOR_PACKAGE, target, "operator", ranges_min),
    ]
    (target / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")  # last: without it nothing is read
    return about


def is_prepared(packages: Path, target: Path = PREPARED) -> bool:
    """Whether `target` was already made from these package versions."""
    try:
        about = json.loads((target / ABOUT).read_text(encoding="utf-8"))
        versions = [_package(packages / name)["version"] for name in (COUNTRY_PACKAGE, OPERATOR_PACKAGE)]
    except (OSError, ValueError):
        return False
    return about.get("format") == FORMAT_VERSION and [table["version"] for table in about["tables"]] == versions


def _prepare_package(folder: Path, target: Path, name: str, ranges_min: int) -> dict[str, object]:
    package = _package(folder)
    about: dict[str, object] = {
        "name": name,
        "package": package["name"],
        "version": package["version"],
        "licence": package["license"],
        "as_of": _date_of(str(package["version"])),
        # The publisher's own notice stands in the package's README; whoever reads an answer must be able to know it.
        "caution": "bug" in (folder / "README.md").read_text(encoding="utf-8")[:600].lower(),
        "sha256": {},
    }
    for family in (4, 6):
        source = folder / f"{folder.name}-ipv{family}-num.csv"
        table = read_table(source, family)
        if len(table.first) < ranges_min:
            raise ValueError(f"{source} holds only {len(table.first)} ranges: the download is broken")
        names, which = np.unique(np.array(table.values, dtype=object), return_inverse=True)
        np.save(target / f"{name}-v{family}-first.npy", table.first)
        np.save(target / f"{name}-v{family}-last.npy", table.last)
        np.save(target / f"{name}-v{family}-value.npy", which.astype(np.uint32))
        (target / f"{name}-v{family}-values.json").write_text(
            json.dumps(list(names), ensure_ascii=False), encoding="utf-8"
        )
        about[f"ranges_v{family}"], about[f"disputed_v{family}"] = len(table.first), table.disputed
        with source.open("rb") as opened:
            about["sha256"][source.name] = file_digest(opened, "sha256").hexdigest()  # type: ignore[index]  # made above
    return about


def read_table(source: Path, family: int) -> Table:
    """One `first,last,value…` file with addresses as integers."""
    first, last, values = ([*column] for column in zip(*without_overlap(sorted(_ranges(source))), strict=True))
    disputed = sum(DISPUTE in value for value in values)
    if family == 4:
        return Table(np.array(first, dtype=np.uint32), np.array(last, dtype=np.uint32), values, disputed)
    return Table(keys_of(pairs_of(first)), keys_of(pairs_of(last)), values, disputed)


def without_overlap(ranges: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Sorted inclusive ranges cut where they overlap; a piece covered by several values carries them all."""
    cluster: list[tuple[int, int, str]] = []
    edge = -1
    for one in ranges:
        if one[0] > edge:
            yield from _cut(cluster)
            cluster = []
        cluster.append(one)
        edge = max(edge, one[1])
    yield from _cut(cluster)


def _cut(cluster: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    if len(cluster) <= 1:
        yield from cluster
        return
    edges = sorted({start for start, _, _ in cluster} | {end + 1 for _, end, _ in cluster})
    for start, following in pairwise(edges):
        covering = {value for first, last, value in cluster if first <= start <= last}
        if covering:
            yield start, following - 1, DISPUTE.join(sorted(covering))


def _ranges(source: Path) -> Iterator[tuple[int, int, str]]:
    with source.open(encoding="utf-8", newline="") as opened:
        for row in csv.reader(opened):
            # country table: first,last,CC · operator table: first,last,number,name
            yield (
                int(row[0]),
                int(row[1]),
                row[2] if len(row) == 3 else f"AS{row[2]} {row[3].replace(DISPUTE, '/')}".strip(),
            )


def _package(folder: Path) -> dict[str, object]:
    loaded = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    return dict(loaded)


def _date_of(version: str) -> str:
    """The day in a version such as 2.3.2026061719."""
    found = _VERSION_DATE.search(version)
    return "-".join(found.groups()) if found else ""


def main() -> int:
    """Exit codes: 0 prepared or nothing to do, 2 wrong usage, 3 the packages are not there or broken."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m abhaya.places.prepare node_modules/@ip-location-db\n")
        return 2
    packages = Path(sys.argv[1])
    if is_prepared(packages):
        return 0
    try:
        about = prepare(packages)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"the address tables could not be prepared: {problem}\n")
        return 3
    for table in about["tables"]:  # type: ignore[attr-defined]  # a list of ours
        sys.stdout.write(
            f"{table['name']}: {table['package']} {table['version']}, {table['ranges_v4']} + {table['ranges_v6']} ranges\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
