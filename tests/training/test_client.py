"""The small client behaves as a platform's does: what the door was too busy for is sent again."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from abhaya.training import client
from abhaya.training.client import Client, Refused


@pytest.fixture
def door(monkeypatch):
    """A door that answers 503 as often as `door.busy` says."""
    monkeypatch.setattr(client, "PAUSE_SECONDS", 0.001)

    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.calls += 1
            busy = self.server.calls <= self.server.busy
            body = f"<r><responseCode>{1000 if busy else 0}</responseCode></r>".encode()
            self.send_response(503 if busy else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    server.calls = server.busy = 0
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("busy", "calls"), [(0, 1), (3, 4), (client.TRIES_MAX - 1, client.TRIES_MAX)])
def test_it_sends_again_while_the_door_is_busy(door, busy, calls):
    door.busy = busy
    with Client(f"http://127.0.0.1:{door.server_port}", "user", "password") as ours:
        assert "<responseCode>0<" in ours.call("GET", "/status")
    assert door.calls == calls


def test_it_gives_up_in_the_end(door):
    door.busy = 1000
    with Client(f"http://127.0.0.1:{door.server_port}", "user", "password") as ours, pytest.raises(Refused) as refused:
        ours.call("GET", "/status")
    assert refused.value.status == 503
    assert door.calls == client.TRIES_MAX
