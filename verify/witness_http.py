"""A witness on the network: `POST /add-checkpoint`, and `GET /ID/checkpoint` for whoever wants to compare.

ID is the SHA-256 of the ledger's name in hexadecimal. There is no sign-in: a checkpoint is believed for its signature.
"""

from __future__ import annotations

import re
import signal
import ssl
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from verify.witnessing import REQUEST_BYTES_MAX, Witness

IDLE_SECONDS_MAX = 30.0
THREADS_MAX = 32
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        super().__init__(address, _Handler)
        self.witness = witness
        self.room = threading.BoundedSemaphore(THREADS_MAX)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS_MAX
    server: _Server

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._say(HTTPStatus.NOT_FOUND, "There is nothing here.\n", close=True)
        elif not length.isdigit() or len(length) > 9 or int(length) > REQUEST_BYTES_MAX:
            self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A request says its length, and is small.\n", close=True)
        else:
            data = self.rfile.read(int(length))
            with self.server.room:
                answer = self.server.witness.add(data)
            self._say(answer.status, answer.text, kind=TEXT_TYPE if answer.size is None else SIZE_TYPE)
            if answer.status is not HTTPStatus.OK and answer.size is None:
                self.log_message("%s", "".join(c for c in answer.text if c.isprintable()))

    def do_GET(self) -> None:
        asked = re.fullmatch(r"/([0-9a-f]{64})/checkpoint", self.path)
        note = self.server.witness.newest_note(asked[1]) if asked else None
        if note is None:
            self._say(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        else:
            self._say(HTTPStatus.OK, note)

    def _say(self, status: HTTPStatus, text: str, *, kind: str = TEXT_TYPE, close: bool = False) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing: only what was refused is worth a line."""


def serve(witness: Witness, host: str, port: int, certificate: Path | None, certificate_key: Path | None) -> None:
    """Until SIGTERM or Ctrl-C. Killed at any instant, it goes on from what it last signed."""
    with _Server((host, port), witness) as server:
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, certificate_key)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"{witness.key.name} listens on {host}:{server.server_port}", flush=True)
        server.serve_forever()
