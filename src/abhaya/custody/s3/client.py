"""What the vault needs of an S3-compatible store, over connections that are kept alive and used by one thread at a time.

Every request may be repeated without harm, so one that got no answer, or a server's own error, is tried again a few times,
a little later each time. What fails for good is an `OperatorError` that says who must do what.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from abhaya.custody.s3.signing import Keys, canonical_query, escaped_path, signed_headers
from abhaya.errors import OperatorError

TIMEOUT_SECONDS = 30.0
TRIES_MAX = 4
FIRST_PAUSE_SECONDS = 0.2  # four times as long each time: 0.2, 0.8, 3.2
ANSWER_BYTES_MAX = 16 * 1024**2
_LATER = frozenset({429, 500, 502, 503, 504})
_WRONG_KEYS = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed"})
_FULL = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "EntityTooLarge"})


@dataclass(frozen=True, slots=True)
class Answer:
    """`missing`: there is no such object."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def missing(self) -> bool:
        return self.status == 404

    def texts(self, *names: str) -> list[list[str]]:
        """The text of these children of every element that has the first of them; "" where one is not there."""
        tree = _xml(self.body)
        parents = [found.getparent() for found in tree.iter(f"{{*}}{names[0]}")]
        return [[parent.findtext(f"{{*}}{name}") or "" for name in names] for parent in parents if parent is not None]

    def text(self, name: str) -> str:
        return str(_xml(self.body).findtext(f"{{*}}{name}") or "")


@dataclass(frozen=True, slots=True)
class Listed:
    """One object of a listing."""

    key: str
    modified_at: datetime


class Client:
    """One bucket of one store. Keys are addressed by path, as every such store understands."""

    def __init__(self, endpoint: str, bucket: str, keys: Keys, *, ca_file: Path | None = None) -> None:
        parts = urlsplit(endpoint)
        self._host, self._is_tls = parts.netloc, parts.scheme == "https"
        self._base = parts.path.rstrip("/")
        self.bucket, self.endpoint = bucket, endpoint
        self._keys = keys
        self._tls = ssl.create_default_context(cafile=str(ca_file) if ca_file else None) if self._is_tls else None
        self._idle: deque[http.client.HTTPConnection] = deque()

    def put(self, key: str, body: bytes) -> None:
        self._asked("PUT", key, body=body)

    def get(self, key: str, first: int = 0, last: int | None = None) -> Answer:
        """The object's bytes, from `first` to `last`, both counted; or an answer that is `missing`."""
        wanted = {"range": f"bytes={first}-{last}"} if last is not None else {}
        return self._asked("GET", key, headers=wanted, may_be_missing=True)

    def size_of(self, key: str) -> int | None:
        answer = self._asked("HEAD", key, may_be_missing=True)
        return None if answer.missing else int(answer.headers["content-length"])

    def delete(self, key: str) -> None:
        self._asked("DELETE", key, may_be_missing=True)

    def begin(self, key: str) -> str:
        """Begins an upload in parts; its id."""
        return self._asked("POST", key, query={"uploads": ""}).text("UploadId")

    def part(self, key: str, upload: str, number: int, body: bytes) -> str:
        """Uploads one part; its tag."""
        return self._asked("PUT", key, query={"partNumber": str(number), "uploadId": upload}, body=body).headers["etag"]

    def finish(self, key: str, upload: str, tags: list[str]) -> None:
        """Makes the parts one object. An error may come in an answer of 200, after the store has thought about it."""
        root = etree.Element("CompleteMultipartUpload")
        for number, tag in enumerate(tags, start=1):
            part = etree.SubElement(root, "Part")
            etree.SubElement(part, "PartNumber").text = str(number)
            etree.SubElement(part, "ETag").text = tag
        answer = self._asked("POST", key, query={"uploadId": upload}, body=etree.tostring(root), may_be_missing=True)
        # Not there any more: an earlier try went through and its answer was lost. The caller looks at the object itself.
        if not answer.missing and answer.body and etree.QName(_xml(answer.body)).localname == "Error":
            raise self._refusal(answer, key)

    def abort(self, key: str, upload: str) -> None:
        self._asked("DELETE", key, query={"uploadId": upload}, may_be_missing=True)

    def listed(self, prefix: str) -> Iterator[Listed]:
        """Every object whose key begins so, a thousand at a time."""
        query = {"list-type": "2", "prefix": prefix}
        while True:
            answer = self._asked("GET", "", query=query)
            for key, modified in answer.texts("Key", "LastModified"):
                yield Listed(key, _instant(modified))
            token = answer.text("NextContinuationToken")
            if not token:
                return
            query["continuation-token"] = token

    def uploads(self, prefix: str) -> Iterator[tuple[Listed, str]]:
        """Uploads in parts that were never finished: their key and when they began, and their id."""
        answer = self._asked("GET", "", query={"uploads": "", "prefix": prefix})
        for upload, key, begun in answer.texts("UploadId", "Key", "Initiated"):
            yield Listed(key, _instant(begun)), upload

    def _asked(
        self,
        method: str,
        key: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        may_be_missing: bool = False,
    ) -> Answer:
        path = f"{self._base}/{self.bucket}" + (f"/{key}" if key else "")
        for attempt in range(TRIES_MAX):
            if attempt:
                time.sleep(FIRST_PAUSE_SECONDS * 4 ** (attempt - 1))
            try:
                answer = self._once(method, path, query or {}, body, headers or {})
            except (OSError, http.client.HTTPException) as error:
                trouble = OperatorError(
                    f"The vault's store {self.endpoint} does not answer: {error or type(error).__name__}."
                    " Nothing of this original was kept; the sender may send it again."
                )
                trouble.__cause__ = error
                continue
            if answer.status < 300:
                return answer
            if may_be_missing and answer.missing and _code(answer) != "NoSuchBucket":
                return answer
            trouble = self._refusal(answer, key)
            if answer.status not in _LATER:
                break
        raise trouble

    def _once(
        self, method: str, path: str, query: Mapping[str, str], body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        digest = hashlib.sha256(body).hexdigest()
        signed = signed_headers(self._keys, method, self._host, path, query, digest, datetime.now(UTC))
        target = escaped_path(path) + (f"?{canonical_query(query)}" if query else "")
        connection = self._connection()
        is_usable = False
        try:
            connection.request(
                method, target, body=body or None, headers={**signed, **headers, "content-length": str(len(body))}
            )
            response = connection.getresponse()
            found = response.read(ANSWER_BYTES_MAX)
            if response.read(1):
                raise http.client.HTTPException("the answer is longer than anything that was asked for")
            is_usable = True
        finally:
            if is_usable:
                self._idle.append(connection)
            else:
                connection.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, found)

    def _connection(self) -> http.client.HTTPConnection:
        try:
            return self._idle.pop()
        except IndexError:
            if self._is_tls:
                return http.client.HTTPSConnection(self._host, timeout=TIMEOUT_SECONDS, context=self._tls)
            return http.client.HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)

    def close(self) -> None:
        """Closes the connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def _refusal(self, answer: Answer, key: str) -> OperatorError:
        code = _code(answer)
        if code == "NoSuchBucket":
            return OperatorError(
                f"The vault's store {self.endpoint} has no bucket “{self.bucket}”. Make it, or correct ABHAYA_VAULT_STORE."
            )
        if code in _WRONG_KEYS or answer.status in {401, 403}:
            return OperatorError(
                f"The vault's store {self.endpoint} refuses the keys of ABHAYA_VAULT_KEYS_FILE for the bucket"
                f" “{self.bucket}” ({code or answer.status}). Correct them, their rights, or this machine's clock."
            )
        if code in _FULL or answer.status == 507:
            return OperatorError(
                f"The vault's store {self.endpoint} is full ({code or answer.status}), and nothing of this original was"
                " kept. Make room; the sender may then send it again."
            )
        return OperatorError(
            f"The vault's store {self.endpoint} answered {answer.status} {code} for {key or self.bucket}. Nothing of this"
            " original was kept; the sender may send it again."
        )


def _code(answer: Answer) -> str:
    try:
        return answer.text("Code") if answer.body else ""
    except OperatorError:
        return ""


def _xml(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise OperatorError("The vault's store answered with something that is not XML: is it an S3 store?") from error


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
