"""The officer's form as an arrival: what was typed is the original, kept as the bytes it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from abhaya.access.queries import SignedIn
from abhaya.intake.actions import Arrival, Original, Receipt, content_key, receive
from abhaya.intake.formats import officer_form
from abhaya.intake.senders import sender_for_drop
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7

SERVICE = "form:officer"


def enter_report(officer: SignedIn, values: Mapping[str, Any]) -> Receipt:
    """Receives one filled form for the officer's own unit. The same form sent twice is two reports: people call again."""
    typed = {
        "form": officer_form.FORMAT, "version": officer_form.VERSION, "entered_by": officer.username,
        "entered_at": datetime.now(UTC).isoformat(), "fields": {name: value for name, value in values.items() if value not in (None, "")},
    }  # fmt: skip
    original = msgspec.json.format(msgspec.json.encode(typed), indent=1)
    with on_the_road(SERVICE, officer=officer.id):
        sender = sender_for_drop(f"Reports entered at {officer.unit_name}", officer.unit_id, "officer")
        arrival = Arrival(
            record=officer_form.read(values), sender=sender, channel="form",
            key=content_key(sender.id, original, uuid7().bytes), originals=(Original("form.json", original),),
        )  # fmt: skip
        return receive([arrival])[0]
