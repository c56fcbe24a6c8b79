"""What the door answers: always XML with an integer code and a sentence, because clients in the field stop without them.

Shapes: `reportResponse` and `reportDoneResponse` of `schema/ispws.xsd`. Codes: the CyberTipline manual, appendix D.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

SUCCESS, SERVER_ERROR = 0, 1000
FILE_UPLOAD_FAILED, RESOURCE_NOT_FOUND = 1111, 1210
AUTHENTICATION_REQUIRED, NOT_AUTHORIZED, MAY_NOT_SUBMIT = 2000, 3000, 3100
INVALID_REQUEST, MALFORMED_XML, MALFORMED_FILE = 4000, 4110, 4200

CONTENT_TYPE = "application/xml;charset=UTF-8"
DESCRIPTION_CHARACTERS_MAX = 4000

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_response(
    code: int, description: str, *, report_id: int | None = None, file_id: str = "", md5: str = ""
) -> bytes:
    """The answer of every call but a successful /finish."""
    return (
        f"{_HEAD}<reportResponse><responseCode>{code}</responseCode>"
        f"<responseDescription>{_text(description)}</responseDescription>"
        + (f"<reportId>{report_id}</reportId>" if report_id is not None else "")
        + (f"<fileId>{file_id}</fileId>" if file_id else "")
        + (f"<hash>{md5}</hash>" if md5 else "")
        + "</reportResponse>\n"
    ).encode()


def report_done_response(report_id: int, file_ids: Sequence[str]) -> bytes:
    """The answer of a successful /finish: the sender's proof that the report was taken."""
    files = "".join(f"<fileId>{file_id}</fileId>" for file_id in file_ids)
    listed = f"<files>{files}</files>" if files else "<files/>"
    return (
        f"{_HEAD}<reportDoneResponse><responseCode>{SUCCESS}</responseCode>"
        f"<reportId>{report_id}</reportId>{listed}</reportDoneResponse>\n"
    ).encode()


def _text(description: str) -> str:
    plain = _NOT_XML.sub("\ufffd", description).strip() or "No description."
    if len(plain) > DESCRIPTION_CHARACTERS_MAX:
        plain = plain[:DESCRIPTION_CHARACTERS_MAX] + "…"
    return escape(plain)
