"""The unit's own certificate authority: HTTPS for a network that no public authority reaches.

The authority may vouch for this server's names and nothing else (RFC 5280 §4.2.1.10, name constraints, critical): who
steals its key can pretend to be this server, never a bank. Its key lies in `secrets/authority`, mode 0600, and signs
one certificate a year for the server.

    ABHAYA_DATA/tls/authority.crt    what browsers are asked to trust; public, PEM
    ABHAYA_DATA/tls/server.crt       the server's certificate and the authority's behind it; public, PEM
    ABHAYA_DATA/secrets/server-tls   the server's key
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from abhaya.errors import OperatorError
from abhaya.shared.durable import write_whole
from abhaya.shared.secret import secret_path

AUTHORITY_DAYS = 3650
# Browsers refuse a server's certificate of more than 398 days from public authorities; we keep to it as well.
SERVER_DAYS = 397
RENEW_DAYS_BEFORE = 120
CLOCK_SLACK = timedelta(hours=26)  # a desk's clock a day behind still believes the certificate
NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z")


@dataclass(frozen=True, slots=True)
class Authority:
    """What there is on disk. `names` are the host names and addresses that the authority may vouch for."""

    names: tuple[str, ...]
    fingerprint: str  # SHA-256 of the authority's certificate, as browsers show it: AB:CD:…
    thumbprint: str  # the same by SHA-1: all that Windows shows when it asks whether to trust
    certificate: Path
    server_certificate: Path
    server_key: Path
    server_until: datetime


def own_authority(data_dir: Path, names: Sequence[str], now: datetime | None = None) -> Authority:
    """The authority of this installation, made on first use; the server's certificate renewed when it is time.

    Raises `OperatorError` where the authority was made for other names: browsers trust it for those alone, so another
    one has to be made with `forget_authority`, and trusted again.
    """
    now = now or datetime.now(UTC)
    wanted = tuple(dict.fromkeys(_checked(name) for name in names))
    if not wanted:
        raise OperatorError("An own certificate needs a name: the host name by which browsers reach this server.")
    folder = data_dir / "tls"
    if not (folder / "authority.crt").exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o755, exist_ok=True)
        _make_authority(data_dir, wanted, now)
    certificate = _read(folder / "authority.crt")
    vouches = _names_of(certificate)
    beyond = [name for name in wanted if name not in vouches]
    if beyond:
        raise OperatorError(
            f"This installation's certificate authority was made for {', '.join(vouches)}, not for {', '.join(beyond)},"
            " and browsers trust it for nothing else. Start with the old name, or make another authority with"
            " `abhaya authority remake`: every computer then has to trust the new one."
        )
    if _must_make(folder / "server.crt", vouches, certificate, now):
        _make_server(data_dir, certificate, vouches, now)
    return standing(data_dir)


def standing(data_dir: Path) -> Authority:
    """What is on disk now. Raises `OperatorError` where there is no authority."""
    folder = data_dir / "tls"
    if not (folder / "server.crt").exists():
        raise OperatorError("This installation has no certificate authority of its own; `abhaya up --name` makes one.")
    certificate, server = _read(folder / "authority.crt"), _read(folder / "server.crt")
    return Authority(
        names=_names_of(certificate),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex(" ", 4).upper(),  # noqa: S303 — what Windows shows
        certificate=folder / "authority.crt",
        server_certificate=folder / "server.crt",
        server_key=secret_path(data_dir, "server-tls"),
        server_until=server.not_valid_after_utc,
    )


def forget_authority(data_dir: Path) -> None:
    """Removes authority and server certificate: the next start makes others. The old ones vouch for nothing we run."""
    for path in (
        data_dir / "tls/server.crt", data_dir / "tls/authority.crt",
        secret_path(data_dir, "authority"), secret_path(data_dir, "server-tls"),
    ):  # fmt: skip
        path.unlink(missing_ok=True)


def is_due(data_dir: Path, now: datetime | None = None) -> bool:
    """Whether the server's certificate should be renewed, which the next start does."""
    return _is_late(standing(data_dir).server_until, now or datetime.now(UTC))


def _checked(name: str) -> str:
    low = name.strip().lower().rstrip(".")
    try:
        return str(ipaddress.ip_address(low.strip("[]")))
    except ValueError:
        if not NAME.match(low):
            raise OperatorError(f"{name!r} is not a host name: letters, digits, hyphens and dots only.") from None
        return low


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _constraint(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_network(name))  # the one address
    except ValueError:
        return x509.DNSName(name)


def _make_authority(data_dir: Path, names: Sequence[str], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())  # Ed25519 is not believed by all browsers
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Abhaya"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Abhaya {names[0]} {now:%Y-%m-%d}"[:64]),
        ]
    )
    certificate = (
        _begun(subject, subject, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints([_constraint(name) for name in names], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret_path(data_dir, "authority").parent.mkdir(mode=0o700, exist_ok=True)
    write_whole(secret_path(data_dir, "authority"), _key_text(key))
    write_whole(data_dir / "tls/authority.crt", certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)


def _make_server(data_dir: Path, authority: x509.Certificate, names: Sequence[str], now: datetime) -> None:
    signer = serialization.load_pem_private_key(secret_path(data_dir, "authority").read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey) or signer.public_key() != authority.public_key():
        raise OperatorError(
            "secrets/authority is not the key of tls/authority.crt. Put back the one that belongs to it, or make"
            " another authority with `abhaya authority remake`."
        )
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    certificate = (
        _begun(subject, authority.subject, key.public_key(), now, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    write_whole(secret_path(data_dir, "server-tls"), _key_text(key))
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (certificate, authority))
    write_whole(data_dir / "tls/server.crt", chain, mode=0o644)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + timedelta(days=days) - CLOCK_SLACK)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _is_late(until: datetime, now: datetime) -> bool:
    return until - now < timedelta(days=RENEW_DAYS_BEFORE)


def _must_make(server: Path, names: Sequence[str], authority: x509.Certificate, now: datetime) -> bool:
    """A server certificate is made anew when it is missing, late, or not this authority's: a crash may leave a pair
    of which only one half is new, and then the other is made again.
    """
    if not server.exists():
        return True
    certificate = _read(server)
    key_path = secret_path(server.parent.parent, "server-tls")
    if certificate.issuer != authority.subject or not key_path.exists():
        return True
    key = serialization.load_pem_private_key(key_path.read_bytes(), None)
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        _is_late(certificate.not_valid_after_utc, now)
        or key.public_key() != certificate.public_key()
        or list(alternatives) != [_general(name) for name in names]
    )


def _names_of(authority: x509.Certificate) -> tuple[str, ...]:
    """The names it may vouch for; an address is permitted as the network of that one address."""
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return tuple(str(one.value).removesuffix("/32").removesuffix("/128") for one in permitted)


def _read(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise OperatorError(f"{path} is not a certificate any more; put it back from the backup.") from error


def _key_text(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
