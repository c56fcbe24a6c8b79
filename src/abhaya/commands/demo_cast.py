"""The ready-made officers of the training world, for the scenes that `abhaya demo` plays with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from abhaya.access.queries import SignedIn, signed_in
from abhaya.errors import OperatorError
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

SERVICE = "operator:demo"


def ready_made(username: str) -> SignedIn:
    """The officer of this name. Opens a transaction of its own."""
    with on_the_road(SERVICE):
        found = value("select id from access_officer where username = %s and is_ready_made", [username])
        officer = signed_in(found) if found else None
    if officer is None:
        raise OperatorError(f"The training world has no officer {username} in service.")
    return officer


@contextmanager
def playing(officer: SignedIn) -> Iterator[None]:
    """What is done inside is done by this officer, in one transaction."""
    with acting(officer.id, name=officer.name, with_road=True):
        yield
