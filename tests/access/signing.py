"""Signing in as a browser does, for the tests of this room."""

from __future__ import annotations

from django.test import Client
from tests.factory import Person

from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import values

OFFICE, ELSEWHERE, FURTHER = "192.0.2.10", "198.51.100.7", "203.0.113.9"


def give_password(client: Client, username: str, password: str, *, after: str = "", address: str = OFFICE):
    return client.post("/sign-in", {"username": username, "password": password, "next": after}, REMOTE_ADDR=address)


def sign_in_by_hand(client: Client, person: Person, *, after: str = "", steps_ahead: int = 0, address: str = OFFICE):
    assert give_password(client, person.username, person.password, after=after, address=address).status_code == 302
    return client.post("/sign-in/code", {"code": person.code(steps_ahead=steps_ahead)}, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def events_of(person: Person) -> list[str]:
    with on_the_road("test:ledger"):
        return values("select event from ledger_entry where subject_id = %s order by id", [person.id])
