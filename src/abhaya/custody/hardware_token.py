"""The operator's key in the keeping of a PKCS#11 token (a smart card, an HSM, SoftHSM).

The token holds an AES-256 key that never leaves it. What lies in `vault/token-<key id>` is the operator's key sealed under
that: a random vector of 16 bytes and AES-CBC over exactly two blocks. It needs no tag: the id of the key that comes out
is compared with the one that was asked for. A stolen disk without the token opens nothing; a process that runs has the
key in its memory as ever.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pkcs11
from django.conf import settings
from pkcs11 import KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import NoSuchKey, NoSuchToken, PinIncorrect, PKCS11Error

from abhaya.custody.sealing import KEY_BYTES
from abhaya.errors import OperatorError

VECTOR_BYTES = 16


def sealed(master: bytes) -> bytes:
    """The key as only this token opens it again; the token's own key is made at the first use."""
    vector = secrets.token_bytes(VECTOR_BYTES)
    with _session() as session:
        key = _wrapping_key(session, is_made=True)
        return vector + bytes(key.encrypt(master, mechanism=Mechanism.AES_CBC, mechanism_param=vector))


def opened(blob: bytes, path: Path) -> bytes:
    """The operator's key again. `path` is what an error names."""
    if len(blob) != VECTOR_BYTES + KEY_BYTES:
        raise OperatorError(f"{path} is damaged: it should hold the operator key as the token sealed it.")
    with _session() as session:
        key = _wrapping_key(session, is_made=False)
        vector, body = blob[:VECTOR_BYTES], blob[VECTOR_BYTES:]
        return bytes(key.decrypt(body, mechanism=Mechanism.AES_CBC, mechanism_param=vector))


def _wrapping_key(session: Any, *, is_made: bool) -> Any:
    label = settings.TOKEN_KEY
    try:
        return session.get_key(object_class=ObjectClass.SECRET_KEY, key_type=KeyType.AES, label=label)
    except NoSuchKey:
        if not is_made:
            raise OperatorError(
                f"The token “{settings.TOKEN_LABEL}” has no key “{label}”: it is another token than the vault's key was"
                " sealed in, or it was cleared. Put the right token in, or write the key from its paper shares."
            ) from None
    return session.generate_key(
        KeyType.AES,
        8 * KEY_BYTES,
        label=label,
        store=True,
        template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
    )


@contextmanager
def _session() -> Iterator[Any]:
    try:
        pin = settings.TOKEN_PIN_FILE.read_text(encoding="utf-8").strip() if settings.TOKEN_PIN_FILE else None
    except OSError as error:
        raise OperatorError(
            f"The token's PIN file {settings.TOKEN_PIN_FILE} cannot be read: {error.strerror}."
        ) from error
    try:
        found = pkcs11.lib(settings.TOKEN_LIBRARY).get_token(token_label=settings.TOKEN_LABEL)
        with found.open(rw=True, user_pin=pin) as session:
            yield session
    except NoSuchToken:
        raise OperatorError(
            f"There is no token “{settings.TOKEN_LABEL}” in the reader ({settings.TOKEN_LIBRARY}). Put it in, or correct"
            " ABHAYA_TOKEN."
        ) from None
    except PinIncorrect:
        raise OperatorError(
            f"The token “{settings.TOKEN_LABEL}” refuses the PIN in {settings.TOKEN_PIN_FILE}."
        ) from None
    except (PKCS11Error, RuntimeError) as error:  # RuntimeError: the library itself cannot be loaded
        raise OperatorError(
            f"The token “{settings.TOKEN_LABEL}” cannot be used through {settings.TOKEN_LIBRARY}:"
            f" {str(error) or type(error).__name__}."
        ) from error
