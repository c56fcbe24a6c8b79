"""`abhaya serve`: the pages and the door, over HTTP."""

from __future__ import annotations

import logging
import os
import socket
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from abhaya.commands import lifeline
from abhaya.errors import OperatorError

BACKLOG_CONNECTIONS = 512
STOP_SECONDS_MAX = 20  # a request in flight ends; then the process does

log = logging.getLogger("abhaya.serve")


def serve(arguments: Namespace) -> int:
    lifeline.hold()
    certificate, key = _tls_files()
    _refuse_a_taken_port(arguments.host, arguments.port)
    server = Server(
        "abhaya.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers or max(1, min(4, os.cpu_count() or 1)),
        blocking_threads=arguments.threads,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG_CONNECTIONS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOP_SECONDS_MAX,
        ssl_cert=certificate,
        ssl_key=key,
    )
    server.serve()
    return 0


def _refuse_a_taken_port(host: str, port: int) -> None:
    """The server would share the port with whoever has it, and each would get a part of the visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OperatorError(f"Port {port} is taken, or may not be used here: {error.strerror}.") from error


def _tls_files() -> tuple[Path | None, Path | None]:
    """ABHAYA_TLS_CERTIFICATE and ABHAYA_TLS_KEY, both or neither; without them a proxy in front speaks TLS."""
    certificate, key = settings.TLS_CERTIFICATE, settings.TLS_KEY
    if (certificate is None) != (key is None):
        raise OperatorError("ABHAYA_TLS_CERTIFICATE and ABHAYA_TLS_KEY belong together: set both or neither.")
    for file in (certificate, key):
        if file is not None and not file.is_file():
            raise OperatorError(f"The file {file}, named for TLS, is not there.")
    return certificate, key
