"""A passkey made of arithmetic: answers what a page asks of a browser, rightly or in every wrong way a test asks for."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url as text

HOST = "abhaya.example"
ORIGIN = f"https://{HOST}"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Key:
    """One credential; `count` goes up with every signature, as an authenticator's does."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0

    def make(self, options: str, **wrong: object) -> str:
        """What `navigator.credentials.create` gives for these options."""
        numbers = self.private.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        data = self._data(PRESENT | ATTESTED, attested, **wrong)
        response = {
            "clientDataJSON": text(self._client_data("webauthn.create", options, **wrong)),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal"],
        }
        return self._answer(response)

    def sign(self, options: str, **wrong: object) -> str:
        """What `navigator.credentials.get` gives for these options."""
        self.count += 1
        data = self._data(wrong.pop("flags", PRESENT), b"", **wrong)
        client_data = self._client_data("webauthn.get", options, **wrong)
        signature = self.private.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(client_data), "authenticatorData": text(data), "signature": text(signature),
        }  # fmt: skip
        return self._answer(response)

    def _data(self, flags: int, rest: bytes, **wrong: object) -> bytes:
        host = str(wrong.get("host", HOST))
        count = int(wrong.get("count", self.count))
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big") + rest

    def _client_data(self, ceremony: str, options: str, **wrong: object) -> bytes:
        challenge = text(base64url_to_bytes(json.loads(options)["challenge"]))
        said = {"type": wrong.get("kind", ceremony), "challenge": challenge, "origin": wrong.get("origin", ORIGIN)}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, object]) -> str:
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})
