"""RFC 3161 time-stamps of checkpoints, checked by `openssl ts`. Where it is not there, nothing is called good."""

from __future__ import annotations

import base64
import binascii
import re
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from verify.files import rows
from verify.ledger import Report

STAMP: dict[str, type] = {"size": int, "at": str, "authority": str, "response": str}
CLOCKS_SECONDS = 300  # by which two honest clocks may differ
OPENSSL_SECONDS_MAX = 30
# What openssl says, and what it means to a reader.
MEANINGS = (
    ("message imprint mismatch", "it was made for another text"),
    ("certificate has expired", "the authority’s certificate had ended when it was made"),
    ("not yet valid", "the authority’s certificate had not begun when it was made"),
    ("local issuer certificate", "it does not lead to the root certificate you gave"),
    ("self signed certificate", "it does not lead to the root certificate you gave"),
    ("self-signed certificate", "it does not lead to the root certificate you gave"),
)


def stamps(folder: Path) -> list[dict[str, Any]]:
    """What the export holds; none where an older export has no such file."""
    return list(rows(folder, "stamps.jsonl", STAMP)) if (folder / "stamps.jsonl").exists() else []


def check(held: list[dict[str, Any]], report: Report, root: Path | None) -> tuple[list[str], list[str]]:
    """(what holds, what was not checked); what does not hold is the report's."""
    openssl = shutil.which("openssl")
    for row in held:
        if row["size"] not in report.stamped:
            report.fault(f"The time-stamp at {row['size']} entries stands over no checkpoint that adds up.")
    if not held:
        return [], []
    if root is None or openssl is None:
        needs = (
            "give the authority's root certificate (--tsa-ca)" if root is None else "the program openssl is not here"
        )
        return [], [f"{len(held)} time-stamps: {needs}."]
    good: list[tuple[int, datetime]] = []
    with tempfile.TemporaryDirectory() as folder:
        for row in held:
            if row["size"] in report.stamped:
                text, signed_at = report.stamped[row["size"]]
                at, fault = _one(Path(folder), openssl, root, text, row)
                if at is not None and not fault and at.timestamp() < signed_at - CLOCKS_SECONDS:
                    fault = f"it was made at {at:%Y-%m-%d %H:%M:%S} UTC, before the checkpoint says it was signed"
                if fault or at is None:
                    report.fault(f"The time-stamp at {row['size']} entries does not stand: {fault}.")
                else:
                    good.append((row["size"], at))
    if not good:
        return [], []
    size, at = good[-1]
    said = (
        f"{len(good)} time-stamps stand; the newest says that {size} entries were there on {at:%Y-%m-%d %H:%M:%S} UTC."
    )
    return [said], []


def _one(folder: Path, openssl: str, root: Path, text: str, row: dict[str, Any]) -> tuple[datetime | None, str]:
    """(the stamped instant, what is wrong with it)."""
    try:
        response = base64.b64decode(row["response"], validate=True)
    except (binascii.Error, ValueError):
        return None, "it is not base64"
    (folder / "text").write_text(text, encoding="utf-8")
    (folder / "response").write_bytes(response)
    told = _run([openssl, "ts", "-reply", "-in", "response", "-text"], folder)
    at = _instant(told.stdout)
    if told.returncode != 0 or at is None:
        return None, "openssl cannot read it"
    command = [openssl, "ts", "-verify", "-data", "text", "-in", "response", "-CAfile", str(root.absolute())]
    # The certificate must have been good when it stamped, not today: RFC 3161 §4, 1.
    checked = _run([*command, "-attime", str(int(at.timestamp()))], folder)
    if checked.returncode == 0:
        return at, ""
    said = checked.stderr + checked.stdout
    return at, next((meaning for words, meaning in MEANINGS if words in said), "openssl does not accept it")


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 — the machine's own openssl, on files of ours
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=OPENSSL_SECONDS_MAX, check=False
    )


def _instant(said: str) -> datetime | None:
    """`Time stamp: Nov 22 03:32:06.5 2026 GMT`."""
    found = re.search(r"^Time stamp: (\w{3}) +(\d+) ([\d:]{8})(?:\.\d+)? (\d{4}) GMT$", said, re.MULTILINE)
    if found is None:
        return None
    return datetime.strptime(" ".join(found.groups()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
