"""Signing in through the unit's own sign-in service (OpenID Connect Core 1.0, authorization code with PKCE, RFC 7636).

Nothing leaves this machine unless ABHAYA_OIDC_ISSUER is set. PyJWT verifies signatures and claims; the three requests are
plain `urllib`, so that every limit stands here: HTTPS (but on this machine itself), no redirect, one megabyte, five seconds.
The service says who somebody is. Whether such an officer is here is decided here, and nobody is ever made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt
from django.conf import settings
from django.utils.translation import gettext as _

from abhaya.errors import OfficerError, OperatorError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]  # never none, never HMAC
ANSWER_BYTES_MAX = 1_048_576
SECONDS_MAX = 5.0
CLOCKS_APART_SECONDS_MAX = 60
FOUND_AGAIN_SECONDS = 3600  # how long the service's own description is believed
KEYS_AGAIN_SECONDS = 60  # for an unknown key the keys are asked for again, not more often
TOKEN_AGE_SECONDS_MAX = 600
HERE = {"localhost", "127.0.0.1", "::1"}


class NotSignedIn(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """The service's answer does not hold, or nobody here is linked with it."""

    status = 403


@dataclass(frozen=True, slots=True)
class Question:
    """What one browser's journey to the service is held against when it comes back. Kept in its session."""

    state: str
    nonce: str
    verifier: str
    at: int
    next: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Who the service says this is. `subject` names them for good, `name` is the configured claim."""

    subject: str
    name: str
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class Service:
    """The service's own description (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_basic: bool


def new_question(wanted: str) -> Question:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _part in range(3))
    return Question(state, nonce, verifier, int(time.time()), wanted)


def address_of(question: Question, back: str) -> str:
    """Where the browser is sent; `back` is our own address it returns to."""
    service = _service()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(question.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": settings.OIDC_CLIENT_ID, "redirect_uri": back, "scope": settings.OIDC_SCOPE,
        "state": question.state, "nonce": question.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    separator = "&" if urlsplit(service.authorization_endpoint).query else "?"
    return service.authorization_endpoint + separator + urlencode(asked)


def answered(question: Question, told: Mapping[str, str], back: str) -> Answer:
    """Who has signed in there. Raises `NotSignedIn` with a plain sentence; what failed is not told to the browser."""
    if not hmac.compare_digest(told.get("state", "").encode(), question.state.encode()):
        raise NotSignedIn(_("This sign-in was not begun in this browser. Begin again."))
    service = _service()
    if told.get("iss", service.issuer) != service.issuer:  # RFC 9207: an answer of another service
        raise NotSignedIn(_("The sign-in service’s answer does not hold. Begin again."))
    if told.get("error") or not told.get("code"):
        raise NotSignedIn(_("The sign-in service did not sign you in. Begin again, or use your password."))
    claims = _claims(service, _token(service, told["code"], question, back), question)
    name = claims.get(settings.OIDC_CLAIM)
    if not isinstance(name, str) or not name:
        raise NotSignedIn(_("The sign-in service does not say which officer you are. Tell your administrator."))
    if settings.OIDC_CLAIM == "email" and claims.get("email_verified") is not True:
        raise NotSignedIn(_("The sign-in service has not verified your e-mail address. Tell your administrator."))
    subject = hashlib.sha256(f"{service.issuer}\0{claims['sub']}".encode()).hexdigest()
    return Answer(subject, name.strip().lower(), _proves_second_factor(claims))


def _proves_second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the token names one of ABHAYA_OIDC_SECOND_FACTOR (`amr:mfa`, `acr:phr`, RFC 8176); none is believed unset."""
    methods = claims.get("amr") if isinstance(claims.get("amr"), list) else []
    said = {f"amr:{method}" for method in methods or []} | {f"acr:{claims.get('acr')}"}
    return bool(said & settings.OIDC_SECOND_FACTOR)


def _token(service: Service, code: str, question: Question, back: str) -> str:
    """The ID token for a code. The access token that comes with it is not kept."""
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": question.verifier}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    secret = _client_secret()
    if service.takes_basic:
        pair = f"{quote_plus(settings.OIDC_CLIENT_ID)}:{quote_plus(secret)}"  # RFC 6749 §2.3.1
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        asked |= {"client_id": settings.OIDC_CLIENT_ID, "client_secret": secret}
    token = _fetched(service.token_endpoint, urlencode(asked).encode(), headers).get("id_token")
    if not isinstance(token, str):
        raise NotSignedIn(_("The sign-in service’s answer does not hold. Begin again."))
    return token


def _claims(service: Service, token: str, question: Question) -> Mapping[str, Any]:
    """What the ID token says, once all of it holds (OpenID Connect Core §3.1.3.7)."""
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token, _key_of(service, token), algorithms=ALGORITHMS, audience=settings.OIDC_CLIENT_ID, issuer=service.issuer,
            leeway=CLOCKS_APART_SECONDS_MAX, options={"require": ["exp", "iat", "sub", "aud", "iss", "nonce"]},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotSignedIn(_("The sign-in service’s answer does not hold. Begin again.")) from error
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp", settings.OIDC_CLIENT_ID)
    holds = (
        isinstance(claims["nonce"], str)
        and hmac.compare_digest(claims["nonce"].encode(), question.nonce.encode())
        and party == settings.OIDC_CLIENT_ID
        and (len(audience) == 1 or "azp" in claims)
        and time.time() - int(claims["iat"]) < TOKEN_AGE_SECONDS_MAX
        and isinstance(claims["sub"], str)
        and claims["sub"] != ""
    )
    if not holds:
        raise NotSignedIn(_("The sign-in service’s answer does not hold. Begin again."))
    return claims


# --- what is remembered of the service, in this process ---

_lock = threading.Lock()
_found: tuple[float, Service] | None = None
_keys: tuple[float, Sequence[jwt.PyJWK]] = (0.0, ())


def _service() -> Service:
    global _found  # noqa: PLW0603 — one description a process, under a lock
    with _lock:
        if _found is not None and time.monotonic() - _found[0] < FOUND_AGAIN_SECONDS:
            return _found[1]
    told = _fetched(settings.OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != settings.OIDC_ISSUER:
        raise OperatorError(_("The sign-in service calls itself otherwise than ABHAYA_OIDC_ISSUER says."))
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    try:
        service = Service(
            told["issuer"], told["authorization_endpoint"], told["token_endpoint"], told["jwks_uri"],
            takes_basic="client_secret_basic" in methods,
        )  # fmt: skip
    except KeyError as error:
        raise OperatorError(_("The sign-in service’s description is not complete.")) from error
    for address in (service.authorization_endpoint, service.token_endpoint, service.jwks_uri):
        _refuse_plain(address)
    with _lock:
        _found = (time.monotonic(), service)
    return service


def _key_of(service: Service, token: str) -> Any:
    """The service's public key that the token names; the keys are asked for again when it is a new one."""
    global _keys  # noqa: PLW0603 — one set of keys a process, under a lock
    header = jwt.get_unverified_header(token)
    with _lock:
        at, known = _keys
    for asked_again in (False, True):
        if asked_again:
            if known and time.monotonic() - at < KEYS_AGAIN_SECONDS:
                break
            known = jwt.PyJWKSet.from_dict(_fetched(service.jwks_uri)).keys
            with _lock:
                _keys = (time.monotonic(), known)
        fitting = [key for key in known if key.key_id == header.get("kid") and key.public_key_use in {None, "sig"}]
        if fitting:
            return fitting[0]
    raise jwt.InvalidKeyError


def _client_secret() -> str:
    if settings.OIDC_SECRET_FILE is None:
        raise OperatorError(_("ABHAYA_OIDC_SECRET_FILE is not set."))
    try:
        return str(settings.OIDC_SECRET_FILE.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise OperatorError(_("The file of ABHAYA_OIDC_SECRET_FILE cannot be read.")) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


def _refuse_plain(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
        raise OperatorError(_("The sign-in service must be reached over HTTPS."))


def _fetched(address: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    _refuse_plain(address)
    request = urllib.request.Request(address, data, dict(headers or {}))  # noqa: S310 — HTTPS, or this machine: above
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS_MAX) as answer:
            told = json.loads(answer.read(ANSWER_BYTES_MAX + 1)[:ANSWER_BYTES_MAX])
    except urllib.error.HTTPError as error:
        error.close()
        raise NotSignedIn(_("The sign-in service refused. Begin again, or use your password.")) from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotSignedIn(_("The sign-in service does not answer. Use your password.")) from error
    if not isinstance(told, dict):
        raise NotSignedIn(_("The sign-in service’s answer does not hold. Begin again."))
    return told
