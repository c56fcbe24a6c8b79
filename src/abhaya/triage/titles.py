"""A report's title (pure): one sentence made from its signals, by the first line that fits.

It says what was said or counted. “Offender”, “victim”, “abuse” stand in no title: nothing of it is proven yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from abhaya.intake.formats.record import Record
from abhaya.shared.reason import Reason
from abhaya.triage.rules import BOTH_CHILDREN, CHILD_SENDER, THIN, VIRAL
from abhaya.triage.signals import Signals, Values

# Of an age that somebody says of themselves in a text and one that the sender states, the younger is told.
_SAID_AGES = ("text_age_under_13", "text_age_13_15", "text_age_16_17")
_STATED_AGES = ("child_under_13", "child_13_15", "child_16_17")
_WRITTEN_TO = frozenset({
    "text_asks_age", "text_meet", "text_school", "text_secrecy", "text_other_app", "text_money",
})  # fmt: skip


def title(record: Record, signals: Signals, lane: str, *, files: int | None = None, is_test: bool = False) -> Reason:
    """The title as a stored reason, so that it is read in either language. `files`: how many the report has by now,
    where that is known better than from the record.
    """
    values: Values = {"platform": record.platform or record.sender_name or "–"}
    if is_test:
        return Reason("title_test", values)
    return next(_lines(record, signals, lane, values, len(record.files) if files is None else files))


def _lines(record: Record, signals: Signals, lane: str, values: Values, files: int) -> Iterator[Reason]:
    """Every title that fits, the most telling first; the last always fits."""
    present = signals.keys()
    said = next((signals[code]["age"] for code in _SAID_AGES if code in signals), None)
    stated = next((signals[code]["age"] for code in _STATED_AGES if code in signals), None)
    suffix = "age" if said is not None and (stated is None or int(said) <= int(stated)) else "stated"
    age = said if suffix == "age" else stated
    if "text_self_harm" in present:
        yield Reason("title_self_harm", values)
    if lane == CHILD_SENDER:
        yield Reason("title_child_writes", {"age": signals["sender_is_child"]["age"]})
    if lane == BOTH_CHILDREN:
        yield Reason("title_both_children", values)
    if present & {"text_threat", "extortion"}:
        yield Reason("title_threatened", values) if age is None else _aged(f"title_threatened_{suffix}", values, age)
    if age is not None and present & {"text_picture", "solicitation"}:
        yield _aged(f"title_asked_{suffix}", values, age)
    if age is not None and present & {*_WRITTEN_TO, "type_enticement"}:
        yield _aged(f"title_approached_{suffix}", values, age)
    if present & {*_WRITTEN_TO, "text_picture", "solicitation"}:
        yield Reason("title_contact", values)
    if "file_live" in present:
        yield Reason("title_live", values)
    if lane == VIRAL:
        yield Reason("title_viral" if files <= 1 else "title_viral_files", values)
    if lane == THIN:
        yield Reason("title_thin", values)
    yield from _files(files, signals, values)
    if any(fact.kind == "url" and fact.role == "incident" for fact in record.facts):
        yield Reason("title_address", values)
    yield Reason("title_contact" if record.texts else "title_account", values)


def _aged(code: str, values: Values, age: str | float) -> Reason:
    return Reason(code, {**values, "age": age})


def _files(files: int, signals: Signals, values: Values) -> Iterator[Reason]:
    if "files_known" in signals:
        yield (
            Reason("title_file_known", values)
            if files == 1
            else Reason("title_files_known", {**values, "files": files})
        )
    if "files_part_new" in signals:
        yield Reason("title_files_part", {**values, "files": files, "new": signals["files_part_new"]["new"]})
    if files:
        yield Reason("title_file" if files == 1 else "title_files", {**values, "files": files})
