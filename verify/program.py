"""The command: what it is asked, what it answers, in plain sentences. Exit 0: it holds; 1: it does not; 2: cannot say."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from verify import ledger
from verify.files import header, whole
from verify.ledger import Report
from verify.notes import Checkpoint, Key, Unreadable, read_checkpoint, read_code, read_key

HOLDS, FAILS, CANNOT_SAY = 0, 1, 2


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        return _verify(asked)
    except Unreadable as error:
        print(_plain(f"Cannot be checked: {error}."), file=sys.stderr)
        return CANNOT_SAY


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify",
        description="Checks an exported Abhaya ledger and says what holds and what does not.",
        epilog="Example: python3 verify ledger-2026-11 --code 1042:7K3M-…  Exit: 0 holds, 1 does not, 2 cannot say.",
    )
    parser.add_argument("folder", type=Path, help="the folder that `abhaya export ledger --out DIR` wrote")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a checkpoint of this ledger that you received earlier; may be given several times",
    )
    parser.add_argument(
        "--code", action="append", default=[], metavar="SIZE:CODE", help="a printed checkpoint: its size and its code"
    )
    parser.add_argument("--key", metavar="FILE", type=Path, help="the ledger's public key as you received it elsewhere")
    return parser


def _verify(asked: argparse.Namespace) -> int:
    about = header(asked.folder)
    if about["size"] == 0:
        _say("The ledger is empty: nothing to check.")
        return HOLDS
    key, own_key = _keys(asked)
    held = [(path, _held(path)) for path in asked.checkpoint]
    codes = [_code(text) for text in asked.code]
    departures = ledger.departures(asked.folder)
    sizes = [about["size"], *(row["size"] for row in departures)]
    sizes += [checkpoint.size for _, checkpoint in held] + [size for size, _ in codes]
    report = ledger.check(asked.folder, about["origin"], key, sizes)
    if own_key != key:
        report.fault("The export was signed by another key than the one you hold.")
    _check_ends(report, about, asked.folder, key)
    good = [f"The checkpoint in {path} is the beginning of this ledger." for path, checkpoint in held
            if ledger.compare(report, checkpoint, key, str(path))]  # fmt: skip
    good += [f"The printed code for {size} entries is the beginning of this ledger." for size, code in codes
             if ledger.compare_code(report, about["origin"], size, code)]  # fmt: skip
    _print(about, key, report, good)
    _print_unchecked(asked, departures)
    return _result(report)


def _keys(asked: argparse.Namespace) -> tuple[Key, Key]:
    """The key to believe, and the one the export brings."""
    own = read_key(whole(asked.folder, "key.txt"))
    if asked.key is None:
        return own, own
    return read_key(whole(asked.key.parent, asked.key.name)), own


def _held(path: Path) -> Checkpoint:
    try:
        return read_checkpoint(whole(path.parent, path.name))
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from None


def _code(text: str) -> tuple[int, str]:
    size, _, code = text.partition(":")
    if not (size.isascii() and size.isdigit()):
        raise Unreadable(f"“{text}” is not SIZE:CODE, such as 1042:7K3M-…")
    return int(size), read_code(code)


def _check_ends(report: Report, about: dict[str, Any], folder: Path, key: Key) -> None:
    """The header and the newest checkpoint against what was read."""
    if about["size"] != report.leaves:
        report.fault(f"ledger.json speaks of {about['size']} entries; {report.leaves} leaves are here.")
    if about["entries"] != report.entries:
        report.fault(f"ledger.json speaks of {about['entries']} texts of entries; {report.entries} are here.")
    if about["origin"] != key.name:
        report.fault("ledger.json names another ledger than the key.")
    newest = read_checkpoint(whole(folder, "checkpoint"))
    if ledger.compare(report, newest, key, "the export itself") and newest.size != report.leaves:
        report.fault(f"The export's own checkpoint covers {newest.size} of {report.leaves} entries.")


def _print(about: dict[str, Any], key: Key, report: Report, good: list[str]) -> None:
    _say(f"Ledger {about['origin']}, exported {about['exported_at']}.")
    _say(f"Key {key.id(1).hex()}, public {key.public.hex()}.")
    if not report.faults:
        _say(f"HOLDS  {report.leaves} leaves stand in order, none is missing.")
        _say(f"HOLDS  {report.entries} entries are the ones their leaves stand for.")
        if report.erased:
            _say(f"HOLDS  {report.erased} entries were erased, each named by an erasure entry.")
        _say(f"HOLDS  {report.checkpoints} checkpoints are signed and add up, the newest at {report.covered} entries.")
    for sentence in good:
        _say(f"HOLDS  {sentence}")
    for sentence in report.faults:
        _say(f"FAILS  {sentence}")
    if report.unsaid:
        _say(f"FAILS  … and {report.unsaid} more.")


def _print_unchecked(asked: argparse.Namespace, departures: list[dict[str, Any]]) -> None:
    """What nobody could check from this folder alone, and who could help."""
    if asked.key is None:
        _say("NOT CHECKED  whether the key is the right one: compare it with a copy from elsewhere (--key).")
    if asked.checkpoint or asked.code:
        return
    _say(
        "NOT CHECKED  whether the holder of the signing key rewrote everything before exporting: that needs a"
        " checkpoint from outside (--checkpoint, --code)."
    )
    for row in departures[-5:]:
        _say(f"             A checkpoint at {row['size']} entries was {row['how']} on {row['at']}: {row['recipient']}.")


def _result(report: Report) -> int:
    if report.faults:
        _say(f"RESULT The ledger does not hold: {len(report.faults) + report.unsaid} faults.")
        return FAILS
    _say(f"RESULT The ledger holds, from entry 0 to entry {report.leaves - 1}.")
    return HOLDS


def _say(sentence: str) -> None:
    print(_plain(sentence))


def _plain(sentence: str) -> str:
    """Names in an export were typed by others: nothing in them may steer the reader's terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in sentence)
