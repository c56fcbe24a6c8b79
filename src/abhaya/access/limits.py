"""How often one address, and one officer, may ask for pages: far above what people do, far below what takes a server.

Counted in each server process (`shared.throttle`), so it costs no write; with four processes up to four times as much goes
through. The reporting door has limits of its own for each sender, and sign-in its own for each account and network.
A peer on this machine is not counted: it is the administrator, or a reverse proxy that stands for everybody.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import ngettext

from abhaya.access.address import client_address
from abhaya.shared.throttle import Throttle
from abhaya.web.errors import error_page

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
DOOR = "/ispws"
MARK = "abhaya_costly"
TOO_MANY = 429  # RFC 6585, section 4
V6_SITE_BITS = 64  # one site has them all

_addresses, _officers, _costly = Throttle(), Throttle(), Throttle()


class RateMiddleware:
    """Stands before the session is read: who asks too much costs next to nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        site = None if request.path.startswith(DOOR) else site_of(client_address(request))
        wait = _addresses.wait_seconds(site, settings.PAGES_PER_ADDRESS_PER_MINUTE) if site else 0.0
        return too_many(request, wait) if wait else self.get_response(request)


def costly(view: View) -> View:
    """A page that searches everything or makes a file: narrower than the others."""
    setattr(view, MARK, True)
    return view


def wait_seconds(officer: UUID, view: Callable[..., object]) -> float:
    """How long this officer must wait for this page; 0 for nearly everybody."""
    wait = _officers.wait_seconds(officer, settings.PAGES_PER_OFFICER_PER_MINUTE)
    if not wait and getattr(view, MARK, False):
        wait = _costly.wait_seconds(officer, settings.COSTLY_PER_OFFICER_PER_MINUTE)
    return wait


def too_many(request: HttpRequest, wait: float) -> HttpResponse:
    """429 with the time to wait, for programs and for people."""
    seconds = max(1, math.ceil(wait))
    sentence = ngettext(
        "That was too quick. Wait %(seconds)d second, then try again.",
        "That was too quick. Wait %(seconds)d seconds, then try again.",
        seconds,
    ) % {"seconds": seconds}
    response = error_page(request, TOO_MANY, sentence=sentence)
    response.headers["Retry-After"] = str(seconds)
    return response


def site_of(address: str) -> str | None:
    """Who is counted together: one IPv4 address, one IPv6 network of 64 bits; None for this machine itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address or None
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return None if parsed.is_loopback else str(ipaddress.ip_network((parsed, V6_SITE_BITS), strict=False))
        return site_of(str(parsed.ipv4_mapped))
    return None if parsed.is_loopback else str(parsed)
