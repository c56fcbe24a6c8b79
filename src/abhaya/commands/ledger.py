"""`abhaya export ledger` and `abhaya ledger …`: the ledger as files for a court or a partner, its witnesses, its restore."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from abhaya.errors import OperatorError
from abhaya.ledger import queries, witnesses
from abhaya.ledger.export import export as write_export
from abhaya.ledger.export import mark_exported
from abhaya.ledger.proof_file import mark_proven, proof_of
from abhaya.ledger.sequencer import resume as resume_ledger
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value

PROGRESS_ENTRIES = 100_000


def export(arguments: Namespace) -> int:
    folder = Path(arguments.out)
    try:
        sequence_all()  # what was recorded until now has its place, and is in it
    except (OperatorError, DatabaseError) as error:  # a ledger that was bent is exported too: the verifier says how
        print(f"What was recorded last is not in it: {error}", file=sys.stderr)
    with on_the_road("operator:export", purpose=arguments.purpose):
        made = write_export(folder, recipient=arguments.recipient, progress=_progress)
        mark_exported(made, arguments.recipient)
    print(f"{made.size} leaves and the text of {made.entries} entries are in {folder}.")
    print(f"Check them anywhere: python3 verify {folder}")
    return 0


def export_proof(arguments: Namespace) -> int:
    """Every reading of a report that the ledger holds, with its way up to a signed checkpoint."""
    sequence_all()
    zone = timezone.get_default_timezone()
    first = datetime.combine(arguments.day, time.min, tzinfo=zone) if arguments.day else None
    asked = queries.Filter(first=first, end=first + timedelta(days=1) if first else None)
    with on_the_road("operator:export", purpose=arguments.purpose):
        compartment = value("select compartment from intake_report where number = %s", [arguments.report])
        if compartment is None:
            raise OperatorError(f"There is no report with the number {arguments.report}.")
        found = [line.id for line in queries.looks(compartment, asked, item=arguments.item)]
        if not found:
            print("Nobody looked: there is nothing to prove. The whole ledger shows that (abhaya export ledger).")
            return 0
        words = f"report {arguments.report}, item {arguments.item or 'any'}, day {arguments.day or 'any'}"
        text = proof_of(found, f"who looked at {compartment}: {words}")
        with Path(arguments.out).open("x", encoding="utf-8") as file:
            file.write(text)
        mark_proven(found, compartment, arguments.recipient)
    print(f"{len(found)} readings are in {arguments.out}. Check them anywhere: python3 verify {arguments.out}")
    return 0


def resume(arguments: Namespace) -> int:
    """After a restore, on record: what was signed beyond the backup is named, and the ledger goes on."""
    lost = resume_ledger(arguments.reason)
    sequence_all()
    print(f"The ledger goes on. On record: what was signed up to {lost.size} entries, root {lost.root.hex()}, is lost.")
    print("Witnesses will refuse it until their holders accept the restore: tell them.")
    return 0


def request_witness(arguments: Namespace) -> int:
    """The newest checkpoint as a request for a witness that is reached by file."""
    sequence_all()
    named = [one for one in settings.LEDGER_WITNESSES if arguments.witness in {None, one.name}]
    if len(named) != 1:
        known = ", ".join(one.name for one in settings.LEDGER_WITNESSES) or "none"
        raise OperatorError(f"Say which witness with --witness; ABHAYA_WITNESSES names {known}.")
    with on_the_road("operator:witness"):
        text = witnesses.request(named[0], arguments.old)
    with Path(arguments.out).open("x", encoding="utf-8") as file:
        file.write(text)
    print(f"{arguments.out} is for {named[0].name}: witness.py sign --data DIR {arguments.out} --out signed.txt")
    return 0


def receive_witness(arguments: Namespace) -> int:
    """What a witness signed, back from its machine."""
    with on_the_road("operator:witness"):
        witness, signed = witnesses.receive(Path(arguments.file).read_text(encoding="utf-8"))
    print(f"{witness.name} co-signed {signed.size} entries: from here on nobody can change them unseen.")
    return 0


def _progress(entries: int) -> None:
    if entries and entries % PROGRESS_ENTRIES == 0:
        print(f"… {entries} leaves", file=sys.stderr)
