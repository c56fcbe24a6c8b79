"""Passkeys (W3C WebAuthn, Level 3) as a second factor: what a browser is asked, and whether its answer holds.

The policy: the password is the first factor, so a passkey proves possession. User verification is asked for and not
demanded (a plain security key with a touch is enough beside a password); presence always is. No attestation is asked: whose
make a key is does not matter here. Credentials need not be discoverable, so that a key that is found names no account.

A passkey belongs to one host name for good: the first of ABHAYA_HOSTS that is a real name. One made at localhost or a bare
address would die on the day the name is set; there it is not offered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from abhaya.access import second_factor
from abhaya.access.queries import SQL, PasskeyRow
from abhaya.errors import OfficerError
from abhaya.shared.late import late
from abhaya.shared.sql import execute

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import cose, exceptions, structs
else:
    webauthn, cose = late("webauthn"), late("webauthn.helpers.cose")  # with its reader of certificates
    exceptions, structs = late("webauthn.helpers.exceptions"), late("webauthn.helpers.structs")

CHALLENGE_SECONDS = 300  # from the page to the touch
ANSWER_LETTERS_MAX = 20_000
PASSKEY_NAME_LETTERS_MAX = 60
REGISTER, SIGN = "register", "sign"
# What the parsers under the library say of an answer that is none.
BROKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class WrongPasskey(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """The answer of the passkey does not hold. Why is not said to the browser."""

    status = 422

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence or _("The passkey was not accepted. Try once more; a page left open too long runs out.")
        )


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What an officer's browser made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


def why_not(request: HttpRequest) -> str:
    """A plain sentence why no passkey can be made or used at this address; empty where one can."""
    if not settings.PASSKEY_HOST:
        return _(
            "A passkey belongs to one host name for good, and this server has none yet. When ABHAYA_HOSTS names one and the"
            " pages are served over HTTPS, you can add a passkey in your account."
        )
    if not settings.TLS or _host_of(request) != settings.PASSKEY_HOST:
        return _("Passkeys work at https://{host} only. Open the page there to use or add one.").format(
            host=settings.PASSKEY_HOST
        )
    return ""


def registration_options(
    request: HttpRequest, officer: UUID, username: str, name: str, known: Sequence[PasskeyRow]
) -> str:
    """What the browser is asked to make, as JSON; the challenge in it is issued."""
    options = webauthn.generate_registration_options(
        rp_id=settings.PASSKEY_HOST,
        rp_name="Abhaya",
        user_id=officer.bytes,
        user_name=username,
        user_display_name=name,
        timeout=CHALLENGE_SECONDS * 1000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
        supported_pub_key_algs=_algorithms(),
    )
    _issue(request, REGISTER, officer, options.challenge)
    return webauthn.options_to_json(options)


def sign_in_options(request: HttpRequest, officer: UUID, known: Sequence[PasskeyRow]) -> str:
    """What the browser is asked to sign, as JSON; only for who has given the password."""
    options = webauthn.generate_authentication_options(
        rp_id=settings.PASSKEY_HOST,
        timeout=CHALLENGE_SECONDS * 1000,
        allow_credentials=_descriptors(known),
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    _issue(request, SIGN, officer, options.challenge)
    return webauthn.options_to_json(options)


def made(request: HttpRequest, officer: UUID, answer: str) -> NewPasskey:
    """The passkey a browser made for this page. Raises `WrongPasskey`; its challenge is used up either way."""
    challenge = take_challenge(request, REGISTER, officer, answer)
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings.PASSKEY_HOST,
            expected_origin=_origin_of(request),
            supported_pub_key_algs=_algorithms(),
        )
        told = json.loads(answer)["response"].get("transports") or []
    except (exceptions.WebAuthnException, *BROKEN) as error:
        raise WrongPasskey from error
    transports = tuple(sorted({str(word) for word in told} & _transports().keys()))
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count, transports)


def signed(request: HttpRequest, challenge: bytes, answer: str, known: Sequence[PasskeyRow]) -> tuple[PasskeyRow, int]:
    """Which of the officer's passkeys signed, and its count, which the caller compares. Raises `WrongPasskey`."""
    try:
        credential_id = webauthn.base64url_to_bytes(json.loads(answer)["rawId"])
        passkey = next((one for one in known if bytes(one.credential_id) == credential_id), None)
        if passkey is None:
            raise WrongPasskey
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings.PASSKEY_HOST,
            expected_origin=_origin_of(request),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,  # compared by the caller, once the signature is known to be the key's own
        )
    except (exceptions.WebAuthnException, *BROKEN) as error:
        raise WrongPasskey from error
    return passkey, verified.new_sign_count


def _issue(request: HttpRequest, purpose: str, officer: UUID, challenge: bytes) -> None:
    execute(SQL["issue_challenge"], [_key(request, purpose, officer, challenge), CHALLENGE_SECONDS])


def take_challenge(request: HttpRequest, purpose: str, officer: UUID, answer: str) -> bytes:
    """The challenge that was answered: issued to this session, for this officer and purpose, not long ago; used up now.

    Called outside the transaction that may fail: a wrong answer uses it up as well.
    """
    try:
        client_data = json.loads(webauthn.base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        challenge = webauthn.base64url_to_bytes(client_data["challenge"])
    except (exceptions.WebAuthnException, *BROKEN) as error:
        raise WrongPasskey from error
    if not execute(SQL["take_challenge"], [_key(request, purpose, officer, challenge)]):
        raise WrongPasskey
    return challenge


def _key(request: HttpRequest, purpose: str, officer: UUID, challenge: bytes) -> bytes:
    return second_factor.bucket("challenge", purpose, str(officer), request.session.session_key or "", challenge.hex())


def _descriptors(known: Sequence[PasskeyRow]) -> list[structs.PublicKeyCredentialDescriptor]:
    return [
        structs.PublicKeyCredentialDescriptor(
            id=bytes(one.credential_id),
            transports=[_transports()[word] for word in one.transports if word in _transports()],
        )
        for one in known
    ]


def _algorithms() -> list[cose.COSEAlgorithmIdentifier]:
    named = cose.COSEAlgorithmIdentifier
    return [named.EDDSA, named.ECDSA_SHA_256, named.RSASSA_PKCS1_v1_5_SHA_256]


@cache
def _transports() -> dict[str, structs.AuthenticatorTransport]:
    return {transport.value: transport for transport in structs.AuthenticatorTransport}


def _host_of(request: HttpRequest) -> str:
    return request.get_host().rsplit(":", 1)[0].lower()


def _origin_of(request: HttpRequest) -> str:
    """The origin a browser at this page has: the scheme is HTTPS wherever a passkey is offered."""
    return "https://" + request.get_host().lower().removesuffix(":443")
