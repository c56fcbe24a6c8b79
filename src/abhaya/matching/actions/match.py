"""The only writer of matches: the stage of the road that asks whether these files were here before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching import queries, rules
from abhaya.matching.actions.against_lists import STAGE, hold_against_lists
from abhaya.matching.actions.bundles import bundle_reports
from abhaya.matching.queries import File
from abhaya.matching.rules import BYTES, CLAIMED, Earlier, Hashes
from abhaya.selectors.sighting import selector_id
from abhaya.shared import road
from abhaya.shared.bulk import insert
from abhaya.shared.ids import since, until, uuid7s
from abhaya.shared.sql import NamedSql, execute

NEAR, FILMS = NamedSql(queries.__file__, "near.sql"), NamedSql(queries.__file__, "films.sql")
EARLIER_REPORTS_MAX = 1000  # looked at per hash; a count that reaches it is shown as "1,000+"

COLUMNS = [
    "id", "compartment", "report_id", "file_id", "hash_kind", "hash_type", "selector_id", "digest", "earlier_reports",
    "more", "first_report_id",
]  # fmt: skip
FILE, KIND, HASH = (COLUMNS.index(column) - 1 for column in ("file_id", "hash_kind", "selector_id"))
_Row = tuple[object, ...]


def match_reports(report_ids: Sequence[UUID]) -> None:
    """For each file of each report: were these bytes here before, or does a sender claim the same hash? One ledger line
    per report, matches or none; then the road. A report that comes again, because more came for it, keeps what it has.
    """
    if not report_ids:
        return
    files = queries.files(report_ids)
    claims = queries.claims(report_ids)
    hashes = [Hashes(claims.get((file.report_id, file.position), set()), file.computed()) for file in files]
    held = queries.held_before({file.sha256 for file in files if file.sha256}, EARLIER_REPORTS_MAX)
    spoken = queries.claimed_before(
        {key for each in hashes for key in (*each.claimed, *each.computed)}, EARLIER_REPORTS_MAX
    )
    kept = queries.held_as_claimed({key for each in hashes for key in each.claimed}, EARLIER_REPORTS_MAX)
    rows: list[_Row] = []
    for file, each in zip(files, hashes, strict=True):
        same_bytes = held.get(file.sha256, ()) if file.sha256 else ()
        same = rules.earlier(same_bytes, file.arrival, EARLIER_REPORTS_MAX)
        if same:
            rows.append(_row(file, BYTES, f"sha256:{(file.sha256 or b'').hex()}", same))
        claimed = rules.claimed(each, spoken, kept, same_bytes, file.arrival, EARLIER_REPORTS_MAX)
        rows += [_row(file, CLAIMED, key, found) for key, found in claimed]
    had = queries.written(report_ids)
    rows = [row for row in rows if (row[FILE], row[KIND], row[HASH]) not in had]
    listed = hold_against_lists(files, hashes)
    woken = bundle_reports(report_ids, files, held)
    for waits in (NEAR["expect"], FILMS["expect"]):
        execute(waits, {"reports": list(report_ids), "since": since(report_ids), "until": until()})
    insert("matching_match", COLUMNS, [(row_id, *row) for row_id, row in zip(uuid7s(len(rows)), rows, strict=True)])
    record(_acts(report_ids, queries.compartments(report_ids), rows, listed))
    road.again(STAGE, woken)
    road.passed(STAGE, report_ids)


def _row(file: File, hash_kind: str, key: str, found: Earlier) -> _Row:
    return (
        file.compartment, file.report_id, file.id, hash_kind, key.partition(":")[0], selector_id("file_hash", key),
        queries.digest(key), found.reports, found.more, found.first,
    )  # fmt: skip


def _acts(
    report_ids: Sequence[UUID], compartments: Mapping[UUID, UUID], rows: Sequence[_Row], listed: Mapping[UUID, int]
) -> list[Act]:
    counts = {report: {BYTES: 0, CLAIMED: 0} for report in report_ids}
    for _compartment, report, _file, hash_kind, *_rest in rows:
        counts[report][hash_kind] += 1  # type: ignore[index]  # the columns of `_row`
    return [
        Act(
            Event.MATCHING_REPORT_MATCHED, report, compartments.get(report),
            {"same_bytes": counts[report][BYTES], "claimed_hashes": counts[report][CLAIMED], "listed": listed.get(report, 0)},
        )
        for report in report_ids
    ]  # fmt: skip
