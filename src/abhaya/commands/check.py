"""`abhaya check`: is everything well, and is everything still what it was when it came in?

First the list of checks, as on the health page; then, without `--quick`, every original and every ledger entry again.
"""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from abhaya.custody.check import SERVICE as OPERATOR
from abhaya.custody.check import Checked
from abhaya.custody.check import check as check_vault
from abhaya.custody.rehash import note_findings
from abhaya.ledger.check import Result as LedgerResult
from abhaya.ledger.jobs import check_at_the_command_line
from abhaya.ledger.reasons import SENTENCES
from abhaya.shared import road
from abhaya.shared.checks import Answer, Level, answers
from abhaya.shared.health_machine import mark_clock
from abhaya.shared.identity import on_the_road
from abhaya.shared.reason import sentence

HOLDS, DOES_NOT_HOLD = 0, 1
NAME_WIDTH = 13


def check(arguments: Namespace) -> int:
    """1 when something does not hold, each thing in a sentence of its own. A warning alone is no failure."""
    read = None if arguments.quick else (check_vault(sample=arguments.sample), check_at_the_command_line())
    if read is not None:
        with on_the_road(OPERATOR):
            note_findings([], read[0].findings)
    found = list(answers(quick=arguments.quick))
    mark_clock()
    holds = all(answer.result.level != Level.BAD for answer in found)
    if read is not None:
        holds = holds and read[0].holds and read[1].holds
    if arguments.json:
        print(json.dumps(_as_json(found, read, holds), ensure_ascii=False))
        return HOLDS if holds else DOES_NOT_HOLD
    for answer in found:
        _tell(answer)
    if read is not None:
        _tell_read(*read)
    if holds:
        warnings = sum(answer.result.level == Level.WARN for answer in found)
        print("Everything holds." if not warnings else f"Everything holds. {warnings} things ask to be looked at.")
        return HOLDS
    return DOES_NOT_HOLD


def _tell(answer: Answer) -> None:
    mark = {Level.OK: "ok  ", Level.WARN: "look", Level.BAD: "BAD "}[answer.result.level]
    print(f"{mark}  {answer.check.name:{NAME_WIDTH}} {answer.result.said('en')}")


def _tell_read(vault: Checked, ledger: LedgerResult) -> None:
    print(f"Vault: {vault.objects} originals, {vault.size_bytes} bytes read again.")
    for damage in vault.findings:
        print(f"  {damage.sentence}")
    print(
        f"Ledger: {ledger.size} entries under {ledger.checkpoints} signed checkpoints, {ledger.erased} erased on record,"
        f" {ledger.pending} waiting for their place; {ledger.seconds:.1f} seconds."
    )
    for finding in ledger.findings:
        print(f"  {sentence(finding, SENTENCES, 'en')}")
    for stand in road.standing():
        print(f"Road: {stand.waiting} reports wait before {stand.stage}, {stand.failed} of them failed too often.")


def _as_json(found: list[Answer], read: tuple[Checked, LedgerResult] | None, holds: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "holds": holds,
        "checks": [
            {
                "name": answer.check.name,
                "level": answer.result.level.value,
                "sentence": answer.result.said("en"),
                "facts": answer.result.reason.values,
            }
            for answer in found
        ],
    }
    if read is not None:
        vault, ledger = read
        findings = [finding.sentence for finding in vault.findings]
        told["vault"] = {"objects": vault.objects, "bytes": vault.size_bytes, "findings": findings}
        findings = [sentence(finding, SENTENCES, "en") for finding in ledger.findings]
        told["ledger"] = {"entries": ledger.size, "checkpoints": ledger.checkpoints, "findings": findings}
    return told
