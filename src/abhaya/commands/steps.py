"""What the plain-HTTP port answers: the steps to trust the server's certificate; every other address leads to HTTPS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from abhaya.wsgi import application as everything

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STEPS = "/trust"
OPEN = (STEPS, "/trust/authority.crt")
STATIC = "/static/"


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Reads only, no cookies in: a session is never looked at on a line that everybody can listen to."""
    path = environ.get("PATH_INFO", "/")
    if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and (path in OPEN or path.startswith(STATIC)):
        environ.pop("HTTP_COOKIE", None)
        environ.pop("HTTP_X_FORWARDED_PROTO", None)
        return everything(environ, start_response)
    target = STEPS if path == "/" else settings.HOME_ADDRESS
    start_response("302 Found", [("Location", target), ("Content-Length", "0"), ("Cache-Control", "no-store")])
    return []
