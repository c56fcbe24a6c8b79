"""Every answer's head, and every error as a sentence its reader can act on.

Stands outermost, so that refusals of the gate carry the same headers. The policy allows nothing inline: what an attacker
writes into a report stays text.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from abhaya.errors import AbhayaError
from abhaya.shared.ids import uuid7
from abhaya.web.errors import error_page

# Nothing but what this server itself hands out, and nothing inline: no script, no style, no handler in an attribute.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'none'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HSTS = "max-age=31536000; includeSubDomains"  # seconds of a year
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "usb",
    )
)  # fmt: skip

log = logging.getLogger("abhaya.pages")


class PageMiddleware:
    """Security headers and request id on every answer; `AbhayaError` of a page becomes a page that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid7().hex[-12:]  # type: ignore[attr-defined]  # set by us
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.TLS:  # a proxy may speak it for us, and Django would not know
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]  # set by us
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, no_store=True)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Whatever the page had begun is undone; known errors answer with their own sentence."""
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        request.failed = True  # type: ignore[attr-defined]  # set by us
        if isinstance(error, AbhayaError):
            log.info("%s %s: %d", request.request_id, request.path, error.status)  # type: ignore[attr-defined]  # set by us
            return error_page(request, error.status, sentence=error.sentence)
        if not isinstance(error, Http404 | PermissionDenied | SuspiciousOperation | RequestDataTooBig):
            log.error("%s %s failed", request.request_id, request.path, exc_info=error)  # type: ignore[attr-defined]  # set by us
            return error_page(request, 500)
        return None
