"""`abhaya restore DIR --to DATA`: an installation from a backup; `--verify`: the same as a rehearsal, compared and removed.

The tables are made as they were when the backup was made, filled in one transaction, and compared with the prints that the
backup recorded; only then are they brought to this version. The ledger goes on only on record: an entry says what it was
restored from.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connections

from abhaya.commands import backup_set, lifeline
from abhaya.commands.backup_set import TableFile
from abhaya.commands.progress import Progress
from abhaya.commands.restore_place import RESTORING, Opened, is_installed
from abhaya.custody.check import check as check_vault
from abhaya.custody.disk import file_pieces
from abhaya.custody.erasure import replay
from abhaya.custody.sealing import SEALED_CHUNK_BYTES
from abhaya.custody.vault import vault
from abhaya.errors import OperatorError
from abhaya.ledger import sequencer
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.jobs import checked
from abhaya.ledger.reasons import SENTENCES
from abhaya.shared.cluster import Cluster
from abhaya.shared.identity import on_the_road
from abhaya.shared.migrate import migrate
from abhaya.shared.postgres import prepare
from abhaya.shared.reason import sentence
from abhaya.shared.snapshot import Snapshot, Table, fill_tables, make_tables
from abhaya.shared.sql import execute, value

HOLDS, DOES_NOT_HOLD = 0, 1
SERVICE = "operator:restore"
SHOWN_MAX = 20
WAITING = "pending-old"
_ROOT = "select encode(root, 'hex') from ledger_checkpoint where size = %s"


class Proof(msgspec.Struct):
    """What was restored, and what was found when it was compared with the backup."""

    name: str
    made_at: str
    tables: int = 0
    rows: int = 0
    originals: int = 0
    decrypted: int = 0
    entries: int = 0
    checkpoints: int = 0
    erased: int = 0
    held: int = 0
    seconds: float = 0.0
    findings: list[str] = []

    @property
    def holds(self) -> bool:
        return not self.findings


def restore(arguments: Namespace) -> int:
    """1 when something does not hold; it is restored all the same, and says what."""
    if arguments.verify:
        return _rehearse(arguments)
    lifeline.hold()
    begun, source = time.monotonic(), arguments.opened
    proof = Proof(source.name, source.manifest.made_at)
    _database(source, proof)
    _originals(source, proof)
    migrate(verbosity=0)
    _compare_ledger(source, proof)
    again = replay()
    proof.erased, proof.held = again.erased, len(again.held)
    found = check_vault(sample=arguments.sample)
    proof.decrypted = found.objects
    proof.findings += [damage.sentence for damage in found.findings if damage.what != "draft"]
    _go_on(source, proof, arguments.reason or f"restored from the backup of {source.manifest.made_at}")
    sequencer.sequence_all()
    (Path(settings.DATA_DIR) / RESTORING).unlink()
    proof.seconds = round(time.monotonic() - begun, 1)
    if arguments.json:
        print(msgspec.json.encode(proof).decode())
    else:
        _tell(proof)
        print(f"The restored installation is in {settings.DATA_DIR}. Use it with ABHAYA_DATA={settings.DATA_DIR}.")
    return HOLDS if proof.holds else DOES_NOT_HOLD


def _go_on(source: Opened, proof: Proof, reason: str) -> None:
    """The ledger continues on record: whatever was signed after the backup is not in it, and this entry says so."""
    stood = source.manifest.ledger
    facts = {"name": source.name, "made_at": source.manifest.made_at, "findings": len(proof.findings)}
    with on_the_road(SERVICE, purpose=reason):
        execute("delete from procrastinate_workers")  # who was at work when it was saved is not at work here
        resumed = {"reason": reason, "signed_size": stood.size, "signed_root": stood.root}
        record([Act(Event.LEDGER_LEDGER_RESUMED, facts=resumed), Act(Event.SHARED_BACKUP_RESTORED, facts=facts)])


def _database(source: Opened, proof: Proof) -> None:
    """Tables as they were, rows as they were, each table compared with its print."""
    prepare(settings.DATA_DIR)
    with Snapshot(settings.DATA_DIR) as before:
        if before.tables():
            raise OperatorError(
                "The database named by ABHAYA_DATABASE_URL holds tables already. Name a new, empty one."
            )
    owner = connections[settings.MIGRATION_DATABASE]
    make_tables(owner, source.manifest.migrations)
    owner.close()
    files = {table.name: table for table in source.manifest.tables}
    with Progress("rows", source.manifest.rows) as progress:

        def rows(table: Table) -> Iterator[bytes]:
            file = files[table.name].file
            for block in source.sealed.read(source.place.part(file.part, source.name), file):
                progress.step(block.count(b"\n"))
                yield block

        listed = [Table(table.name, table.columns) for table in source.manifest.tables]
        fill_tables(settings.DATA_DIR, listed, rows, source.manifest.sequences)
    with Snapshot(settings.DATA_DIR) as taken:
        there = {table.name for table in taken.tables()}
        proof.findings += [
            f"The table {name} is there and was not in the backup." for name in sorted(there - set(files))
        ]
        for table in source.manifest.tables:
            _compare_table(taken, table, proof)


def _compare_table(taken: Snapshot, table: TableFile, proof: Proof) -> None:
    seen = taken.print_of(Table(table.name, table.columns))
    proof.tables += 1
    proof.rows += seen.rows
    if (seen.rows, seen.sum) != (table.rows, table.sum):
        proof.findings.append(
            f"The table {table.name} has {seen.rows} rows that are not the {table.rows} of the backup."
        )


def _originals(source: Opened, proof: Proof) -> None:
    """Every original of the backup into the vault; one that is damaged is named, and the others go on."""
    home = vault()
    with Progress("originals", source.manifest.vault.objects) as progress:
        for one in source.place.originals(source.name):
            progress.step()
            path = source.place.vault / one.path
            if not path.exists():
                proof.findings.append(f"The original {path} is missing from the backup.")
                continue
            if backup_set.sha256_of(path) != (one.size_bytes, one.sha256):
                proof.findings.append(
                    f"The original {path} was changed in the backup. Remove that file: the next backup copies it again."
                )
                continue
            name, _, identifier = path.name.partition(".")
            home.put_back(bytes.fromhex(name), UUID(hex=identifier), file_pieces(path, SEALED_CHUNK_BYTES))
            proof.originals += 1
    proof.findings += [
        f"The original {lost} was missing when the backup was made." for lost in source.manifest.vault.missing
    ]


def _compare_ledger(source: Opened, proof: Proof) -> None:
    """Every entry again, and the root that the backup recorded."""
    found = checked(SERVICE)
    proof.entries, proof.checkpoints = found.size, found.checkpoints
    # Entries that still wait for their place are no fault of a restored copy: nobody has ordered them here yet.
    proof.findings += [sentence(one, SENTENCES, "en") for one in found.findings if one.code != WAITING]
    stood = source.manifest.ledger
    with on_the_road(SERVICE):
        if stood.size and value(_ROOT, [stood.size]) != stood.root:
            proof.findings.append(f"The ledger’s root at {stood.size} entries is not the one the backup recorded.")
        if stood.origin and value("select encode(public_key, 'hex') from ledger_log") != source.manifest.signer:
            proof.findings.append("The backup was signed with another key than its ledger’s.")


def _rehearse(arguments: Namespace) -> int:
    """The drill: a whole restore by a program of its own on a server of its own, in a place that is removed again."""
    live = is_installed()
    keys = arguments.operator_key
    if live and not keys and (kept := Path(settings.DATA_DIR) / "secrets" / "vault").exists():
        keys = [str(kept)]
    base = Path(arguments.to).absolute() if arguments.to else Path(settings.DATA_DIR if live else tempfile.gettempdir())
    if not base.is_dir():
        raise OperatorError(
            f"{base} is no folder. With --verify, --to names a folder in which a temporary one is made."
        )
    _remove_left(base)
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-", dir=base))
    try:
        proof = _restored_elsewhere(arguments, folder / "data", keys or [])
    finally:
        Cluster(folder / "data").stop()
        shutil.rmtree(folder)
    if live:
        facts: dict[str, Any] = {"name": proof.name, "made_at": proof.made_at, "findings": len(proof.findings)}
        facts |= {"rows": proof.rows, "objects": proof.originals, "decrypted": proof.decrypted}
        with on_the_road(SERVICE, purpose=arguments.reason):
            record([Act(Event.SHARED_BACKUP_REHEARSED, facts=facts)])
    if arguments.json:
        print(msgspec.json.encode(proof).decode())
    else:
        _tell(proof)
        print(
            "The rehearsal is recorded." if live else "No installation is here, so the rehearsal is recorded nowhere."
        )
    return HOLDS if proof.holds else DOES_NOT_HOLD


def _restored_elsewhere(arguments: Namespace, target: Path, keys: list[str]) -> Proof:
    words = ["restore", arguments.dir, "--to", str(target), "--json"]
    for name, given in (
        ("--keys", arguments.keys),
        ("--backup", arguments.backup),
        ("--sample", arguments.sample),
        ("--erasures", arguments.erasures),
    ):
        if given is not None:
            words += [name, str(given)]
    for key in keys:
        words += ["--operator-key", key]
    # Nothing of the rehearsal may reach the live database or the live store: it would write there what was deleted since.
    live = {"ABHAYA_DATABASE_URL", "ABHAYA_DATA", "ABHAYA_VAULT_STORE"}
    environment = {name: text for name, text in os.environ.items() if name not in live}
    done = subprocess.run(  # noqa: S603 — our own program and words
        [sys.executable, "-m", "abhaya.cli", *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in {HOLDS, DOES_NOT_HOLD} or not done.stdout.strip():
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise OperatorError(f"The rehearsal could not restore the backup: {said[-1].removeprefix('abhaya: ')}")
    return msgspec.json.decode(done.stdout.strip().splitlines()[-1], type=Proof)


def _remove_left(base: Path) -> None:
    """What a killed rehearsal left."""
    for left in base.glob("rehearsal-*"):
        Cluster(left / "data").stop()
        shutil.rmtree(left)


def _tell(proof: Proof) -> None:
    print(f"Backup {proof.name}, made {proof.made_at}, restored in {proof.seconds:.1f} seconds.")
    print(f"  {proof.rows} rows of {proof.tables} tables: each table has the rows the backup recorded."
          if not any("table" in finding for finding in proof.findings) else f"  {proof.rows} rows of {proof.tables} tables.")  # fmt: skip
    print(
        f"  {proof.originals} originals as files; {proof.decrypted} originals decrypted and compared with their hashes."
    )
    print(f"  {proof.entries} ledger entries under {proof.checkpoints} signed checkpoints read again.")
    if proof.erased or proof.held:
        print(
            f"  {proof.erased} deletions since the backup were carried out again; {proof.held} are stopped by a legal hold."
        )
    for finding in proof.findings[:SHOWN_MAX]:
        print(f"  {finding}")
    if len(proof.findings) > SHOWN_MAX:
        print(f"  … and {len(proof.findings) - SHOWN_MAX} more.")
    print("Everything holds: what was restored equals what was backed up." if proof.holds else "Not everything holds.")
