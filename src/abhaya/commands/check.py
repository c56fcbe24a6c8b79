"""`abhaya check`: is everything still what it was when it came in? The vault's bytes and the ledger's entries."""

from __future__ import annotations

from argparse import Namespace

from abhaya.custody.check import check as check_vault
from abhaya.ledger.jobs import check_at_the_command_line
from abhaya.ledger.reasons import SENTENCES
from abhaya.shared import road
from abhaya.shared.reason import sentence

HOLDS, DOES_NOT_HOLD = 0, 1


def check(arguments: Namespace) -> int:
    """1 when something does not hold, each thing in a sentence of its own."""
    vault = check_vault(sample=arguments.sample)
    print(f"Vault: {vault.objects} originals, {vault.size_bytes} bytes read again.")
    for damage in vault.findings:
        print(f"  {damage.sentence}")
    ledger = check_at_the_command_line()
    print(
        f"Ledger: {ledger.size} entries under {ledger.checkpoints} signed checkpoints, {ledger.erased} erased on record,"
        f" {ledger.pending} waiting for their place; {ledger.seconds:.1f} seconds."
    )
    for finding in ledger.findings:
        print(f"  {sentence(finding, SENTENCES, 'en')}")
    failed = 0
    for stand in road.standing():
        failed += stand.failed
        print(f"Road: {stand.waiting} reports wait before {stand.stage}, {stand.failed} of them failed too often.")
    if vault.holds and ledger.holds and not failed:
        print("Everything holds.")
        return HOLDS
    return DOES_NOT_HOLD
