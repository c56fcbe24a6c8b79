"""`abhaya backup DIR`: everything, at one instant, while the service goes on; data and keys as two parts.

First what the ledger remembers, then the database in one snapshot, then the originals it names: so the database of a
backup never knows anything that the rest lacks. Originals never change, so one that was copied is never copied again.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings

from abhaya import __version__
from abhaya.commands import backup_set
from abhaya.commands.backup_set import (
    BACKUP_KEY,
    BACKUPS,
    DATA,
    KEYS,
    MANIFEST,
    SIGNATURE,
    UNFINISHED,
    VAULT_LIST,
    LedgerPart,
    Manifest,
    Original,
    Place,
    Sealed,
    TableFile,
    VaultPart,
    WrappedKey,
    Written,
)
from abhaya.commands.progress import Progress
from abhaya.custody import journal
from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.sealing import new_key
from abhaya.custody.vault import vault
from abhaya.errors import OperatorError
from abhaya.journey import KEPT_WITH_KEYS
from abhaya.ledger import key as ledger_key
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.durable import fsync_folder
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.snapshot import Print, Snapshot, Table
from abhaya.shared.sql import value

DONE, SET_ASIDE = 0, 1
SERVICE = "operator:backup"
# Never copied: the operator key belongs in a safe, and the database's passwords are made anew by every installation.
NOT_COPIED = ("vault", "database-", "operator", "setup-code", ".")
_FILES = "select id, name, size_bytes from custody_object where kept = 'file' order by id"
_INSTANT = """select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""  # of the snapshot
_LOG = "select origin, encode(public_key, 'hex') from ledger_log"
_LAST = "select size, encode(root, 'hex') from ledger_checkpoint order by size desc limit 1"

log = logging.getLogger("abhaya.backup")


@dataclass(slots=True)
class Copied:
    """The originals of one backup, as they are gathered."""

    originals: list[Original] = field(default_factory=list)
    new: int = 0
    gone: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def backup(arguments: Namespace) -> int:
    """1 when an original that should be there is not: the backup counts, and says which."""
    if arguments.keep is not None and arguments.keep < 1:
        raise OperatorError("--keep takes at least 1: the newest backup is never removed.")
    place, begun = Place.of(arguments.dir, arguments.keys), time.monotonic()
    if place.folder.is_relative_to(Path(settings.DATA_DIR).absolute()):
        raise OperatorError("A backup belongs on another disk, not into the data folder that it is to save.")
    with place.alone():
        left = place.sweep()
        for name in left:
            print(f"An earlier backup ({name}) was never finished; what it had copied of the originals is used again.")
        name, manifest, copied = make(place)
        removed = place.keep(arguments.keep) if arguments.keep else []
    seconds = time.monotonic() - begun
    _tell(arguments.json, place, name, manifest, copied, removed, seconds)
    return SET_ASIDE if copied.missing else DONE


def make(place: Place) -> tuple[str, Manifest, Copied]:
    """One whole backup, recorded in the ledger."""
    name = _name(place)
    data, keys = (place.part(part, name + UNFINISHED) for part in (DATA, KEYS))
    backup_id, key = uuid7(), new_key()
    sealed = Sealed(key, backup_id)
    with backup_set.disk_errors(place.folder):
        for folder in (data, keys):
            folder.mkdir(mode=0o700, parents=True)
    try:
        files = [*_remembered(sealed, keys), *_secrets(sealed, keys), *_live_keys(sealed, keys)]
        with Snapshot(settings.DATA_DIR) as taken:
            tables = _tables(taken, sealed, data, keys)
            copied = _originals(taken, place)
            manifest = _manifest(taken, backup_id, tables, files, _vault_part(data, copied))
        body, signature = backup_set.sign(manifest, ledger_key.new_key("").private)
        wrapped = WrappedKey(str(backup_id), vault().key.wrap(key, backup_id, BACKUPS).hex(), sealed.mac(body))
        backup_set.write_file(keys / BACKUP_KEY, [msgspec.json.encode(wrapped)])
        backup_set.write_file(data / SIGNATURE, [signature])
        backup_set.write_file(data / MANIFEST, [body])
        for folder in [keys, data, *(found for part in (keys, data) for found in part.rglob("*") if found.is_dir())]:
            fsync_folder(folder)
        backup_set.finish(keys)
        backup_set.finish(data)
        _erasures(place)
    except BaseException:  # whatever ended it, Ctrl-C included: what is half made goes, and the cause goes on its way
        for folder in (keys, data):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    facts = {
        "backup": str(backup_id), "name": name, "rows": manifest.rows, "objects": manifest.vault.objects,
        "missing": len(copied.missing),
    }  # fmt: skip
    with on_the_road(SERVICE):
        record([Act(Event.SHARED_BACKUP_MADE, facts=facts)])
    return name, manifest, copied


def _name(place: Place) -> str:
    while True:
        name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
        if not place.part(DATA, name).exists() and not place.part(KEYS, name).exists():
            return name
        time.sleep(0.1)  # one of this very second is there


def _remembered(sealed: Sealed, keys: Path) -> Iterator[Written]:
    """What the ledger keeps outside the database, taken first, so that it is never newer than the database's copy; and the
    certificates of an authority of one's own, which browsers trust already.
    """
    for pattern in ("ledger/*.checkpoint", "tls/*.crt"):
        for path in sorted(Path(settings.DATA_DIR).glob(pattern)):
            yield sealed.write(keys, KEYS, f"{path.parent.name}/{path.name}", [path.read_bytes()])


def _secrets(sealed: Sealed, keys: Path) -> Iterator[Written]:
    for path in sorted((Path(settings.DATA_DIR) / "secrets").iterdir()):
        if path.is_file() and not path.name.startswith(NOT_COPIED):
            yield sealed.write(keys, KEYS, f"secrets/{path.name}", [path.read_bytes()])


def _erasures(place: Place) -> None:
    """The erasure journal as it is now, for every backup of the folder: an older one must forget what a newer one forgot."""
    source = journal.path()
    if not source.exists():
        return
    content = source.read_bytes()
    draft = place.erasures.with_name(f".{place.erasures.name}")
    draft.unlink(missing_ok=True)
    backup_set.write_file(draft, [content[: content.rfind(b"\n") + 1]])
    draft.replace(place.erasures)


def _live_keys(sealed: Sealed, keys: Path) -> Iterator[Written]:
    """Which operator keys are alive, by their ids; the keys themselves are not in it."""
    vault()  # makes the key, where there is none yet
    yield sealed.write(keys, KEYS, "vault/key-id", [(Path(settings.DATA_DIR) / "vault" / "key-id").read_bytes()])


def _tables(taken: Snapshot, sealed: Sealed, data: Path, keys: Path) -> list[TableFile]:
    written = []
    with Progress("rows") as progress:
        for table in taken.tables():
            part, folder = (KEYS, keys) if table.name in KEPT_WITH_KEYS else (DATA, data)
            seen = Print()
            rows = _pieces(taken, table, seen, progress)
            file = sealed.write(folder, part, f"tables/{table.name}", rows)
            written.append(TableFile(table.name, table.columns, seen.rows, seen.sum, file))
    return written


def _pieces(taken: Snapshot, table: Table, seen: Print, progress: Progress) -> Iterator[bytes]:
    for piece in taken.rows(table, seen):
        progress.step(piece.count(b"\n"))
        yield piece


def _originals(taken: Snapshot, place: Place) -> Copied:
    """Every original that the snapshot knows, copied where it is not there yet."""
    known = {one.path: one for name in place.finished()[-1:] for one in place.originals(name)}
    copied, folders = Copied(), set[Path]()
    listed = taken.all(_FILES)
    with Progress("originals", len(listed)) as progress:
        for identifier, name, size in listed:
            object_id, keyed = UUID(str(identifier)), bytes(name)  # type: ignore[call-overload]  # a bytea column
            relative = f"objects/{keyed.hex()[:2]}/{keyed.hex()}.{object_id.hex}"
            target = place.vault / relative
            before = known.get(relative)
            progress.step()
            if before is not None and target.exists() and target.stat().st_size == before.size_bytes:
                copied.originals.append(before)
                continue
            try:
                if target.exists():  # of a backup that never ended; it took its name when it was whole
                    size_bytes, sha256 = backup_set.sha256_of(target)
                else:
                    size_bytes, sha256 = _copy(target, keyed, object_id, int(str(size)))
                    copied.new += 1
                    folders.add(target.parent)
            except OriginalDamaged:
                (copied.missing if _should_be_there(object_id) else copied.gone).append(str(object_id))
                continue
            copied.originals.append(Original(relative, size_bytes, sha256))
    for folder in folders:
        fsync_folder(folder)
    return copied


def _copy(target: Path, name: bytes, object_id: UUID, size_bytes: int) -> tuple[int, str]:
    blocks = vault().read(name, object_id, size_bytes)
    draft = target.with_name(f"{target.name}.draft")
    draft.unlink(missing_ok=True)
    written = backup_set.write_file(draft, blocks)
    draft.replace(target)
    return written


def _should_be_there(object_id: UUID) -> bool:
    """Unless it was shredded since the snapshot, an original that cannot be read is missing."""
    with on_the_road(SERVICE):
        return bool(value("select kept = 'file' from custody_object where id = %s", [object_id]))


def _vault_part(data: Path, copied: Copied) -> VaultPart:
    size, sha256 = backup_set.write_file(data / VAULT_LIST, [backup_set.pack_list(copied.originals)])
    return VaultPart(
        objects=len(copied.originals),
        size_bytes=sum(one.size_bytes for one in copied.originals),
        list=Written(DATA, VAULT_LIST, size, sha256),
        gone=tuple(copied.gone),
        missing=tuple(copied.missing),
    )


def _manifest(
    taken: Snapshot, backup_id: UUID, tables: list[TableFile], files: list[Written], originals: VaultPart
) -> Manifest:
    ((at,),) = taken.all(_INSTANT)
    applied = taken.all("select app, name from django_migrations order by id")
    named, last = taken.all(_LOG), taken.all(_LAST)
    origin, public_key = map(str, named[0]) if named else ("", "")
    size, root = last[0] if last else (0, "")
    return Manifest(
        format=backup_set.FORMAT,
        id=str(backup_id),
        made_at=str(at),
        program=__version__,
        postgres=taken.major,
        migrations=tuple((str(app), str(name)) for app, name in applied),
        tables=tuple(tables),
        sequences=tuple(taken.sequences()),
        files=tuple(files),
        vault=originals,
        ledger=LedgerPart(origin, public_key, int(str(size)), str(root)),
        signer=ledger_key.new_key("").public.hex(),
    )


def _tell(
    as_json: bool, place: Place, name: str, manifest: Manifest, copied: Copied, removed: list[str], seconds: float
) -> None:
    data, keys = place.part(DATA, name), place.part(KEYS, name)
    if as_json:
        told = {
            "name": name, "id": manifest.id, "data": str(data), "keys": str(keys), "tables": len(manifest.tables),
            "rows": manifest.rows, "originals": manifest.vault.objects, "originals_copied": copied.new,
            "missing": copied.missing, "removed": removed, "seconds": round(seconds, 1),
        }  # fmt: skip
        print(json.dumps(told))
        return
    print(f"Backup {name}: {manifest.rows} rows of {len(manifest.tables)} tables, {manifest.vault.objects} originals")
    print(f"({copied.new} of them copied now), in {seconds:.1f} seconds.")
    print(f"  data: {data}{os.linesep}  keys: {keys}")
    print("Carry the two apart. The operator key is in neither: it stays in its safe.")
    for lost in copied.missing:
        print(f"  The original {lost} is missing from the vault, so it is missing here. Keep your earlier backups.")
    if removed:
        print(f"Removed {len(removed)} older: {', '.join(removed)}.")
