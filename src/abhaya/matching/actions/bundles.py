"""Which reports bring the same: written anew at each walk along the road, since more may have come for a report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from abhaya.matching import bundle_rules, stacks
from abhaya.matching.bundles import SQL
from abhaya.matching.queries import File
from abhaya.matching.rules import WIDELY_SHARED_REPORTS_MIN, Arrival
from abhaya.shared.bulk import insert
from abhaya.shared.ids import since, until
from abhaya.shared.sql import as_row, fetch, values

COLUMNS = ["report_id", "compartment", "bundle_id", "apart", "widely_files", "widely_first", "by_likeness"]
_AGAIN = """on conflict (report_id) do update set bundle_id = excluded.bundle_id, apart = excluded.apart,
    widely_files = excluded.widely_files, widely_first = excluded.widely_first,
    by_likeness = excluded.by_likeness"""
EARLY_REPORTS_MAX = 100  # of one file, looked at when it turns out to be widely shared


def bundle_reports(
    report_ids: Sequence[UUID], files: Sequence[File], held: Mapping[bytes, Sequence[Arrival]]
) -> list[UUID]:
    """`files`: all files of these reports, each once; `held`: SHA-256 -> reports that brought these bytes, oldest first.

    Returns reports that came before anybody could know that their file is widely shared, and now it is: each once.
    """
    of_report: defaultdict[UUID, list[File]] = defaultdict(list)
    for file in files:
        of_report[file.report_id].append(file)
    roles: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    first = _first_bytes(files)
    bounds = {"reports": list(report_ids), "since": since(report_ids), "until": until()}
    for report, role, count in fetch(as_row, SQL["roles"], bounds):
        roles[report][role] = count
    rows = [
        (
            report, own[0].compartment, found.bundle_id, msgspec.json.encode(found.apart).decode(), *_widely(own, held),
            any(file.sha256 in first for file in own),
        )
        for report, own in of_report.items()
        if (found := bundle_rules.bundled([first.get(file.sha256, file.sha256) for file in own], roles.get(report, {})))
    ]  # fmt: skip
    insert("matching_bundle", COLUMNS, rows, conflict=_AGAIN)
    return _woken(held)


def _first_bytes(files: Sequence[File]) -> Mapping[bytes | None, bytes]:
    """SHA-256 of a picture that stands in another's stack -> that of the stack's first."""
    digests = sorted({file.sha256 for file in files if file.sha256})
    found = fetch(as_row, stacks.SQL["first_bytes"], {"digests": digests}) if digests else []
    return {bytes(digest): bytes(first) for digest, first in found}


def _widely(files: Sequence[File], held: Mapping[bytes, Sequence[Arrival]]) -> tuple[int, int]:
    """How many files are in many other reports, and of how many of these this report was the first to bring them."""
    wide = [reports for file in files if file.sha256 and _is_wide(reports := held.get(file.sha256, ()))]
    return len(wide), sum(1 for reports in wide if reports[0][1] == files[0].report_id)


def _is_wide(reports: Sequence[Arrival]) -> bool:
    return len(reports) > WIDELY_SHARED_REPORTS_MIN


def _woken(held: Mapping[bytes, Sequence[Arrival]]) -> list[UUID]:
    """Reports of these files that last walked before the file was in so many."""
    early = Counter(
        report for reports in held.values() if _is_wide(reports) for _, report in reports[:EARLY_REPORTS_MAX]
    )
    return values(SQL["woken"], {"reports": list(early), "files": list(early.values())}) if early else []
