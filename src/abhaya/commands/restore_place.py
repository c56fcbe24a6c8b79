"""Where `abhaya restore` restores to: chosen, checked and made ready before any setting is read.

Nothing is written before the backup has been proved whole and its key opened; nothing that is there already is written
over. A data folder whose restore was killed carries a mark: no other command uses it, and the next restore begins it anew.
"""

from __future__ import annotations

import hmac
import os
import shutil
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

from abhaya.commands import backup_set
from abhaya.commands.backup_set import (
    BACKUP_KEY,
    BACKUPS,
    DATA,
    ERASURES,
    KEYS,
    MANIFEST,
    Manifest,
    Place,
    Sealed,
    WrappedKey,
)
from abhaya.custody.sealing import KEY_BYTES, OperatorKey, SealBroken, WrongOperatorKey
from abhaya.errors import OperatorError
from abhaya.shared.cluster import Cluster
from abhaya.shared.postgres import given_url

RESTORING = "restoring"  # in a data folder whose restore has begun and not ended
KEY_FILE_BYTES_MAX = 4096
ROOM_FACTOR = 12  # what a compressed row takes in a table with its indexes: a guess on the safe side


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup that was proved whole, with the key that opens it."""

    place: Place
    name: str
    manifest: Manifest
    sealed: Sealed

    def read(self, path: str) -> bytes:
        """A small file of the keys part."""
        written = next(file for file in self.manifest.files if file.path == path)
        return b"".join(self.sealed.read(self.place.part(KEYS, self.name), written))


def choose(arguments: Namespace) -> bool:
    """Whether the command needs the database of the place it runs in. A restore makes its own place first."""
    if arguments.verify:
        return is_installed()
    if not arguments.to:
        raise OperatorError(
            "Say where to restore: --to DATA, a folder that is not there yet. Or --verify, to rehearse."
        )
    arguments.opened = opened(arguments)
    target = Path(arguments.to).absolute()
    _make_ready(target, arguments.opened, arguments)
    os.environ["ABHAYA_DATA"] = str(target)
    return True


def is_installed() -> bool:
    """Whether an installation lives here, which a rehearsal can be recorded in."""
    data = Path(os.environ.get("ABHAYA_DATA") or Path.home() / ".local/share/abhaya").expanduser()
    return given_url() is not None or (data / "postgres" / "data").exists()


def refuse_half_restored(data_dir: Path) -> None:
    """No command but `restore` uses a folder whose restore has not ended."""
    if (data_dir / RESTORING).exists():
        raise OperatorError(
            f"A restore into {data_dir} has begun and not ended. Run the same `abhaya restore` again: it begins anew."
        )


def chosen(place: Place, wanted: str | None) -> str:
    """The name of the backup to restore: the newest finished one, or the one that was asked for."""
    names = place.finished()
    if wanted is not None and wanted not in names:
        raise OperatorError(
            f"There is no finished backup {wanted} in {place.folder}. There: {', '.join(names) or 'none'}."
        )
    if not names:
        left = place.unfinished()
        never = f" There is one that was never finished ({left[-1]}): it cannot be restored." if left else ""
        raise OperatorError(f"There is no finished backup in {place.folder}.{never}")
    return wanted or names[-1]


def opened(arguments: Namespace) -> Opened:
    """Reads the manifest, holds every file but the originals against it, and opens the backup's key."""
    place = Place.of(arguments.dir, arguments.keys)
    name = chosen(place, arguments.backup)
    manifest = backup_set.read_manifest(place, name)
    keys = place.part(KEYS, name)
    if not keys.exists():
        raise OperatorError(
            f"The keys of backup {name} are not in {keys.parent}. They are carried apart: say where with --keys DIR."
        )
    backup_set.check_files(place, name, manifest)
    try:
        wrapped = msgspec.json.decode((keys / BACKUP_KEY).read_bytes(), type=WrappedKey)
    except (OSError, msgspec.DecodeError) as error:
        raise OperatorError(
            f"{keys / BACKUP_KEY} is missing or was changed: without it nothing here can be read."
        ) from error
    sealed = Sealed(_unwrapped(wrapped, masters(arguments.operator_key)), UUID(wrapped.id))
    body = (place.part(DATA, name) / MANIFEST).read_bytes()
    if not hmac.compare_digest(sealed.mac(body), wrapped.manifest_mac) or wrapped.id != manifest.id:
        raise OperatorError(f"The manifest of backup {name} and its keys do not belong together. Nothing was restored.")
    return Opened(place, name, manifest, sealed)


def masters(files: list[str] | None) -> list[bytes]:
    """The operator keys that were given, in files or in ABHAYA_OPERATOR_KEY, each of 64 hexadecimal digits."""
    texts = [(file, _text_of(file)) for file in files or []]
    texts += [("ABHAYA_OPERATOR_KEY", text) for text in os.environ.get("ABHAYA_OPERATOR_KEY", "").split(",") if text]
    if not texts:
        raise OperatorError(
            "The operator key is needed, from its safe: --operator-key FILE (from shares on paper, `abhaya key join` makes it)."
        )
    found = []
    for where, text in texts:
        try:
            master = bytes.fromhex(text.strip())
        except ValueError:
            master = b""
        if len(master) != KEY_BYTES:
            raise OperatorError(f"{where} is no operator key: it has {2 * KEY_BYTES} hexadecimal digits.")
        found.append(master)
    return found


def _text_of(file: str) -> str:
    try:
        with Path(file).open(encoding="ascii", errors="replace") as opened_file:
            return opened_file.read(KEY_FILE_BYTES_MAX)
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from error


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from error


def _unwrapped(wrapped: WrappedKey, given: list[bytes]) -> bytes:
    for master in given:
        try:
            return OperatorKey(master).unwrap(bytes.fromhex(wrapped.wrapped), UUID(wrapped.id), BACKUPS)
        except WrongOperatorKey:
            continue
        except (SealBroken, ValueError) as error:
            raise OperatorError(
                "The backup’s own key was changed or belongs to another backup; it does not open."
            ) from error
    ids = ", ".join(OperatorKey(master).id.hex() for master in given)
    raise OperatorError(
        f"This is not the operator key that the backup was made under: it needs {wrapped.wrapped[:8]}, given was {ids}."
    )


def _make_ready(target: Path, source: Opened, arguments: Namespace) -> None:
    """The new data folder with its secrets; refused where anything is."""
    if (target / RESTORING).exists():
        if given_url() is None:
            Cluster(target).stop()
        shutil.rmtree(target)
    elif target.exists() and any(target.iterdir()):
        raise OperatorError(
            f"{target} holds something already. A restore never writes over anything: name a new folder."
        )
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_small_disk(target, source.manifest)
    (target / RESTORING).write_text(f"{source.name}\n", encoding="ascii")
    journal = Path(arguments.erasures) if arguments.erasures else source.place.erasures
    erasures = _bytes_of(journal) if arguments.erasures or journal.exists() else b""
    for number, master in enumerate(masters(arguments.operator_key)[: len(arguments.operator_key or [])]):
        suffix = "" if number == 0 else f".{OperatorKey(master).id.hex()}"
        _put(target / "secrets" / f"vault{suffix}", master.hex().encode())
    for file in source.manifest.files:
        _put(target / file.path, source.read(file.path))
    if erasures:  # what was deleted since; the newest that is at hand
        _put(target / "ledger" / ERASURES, erasures)


def _refuse_small_disk(target: Path, manifest: Manifest) -> None:
    needed = manifest.vault.size_bytes + ROOM_FACTOR * sum(table.file.size_bytes for table in manifest.tables)
    free = shutil.disk_usage(target).free
    if free < needed:
        raise OperatorError(
            f"{target} has {free // 2**20} MiB free; this backup may need {needed // 2**20} MiB. Nothing was restored."
        )


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup_set.write_file(path, [content])
