"""Workbooks with one report per row: how reports travel from hub to state to district today (XLSX, XLS, ODS, CSV).

Nobody agrees on the columns, so an officer maps them once per shape (`shape` of the header) and the mapping is kept.
`suggest` proposes one from the header's words. A cell of an unmapped column is a loss, kept with its row and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rapidfuzz import fuzz

from abhaya.errors import SenderError
from abhaya.intake.formats import workbook_cells
from abhaya.intake.formats.record import LOSS_TEXT_CHARACTERS_MAX, Fact, Instant, Loss, Person, Place, Record, Text
from abhaya.intake.formats.times import read_instant
from abhaya.intake.formats.workbook_cells import CELL_CHARACTERS_MAX
from abhaya.shared import confined

if TYPE_CHECKING:
    from _csv import Reader as CsvReader  # the type has no public name

FORMAT, VERSION = "workbook", 1
ROWS_MAX = 200_000
COLUMNS_MAX = 200
HEADER_ROWS_SEARCHED_MAX = 20
SUGGESTION_SCORE_MIN = 82
LIMITS = confined.Limits(
    memory_bytes=2048 * confined.MIB, cpu_seconds=120, wall_seconds=300, answer_bytes=256 * confined.MIB
)
TOO_COSTLY = "The workbook asks for more memory or time than one may take; save the sheet with the reports as CSV."


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can mean. `words` are headers seen or likely; `many` cells may hold several values."""

    label: str
    label_hi: str
    words: tuple[str, ...]
    many: bool = False


FIELDS: dict[str, Field] = {
    "report_number": Field("Report number", "रिपोर्ट क्रमांक", ("cybertip id", "cybertip report no", "report no", "report number", "report id", "tipline no", "ct number", "reference no")),
    "received": Field("Received on", "प्राप्ति दिनांक", ("date received", "received on", "date of receipt", "report date")),
    "sender": Field("Platform that reported", "सूचना देने वाला मंच", ("esp", "esp name", "reporting esp", "platform", "submitter", "source", "company")),
    "incident_type": Field("Incident type", "घटना का प्रकार", ("incident type", "type of incident", "category", "nature of offence")),
    "incident_time": Field("Incident time", "घटना का समय", ("incident time", "incident date", "date and time of incident", "incident date time")),
    "person_name": Field("Name of the reported person", "सूचित व्यक्ति का नाम", ("suspect name", "name", "name of suspect", "user name full", "account holder")),
    "screen_name": Field("Screen name", "स्क्रीन नाम", ("screen name", "username", "user name", "profile name", "handle")),
    "account": Field("Account identifier", "खाता आईडी", ("user id", "esp user id", "account id", "uid", "profile id")),
    "email": Field("E-mail", "ई-मेल", ("email", "e mail", "email id", "mail id", "email address"), many=True),
    "phone": Field("Telephone", "दूरभाष", ("phone", "mobile", "mobile no", "phone number", "contact no", "telephone"), many=True),
    "ip": Field("IP address", "आईपी पता", ("ip", "ip address", "ip addresses", "login ip", "upload ip"), many=True),
    "ip_time": Field("Time of the IP address", "आईपी पते का समय", ("ip time", "ip date time", "date time of ip", "ip timestamp", "login time")),
    "url": Field("URL", "यूआरएल", ("url", "link", "profile url", "profile link"), many=True),
    "file_hash": Field("File hash", "फ़ाइल हैश", ("md5", "hash", "hash value", "file hash"), many=True),
    "address": Field("Address", "पता", ("address", "suspect address", "postal address", "residential address")),
    "city": Field("City", "शहर", ("city", "town")),
    "district": Field("District", "ज़िला", ("district", "dist", "police district")),
    "state": Field("State", "राज्य", ("state", "state ut", "state name")),
    "remarks": Field("Remarks", "टिप्पणी", ("remarks", "details", "description", "summary", "additional information", "notes")),
    "serial": Field("Serial number (not kept as a fact)", "क्रमांक (तथ्य नहीं)", ("sl no", "s no", "sr no", "serial no", "serial number", "no")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its header and the rows below it, numbered as the spreadsheet shows them."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheets(data: bytes, name: str) -> list[Sheet]:
    """Every sheet with a header and at least one row. Raises SenderError with the limit or fault in words."""
    tables = (
        _csv_tables(data, name) if not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else _book_tables(data)
    )
    sheets = [sheet for sheet in (_sheet(title, rows) for title, rows in tables) if sheet is not None]
    if not sheets:
        raise SenderError("The workbook has no sheet with a header row and at least one row below it.")
    return sheets


def shape(header: Sequence[str]) -> bytes:
    """What identifies a kind of workbook: SHA-256 of its header words, whatever their case and spacing."""
    return hashlib.sha256("\x1f".join(_plain(cell) for cell in header).encode()).digest()


def suggest(header: Sequence[str]) -> dict[str, str]:
    """Column heading → field, each field at most once (the best heading wins); unknown headings are left out."""
    scored: list[tuple[float, str, str]] = []
    for heading in header:
        plain = _plain(heading)
        for field, known in FIELDS.items():
            score = max(fuzz.ratio(plain, word) for word in known.words) if plain else 0
            if score >= SUGGESTION_SCORE_MIN:
                scored.append((score, heading, field))
    chosen: dict[str, str] = {}
    for _, heading, field in sorted(scored, key=lambda entry: -entry[0]):
        if heading not in chosen and field not in chosen.values():
            chosen[heading] = field
    return chosen


def read_row(sheet: Sheet, number: int, cells: Sequence[str], mapping: Mapping[str, str]) -> Record:
    """One row as a record. Raises SenderError when it has no report number: nothing could be matched to it."""
    reading = _Row(sheet.name, number)
    for column, (heading, cell) in enumerate(zip(sheet.header, cells, strict=False)):
        reading.take(mapping.get(heading, ""), heading, cell.strip(), _letters(column))
    for column in range(len(sheet.header), len(cells)):
        reading.take("", "(no heading)", cells[column].strip(), _letters(column))
    if "report_number" not in reading.single:
        raise SenderError(f"Row {number} of sheet {sheet.name!r} has no report number.")
    return reading.record()


def number_of_row(sheet: Sheet, cells: Sequence[str], mapping: Mapping[str, str]) -> str:
    """The report number in a row, or ""."""
    for heading, cell in zip(sheet.header, cells, strict=False):
        if mapping.get(heading) == "report_number":
            return cell.strip()
    return ""


class _Row:
    """Collects one row's cells by field, then says them as a record."""

    def __init__(self, sheet: str, number: int) -> None:
        self.sheet, self.number = sheet, number
        self.single: dict[str, tuple[str, str]] = {}
        self.facts: list[Fact] = []
        self.losses: list[Loss] = []
        self.texts: list[Text] = []

    def take(self, field: str, heading: str, cell: str, letters: str) -> None:
        if not cell or field == "serial":
            return
        locator = f"sheet {self.sheet}, row {self.number}, column {letters}"
        if field not in FIELDS:
            self.losses.append(Loss(locator, heading, cell[:LOSS_TEXT_CHARACTERS_MAX], "column not mapped"))
        elif FIELDS[field].many:
            values = [value for value in re.split(r"[\n;,|]+\s*", cell) if value.strip()]
            self.facts += [Fact(field, value.strip(), locator, "reported", 1) for value in values]
        elif field == "remarks":
            self.texts.append(Text("remarks", cell, locator))
        elif field in self.single:
            self.losses.append(
                Loss(locator, heading, cell[:LOSS_TEXT_CHARACTERS_MAX], "a second column with this meaning")
            )
        else:
            self.single[field] = (cell, locator)

    def record(self) -> Record:
        def text(field: str) -> str:
            return self.single.get(field, ("", ""))[0]

        platform = text("sender")
        facts = [self._timed(fact, text("ip_time")) for fact in self.facts]
        for kind in ("screen_name", "account"):
            if kind in self.single:
                value, locator = self.single[kind]
                facts.append(Fact(kind, value, locator, "reported", 1, platform=platform))
        where = f"sheet {self.sheet}, row {self.number}"
        if "ip_time" in self.single and not any(fact.kind == "ip" for fact in facts):
            time, locator = self.single["ip_time"]
            self.losses.append(
                Loss(locator, "ip_time", time[:LOSS_TEXT_CHARACTERS_MAX], "a time without an IP address")
            )
        return Record(
            FORMAT, VERSION, external_ref=text("report_number"), sender_name=platform,
            received_elsewhere=self._instant("received"), incident_type=text("incident_type"),
            incident=self._instant("incident_time"), platform=platform,
            persons=(Person("reported", 1, where, name=text("person_name")),) if facts or text("person_name") else (),
            facts=tuple(facts), places=self._places(), texts=tuple(self.texts), losses=tuple(self.losses),
        )  # fmt: skip

    def _instant(self, field: str) -> Instant | None:
        return read_instant(self.single[field][0], day_first=True) if field in self.single else None

    def _timed(self, fact: Fact, time: str) -> Fact:
        if fact.kind != "ip" or not time:
            return fact
        return Fact(
            fact.kind, fact.raw, fact.locator, fact.role, fact.person, instant=read_instant(time, day_first=True)
        )

    def _places(self) -> tuple[Place, ...]:
        found = {
            field: self.single[field] for field in ("address", "city", "district", "state") if field in self.single
        }
        if not found:
            return ()
        locator = next(iter(found.values()))[1]
        address = found.get("address", ("", ""))[0]
        city = found.get("district", found.get("city", ("", "")))[0]
        if "district" in found and "city" in found:  # a place has one of them; the town stands in its address
            address = ", ".join(filter(None, (address, found["city"][0])))
        return (Place("address", locator, "reported", 1, text=address, city=city, region=found.get("state", ("", ""))[0], country="IN"),)  # fmt: skip


def _sheet(title: str, table: Iterator[tuple[str, ...]]) -> Sheet | None:
    """The header is the first row with at least two words and no empty cell between them."""
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in enumerate(table, start=1):
        if number > ROWS_MAX:
            raise SenderError(f"Sheet {title!r} has more than {ROWS_MAX:,} rows; split it.")
        if len(cells) > COLUMNS_MAX:
            raise SenderError(f"Sheet {title!r} has more than {COLUMNS_MAX} columns.")
        if not header:
            filled = [cell for cell in cells if cell.strip()]
            if len(filled) >= 2 and len(set(filled)) == len(filled):
                header = tuple(cell.strip() for cell in cells)
            elif number >= HEADER_ROWS_SEARCHED_MAX:
                return None
            continue
        if any(cell.strip() for cell in cells):
            rows.append((number, cells))
    return Sheet(title, header, tuple(rows)) if header and rows else None


def _book_tables(data: bytes) -> Iterator[tuple[str, Iterator[tuple[str, ...]]]]:
    """The sheets, as `workbook_cells` reads them in a process of its own."""
    outcome = confined.run(Path(workbook_cells.__file__), data, {}, LIMITS)
    written = outcome.answer.splitlines()
    last = msgspec.json.decode(written.pop()) if written else {}
    if "done" not in last:
        raise SenderError(last.get("refused", TOO_COSTLY))
    sheets: list[tuple[str, list[tuple[str, ...]]]] = []
    for line in written:
        if line.startswith(b"{"):
            sheets.append((msgspec.json.decode(line)["title"], []))
        else:
            sheets[-1][1].append(msgspec.json.decode(line, type=tuple[str, ...]))
    return ((title, iter(rows)) for title, rows in sheets)


def _csv_tables(data: bytes, name: str) -> Iterator[tuple[str, Iterator[tuple[str, ...]]]]:
    text = _decoded(data)
    sample = text[:65_536]
    try:
        dialect = csv.Sniffer().sniff(sample, delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(CELL_CHARACTERS_MAX)
    yield name, _csv_rows(csv.reader(io.StringIO(text, newline=""), dialect), name)


def _csv_rows(reader: CsvReader, name: str) -> Iterator[tuple[str, ...]]:
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise SenderError(f"Line {reader.line_num} of {name} cannot be read as CSV: {error}.") from error


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what spreadsheet programs write on older desktops


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
