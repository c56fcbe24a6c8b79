"""`abhaya export WHAT --csv F`: the auditor's tables, read as a service of the road, row by row."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.db import connection

from abhaya.commands.files import new_text_file
from abhaya.commands.progress import Progress
from abhaya.desk.masking import Masking, lay_out
from abhaya.desk.redaction import MASK
from abhaya.intake import queries as intake
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking.reasons_links import SENTENCES as LINKING
from abhaya.linking.words import ANSWERS
from abhaya.routing.reasons import IDENTIFYING
from abhaya.routing.reasons import SENTENCES as ROUTING
from abhaya.shared.identity import on_the_road
from abhaya.shared.reason import Reason, Sentences, sentence
from abhaya.shared.sql import NamedSql
from abhaya.shared.tables import write_csv
from abhaya.triage import queries as triage
from abhaya.triage.reasons import SENTENCES as TRIAGE

SQL = NamedSql(__file__, "export.sql")
ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of an export and how a row of its query becomes one of its rows."""

    columns: tuple[str, ...]
    row: Callable[[Sequence[Any]], Sequence[object]]


def _reasons(text: str, sentences: Sentences, *, is_masked: bool = False) -> str:
    """Stored reasons as an officer would read them out, in English."""
    reasons = msgspec.json.decode(text, type=list[Reason])
    if is_masked:
        reasons = [
            Reason(one.code, {key: MASK if key in IDENTIFYING and said else said for key, said in one.values.items()})
            for one in reasons
        ]
    return " ".join(sentence(reason, sentences, "en") for reason in reasons)


def _priority(row: Sequence[Any]) -> Sequence[object]:
    report, external_ref, lane, score, rank, lane_reason, reasons = row
    return (
        report,
        external_ref,
        lane,
        score,
        rank,
        f"{_reasons(f'[{lane_reason}]', TRIAGE)} {_reasons(reasons, TRIAGE)}",
    )


def _route(row: Sequence[Any]) -> Sequence[object]:
    """A masked person's telephone, address or words stay in the house; what they point to does not name anybody."""
    *placed, reasons, against, is_masked = row
    told = _reasons(reasons, ROUTING, is_masked=is_masked)
    if spoken_against := _reasons(against, ROUTING, is_masked=is_masked):
        told += f" Against: {spoken_against}"
    return *placed, told


def _match(row: Sequence[Any]) -> Sequence[object]:
    """A file's name as its report's page shows it: senders put names and telephones into them."""
    report_id, number, external_ref, file, *rest = row
    return number, external_ref, _masking(report_id).text(file or ""), *rest


def _link(row: Sequence[Any]) -> Sequence[object]:
    """Why: what the two share, with how many others, and what an officer said of them."""
    subject, a, b, millibits, outcome, answer, shared, is_across = row
    told = [Reason(f"link_{kind}", {"holders": holders}) for kind, holders in (one.split() for one in shared)]
    if is_across:
        told.append(Reason("link_protected"))
    said = [sentence(reason, LINKING, "en") for reason in told]
    if answer:
        said.append(f"An officer said: {ANSWERS[answer][0]}.")
    weight = "" if millibits is None else f"{millibits / 1000:.3f}"
    return subject or "", a, b, weight, outcome, " ".join(said)


@lru_cache(maxsize=1)  # the rows come report by report
def _masking(report_id: UUID) -> Masking:
    report = intake.report(report_id)
    return lay_out(report, triage.assessment(report_id))[1] if report is not None else Masking()


TABLES = {
    "routes": Table(
        ("report_id", "external_ref", "rank", "country", "state", "district", "unit", "reasons"),
        _route,
    ),
    "reports": Table(
        ("report_id", "external_ref", "sender", "received_at"), lambda row: (*row[:3], row[3].isoformat())
    ),
    "bundles": Table(("bundle_id", "report_id"), tuple),
    "matches": Table(("report_id", "external_ref", "file", "list", "entry", "distance"), _match),
    "subjects": Table(("report_id", "external_ref", "account", "subject_id"), lambda row: row[:4]),
    "links": Table(("subject_id", "a", "b", "weight", "outcome", "reason"), _link),
    "network": Table(("group", "country", "kind", "value", "sightings"), tuple),
    "priorities": Table(("report_id", "external_ref", "lane", "score", "rank", "reasons"), _priority),
}


def table(arguments: Namespace) -> int:
    """One table into a new file, in one snapshot of the database; the export is an act of its own in the ledger."""
    what = arguments.chosen.name.split()[-1]
    chosen = TABLES[what]
    _masking.cache_clear()
    with (
        new_text_file(arguments.csv) as file,
        Progress(f"exporting {what}") as progress,
        on_the_road("operator:export", purpose=arguments.purpose.strip() or f"export {what}"),
    ):
        rows = write_csv(file, chosen.columns, _rows(what, chosen, progress))
        record([Act(Event.DESK_TABLE_EXPORTED, facts={"table": what, "rows": rows})])
    sequence_all()  # the act has its place in the ledger even where no server runs
    return 0


def _rows(what: str, chosen: Table, progress: Progress) -> Iterator[Sequence[object]]:
    # A cursor kept by the server: a national table never stands in memory.
    with connection.connection.cursor(name=f"export_{uuid4().hex}") as cursor:
        cursor.execute(SQL[what])
        while batch := cursor.fetchmany(ROWS_AT_ONCE):
            for row in batch:
                progress.step()
                yield chosen.row(row)
