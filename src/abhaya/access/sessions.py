"""Sessions in the database under the hash of their key: who reads the table, or a backup of it, can step into none."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

KEPT_LETTERS = 40  # the column's width: 160 bits of the hash


def kept(session_key: str) -> str:
    """What is stored of a session's key."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:KEPT_LETTERS]


class SessionStore(DatabaseStore):
    """Django's database sessions, with the key hashed on its way to the table."""

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(session_key=kept(self.session_key or ""), expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=kept(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = kept(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = self.session_key if session_key is None else session_key
        if key is not None:
            Session.objects.filter(session_key=kept(key)).delete()
