"""Pages of a list by key: “the rows after this one”, so that a list of a million costs what its page costs, and a row
that leaves while one reads shifts nothing. The key travels signed: a reader cannot probe with keys of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from abhaya.errors import OfficerError

Row = TypeVar("Row")
Key = list[str | int | float | None]

PAGE_ROWS = 50
_SALT = "abhaya.web.pager"


class BadPage(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """The address of a later page is damaged or of an older version."""

    status = 400


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows, and the address of the next where there is one."""

    rows: Sequence[Row]
    next_after: str  # "" on the last page
    is_first: bool


def after_of(request: HttpRequest, parts: int) -> Key | None:
    """The key in `?after=`, None on the first page."""
    text = request.GET.get("after", "")
    if not text:
        return None
    try:
        key = signing.loads(text, salt=_SALT)
    except signing.BadSignature as error:
        raise BadPage(_("The link to this page of the list is damaged. Start again from the top.")) from error
    if not isinstance(key, list) or len(key) != parts:
        raise BadPage(_("The link to this page of the list is of an older version. Start again from the top."))
    return key


def page_of(rows: Sequence[Row], key: Callable[[Row], Key], *, after: Key | None, most: int = PAGE_ROWS) -> Page[Row]:
    """Cuts `rows` (asked for with a limit of `most + 1`) to a page."""
    shown = rows[:most]
    following = signing.dumps(key(shown[-1]), salt=_SALT) if len(rows) > most else ""
    return Page(rows=shown, next_after=following, is_first=after is None)
