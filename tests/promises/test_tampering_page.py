"""docs/tampering.md is true: each of its commands is run as it stands, and answers as it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DONE = "— done —"


@pytest.fixture
def home():
    """A home folder with a short name: a socket's path has room for little."""
    folder = Path(tempfile.mkdtemp(prefix="abhaya-page-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def said(promised: str, answer: str) -> bool:
    """Whether a line of the page stands in the answer, `…` being whatever it is this time."""
    pattern = ".*".join(re.escape(part) for part in promised.split("…"))
    return re.search(f"^{pattern}", answer, re.MULTILINE) is not None


@pytest.mark.slow
def test_every_command_of_the_page_answers_as_the_page_says(home):
    bin_folder = Path(sys.executable).parent
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABHAYA_")}
    environment |= {"HOME": str(home), "PATH": f"{bin_folder}:{environment['PATH']}", "PYTHONPATH": str(ROOT / "src")}
    blocks = BLOCK.findall((ROOT / "docs" / "tampering.md").read_text(encoding="utf-8"))
    script = "".join(f"{text}echo '{DONE}'\n" for kind, text in blocks if kind == "sh")
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    answers = iter(done.stdout.split(DONE))
    answer, checked = "", 0
    for kind, text in blocks:
        if kind == "sh":
            answer = next(answers)
        for line in text.splitlines() if kind == "text" else ():
            assert said(line, answer), (line, answer, done.stderr)
            checked += 1
    assert checked >= 20
    assert not any(line.startswith("Traceback") for line in done.stderr.splitlines()), done.stderr
