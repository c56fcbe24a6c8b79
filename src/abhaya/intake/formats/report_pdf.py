"""Report PDFs: their text by page and line, for mining and reading; the number they are about. No picture is opened.

A PDF travels beside a row of a workbook and is matched to it by report number: the number in its name first, then the
one on its first page. What is mined from it carries "page N, line M".
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from abhaya.errors import SenderError
from abhaya.intake.formats.record import Loss, Record, Text
from abhaya.shared import confined

FORMAT, VERSION = "report_pdf", 1
PAGES_MAX = 500
PAGE_CHARACTERS_MAX = 200_000
DOCUMENT_CHARACTERS_MAX = 2_000_000
READER = Path(__file__).with_name("report_pdf_pages.py")
LIMITS = confined.Limits(
    cpu_seconds=30, wall_seconds=60, answer_bytes=64 * confined.MIB, memory_bytes=768 * confined.MIB
)
_TOO_COSTLY = "The PDF asks for more memory or time than one may take; it must be read by a person."
UNREADABLE = {
    confined.Ended.TIME: _TOO_COSTLY,
    confined.Ended.MEMORY: _TOO_COSTLY,
    confined.Ended.TOO_MUCH: _TOO_COSTLY,
    confined.Ended.TOO_LARGE: "The PDF is larger than 256 MiB; it must be read by a person.",
    confined.Ended.CRASHED: "The PDF cannot be opened: reading it ended the reader.",
}

_LABELLED_NUMBER = re.compile(
    r"(?:cyber\s*tip(?:line)?|report)\s*(?:report\s*)?(?:no\.?|number|id|#)?\s*[:#]?\s*(\d{5,18})", re.IGNORECASE
)
_LONG_NUMBER = re.compile(r"(?<!\d)(\d{6,18})(?!\d)")


def is_pdf(data: bytes) -> bool:
    return data[:1024].lstrip().startswith(b"%PDF-")


def number_in_name(name: str) -> str:
    """The report number in a file's name: its longest run of at least six digits, or ""."""
    return max(_LONG_NUMBER.findall(name.rsplit("/", 1)[-1]), key=len, default="")


def read(data: bytes, name: str) -> Record:
    """The text of a PDF, line by line, as a record without facts of its own: mining finds them.

    Raises SenderError when the file cannot be opened at all; a page that cannot be read is a loss and the rest goes on.
    """
    pages = _pages(data)
    texts: list[Text] = []
    losses: list[Loss] = []
    left = DOCUMENT_CHARACTERS_MAX
    for number, (page, fault) in enumerate(pages, start=1):
        if fault:
            losses.append(Loss(f"page {number}", "page", "", fault))
        for line_number, line in enumerate(page[: min(PAGE_CHARACTERS_MAX, left)].splitlines(), start=1):
            if line.strip():
                texts.append(Text("report page", line.strip(), f"page {number}, line {line_number}"))
        left = max(0, left - len(page))
    if not texts:
        losses.append(
            Loss("whole file", "text", "", "the file holds no text: a scan, perhaps; it must be read by a person")
        )
    first_page = pages[0][0] if pages else ""
    labelled = _LABELLED_NUMBER.search(first_page)
    number_found = labelled.group(1) if labelled else ""
    return Record(
        FORMAT, VERSION, external_ref=number_found or number_in_name(name), texts=tuple(texts), losses=tuple(losses)
    )


def _pages(data: bytes) -> list[tuple[str, str]]:
    """(text, fault in words) of each page."""
    outcome = confined.run(READER, data, {"pages_max": PAGES_MAX}, LIMITS)
    if outcome.ended is not confined.Ended.DONE:
        raise SenderError(UNREADABLE[outcome.ended])
    told = msgspec.json.decode(outcome.answer)
    if "refused" in told:
        raise SenderError(told["refused"])
    return [(page, fault) for page, fault in told["pages"]]
