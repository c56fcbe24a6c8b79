"""`abhaya key …`: the vault's operator key on paper, put together again, changed, and what is known of it."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from pathlib import Path
from uuid import UUID

from django.conf import settings

from abhaya.commands.progress import Progress
from abhaya.custody import operator_key, paper
from abhaya.custody.rotation import SERVICE as OPERATOR
from abhaya.custody.rotation import note_of, retire, rotate
from abhaya.custody.shares import Share, ShareError, read
from abhaya.custody.shredding import statements
from abhaya.custody.vault import vault
from abhaya.errors import OfficerError
from abhaya.ledger.sequencer import sequence_all
from abhaya.ledger.statement import own_key
from abhaya.shared.identity import on_the_road

DONE, SET_ASIDE, WRONG_USAGE = 0, 1, 2
SHARES_FILE_BYTES_MAX = 64 * 1024
TRIES_MAX = 5  # of one sheet


def split(arguments: Namespace) -> int:
    paths = paper.split(Path(arguments.out), count=arguments.shares, needed=arguments.needed)
    for path in paths:
        print(path)
    print(
        f"Print each sheet, give it to its holder, then destroy the folder {arguments.out}. Any {arguments.needed} of the"
        f" {arguments.shares} sheets are the key. Rehearse it now: abhaya key join --prove"
    )
    return DONE


def join(arguments: Namespace) -> int:
    given = _from_file(Path(arguments.shares_file)) if arguments.shares_file else _asked()
    master = paper.joined(given)
    key_id = given[0].key_id
    if not paper.is_live(key_id):
        raise OfficerError(
            f"These sheets make the key {key_id.hex()}, and this vault is under another one. Look for newer sheets, or"
            " restore the backup that belongs to these."
        )
    numbers = ", ".join(str(one.number) for one in given)
    if arguments.prove:
        paper.note_proved(key_id, len(given))
        print(
            f"Shares {numbers} make the key {key_id.hex()} of this vault. Nothing was written but that it was proved."
        )
        return DONE
    print(f"Shares {numbers} make the key {key_id.hex()}. It is in {paper.put_back(master)}.")
    return DONE


def change(arguments: Namespace) -> int:
    with Progress("wraps under the new key") as progress:
        done = rotate(progress.step)
    for sentence in done.damaged:
        print(sentence)
    print(
        f"{done.wraps} wraps are under the new key {done.key_id}. The old key {done.old_id} is kept until abhaya key retire;"
        " keep it as long as a backup from before today is kept."
    )
    print("The new key is not on paper yet: abhaya key split --shares 5 --needed 3 --out DIR")
    return SET_ASIDE if done.damaged else DONE


def retire_old(arguments: Namespace) -> int:
    left = retire()
    print("The old key is destroyed here. Backups that were made under it open with its paper shares only.")
    if left:
        print(left)
    return DONE


def show(arguments: Namespace) -> int:
    """Ids and dates, never a key."""
    ring = vault().key
    for place, key_id in enumerate(ring.ids):
        found = operator_key.find(settings.DATA_DIR, key_id)
        with on_the_road(OPERATOR):
            note = note_of(key_id)
        print(
            f"{key_id.hex()}  {'current' if place == 0 else 'older, still opens'}, from {found.where if found else '–'}"
        )
        if note and note.split_at:
            print(f"  on paper since {note.split_at:%Y-%m-%d}: {note.split_shares} shares, {note.split_needed} needed")
        elif place == 0:
            print("  not on paper: abhaya key split --shares 5 --needed 3 --out DIR")
        if note and note.proved_at:
            print(f"  put together from paper on {note.proved_at:%Y-%m-%d}")
        if note and note.rotation_from and not note.rotated_at:
            print(f"  rotation not ended, {note.rewrapped} wraps done: abhaya key rotate")
    return DONE


def export_shredded(arguments: Namespace) -> int:
    """One file for each key that was destroyed, and the ledger's public key beside them."""
    try:
        object_id = UUID(arguments.object)
    except ValueError:
        print(f"abhaya: “{arguments.object}” is no id of an original", file=sys.stderr)
        return WRONG_USAGE
    folder = Path(arguments.out)
    sequence_all()  # what was recorded until now has its place
    with on_the_road(OPERATOR):
        made, key = statements(object_id), own_key()
    folder.mkdir(parents=True, exist_ok=False)
    (folder / "key.txt").write_text(key.verifier() + "\n", encoding="utf-8")
    for number, text in enumerate(made, start=1):
        path = folder / f"shredded-{number}.txt"
        path.write_text(text, encoding="utf-8")
        print(f"python3 verify {path} --key {folder / 'key.txt'}")
    return DONE


def _asked() -> list[Share]:
    """Sheets typed at the terminal, without echo; a mistyped one is asked for again."""
    given: list[Share] = []
    while not given or len({one.number for one in given}) < given[0].needed:
        wanted = f" of {given[0].needed}" if given else ""
        given.append(_one_sheet(f"sheet {len(given) + 1}{wanted}"))
    return given


def _one_sheet(what: str) -> Share:
    for _ in range(TRIES_MAX):
        lines = [getpass.getpass(f"{what}, line {number} of 5 (not shown): ") for number in range(1, 6)]
        try:
            return read("\n".join(lines))
        except ShareError as error:
            print(error, file=sys.stderr)
    raise OfficerError(f"The {what} could not be read after {TRIES_MAX} tries.")


def _from_file(path: Path) -> list[Share]:
    """Sheets from a file, a blank line between them; `-` is standard input."""
    try:
        if str(path) == "-":
            text = sys.stdin.read(SHARES_FILE_BYTES_MAX)
        else:
            with path.open(encoding="utf-8", errors="replace") as file:
                text = file.read(SHARES_FILE_BYTES_MAX)
    except OSError as error:
        raise OfficerError(f"{path} cannot be read: {error.strerror}.") from error
    sheets = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    given = []
    for number, sheet in enumerate(sheets, start=1):
        try:
            given.append(read(sheet))
        except ShareError as error:
            raise OfficerError(f"Sheet {number} of the file: {error}") from error
    return given
