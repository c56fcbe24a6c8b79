"""Which reports fold into one line: written anew at each walk along the road, since more may have come for a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from abhaya.matching import bundle_rules
from abhaya.matching.bundles import SQL
from abhaya.matching.queries import File
from abhaya.shared.bulk import insert
from abhaya.shared.ids import since, until
from abhaya.shared.sql import fetch

COLUMNS = ["report_id", "compartment", "bundle_id", "apart"]
_AGAIN = "on conflict (report_id) do update set bundle_id = excluded.bundle_id, apart = excluded.apart"


def bundle_reports(report_ids: Sequence[UUID], files: Sequence[File]) -> None:
    """`files`: all files of these reports, each once."""
    of_report: defaultdict[UUID, list[File]] = defaultdict(list)
    for file in files:
        of_report[file.report_id].append(file)
    roles: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    bounds = {"reports": list(report_ids), "since": since(report_ids), "until": until()}
    for report, role, count in fetch(_row, SQL["roles"], bounds):
        roles[report][role] = count
    rows = [
        (report, own[0].compartment, found.bundle_id, msgspec.json.encode(found.apart).decode())
        for report, own in of_report.items()
        if (found := bundle_rules.bundled([file.sha256 for file in own], roles.get(report, {})))
    ]
    insert("matching_bundle", COLUMNS, rows, conflict=_AGAIN)


def _row(*row: Any) -> tuple[Any, ...]:
    return row
