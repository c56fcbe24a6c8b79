"""Where a request comes from, as far as that can be believed."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

FORWARDED_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}


def client_address(request: HttpRequest) -> str:
    """The peer's address. Behind one of ABHAYA_PROXIES: the last address in X-Forwarded-For that is no proxy of ours."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer not in settings.PROXIES:
        return peer
    for hop in reversed(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        if hop.strip() and hop.strip() not in settings.PROXIES:
            return hop.strip()
    return peer


def is_on_this_machine(request: HttpRequest) -> bool:
    """Whether the browser itself runs on the server: a loopback peer, a loopback name, and no sign of a proxy."""
    if any(header in request.META for header in FORWARDED_HEADERS):
        return False
    try:
        peer = ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    name = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return peer.is_loopback and name in LOOPBACK_NAMES
