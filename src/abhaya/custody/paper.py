"""The operator's key on paper: split among its holders, and put together again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from abhaya.custody import operator_key, shares
from abhaya.custody.disk import disk_errors, replace_durably
from abhaya.custody.formats.share_sheet import Sheet, pdf
from abhaya.custody.rotation import SERVICE, SQL
from abhaya.custody.sealing import OperatorKey
from abhaya.custody.shares import Share, ShareError
from abhaya.custody.vault import vault
from abhaya.errors import AbhayaError, OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.durable import write_whole
from abhaya.shared.identity import on_the_road
from abhaya.shared.secret import secret_path
from abhaya.shared.sql import execute


class WrongSheets(AbhayaError):  # noqa: N818 — reads as what it says at the place of raising
    """What was typed or asked for makes no key; whoever holds the sheets must act."""

    status = 422


def split(folder: Path, *, count: int, needed: int) -> list[Path]:
    """Writes one sheet for each holder into a new folder, mode 0600, and notes in the ledger that it was done.

    Each splitting is a set of its own: sheets of an earlier one still work among themselves.
    """
    key_id = vault().key.id
    found = operator_key.find(settings.DATA_DIR, key_id)
    if found is None:
        raise OperatorError("The vault's operator key is not here to be split.")
    try:
        made = shares.split(found.master, key_id, shares=count, needed=needed)
    except ValueError as error:
        raise WrongSheets(f"{error}.".capitalize()) from error
    with disk_errors(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OperatorError(f"{folder} is not empty: the sheets go into a folder of their own.")
        paths = [_written(folder, share, count) for share in made]
    with on_the_road(SERVICE):
        execute(SQL["note_key"], {"key": key_id.hex(), "old": ""})
        execute(SQL["note_split"], {"key": key_id.hex(), "shares": count, "needed": needed})
        facts = {"key": key_id.hex(), "set": made[0].set_id.hex(), "shares": count, "needed": needed}
        record([Act(Event.CUSTODY_KEY_SPLIT, facts=facts)])
    return paths


def _written(folder: Path, share: Share, count: int) -> Path:
    path = folder / f"share-{share.number}-of-{count}.pdf"
    today = datetime.now(UTC).strftime("%d.%m.%Y")
    sheet = Sheet(share.number, count, share.needed, share.key_id.hex(), share.set_id.hex(), today, share.lines)
    write_whole(path, pdf(sheet), may_replace=False)
    return path


def joined(given: Sequence[Share]) -> bytes:
    """The key of these shares, and it is the key they name. Raises `WrongSheets` with what is wrong."""
    try:
        master = shares.join(given)
    except ShareError as error:
        raise WrongSheets(str(error)) from error
    if OperatorKey(master).id != given[0].key_id:
        raise WrongSheets(
            "These sheets do not make the key they name: one of them is false, though it reads right. Try with other sheets."
        )
    return master


def is_live(key_id: bytes) -> bool:
    """Whether the vault here was sealed with this key. True where there is no vault yet: it is being restored."""
    live = operator_key.live_keys(settings.DATA_DIR)
    return not live or key_id in {one.id for one in live}


def put_back(master: bytes) -> Path:
    """Writes the key where the vault looks for it, mode 0600. Refuses to write over another key."""
    data, key = settings.DATA_DIR, OperatorKey(master)
    live = [one.id for one in operator_key.live_keys(data)]
    name = operator_key.SECRET_NAME
    path: Path = secret_path(data, name if not live or live[0] == key.id else f"{name}.{key.id.hex()}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        if path.read_text(encoding="utf-8", errors="replace").strip() == master.hex():
            return path
        raise OperatorError(f"{path} holds something else already. Move it aside first; nothing was written.")
    replace_durably(path, master.hex().encode())
    return path


def note_proved(key_id: bytes, count: int) -> None:
    """The key was put together from paper, as a rehearsal: in the ledger, and for the check."""
    with on_the_road(SERVICE):
        execute(SQL["note_key"], {"key": key_id.hex(), "old": ""})
        execute(SQL["note_proved"], {"key": key_id.hex()})
        record([Act(Event.CUSTODY_KEY_PROVED, facts={"key": key_id.hex(), "shares": count})])
