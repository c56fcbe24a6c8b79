"""RFC 3161 time-stamps: an authority outside swears that a checkpoint's text existed at an instant.

Only the hash of the text goes out. An answer is kept when it is for this text and this question, and, where
ABHAYA_TSA_CA names the authority's root certificate, when its signature stands; the verifier holds it against a root of
the reader's own choice. RFC 3161 §2.4.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from abhaya.ledger import queries
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.witnesses import ANSWER_SECONDS_MAX, SAID_CHARACTERS_MAX, is_news, note_problem
from abhaya.shared.late import late
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, execute

if TYPE_CHECKING:
    import rfc3161_client as rfc3161
    from cryptography import x509
else:
    rfc3161, x509 = late("rfc3161_client"), late("cryptography.x509")

RESPONSE_BYTES_MAX = 256 * 1024
QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"
GRANTED = 0
SQL = NamedSql(__file__, "stamps.sql")


class NotAStamp(ValueError):  # noqa: N818 — reads as what it says where it is raised
    """The answer cannot be kept; the message says why."""


def stamp_newest() -> bool:
    """Has the newest checkpoint stamped where something new stands under it. A duty of the road."""
    newest = queries.last_checkpoint()
    url = settings.LEDGER_TSA
    if not url or newest is None or not is_news(url, newest.size):
        return False
    text = newest.stated.text.encode()
    asked = rfc3161.TimestampRequestBuilder(data=text, hash_algorithm=rfc3161.HashAlgorithm.SHA256).build()
    try:
        response = _post(url, asked.as_bytes())
        at = check(response, asked, text, settings.LEDGER_TSA_CA)
    except NotAStamp as error:
        said = str(error)[:SAID_CHARACTERS_MAX]
        note_problem(url, Reason("stamp-refused", {"name": url, "said": said}), is_grave=False)
        return False
    execute(SQL["keep"], {"size": newest.size, "authority": url, "response": response, "at": at})
    execute(SQL["reached"], {"name": url, "size": newest.size, "at": at})
    record([Act(Event.LEDGER_CHECKPOINT_STAMPED, facts={"size": newest.size, "authority": url})])
    return True


def check(response: bytes, asked: rfc3161.TimeStampRequest, text: bytes, root: Path | None) -> datetime:
    """The stamped instant. NotAStamp when the answer is a refusal, for another text or question, or not signed well."""
    try:
        answer: rfc3161.TimeStampResponse = rfc3161.decode_timestamp_response(response)
    except ValueError as error:
        raise NotAStamp(f"the answer is no time-stamp response ({error})") from None
    if answer.status != GRANTED:
        raise NotAStamp(f"the authority refused: status {answer.status} {' '.join(answer.status_string)}".strip())
    info = answer.tst_info
    if info.message_imprint.message != sha256(text).digest():
        raise NotAStamp("the stamp is for another text")
    if info.nonce != asked.nonce:
        raise NotAStamp("the stamp answers another question: its nonce is wrong")
    if root is not None:
        _check_signature(answer, text, root)
    at: datetime = info.gen_time
    return at


def _check_signature(answer: rfc3161.TimeStampResponse, text: bytes, root: Path) -> None:
    try:
        roots = x509.load_pem_x509_certificates(root.read_bytes())
    except (OSError, ValueError) as error:
        raise NotAStamp(f"{root}, the authority's root certificate, cannot be read ({error})") from None
    try:
        rfc3161.VerifierBuilder(roots=roots).build().verify_message(answer, text)
    except (rfc3161.VerificationError, ValueError) as error:
        why = re.search(r'Verify error: ([^"]+)', str(error))
        said = why[1] if why else error
        raise NotAStamp(f"its signature does not lead to the root certificate in {root.name} ({said})") from None


def _post(url: str, data: bytes) -> bytes:
    asked = urllib.request.Request(url, data=data, headers={"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE})  # noqa: S310 — the setting takes http and https only
    try:
        with urllib.request.urlopen(asked, timeout=ANSWER_SECONDS_MAX) as answer:  # noqa: S310 — as above
            read: bytes = answer.read(RESPONSE_BYTES_MAX + 1)
    except urllib.error.HTTPError as answer:
        answer.close()
        raise NotAStamp(f"the authority answered with HTTP status {answer.code}") from None
    except (OSError, ValueError) as error:
        raise NotAStamp(f"the authority does not answer ({getattr(error, 'reason', error)})") from None
    if len(read) > RESPONSE_BYTES_MAX:
        raise NotAStamp(f"the answer is larger than {RESPONSE_BYTES_MAX} bytes")
    return read
