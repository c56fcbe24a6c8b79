"""Where the operator's key comes from, and which keys are alive.

`vault/key-id` names the live keys, the current one first; it holds no secret. Each line is a key's id and, for a key that
came by rotation, the vault's key of storage names sealed under it. The keys themselves come from a file under `secrets`,
from the environment, or out of a PKCS#11 token; whichever has the key of that id, has it. So a rotation needs no two
files changed at one instant, and moving a key from a file into a token is a rotation too.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from abhaya.custody.disk import disk_errors, replace_durably
from abhaya.custody.sealing import KEY_BYTES, KEY_ID_BYTES, KeyRing, OperatorKey, SealBroken
from abhaya.errors import OperatorError
from abhaya.shared.durable import fsync_folder, write_whole
from abhaya.shared.late import late
from abhaya.shared.secret import secret, secret_path

if TYPE_CHECKING:
    from abhaya.custody import hardware_token
else:
    hardware_token = late("abhaya.custody.hardware_token")  # its library, where no token is set up

SECRET_NAME = "vault"  # noqa: S105 — a file name; 32 bytes lie in it as hexadecimal text
NEXT = "vault.next"  # of a rotation that has begun
State = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Live:
    """One line of `vault/key-id`. The vault's first key has no sealed names: they follow from it."""

    id: bytes
    sealed_names: bytes = b""

    @property
    def line(self) -> str:
        return f"{self.id.hex()} {self.sealed_names.hex()}".rstrip()


@dataclass(frozen=True, slots=True)
class Found:
    """A key and where it was found, in the operator's words."""

    key: OperatorKey
    master: bytes
    where: str


def mark_path(data_dir: Path) -> Path:
    return data_dir / "vault" / "key-id"


def state(data_dir: Path) -> State:
    """What changes when the live keys do."""
    try:
        status = mark_path(data_dir).stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def live_keys(data_dir: Path) -> list[Live]:
    """The live keys, the current one first; none before the vault's first use."""
    path = mark_path(data_dir)
    try:
        lines = path.read_text(encoding="ascii").split("\n")
        pairs = [line.split() for line in lines if line.strip()]
        live = [Live(bytes.fromhex(words[0]), bytes.fromhex("".join(words[1:]))) for words in pairs]
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise OperatorError(
            f"{path} is damaged: it should name the vault's live keys. Put it back from a backup."
        ) from error
    if not live or any(len(one.id) != KEY_ID_BYTES for one in live):
        raise OperatorError(f"{path} is damaged: it should name the vault's live keys. Put it back from a backup.")
    return live


def write_live(data_dir: Path, live: list[Live]) -> None:
    """Names the live keys, in one step: the other processes of this server look before each use."""
    replace_durably(mark_path(data_dir), "".join(f"{one.line}\n" for one in live).encode())


def open_ring(data_dir: Path) -> KeyRing:
    """The live keys of the vault under this folder; its first key is made where there is none yet."""
    live = live_keys(data_dir)
    if not live:
        _first_key(data_dir)
        live = live_keys(data_dir)
    found = {}
    for one in live:
        kept = find(data_dir, one.id)
        if kept is None:
            raise _missing(data_dir, one, is_current=one is live[0])
        found[one.id] = kept.key
    current = live[0]
    try:
        names = found[current.id].open_names(current.sealed_names) if current.sealed_names else b""
    except SealBroken as error:
        raise OperatorError(f"{mark_path(data_dir)} is damaged: {error}. Put it back from a backup.") from error
    return KeyRing(found[current.id], [found[one.id] for one in live[1:]], names)


def find(data_dir: Path, key_id: bytes) -> Found | None:
    """The key of this id, wherever it is."""
    return next((one for one in candidates(data_dir, key_id) if one.key.id == key_id), None)


def candidates(data_dir: Path, key_id: bytes | None = None) -> Iterator[Found]:
    """Every key that is here. A token is asked for the key of `key_id` only, because each asking takes a while."""
    for path in sorted(secret_path(data_dir, SECRET_NAME).parent.glob(f"{SECRET_NAME}*")):
        yield _found(path.read_text(encoding="utf-8", errors="replace"), str(path))
    for text in settings.OPERATOR_KEY.split(","):
        if text.strip():
            yield _found(text, "ABHAYA_OPERATOR_KEY")
    if key_id is not None and settings.TOKEN_LIBRARY:
        blob = _blob_path(data_dir, key_id)
        with suppress(FileNotFoundError):
            master = hardware_token.opened(blob.read_bytes(), blob)
            yield Found(OperatorKey(master), master, f"the token “{settings.TOKEN_LABEL}”")


def new_master(data_dir: Path, *, name: str) -> Found:
    """A new key, kept durably where this server keeps its keys: in the token's keeping, else a file of this name.

    With the key in the environment it is the one there that the vault does not know yet.
    """
    if settings.TOKEN_LIBRARY:
        master = secrets.token_bytes(KEY_BYTES)
        key = OperatorKey(master)
        path = _blob_path(data_dir, key.id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_durably(path, hardware_token.sealed(master))
        return Found(key, master, f"the token “{settings.TOKEN_LABEL}”")
    if settings.OPERATOR_KEY:
        known = {one.id for one in live_keys(data_dir)}
        given = [_found(text, "ABHAYA_OPERATOR_KEY") for text in settings.OPERATOR_KEY.split(",") if text.strip()]
        unknown = [one for one in given if one.key.id not in known]
        if not unknown:
            raise OperatorError(
                "ABHAYA_OPERATOR_KEY holds no key that the vault does not know yet. Put a new one before the old one,"
                " separated by a comma, for every process of this server, start them again, and repeat this."
            )
        return unknown[0]
    return _found(secret(data_dir, name), str(secret_path(data_dir, name)))


def _first_key(data_dir: Path) -> None:
    """The vault's first key. Of two processes that begin at once, one's key stands for both."""
    mark = mark_path(data_dir)
    mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = new_master(data_dir, name=SECRET_NAME)
    with disk_errors(mark.parent):
        try:
            write_whole(mark, f"{Live(made.key.id).line}\n".encode(), may_replace=False)
        except FileExistsError:
            if settings.TOKEN_LIBRARY and live_keys(data_dir)[0].id != made.key.id:
                _blob_path(data_dir, made.key.id).unlink()


def destroy(data_dir: Path, key_id: bytes) -> list[str]:
    """Removes a key that is not alive any more from the files. Returns what else still has it."""
    folder = secret_path(data_dir, SECRET_NAME).parent
    drafts = list(folder.glob(f".{SECRET_NAME}*"))  # a crash while a key was made: nobody reads them, and they are keys
    for path in [*sorted(folder.glob(f"{SECRET_NAME}*")), *drafts]:
        if path in drafts or _found(path.read_text(encoding="utf-8", errors="replace"), str(path)).key.id == key_id:
            size = path.stat().st_size
            with path.open("r+b") as file:  # what a disk may keep of it all the same: docs/security.md
                file.write(os.urandom(size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            fsync_folder(path.parent)
    _blob_path(data_dir, key_id).unlink(missing_ok=True)
    return [one.where for one in candidates(data_dir) if one.key.id == key_id]


def _blob_path(data_dir: Path, key_id: bytes) -> Path:
    return data_dir / "vault" / f"token-{key_id.hex()}"


def _found(text: str, where: str) -> Found:
    try:
        master = bytes.fromhex(text.strip())
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise OperatorError(f"{where} is not an operator key: {2 * KEY_BYTES} hexadecimal digits are needed.")
    return Found(OperatorKey(master), master, where)


def _missing(data_dir: Path, one: Live, *, is_current: bool) -> OperatorError:
    path = secret_path(data_dir, SECRET_NAME)
    if settings.TOKEN_LIBRARY:
        return OperatorError(
            f"The vault's operator key {one.id.hex()} is in no token: {_blob_path(data_dir, one.id)} is missing, and no"
            " other source has it. Put the file back, or write the key from its paper shares: abhaya key join."
        )
    if not is_current:
        return OperatorError(
            f"The older operator key {one.id.hex()} is missing, and a rotation that has not ended still needs it. Put"
            f" {path}.{one.id.hex()} back from its own backup."
        )
    if settings.OPERATOR_KEY:
        return OperatorError(
            f"ABHAYA_OPERATOR_KEY is not the key that this vault was sealed with ({one.id.hex()}). Set the right one."
        )
    if not path.exists():
        return OperatorError(
            f"The vault's operator key {path} is missing. Put it back from its own backup, or from its paper shares:"
            " abhaya key join."
        )
    return OperatorError(f"{path} is not the key that this vault was sealed with. Put the right one back.")
