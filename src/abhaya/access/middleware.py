"""Who asks, and may they: default deny, one transaction per page, in which PostgreSQL knows the officer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from abhaya.access import limits, session
from abhaya.access.actions.sessions import end_session, see_session
from abhaya.access.address import client_address
from abhaya.access.gate import AnyRequest, Gate, gate_of, is_with_road
from abhaya.access.queries import SignedIn, signed_in
from abhaya.shared.identity import acting
from abhaya.web.errors import error_page

log = logging.getLogger("abhaya.access")


class OfficerMiddleware:
    """Sets `request.officer`, and opens the one transaction a signed-in officer's page runs in.

    The officer is read anew at every request: who was deactivated, or whose password was reset, is out at once. A
    page that raises an error leaves nothing behind: `PageMiddleware` marks the transaction for rollback.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: AnyRequest) -> HttpResponseBase:
        request.officer = None
        claimed = session.claim(request)
        if claimed is not None:
            with acting(claimed.officer, name=claimed.name, with_road=_needs_road(request)):
                officer = signed_in(claimed.officer, session=claimed.session)
                if officer is not None and officer.epoch == claimed.epoch:
                    if claimed.is_of_this_browser:
                        if claimed.is_due:
                            see_session(claimed.session, client_address(request))
                        return self._as(officer, request)
                    end_session(claimed.officer, claimed.session, why="another browser")
            session.end(request)
        return self.get_response(request)

    def _as(self, officer: SignedIn, request: AnyRequest) -> HttpResponseBase:
        request.officer = officer
        translation.activate(officer.language)
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            chunks: Iterable[bytes] = response.streaming_content  # type: ignore[assignment]  # sync pages only
            response.streaming_content = _streamed(officer, chunks)
        return response

    def process_view(
        self, request: AnyRequest, view: Callable[..., HttpResponseBase], *_arguments: object
    ) -> HttpResponseBase | None:
        """None lets the request through to the page."""
        gate = gate_of(view)
        if gate is None:
            log.error("%s has no gate and is closed", getattr(view, "__qualname__", view))
            return error_page(request, 403)
        if gate.public:
            return None
        officer = request.officer
        if officer is None:
            return to_sign_in(request)
        if officer.must_change_password and not gate.before_password_change:
            return _sent_to(request, reverse("access-password"))
        if not _may_enter(officer, gate):
            return error_page(request, 403, sentence=_("Your role does not include this."))
        wait = limits.wait_seconds(officer.id, view)
        return limits.too_many(request, wait) if wait else None


def _needs_road(request: HttpRequest) -> bool:
    """Whether this is a form sent to one of the few pages whose act the road writes a part of."""
    if request.method in {"GET", "HEAD"}:
        return False
    try:
        return is_with_road(resolve(request.path_info).func)
    except Resolver404:
        return False


def to_sign_in(request: AnyRequest) -> HttpResponse:
    """A stranger is asked to sign in, and comes back to the page they wanted."""
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    if request.htmx:
        shown = urlsplit(request.htmx.current_url_abs_path or "")
        here = shown.path + (f"?{shown.query}" if shown.query else "")
    wanted = "?" + urlencode({"next": here}) if here and here != "/" else ""
    return _sent_to(request, reverse("access-sign-in") + wanted)


def _sent_to(request: AnyRequest, address: str) -> HttpResponse:
    """A redirect that the browser follows as a whole page, also when only a fragment was asked for."""
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _may_enter(officer: SignedIn, gate: Gate) -> bool:
    return not gate.permissions or bool(gate.permissions & officer.permissions)


def _streamed(officer: SignedIn, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of a long answer, made in a transaction of their own: the page's has ended when they are asked for."""
    language = translation.get_language()
    with acting(officer.id, name=officer.name), translation.override(language):
        yield from chunks
