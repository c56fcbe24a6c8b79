"""With which key this installation signs files for partners, and how secrets of an unfinished comparison lie in the database."""

from __future__ import annotations

import secrets
from functools import cache
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from abhaya.errors import OperatorError
from abhaya.ledger import queries as ledger
from abhaya.ledger.key import signing_key
from abhaya.ledger.note import Key
from abhaya.shared.secret import secret

NONCE_BYTES = 12


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one side must remember until the last file comes. It is destroyed then, or when the comparison ends."""

    places: list[int]  # of each point sent, which of `selectors` it is; rules.NOTHING: none
    selectors: list[UUID]
    secret: bytes = b""  # asks: with which its points were raised
    meeting: bytes = b""  # asks: its half of the key under which the answer is sealed
    sealing: bytes = b""  # answers: the whole of it, for the result
    by_both: bytes = b""  # answers: the asker's points as both raised them


def own_key() -> Key:
    """The ledger's signing key: a partner who holds our checkpoints knows it already. OperatorError before there is one."""
    log = ledger.log()
    if log is None:
        raise OperatorError(_("The ledger has not begun yet: start the workers, then try again."))
    return signing_key(log[0])


def own_line() -> str:
    """The key as partners are given it."""
    return own_key().verifier()


def sealed(session: Session, comparison: UUID) -> bytes:
    """As it is stored: AES-256-GCM under a key outside the database, bound to its comparison."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key()).encrypt(nonce, msgspec.msgpack.encode(session), comparison.bytes)


def unsealed(stored: bytes, comparison: UUID) -> Session:
    """OperatorError when it was sealed with another installation's key."""
    try:
        plain = AESGCM(_key()).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], comparison.bytes)
    except InvalidTag as error:
        raise OperatorError(
            _(
                "This comparison does not open with this installation’s key: the file secrets/comparisons is another one."
            )
        ) from error
    return msgspec.msgpack.decode(plain, type=Session)


@cache
def _key() -> bytes:
    return bytes.fromhex(secret(settings.DATA_DIR, "comparisons"))
