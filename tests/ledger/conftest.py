"""Acts on the ledger of this worker's database, and the owner's hand to tamper with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import connections, transaction

from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road


@pytest.fixture
def written():
    """`written(3)`: three entries of one compartment, with their leaves. Returns (compartment, ids)."""

    def write(count, *, event=Event.INTAKE_REPORT_RECEIVED, sequenced=True, **facts):
        compartment = uuid4()
        acts = [Act(event, uuid4(), compartment, facts or {"number": number}) for number in range(count)]
        with on_the_road("road:intake"):
            ids = record(acts)
        if sequenced:
            sequence_all()
        return compartment, ids

    return write


@pytest.fixture
def as_owner():
    """`with as_owner() as execute`: statements as the database's owner, all undone at the end."""

    @contextmanager
    def tampering() -> Iterator:
        connection = connections["owner"]
        try:
            with transaction.atomic(using="owner"), connection.cursor() as cursor:

                def execute(sql, *params):
                    cursor.execute(sql, params or None)
                    return cursor.fetchall() if cursor.description else cursor.rowcount

                yield execute
                transaction.set_rollback(True, using="owner")
        finally:
            connection.close()

    return tampering
