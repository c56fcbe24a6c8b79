"""The world on paper: a hub's workbook of one row per report, and a PDF per report, as police exchange them today."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

from abhaya.shared import typesetting
from abhaya.training.country import STATES
from abhaya.training.people import WorldReport
from abhaya.training.wire import ENTICEMENT, MATERIAL, file_name

# The headings are one office's habit; another office writes others, which is what column mapping is for.
HEADINGS = (
    "Sl. No.", "CyberTip Report No", "Date Received", "ESP Name", "Incident Type", "Incident Date Time", "Suspect Name",
    "User ID", "Screen Name", "Email ID", "Mobile No", "IP Address", "IP Date Time", "State", "District", "Remarks",
    "Office Note",
)  # fmt: skip

_TEMPLATE = """
#let report = json(bytes(sys.inputs.content))
#set page(paper: "a4", margin: 2cm, footer: [Training report: every name, number and address here is invented.])
#set text(font: "Noto Sans", size: 10pt)
= CyberTipline Report #report.number
Date received: #report.received
#linebreak() Reporting platform: #report.platform
#linebreak() Incident type: #report.type
#linebreak() Number of files: #report.files.len()
== Section A: what the platform sent
#for line in report.lines [#line #linebreak()]
== Files
#for file in report.files [Filename: #file.name #linebreak() Viewed by platform: #file.viewed #linebreak()]
"""


def number(report: WorldReport) -> str:
    """The number a clearing house gave it: nine digits."""
    return str(100_000_000 + int(report.ref[1:]))


def workbook(reports: Sequence[WorldReport], title: str = "Reports") -> bytes:
    """An XLSX with one row per report."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(HEADINGS))
    for index, report in enumerate(reports, start=1):
        sheet.append(_row(index, report))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(report: WorldReport) -> bytes:
    """The report as a PDF of a page or two. Its content goes in as data, never as markup."""
    return typesetting.pdf(_TEMPLATE, _content(report))


def pdf_name(report: WorldReport) -> str:
    return f"Report_{number(report)}.pdf"


def _row(index: int, report: WorldReport) -> list[str | int]:
    state = STATES[report.person.state]
    login = report.logins[0] if report.logins else None
    return [
        index, int(number(report)), report.at.strftime("%d-%m-%Y"), report.account.platform,
        ENTICEMENT if report.lines else MATERIAL, report.at.strftime("%d-%m-%Y %H:%M:%S") + " UTC", "",
        report.account.identifier, report.account.screen_name, report.email, report.phone,
        login.address if login else "", login.at.strftime("%Y-%m-%d %H:%M:%S UTC") if login else "", state.name,
        state.districts[report.person.district].name, "; ".join(report.lines), "forward at the earliest",
    ]  # fmt: skip


def _content(report: WorldReport) -> dict[str, object]:
    lines = [f"User ID: {report.account.identifier}", f"Screen Name: {report.account.screen_name}"]
    lines += [f"Email: {report.email}"] if report.email else []
    lines += [f"Phone: {report.phone}"] if report.phone else []
    lines += [
        f"IP Address: {login.address}" + (f" Port: {login.port}" if login.port else "")
        + f" ({login.event}) {login.at:%Y-%m-%d %H:%M:%S} UTC"
        for login in report.logins
    ]  # fmt: skip
    lines += [f"Message {index}: {line}" for index, line in enumerate(report.lines, start=1)]
    viewed = {True: "Yes", False: "No", None: "No Information Provided"}[report.viewed]
    return {
        "number": number(report),
        "received": f"{report.at:%d-%m-%Y}",
        "platform": report.account.platform,
        "type": ENTICEMENT if report.lines else MATERIAL,
        "lines": lines,
        "files": [{"name": file_name(report, p), "viewed": viewed} for p in range(len(report.files))],
    }
