"""An original on its way to an officer's eyes: may it be opened at all, and its bytes, or who is to be told of damage.

Pictures, film and sound, and whatever may hold them, are not opened here at all. The desk's page shows and records it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.queries import Item, item, read_object
from abhaya.custody.rules import Opening
from abhaya.errors import NotPermitted, NotThere, OperatorError

log = logging.getLogger("abhaya.custody")


def openable(item_id: UUID) -> Item:
    """The item, if it may be opened at all. Raises the sentence that says why not."""
    asked = item(item_id)
    decided = asked.decided
    if decided.why_not == "erased":
        raise NotThere(_("The bytes of this item were deleted; only the record of it remains."))
    if decided.why_not == "elsewhere":
        raise NotPermitted(
            _("Your unit holds no files. This original is kept at %(unit)s; ask there to open it.")
            % {"unit": asked.kept_at}
        )
    if decided.opening is Opening.CLOSED:
        raise NotPermitted(
            _(
                "Pictures, film and sound are never downloaded. They are looked at on the file’s page, with a lawful basis."
            )
            if decided.why_not == "media"
            else _("This file may hold pictures, film or sound, so it is not downloaded.")
        )
    return asked


def pieces_of(asked: Item) -> Iterator[bytes]:
    """The bytes. What is missing or torn is told now, what does not open when its turn comes."""
    with _told(asked):
        pieces = read_object(asked.object_id, asked.compartment)
    return _passed_on(asked, pieces)


def _passed_on(asked: Item, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with _told(asked):
        yield from pieces


@contextmanager
def _told(asked: Item) -> Iterator[None]:
    """Damage is told to the operator in the log, with where and how, and to the officer as whom to ask."""
    try:
        yield
    except OriginalDamaged as damaged:
        log.error("item %s: %s", asked.id, damaged.sentence)  # noqa: TRY400 — the sentence says it; a trace says no more
        raise OperatorError(
            _("This original can no longer be read as it was received. Tell your administrator: original %(number)s.")
            % {"number": asked.object_id}
        ) from damaged
