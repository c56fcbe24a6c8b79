"""`abhaya serve`: the pages and the door, over HTTP or HTTPS."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from abhaya.commands import lifeline
from abhaya.errors import OperatorError
from abhaya.shared.authority import is_due, own_authority

BACKLOG_CONNECTIONS = 512
STOP_SECONDS_MAX = 20  # a request in flight ends; then the process does
CERTIFICATE_LOOK_SECONDS = 6 * 3600.0

log = logging.getLogger("abhaya.serve")


def serve(arguments: Namespace) -> int:
    lifeline.hold()
    certificate, key = _tls_files()
    if settings.TLS_OWN:
        threading.Thread(target=_end_when_due, args=(settings.DATA_DIR,), daemon=True).start()
    serve_application(
        "abhaya.wsgi:application",
        arguments.host,
        arguments.port,
        workers=arguments.workers or max(1, min(4, os.cpu_count() or 1)),
        threads=arguments.threads,
        certificate=certificate,
        key=key,
    )
    return 0


def serve_application(
    target: str,
    host: str,
    port: int,
    *,
    workers: int,
    threads: int,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serves a WSGI application until SIGTERM."""
    _refuse_a_taken_port(host, port)
    lifeline.lead()
    server = Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
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
    """The unit's own certificate, or ABHAYA_TLS_CERTIFICATE and ABHAYA_TLS_KEY, both or neither; with neither a proxy
    in front speaks TLS.
    """
    certificate, key = settings.TLS_CERTIFICATE, settings.TLS_KEY
    if (certificate is None) != (key is None):
        raise OperatorError("ABHAYA_TLS_CERTIFICATE and ABHAYA_TLS_KEY belong together: set both or neither.")
    if settings.TLS_OWN and certificate is None:
        own = own_authority(settings.DATA_DIR, settings.ALLOWED_HOSTS)
        return own.server_certificate, own.server_key
    for file in (certificate, key):
        if file is not None and not file.is_file():
            raise OperatorError(f"The file {file}, named for TLS, is not there.")
    return certificate, key


def _end_when_due(data_dir: Path) -> None:
    """Ends this server when its certificate is due: whoever keeps it alive starts it again, with a new one."""
    waiting = threading.Event()
    while not waiting.wait(CERTIFICATE_LOOK_SECONDS):
        if is_due(data_dir):
            log.warning("the server's certificate is renewed: starting again")
            os.kill(os.getpid(), signal.SIGTERM)
            return
