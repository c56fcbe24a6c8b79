"""Text that XML can hold: values come from outside, and some characters stand in no document (XML 1.0, §2.2)."""

from __future__ import annotations

import re

_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with each such character shown as U+FFFD."""
    return _NEVER.sub("\ufffd", text)
