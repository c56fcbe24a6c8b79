"""PDF of our own: content is data, and the fonts are ours on every machine."""

from __future__ import annotations

import io

from pypdf import PdfReader

from abhaya.shared.typesetting import FONTS, pdf

TEMPLATE = """
#let content = json(bytes(sys.inputs.content))
#set text(font: "Noto Sans")
#content.name
"""


def read(document: bytes) -> tuple[str, set[str]]:
    (page,) = PdfReader(io.BytesIO(document)).pages
    fonts = {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in page["/Resources"]["/Font"].values()}
    return page.extract_text(), fonts


def test_hindi_and_english_print_in_the_font_that_came_along():
    assert {path.name for path in FONTS.iterdir()} >= {"NotoSans-Regular.ttf", "NotoSans-Bold.ttf"}
    text, fonts = read(pdf(TEMPLATE, {"name": "Asha आशा प्रमाणपत्र"}))
    assert fonts == {"NotoSans-Regular"}
    assert text.startswith("Asha आशा")


def test_signs_of_the_typesetter_in_a_name_are_printed_not_obeyed():
    name = '#panic("x") *bold* $x$ #read("/etc/hostname")'
    assert read(pdf(TEMPLATE, {"name": name}))[0].replace("\n", " ").strip() == name
