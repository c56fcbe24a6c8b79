"""Report PDFs: their text by page and line, for mining and reading; the number they are about. No picture is opened.

A PDF travels beside a row of a workbook and is matched to it by report number: the number in its name first, then the
one on its first page. What is mined from it carries "page N, line M".
"""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from abhaya.errors import SenderError
from abhaya.intake.formats.record import Loss, Record, Text

FORMAT, VERSION = "report_pdf", 1
PAGES_MAX = 500
PAGE_CHARACTERS_MAX = 200_000
DOCUMENT_CHARACTERS_MAX = 2_000_000

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
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        is_closed = reader.is_encrypted and not reader.decrypt("")
        count = 0 if is_closed else len(reader.pages)
    except Exception as error:  # a stranger's file: whatever the library meets in it is the file's fault
        raise SenderError(f"The PDF cannot be opened: {type(error).__name__}.") from error
    if is_closed:
        raise SenderError("The PDF is protected by a password.")
    if count > PAGES_MAX:
        raise SenderError(f"The PDF has {count:,} pages; at most {PAGES_MAX} are read.")
    read_pages = []
    for index in range(count):
        try:
            read_pages.append((reader.pages[index].extract_text() or "", ""))
        except Exception as error:  # noqa: BLE001 — as above; the other pages are read
            read_pages.append(("", f"this page cannot be read: {type(error).__name__}"))
    return read_pages
