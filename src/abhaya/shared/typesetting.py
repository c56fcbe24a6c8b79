"""Pages for paper: PDF by typst, set in the program's own fonts, so that Hindi prints on a machine that has none."""

from __future__ import annotations

import json
from pathlib import Path

import typst

# Noto Sans with its Devanagari, as `make setup` and every release put it there; typst brings a monospaced one along.
FONTS = Path(__file__).parent.parent / "web/static/vendor/fonts/print"


def pdf(template: str, content: dict[str, object]) -> bytes:
    """The template with its content. What is on the page goes in as data, `json(bytes(sys.inputs.content))`, never as
    markup: a name full of signs is printed as it is.
    """
    made: bytes = typst.compile(
        template.encode(),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,  # the same page on every machine
        sys_inputs={"content": json.dumps(content)},
    )
    return made
