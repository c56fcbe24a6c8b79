"""Codes of a case in words, English and Hindi side by side."""

from __future__ import annotations

from collections.abc import Mapping

from abhaya.selectors.reasons import KIND_NAMES

THINGS = KIND_NAMES | {  # what both sides have
    "file_hash": ("The same file", "वही फ़ाइल"),
    "subject": ("The same person, as far as known", "वही व्यक्ति, जहाँ तक मालूम है"),
}
STATES = {
    "told": ("told", "बताया गया"),
    "pending": ("waits for your decision", "आपके निर्णय की प्रतीक्षा में"),
    "spoken": ("you spoke", "आपने बात की"),
    "silent": ("you keep silent", "आप चुप हैं"),
}
LEDGER: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "decision": {"spoken": ("speak", "बात करना"), "silent": ("keep silent", "चुप रहना")},
    "kind": KIND_NAMES,
}
