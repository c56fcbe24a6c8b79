"""Pages for paper: PDF by typst, set in the program's own fonts, so that Hindi prints on a machine that has none."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import typst

# Noto Sans with its Devanagari, as `make setup` and every release put it there; typst brings a monospaced one along.
FONTS = Path(__file__).parent.parent / "web/static/vendor/fonts/print"

_UNDATED = "#set document(date: none)\n"  # when it was made stands on the page, where it matters


def pdf(template: str, content: dict[str, object]) -> bytes:
    """The template with its content. What is on the page goes in as data, `json(bytes(sys.inputs.content))`, never as
    markup: a name full of signs is printed as it is. The same content makes the same bytes.
    """
    made = typst.compile(
        (_UNDATED + template).encode(), font_paths=_fonts(), sys_inputs={"content": json.dumps(content)}
    )
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    """None of the machine's own: the same page everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
