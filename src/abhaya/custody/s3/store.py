"""The vault in an S3-compatible store, under the prefix of `ABHAYA_VAULT_STORE`:

    new/<object>                   an empty mark, put before the first byte and taken away when the transaction has committed
    objects/<2 letters>/<object>   the sealed original; it appears whole or not at all
    key-id                         which operator keys the vault is under, as `vault/key-id` says it; no secret

Keys are the objects' own random ids: a listing shows sizes and times and not even a keyed hash. Large originals go up
in parts of 8 MiB, one of them in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path, PurePath, PurePosixPath
from uuid import UUID

from abhaya.custody.s3.client import Client
from abhaya.custody.sealing import SEALED_CHUNK_BYTES
from abhaya.custody.stores import DRAFT_AGE_SECONDS_MAX, Kept, left_behind
from abhaya.errors import OperatorError

PART_BYTES = 32 * SEALED_CHUNK_BYTES  # a little above 8 MiB: 64 GiB take 8,192 of the 10,000 parts there may be
READ_BYTES = PART_BYTES


class S3Store:
    """One prefix of one bucket."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._client = client
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def owns(self, at: PurePath) -> bool:
        return not isinstance(at, Path)  # a key, which is a file nowhere here

    def write(self, object_id: UUID, blocks: Iterator[bytes]) -> PurePosixPath:
        key = self._key(object_id)
        self._client.put(self._mark(object_id), b"")
        length = self._upload(key, self._mark(object_id), _parts(blocks))
        found = self._client.size_of(key)
        if found != length:
            raise OperatorError(
                f"The vault's store {self._client.endpoint} has {found} of the {length} bytes it was given and had"
                f" accepted, as {key}. Nothing of this original was taken in. Look at the store before you go on."
            )
        return PurePosixPath(key)

    def _upload(self, key: str, mark: str, parts: Iterator[tuple[bytes, bool]]) -> int:
        """Sends it in one request or in parts, and says how long it was. What fails before the last request leaves
        nothing; whether that one went through nobody knows, so the mark stays, and the sweep asks the database.
        """
        tags: list[str] = []
        upload, length, is_last_sent = "", 0, False
        try:
            for part, is_last in parts:
                length += len(part)
                if is_last and not tags:
                    is_last_sent = True
                    self._client.put(key, part)
                    return length
                upload = upload or self._client.begin(key)
                tags.append(self._client.part(key, upload, len(tags) + 1, part))
            is_last_sent = True
            self._client.finish(key, upload, tags)
        except BaseException:  # whatever stops an upload, an interrupt too, leaves nothing; it is raised again
            with suppress(OperatorError):
                if upload:
                    self._client.abort(key, upload)
                if not is_last_sent:
                    self._client.delete(mark)
            raise
        return length

    def settle(self, drafts: Sequence[tuple[PurePath, bytes, UUID]]) -> list[PurePath]:
        if not all(self.owns(at) for at, _, _ in drafts):
            raise left_behind()
        return [at for at, _, _ in drafts]  # durable where they are since `write`

    def confirm(self, at: PurePath, name: bytes, object_id: UUID) -> None:  # noqa: ARG002 — a folder needs all three
        _aside().submit(self._quietly_deleted, self._mark(object_id))

    def discard(self, at: PurePath, object_id: UUID) -> None:
        _aside().submit(self._quietly_deleted, str(at), self._mark(object_id))

    def read_draft(self, at: PurePath) -> Iterator[bytes]:
        return self._read(str(at))

    def size_of(self, name: bytes, object_id: UUID) -> int | None:  # noqa: ARG002 — a folder files by name
        return self._client.size_of(self._key(object_id))

    def read(self, name: bytes, object_id: UUID) -> Iterator[bytes]:  # noqa: ARG002 — as above
        return self._read(self._key(object_id))

    def remove(self, name: bytes, object_id: UUID) -> None:  # noqa: ARG002 — as above
        self._client.delete(self._key(object_id))
        self._client.delete(self._mark(object_id))

    def place(self, name: bytes, object_id: UUID) -> PurePosixPath:  # noqa: ARG002 — as above
        return PurePosixPath(self._key(object_id))

    def kept(self) -> Iterator[Kept]:
        new = {_id(one.key) for one in self._client.listed(f"{self._prefix}new/")}
        before = datetime.now(UTC) - timedelta(seconds=DRAFT_AGE_SECONDS_MAX)
        for one in self._client.listed(f"{self._prefix}objects/"):
            object_id = _id(one.key)
            if object_id is not None:
                yield Kept(object_id, PurePosixPath(one.key), object_id in new, one.modified_at < before)

    def keep(self, kept: Kept) -> None:
        self._client.delete(self._mark(kept.object_id))

    def drop(self, kept: Kept) -> None:
        self._client.delete(str(kept.path))
        self._client.delete(self._mark(kept.object_id))

    def old_drafts(self, age_seconds: float) -> list[PurePath]:
        return [PurePosixPath(key) for key, _ in self._left_over(age_seconds)]

    def sweep(self, age_seconds: float) -> int:
        left = self._left_over(age_seconds)
        for key, upload in left:
            if upload:
                self._client.abort(key, upload)
            else:
                self._client.delete(key)
        return len(left)

    def forget_keys(self) -> None:
        """The store is no vault's any more."""
        self._client.delete(f"{self._prefix}key-id")

    def mark_of_keys(self, text: str | None = None) -> str:
        """What the store says which operator keys it is under; with `text`, says so from now on."""
        if text is not None:
            self._client.put(f"{self._prefix}key-id", text.encode())
            return text
        answer = self._client.get(f"{self._prefix}key-id")
        return "" if answer.missing else answer.body.decode("ascii", errors="replace")

    def _left_over(self, age_seconds: float) -> list[tuple[str, str]]:
        """Uploads in parts that nobody will finish, and marks whose object never came: (key, upload or "")."""
        before = datetime.now(UTC) - timedelta(seconds=age_seconds)
        uploads = [(one.key, upload) for one, upload in self._client.uploads(f"{self._prefix}objects/")
                   if one.modified_at < before]  # fmt: skip
        marks = [one.key for one in self._client.listed(f"{self._prefix}new/") if one.modified_at < before]
        gone = [key for key in marks if (found := _id(key)) and self._client.size_of(self._key(found)) is None]
        return [*uploads, *[(key, "") for key in gone]]

    def _read(self, key: str) -> Iterator[bytes]:
        first, waiting = 0, b""
        while True:
            answer = self._client.get(key, first, first + READ_BYTES - 1)
            if answer.missing:
                raise OperatorError(f"{key} went from the vault's store {self._client.endpoint} while it was read.")
            waiting += answer.body
            first += len(answer.body)
            while len(waiting) >= SEALED_CHUNK_BYTES:
                yield waiting[:SEALED_CHUNK_BYTES]
                waiting = waiting[SEALED_CHUNK_BYTES:]
            if first >= int(answer.headers.get("content-range", "/0").rpartition("/")[2] or 0) or not answer.body:
                break
        if waiting:
            yield waiting

    def _quietly_deleted(self, *keys: str) -> None:
        """What cannot be deleted now, the sweep deletes."""
        with suppress(OperatorError):
            for key in keys:
                self._client.delete(key)

    def _key(self, object_id: UUID) -> str:
        text = object_id.hex
        return f"{self._prefix}objects/{text[-2:]}/{text}"

    def _mark(self, object_id: UUID) -> str:
        return f"{self._prefix}new/{object_id.hex}"


def _parts(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in parts of `PART_BYTES`, and whether each is the last; always at least one."""
    waiting = bytearray()
    for block in blocks:
        if len(waiting) >= PART_BYTES:
            yield bytes(waiting[:PART_BYTES]), False
            del waiting[:PART_BYTES]
        waiting += block
    while len(waiting) > PART_BYTES:
        yield bytes(waiting[:PART_BYTES]), False
        del waiting[:PART_BYTES]
    yield bytes(waiting), True


def _id(key: str) -> UUID | None:
    try:
        return UUID(hex=key.rpartition("/")[2])
    except ValueError:
        return None


@cache
def _aside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="vault-store")
