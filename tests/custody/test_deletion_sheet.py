"""The certificate of a deletion on paper says what was signed, in both languages, and prints whatever stands in it as it is."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from uuid import UUID

from pypdf import PdfReader

from abhaya.custody.certificate import Facts, commitment, text_of
from abhaya.custody.formats import deletion_sheet

AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
SALT = b"7" * 32
WORDS = {"ground": {"court": ("A court ordered it", "न्यायालय का आदेश")}}


def signed(originals: int, reference: str = "Order 12") -> str:
    facts = Facts(
        deletion=UUID(int=7), compartment=UUID(int=8), kind="report", rule="report/IN v1", ground="court",
        reference=reference, asked_by="Sita", asked_at=AT, approved_by="Tara", decided_at=AT, erased_at=AT,
        rows={"intake.intake_report": 1}, entries=3, salt=SALT,
        commitments=tuple(commitment(SALT, bytes([at % 256]) * 32) for at in range(originals)),
    )  # fmt: skip
    return text_of(facts) + "\n— example.org QUJD\n"


def read(note: str) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(deletion_sheet.pdf(note, WORDS))).pages]


def test_every_line_that_was_signed_stands_on_it_and_the_codes_in_words():
    note = signed(90)
    pages = read(note)
    text = "\n".join(pages)
    assert len(pages) == 3
    for line in note.splitlines():
        assert line.strip() in text
    assert "A court ordered it" in pages[0]
    assert "Tara, 2026-05-04T03:02:01Z" in pages[0]
    assert "python3 verify FILE --key key.txt" in pages[0]


def test_signs_of_a_typesetter_are_printed_and_do_nothing():
    strange = '#panic("x") *bold* $1 \\ ] } // order'
    assert strange in read(signed(1, strange))[0]


def test_what_is_too_long_for_paper_is_known_before_it_is_set():
    assert deletion_sheet.fits(signed(100))
    assert not deletion_sheet.fits(signed(deletion_sheet.LINES_MAX))
