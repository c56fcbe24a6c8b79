"""The command: what it is asked, what it answers, in plain sentences. Exit 0: it holds; 1: it does not; 2: cannot say."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from verify import ledger, proof, stamps, statement, views
from verify.files import header, opened, whole
from verify.ledger import Question, Report
from verify.notes import STAMPED, Checkpoint, Key, Unreadable, read_checkpoint, read_code, read_key
from verify.pieces import EPOCH, MICROSECOND, Asked

HOLDS, FAILS, CANNOT_SAY = 0, 1, 2
PROCESSES_MAX = 8
BLOCK_BYTES = 1024 * 1024


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        if asked.path.is_file() and statement.is_statement(asked.path):
            return _verify_statement(asked)
        if asked.path.is_file():
            return _verify_proof(asked)
        return _verify(asked)
    except Unreadable as error:
        print(_plain(f"Cannot be checked: {error}."), file=sys.stderr)
        return CANNOT_SAY


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify",
        description="Checks an exported Abhaya ledger, or a proof file, or a signed statement, and says what holds and what does not.",
        epilog="Example: python3 verify ledger-2026-11 --code 1042:7K3M-…  Exit: 0 holds, 1 does not, 2 cannot say.",
    )
    add = parser.add_argument
    add("path", type=Path, help="the folder that `abhaya export ledger --out DIR` wrote, or a proof file")
    several: dict[str, Any] = {"action": "append", "default": []}
    add(
        "--checkpoint",
        type=Path,
        metavar="FILE",
        help="a checkpoint of this ledger that you received earlier",
        **several,
    )
    add("--code", metavar="SIZE:CODE", help="a printed checkpoint: its size and its code", **several)
    add("--key", metavar="FILE", type=Path, help="the ledger's public key as you received it elsewhere")
    add(
        "--witness",
        metavar="FILE",
        type=Path,
        help="the key of a witness, as you received it from the witness",
        **several,
    )
    add("--tsa-ca", metavar="FILE", type=Path, help="root certificate of the time-stamp authority")
    add("--other", metavar="DIR", type=Path, help="another export of the same ledger, held by somebody else")
    add(
        "--file", metavar="FILE", type=Path, help="a file said to have been received: does an entry name it?", **several
    )
    add("--about", metavar="ID", help="who looked at the report, item or case of this id?")
    add("--day", metavar="YYYY-MM-DD", help="only on this day")
    add("--offset", default="+05:30", metavar="+HH:MM", help="the day's distance from UTC (+05:30)")
    add(
        "--processes",
        type=int,
        default=min(PROCESSES_MAX, os.cpu_count() or 1),
        metavar="N",
        help="at once (all cores)",
    )
    return parser


def _verify(asked: argparse.Namespace) -> int:
    about = header(asked.path)
    if about["size"] == 0:
        _say("The ledger is empty: nothing to check.")
        return HOLDS
    key, own_key = _keys(asked)
    held = [(path, _held(path)) for path in asked.checkpoint]
    codes = [_code(text) for text in asked.code]
    files = {_digest(path): path for path in asked.file}
    departures, stamped = ledger.departures(asked.path), stamps.stamps(asked.path)
    other = header(asked.other) if asked.other else None
    common = min(about["size"], other["size"]) if other else 0
    sizes = [about["size"], common, *(row["size"] for row in (*departures, *stamped))]
    sizes += [checkpoint.size for _, checkpoint in held] + [size for size, _ in codes]
    wanted = Asked(frozenset(files), *_about(asked))
    question = Question(about["origin"], key, frozenset(sizes), _witnesses(asked), wanted, asked.processes)
    report = ledger.check(asked.path, question)
    if own_key != key:
        report.fault("The export was signed by another key than the one you hold.")
    newest = _check_ends(report, about, asked.path, key)
    good = [f"The checkpoint in {path} is the beginning of this ledger." for path, checkpoint in held
            if ledger.compare(report, checkpoint, key, str(path))]  # fmt: skip
    good += [f"The printed code for {size} entries is the beginning of this ledger." for size, code in codes
             if ledger.compare_code(report, about["origin"], size, code)]  # fmt: skip
    good += [
        f"Witness {name} signed {size} entries on {_day(at)}: up to there it saw nothing changed."
        for name, (size, at) in report.witnessed.items()
    ]
    if other:
        good += _compare_other(asked, question, report, newest, common)
    for digest in set(files) - report.found:
        report.fault(f"No entry names the bytes of {files[digest]} (SHA-256 {digest}): they are not what was received.")
    said, unchecked = stamps.check(stamped, report, asked.tsa_ca)
    _print(about, key, report, good + said)
    _print_notes(asked, report)
    _print_unchecked(asked, report, departures, unchecked)
    return _result(report)


def _verify_statement(asked: argparse.Namespace) -> int:
    """A text signed with the ledger's key: what it says, and whether it is whole."""
    key = read_key(whole(asked.key.parent, asked.key.name)) if asked.key else None
    said, good, faults = statement.check(asked.path, key)
    for line in said:
        _say(f"SAYS   {line}")
    for sentence in good:
        _say(f"HOLDS  {sentence}")
    for sentence in faults:
        _say(f"FAILS  {sentence}")
    if key is None:
        _say("NOT CHECKED  who signed it: give the ledger's public key (--key).")
        return FAILS if faults else CANNOT_SAY
    _say("RESULT It does not hold." if faults else "RESULT It holds.")
    return FAILS if faults else HOLDS


def _verify_proof(asked: argparse.Namespace) -> int:
    """A proof file: single entries and their way up to a checkpoint."""
    key = read_key(whole(asked.key.parent, asked.key.name)) if asked.key else None
    shown = proof.read(asked.path, key)
    stated = shown.checkpoint
    _say(f"Proof of the ledger {shown.origin} at {stated.size} entries, code {stated.code()}. Asked: {shown.asked}")
    good = _vouched(asked, shown) + _held_beside(asked, shown)
    if not shown.faults:
        _say(f"HOLDS  {len(shown.looks)} entries stand in the ledger as they are here.")
    for sentence in good:
        _say(f"HOLDS  {sentence}")
    for sentence in shown.looks:
        _say(f"LOOKED {sentence}")
    for sentence in shown.faults:
        _say(f"FAILS  {sentence}")
    if key is None:
        _say("NOT CHECKED  whether the key is the right one: compare it with a copy from elsewhere (--key).")
    if not good:
        _say(
            "NOT CHECKED  whether others were shown another ledger: that needs a checkpoint or a witness from outside."
        )
    _say("NOT CHECKED  whether these are all: that needs the whole ledger (--about).")
    if shown.faults:
        _say(f"RESULT The proof does not hold: {len(shown.faults)} faults.")
        return FAILS
    _say("RESULT The proof holds.")
    return HOLDS


def _vouched(asked: argparse.Namespace, shown: proof.Proof) -> list[str]:
    """Witnesses under a proof's checkpoint."""
    good = []
    for witness in _witnesses(asked):
        try:
            at = witness.cosigned_at(shown.checkpoint)
        except Unreadable:
            shown.faults.append(f"The signature of witness {witness.name} is forged.")
            continue
        if at is None:
            shown.faults.append(f"Witness {witness.name} did not sign this checkpoint.")
        else:
            good.append(f"Witness {witness.name} signed this checkpoint on {_day(at)}.")
    return good


def _held_beside(asked: argparse.Namespace, shown: proof.Proof) -> list[str]:
    """A proof's checkpoint against those of the same size that the reader holds."""
    stated, good = shown.checkpoint, []
    held = [(f"the checkpoint in {path}", _held(path)) for path in asked.checkpoint]
    same = [(name, one.root == stated.root) for name, one in held if one.size == stated.size]
    codes = [(code, _code(code)) for code in asked.code]
    same += [(f"the printed code {code}", one[1] == stated.code()) for code, one in codes if one[0] == stated.size]
    for name, is_same in same:
        if is_same:
            good.append(f"It stands under {name}.")
        else:
            shown.faults.append(f"SPLIT VIEW: {name} says something else of the same {stated.size} entries. Keep both.")
    return good


def _keys(asked: argparse.Namespace) -> tuple[Key, Key]:
    """The key to believe, and the one the export brings."""
    own = read_key(whole(asked.path, "key.txt"))
    if asked.key is None:
        return own, own
    return read_key(whole(asked.key.parent, asked.key.name)), own


def _witnesses(asked: argparse.Namespace) -> tuple[Key, ...]:
    """One key a line; several witnesses may stand in one file."""
    lines = [line for path in asked.witness for line in whole(path.parent, path.name).splitlines() if line.strip()]
    return tuple(read_key(line, STAMPED) for line in lines)


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


def _digest(path: Path) -> str:
    digest = sha256()
    with opened(path) as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _about(asked: argparse.Namespace) -> tuple[Any, ...]:
    """Whom to look for, and from when until when."""
    if not asked.about:
        return ()
    if not asked.day:
        return (asked.about,)
    try:
        hours, minutes = str(asked.offset)[1:].split(":")
        east = timedelta(hours=int(hours), minutes=int(minutes)) * {"+": 1, "-": -1}[str(asked.offset)[0]]
        begins = datetime.strptime(asked.day, "%Y-%m-%d").replace(tzinfo=timezone(east))
    except (ValueError, KeyError, IndexError):
        raise Unreadable(f"“{asked.day} {asked.offset}” is not a day, such as 2026-03-03 with +05:30") from None
    return asked.about, (begins - EPOCH) // MICROSECOND, (begins + timedelta(days=1) - EPOCH) // MICROSECOND


def _check_ends(report: Report, about: dict[str, Any], folder: Path, key: Key) -> Checkpoint:
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
    return newest


def _compare_other(
    asked: argparse.Namespace, question: Question, report: Report, newest: Checkpoint, common: int
) -> list[str]:
    """Reads somebody else's export too, and holds the two against each other."""
    theirs = ledger.check(asked.other, question)
    for sentence in theirs.faults:
        report.fault(f"In {asked.other}: {sentence}")
    end = read_checkpoint(whole(asked.other, "checkpoint"))
    ledger.compare(theirs, end, question.key, str(asked.other))
    parted = views.compare_views((asked.path, newest, report), (asked.other, end, theirs), common)
    if parted is not None:
        report.fault(parted)
        return []
    return [f"{asked.other} tells the same history in its first {common} entries."]


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


def _print_notes(asked: argparse.Namespace, report: Report) -> None:
    for sentence in report.notes:
        _say(sentence)
    if asked.about:
        looks = sum(sentence.startswith("LOOKED") for sentence in report.notes)
        these = (
            "These are all that the ledger holds" if not report.faults and not report.erased else "There may be others"
        )
        _say(f"LOOKED {looks} times at {asked.about}{' on ' + asked.day if asked.day else ''}. {these}.")


def _print_unchecked(
    asked: argparse.Namespace, report: Report, departures: list[dict[str, Any]], unchecked: list[str]
) -> None:
    """What nobody could check from this folder alone, and who could help."""
    if asked.key is None:
        _say("NOT CHECKED  whether the key is the right one: compare it with a copy from elsewhere (--key).")
    for sentence in unchecked:
        _say(f"NOT CHECKED  {sentence}")
    if report.other_signers:
        names = ", ".join(sorted(report.other_signers))
        _say(f"NOT CHECKED  signatures of {names}: ask them for their keys (--witness).")
    if asked.checkpoint or asked.code or asked.witness:
        return
    _say(
        "NOT CHECKED  whether the holder of the signing key rewrote everything before exporting: that needs a"
        " checkpoint from outside (--checkpoint, --code, --witness)."
    )
    for row in departures[-5:]:
        _say(f"             A checkpoint at {row['size']} entries was {row['how']} on {row['at']}: {row['recipient']}.")


def _result(report: Report) -> int:
    if report.faults:
        _say(f"RESULT The ledger does not hold: {len(report.faults) + report.unsaid} faults.")
        return FAILS
    _say(f"RESULT The ledger holds, from entry 0 to entry {report.leaves - 1}.")
    return HOLDS


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _say(sentence: str) -> None:
    print(_plain(sentence))


def _plain(sentence: str) -> str:
    """Names in an export were typed by others: nothing in them may steer the reader's terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in sentence)
