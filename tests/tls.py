"""A host name with a certificate of its own, in a browser that finds it on this machine and has a passkey in it."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Page

HOST = "abhaya.example"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two files, and what a browser is told so that it takes the certificate for good."""

    certificate: Path
    key: Path
    pin: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "ABHAYA_HOSTS": HOST, "ABHAYA_TLS": "1", "ABHAYA_TLS_CERTIFICATE": str(self.certificate),
            "ABHAYA_TLS_KEY": str(self.key),
        }  # fmt: skip


def certificate_in(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = (folder / "tls.crt", folder / "tls.key")
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Certificate(*files, base64.b64encode(hashlib.sha256(public).digest()).decode())


@contextmanager
def browser_that_finds(chromium: Browser, certificate: Certificate) -> Iterator[Browser]:
    """A browser that resolves the host name to this machine and takes this one certificate, no other."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    browser = chromium.browser_type.launch(
        executable_path=program,
        args=[
            "--no-sandbox",
            f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={certificate.pin}",
        ],
    )
    try:
        yield browser
    finally:
        browser.close()


def with_authenticator(page: Page) -> Page:
    """The page's browser has an authenticator that is touched at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip
    return page
