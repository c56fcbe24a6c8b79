"""The second factor: time-based codes (RFC 6238, 30 seconds, six digits, SHA-1 as authenticator apps expect), and
recovery codes for the day the telephone is lost. The secret is sealed at rest, bound to its officer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from functools import cache
from uuid import UUID

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from abhaya.errors import OperatorError
from abhaya.shared.late import late
from abhaya.shared.secret import secret

segno = late("segno")

STEP_SECONDS = 30
STEPS_ASIDE_MAX = 1  # a telephone's clock may be half a minute wrong
RECOVERY_CODES = 10
RECOVERY_CODE_BYTES = 10  # 80 random bits each
RECOVERY_CODE_LETTERS = 16  # of base32, as they are typed
NONCE_BYTES = 12
ISSUER = "Abhaya"


@cache
def _key(purpose: bytes) -> bytes:
    root = bytes.fromhex(secret(settings.DATA_DIR, "second-factor"))
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"abhaya access " + purpose).derive(root)


def new_secret() -> str:
    """A fresh secret in base32, 160 bits (RFC 4226 §4)."""
    return pyotp.random_base32(32)


def sealed(plain: str, officer: UUID) -> str:
    """The secret as it is stored: AES-256-GCM, the officer's id as associated data, so that none can be moved."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(_key(b"totp")).encrypt(nonce, plain.encode(), officer.bytes)).decode()


def unsealed(stored: str, officer: UUID) -> str:
    """Raises `OperatorError` when it was sealed with another installation's key."""
    raw = base64.b64decode(stored)
    try:
        return AESGCM(_key(b"totp")).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], officer.bytes).decode()
    except InvalidTag as error:
        raise OperatorError(
            "A second factor does not open with this installation's key: the file secrets/second-factor is another one."
        ) from error


def step_of(plain: str, code: str, *, after: int, now: float | None = None) -> int | None:
    """The 30-second step whose code this is, None if it is no code of now or its step was used before (`after`)."""
    current = int((time.time() if now is None else now) // STEP_SECONDS)
    totp = pyotp.TOTP(plain)
    found = None
    for step in range(current - STEPS_ASIDE_MAX, current + STEPS_ASIDE_MAX + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), code.encode()) and step > after:
            found = step
    return found


def as_typed(code: str) -> str:
    """A code without the spaces and hyphens people type, digits of any script as ASCII."""
    kept = "".join(letter for letter in code if letter not in " -\u00a0\u2009\u200b")
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in kept).upper()


def qr_svg(plain: str, username: str) -> str:
    """The QR code for an authenticator app, as an SVG element without style attributes."""
    address = pyotp.TOTP(plain).provisioning_uri(name=username, issuer_name=ISSUER)
    return str(
        segno.make(address, error="m").svg_inline(
            scale=5, border=4, omitsize=True, svgclass="qr", lineclass="qr-dark", dark="#000", light="#fff"
        )
    )


def grouped(plain: str) -> str:
    """The secret in groups of four, for typing it in by hand."""
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def new_recovery_codes() -> list[str]:
    """Ten codes of sixteen base32 letters in groups of four, each for one use."""
    made = [base64.b32encode(secrets.token_bytes(RECOVERY_CODE_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in made]


def recovery_hash(code: str, officer: UUID) -> bytes:
    """What is stored of a recovery code. 80 random bits need no slow hash; the key keeps a stolen table useless."""
    return hmac.new(_key(b"recovery"), officer.bytes + as_typed(code).encode(), hashlib.sha256).digest()


def bucket(*parts: str) -> bytes:
    """The keyed hash under which failures of one account from one place are counted."""
    return hmac.new(_key(b"failures"), "\0".join(parts).encode(), hashlib.sha256).digest()
