"""The gate every page stands behind. A view says who may enter, or nobody can.

`@requires(Permission.X)` · `@any_officer("why no permission is asked")` · `@public("why no sign-in is asked")`.
The decorators only say so; `OfficerMiddleware` keeps the gate, so that a view without one is closed.

`@with_road("what the road writes")` stands under one of them where an officer's act, sent as a form, is in part written by the
road: that request alone signs in to PostgreSQL as who may become the road's role (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
MARK, ROAD_MARK = "abhaya_gate", "abhaya_with_road"


class AnyRequest(HttpRequest):
    """A request of whoever: `officer` is who is signed in, if anybody."""

    officer: SignedIn | None
    htmx: HtmxDetails


class OfficerRequest(HttpRequest):
    """A request that has passed the gate: `officer` is who is signed in."""

    officer: SignedIn


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may enter: everybody (`public`), every officer (no permissions), or who holds one of `permissions`."""

    permissions: frozenset[Permission] = frozenset()
    public: bool = False
    reason: str = ""
    before_password_change: bool = False  # may be entered by an officer who must choose a password first


def requires(permission: Permission, *others: Permission) -> Callable[[View], View]:
    """Officers who hold this permission, or one of the others."""
    return _marked(Gate(permissions=frozenset({permission, *others})))


def any_officer(reason: str, *, before_password_change: bool = False) -> Callable[[View], View]:
    """Every officer who is signed in; `reason` says why no permission is asked."""
    return _marked(Gate(reason=reason, before_password_change=before_password_change))


def public(reason: str) -> Callable[[View], View]:
    """Everybody; `reason` says why no sign-in is asked. A public page shows nothing of anybody's."""
    return _marked(Gate(public=True, reason=reason, before_password_change=True))


def with_road(reason: str) -> Callable[[View], View]:
    """What is sent to this page is written by the road too; `reason` says what. Looking at the page never needs it."""

    def mark(view: View) -> View:
        setattr(view, ROAD_MARK, reason)
        return view

    return mark


def is_with_road(view: Callable[..., object]) -> bool:
    return bool(getattr(view, ROAD_MARK, ""))


def gate_of(view: Callable[..., object]) -> Gate | None:
    """What the view says about who may enter; None closes it."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Gate) else None


def _marked(gate: Gate) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, MARK, gate)
        return view

    return mark
