"""`abhaya authority …`: the unit's own certificate authority, and the steps by which a computer comes to trust it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from abhaya.commands import lifeline
from abhaya.commands.serve import serve_application
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.authority import Authority, forget_authority, own_authority, standing
from abhaya.shared.identity import on_the_road

HALF = 48  # letters of a fingerprint on one line: sixteen bytes


def show(arguments: Namespace) -> int:
    """Nothing secret is printed: the fingerprint is what a careful person compares before trusting."""
    own = standing(settings.DATA_DIR)
    print(f"Names: {', '.join(own.names)}")
    print(f"Fingerprint (SHA-256):\n{two_lines(own.fingerprint)}")
    print(f"The same as Windows shows it (SHA-1):\n  {own.thumbprint}")
    print(f"Certificate for browsers: {own.certificate}")
    print(f"The server's own certificate holds until {own.server_until:%Y-%m-%d}; it is renewed by itself.")
    return 0


def made(names: Sequence[str]) -> Authority:
    """The authority for these names; on record when it had to be made."""
    is_new = not (Path(settings.DATA_DIR) / "tls/authority.crt").exists()
    own = own_authority(settings.DATA_DIR, names)
    if is_new:
        with on_the_road("operator:authority"):
            record([Act(Event.ACCESS_AUTHORITY_MADE, facts={"names": list(own.names), "sha256": own.fingerprint})])
    return own


def serve(arguments: Namespace) -> int:
    lifeline.hold()
    serve_application("abhaya.commands.steps:application", arguments.host, arguments.port, workers=1, threads=2)
    return 0


def remake(arguments: Namespace) -> int:
    """The old authority goes first: from then on nothing it signed is served by us."""
    names = [name.strip() for name in arguments.name.split(",") if name.strip()]
    forget_authority(settings.DATA_DIR)
    made(names)
    print(
        "Another authority was made. Start `abhaya up` again; then every computer trusts it once, as at the first time."
    )
    print("Remove the old one from the computers that trusted it: it is named Abhaya, with the day it was made.")
    return show(arguments)


def two_lines(fingerprint: str) -> str:
    return f"  {fingerprint[:HALF]}\n  {fingerprint[HALF:]}"


def bracketed(name: str) -> str:
    """A name as it stands in an address: IPv6 in brackets."""
    return f"[{name}]" if ":" in name else name
