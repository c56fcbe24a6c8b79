"""Pages for paper: PDF by typst, set in the program's own fonts, so that Hindi prints on a machine that has none."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import typst

# Noto Sans with its Devanagari, as `make setup` and every release put it there; typst brings a monospaced one along.
FONTS = Path(__file__).parent.parent / "web/static/vendor/fonts/print"

PICTURE_PIXELS_MAX = 6_000
_UNDATED = "#set document(date: none)\n"  # when it was made stands on the page, where it matters


def pdf(template: str, content: dict[str, object]) -> bytes:
    """The template with its content. What is on the page goes in as data, `json(bytes(sys.inputs.content))`, never as
    markup: a name full of signs is printed as it is. The same content makes the same bytes.
    """
    made = typst.compile(
        (_UNDATED + template).encode(), font_paths=_fonts(), sys_inputs={"content": json.dumps(content)}
    )
    return bytes(made)


def png(svg: bytes, wide_pixels: float, high_pixels: float) -> bytes:
    """A picture of lines and words as dots, its words in the program's own fonts; at most `PICTURE_PIXELS_MAX` either way."""
    scale = min(1.0, PICTURE_PIXELS_MAX / max(wide_pixels, high_pixels, 1.0))
    size = f"width: {wide_pixels * scale:.0f}pt, height: {high_pixels * scale:.0f}pt"  # at 72 dots an inch a point is a dot
    page = f'#set page({size}, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%)'
    made = typst.compile(
        page.encode(), font_paths=_fonts(), sys_inputs={"svg": svg.decode()}, format="png", ppi=72.0
    )  # fmt: skip
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    """None of the machine's own: the same page everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
