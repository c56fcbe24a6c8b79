"""Report PDFs: text by page and line, the number they are about, a fault in words."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from abhaya.errors import SenderError
from abhaya.intake.formats import report_pdf
from abhaya.training import paper
from abhaya.training.parameters import TINY
from abhaya.training.world import World

REPORT = next(report for report in World(1, TINY).reports(50) if report.email and report.logins)
PDF = paper.pdf(REPORT)


def test_the_text_comes_line_by_line_with_its_place():
    record = report_pdf.read(PDF, paper.pdf_name(REPORT))
    line = next(text for text in record.texts if REPORT.email in text.text)
    assert line.locator.startswith("page 1, line ")
    assert any(REPORT.logins[0].address in text.text for text in record.texts)


def test_the_number_is_read_from_the_first_page_whatever_the_file_is_called():
    assert report_pdf.read(PDF, "scan.pdf").external_ref == paper.number(REPORT)


@pytest.mark.parametrize(
    ("name", "number"), [("Report_100000006.pdf", "100000006"), ("x/12345678 (2).pdf", "12345678"), ("letter.pdf", "")]
)
def test_the_number_in_a_files_name(name, number):
    assert report_pdf.number_in_name(name) == number


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(PDF) - 1))
def test_a_damaged_pdf_is_refused_or_read_never_worse(noise, at):
    damaged = PDF[:at] + noise + PDF[at + len(noise) :]
    try:
        report_pdf.read(damaged, "d.pdf")
    except SenderError as error:
        assert error.sentence.startswith("The PDF")


def test_a_file_that_is_no_pdf_is_refused_in_words():
    with pytest.raises(SenderError, match="cannot be opened"):
        report_pdf.read(b"%PDF-1.7 nothing follows", "x.pdf")


def a_pdf_that_draws(content: bytes) -> bytes:
    """One page whose drawing is `content`, packed."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    stream = DecodedStreamObject()
    stream.set_data(zlib.compress(content, 9))
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("content", [b"BT /F1 1 Tf (asks age) Tj ET\n" * 2_000_000, b"[" * 5_000_000])
def test_a_pdf_that_asks_for_endless_work_ends_in_words_and_the_server_works_on(content, monkeypatch):
    monkeypatch.setattr(report_pdf, "LIMITS", replace(report_pdf.LIMITS, cpu_seconds=2, wall_seconds=6))
    hostile = a_pdf_that_draws(content)
    assert len(hostile) < 400_000
    try:
        record = report_pdf.read(hostile, "h.pdf")
    except SenderError as error:
        assert error.sentence == report_pdf.UNREADABLE[report_pdf.confined.Ended.TIME]
    else:
        assert record.losses  # the library stopped by itself, and the page says so
