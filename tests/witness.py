"""A real witness as a process, and a real time-stamp authority: openssl behind a small HTTP server."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-I", str(ROOT / "verify" / "witness.py")]


@dataclass
class Witness:
    """`folder` is its own; `vkey` is what a ledger's setting names."""

    folder: Path
    vkey: str
    url: str = ""
    process: subprocess.Popen | None = field(default=None, repr=False)

    @classmethod
    def made(cls, folder: Path, name: str = "witness.example/pune") -> Witness:
        return cls(folder, witness("init", "--data", folder, "--name", name).stdout.strip())

    def trust(self, line: str) -> None:
        path = self.folder / "given-key.txt"
        path.write_text(line)
        witness("trust", "--data", self.folder, path)

    def start(self) -> str:
        command = [*PROGRAM, "serve", "--data", str(self.folder), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = self.process.stdout.readline()
        assert "listens on" in said
        self.url = f"http://127.0.0.1:{said.strip().rpartition(':')[2]}"
        return self.url

    def stop(self, *, kill: bool = False) -> None:
        if self.process is not None:
            (self.process.kill if kill else self.process.terminate)()
            self.process.wait(timeout=10)
            self.process.stdout.close()
            self.process = None

    def ask(self, body: str | bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
        """(status, content type, text) of the answer."""
        data = body if isinstance(body, bytes) else body.encode()
        try:
            answer = urllib.request.urlopen(urllib.request.Request(self.url + path, data=data), timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()


def witness(*words: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *map(str, words)], capture_output=True, text=True, check=check)


# A time-stamp authority


@dataclass
class Authority:
    """`mode`: how it misbehaves: "", "other text", "other question", "refuses", "nonsense"."""

    folder: Path
    url: str = ""
    mode: str = ""
    asked: int = 0

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def reply(self, query: bytes) -> bytes:
        self.asked += 1
        if self.mode == "nonsense":
            return b"\x30\x03nonsense"
        if self.mode == "other text":
            query = (
                TimestampRequestBuilder(data=b"another text", hash_algorithm=HashAlgorithm.SHA256).build().as_bytes()
            )
        if self.mode == "other question":
            query = query[:-4] + bytes([query[-4] ^ 1]) + query[-3:]  # the nonce's last byte
        config = "refusing.cnf" if self.mode == "refuses" else "tsa.cnf"
        (self.folder / "query.tsq").write_bytes(query)
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", config, "-queryfile", "query.tsq", "-out", "reply.tsr"],
            cwd=self.folder, check=True, capture_output=True,
        )  # fmt: skip
        return (self.folder / "reply.tsr").read_bytes()


CONFIG = """
[tsa]
default_tsa = one
[one]
dir = .
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
"""


def make_authority(folder: Path, *, expired: bool = False) -> Authority:
    """A root, and a certificate that may only stamp; `expired`: it ended yesterday."""
    folder.mkdir()
    now = datetime.now(UTC)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Invented root {folder.name}")])
    root = (
        _certificate(root_name, root_name, root_key, now - timedelta(days=900), now + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    end = now - timedelta(days=1) if expired else now + timedelta(days=300)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Invented time-stamp authority")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    own = (
        _certificate(name, root_name, key, now - timedelta(days=400), end)
        .add_extension(usage, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "tsa.pem").write_bytes(own.public_bytes(pem))
    (folder / "tsa.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(digests="sha256"))
    (folder / "refusing.cnf").write_text(CONFIG.format(digests="sha512"))
    return Authority(folder)


def _certificate(subject, issuer, key, begins, ends):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


@contextmanager
def serving(authority: Authority):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            data = authority.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        authority.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()
