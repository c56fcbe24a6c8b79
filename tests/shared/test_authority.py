"""The unit's own certificate authority: what it vouches for, and what it never can."""

from __future__ import annotations

import hashlib
import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from abhaya.errors import OperatorError
from abhaya.shared import authority
from abhaya.shared.authority import forget_authority, is_due, own_authority, standing

NAMES = ["desk.example", "192.0.2.7"]
NOW = datetime.now(UTC)


def handshake(own: authority.Authority, asked: str, *, certificate=None, key=None) -> str:
    """'ok', or why a browser that trusts the authority would refuse: a real TLS handshake over a socket pair."""
    here, there = socket.socketpair()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate or own.server_certificate, key or own.server_key)
    client = ssl.create_default_context(cafile=own.certificate)

    def answer():
        try:
            with server.wrap_socket(there, server_side=True) as line:
                line.recv(1)
        except (ssl.SSLError, OSError):
            there.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with client.wrap_socket(here, server_hostname=asked) as line:
            line.send(b"x")
            return "ok"
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        here.close()
        thread.join()


def test_a_browser_that_trusts_it_reaches_the_server_by_each_of_its_names(tmp_path):
    own = own_authority(tmp_path, NAMES)
    assert own.names == ("desk.example", "192.0.2.7")
    assert [handshake(own, name) for name in NAMES] == ["ok", "ok"]
    assert "mismatch" in handshake(own, "other.example")


def test_whoever_steals_its_key_cannot_pretend_to_be_anybody_else(tmp_path):
    own = own_authority(tmp_path, NAMES)
    forged = tmp_path / "forged"
    for name in ("tls", "secrets"):
        (forged / name).mkdir(parents=True)
    (forged / "secrets/authority").write_bytes((tmp_path / "secrets/authority").read_bytes())
    stolen = x509.load_pem_x509_certificate(own.certificate.read_bytes())
    authority._make_server(forged, stolen, ["bank.example"], NOW)
    said = handshake(own, "bank.example", certificate=forged / "tls/server.crt", key=forged / "secrets/server-tls")
    assert said == "permitted subtree violation"


def test_keys_are_for_their_owner_alone_and_are_made_once(tmp_path):
    own = own_authority(tmp_path, NAMES)
    for name in ("authority", "server-tls"):
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600
    again = own_authority(tmp_path, ["desk.example"])
    assert again == own


def test_the_certificate_is_renewed_in_time_and_the_authority_stays(tmp_path):
    own = own_authority(tmp_path, NAMES)
    assert not is_due(tmp_path)
    later = NOW + timedelta(days=300)
    assert is_due(tmp_path, later)
    renewed = own_authority(tmp_path, NAMES, later)
    assert renewed.fingerprint == own.fingerprint
    assert renewed.server_until > own.server_until
    assert not is_due(tmp_path, later)


@pytest.mark.parametrize("lost", ["tls/server.crt", "secrets/server-tls"])
def test_a_half_written_renewal_is_made_again(tmp_path, lost):
    own_authority(tmp_path, NAMES)
    other = own_authority(tmp_path / "other", NAMES)
    replacement = {"tls/server.crt": other.server_certificate, "secrets/server-tls": other.server_key}[lost]
    (tmp_path / lost).write_bytes(replacement.read_bytes())
    own = own_authority(tmp_path, NAMES)
    assert handshake(own, "desk.example") == "ok"


def test_another_name_needs_another_authority_and_the_sentence_says_how(tmp_path):
    own = own_authority(tmp_path, NAMES)
    with pytest.raises(OperatorError) as refused:
        own_authority(tmp_path, ["new.example"])
    assert "made for desk.example, 192.0.2.7, not for new.example" in refused.value.sentence
    assert "abhaya authority remake" in refused.value.sentence
    forget_authority(tmp_path)
    assert own_authority(tmp_path, ["new.example"]).fingerprint != own.fingerprint


def test_a_key_of_another_authority_is_named(tmp_path):
    own_authority(tmp_path, NAMES)
    own_authority(tmp_path / "other", NAMES)
    (tmp_path / "secrets/authority").write_bytes((tmp_path / "other/secrets/authority").read_bytes())
    (tmp_path / "tls/server.crt").unlink()
    with pytest.raises(OperatorError, match="not the key of"):
        own_authority(tmp_path, NAMES)


@pytest.mark.parametrize("name", ["", "two words", "a..b", "-x.example", "x" * 64, "späth.example", "a/b", "*.example"])
def test_what_is_no_host_name_is_refused(tmp_path, name):
    with pytest.raises(OperatorError):
        own_authority(tmp_path, [name])


def test_without_one_the_sentence_says_what_makes_one(tmp_path):
    with pytest.raises(OperatorError, match="abhaya up --name"):
        standing(tmp_path)


def test_what_stands_in_it_is_what_browsers_ask_for(tmp_path):
    own = own_authority(tmp_path, NAMES)
    leaf, root = x509.load_pem_x509_certificates(own.server_certificate.read_bytes())
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=398)
    assert root.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    shown = root.public_bytes(serialization.Encoding.DER)
    assert own.fingerprint.replace(":", "").lower() == hashlib.sha256(shown).hexdigest()
